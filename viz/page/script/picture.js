// The picture: cards, vertices and lines as SVG.

class Picture {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.graph = app.graph;
    this.view = app.view;
    this.state = app.state;
    this.scale = app.scale;
    this.way = app.way;
  }

  /** What a node is to the chosen one. @param {number} node */
  standing(node) {
    return node === this.state.selected ? " chosen" : this.way.has(node) || this.app.lit.has(node) ? " way" : "";
  }

  /** What makes a shape a button for a node. @param {number} node @param {string} kind */
  button(node, kind = "") {
    const {graph, view} = this;
    return {
      class: `node${this.standing(node)} ${kind}`,
      "data-node": node,
      role: "button",
      tabindex: node === this.state.selected ? 0 : -1,
      "aria-label": `${graph.fullName(node)}, value ${view.valueText(node)}, gradient ${view.gradientText(node)}`,
      "aria-pressed": node === this.state.selected ? "true" : "false",
    };
  }

  /** A gradient as a colored cell with its number. @param {number} g @param {number} x @param {number} y @param {number} w
   * @param {number} tall @param {string} [text] @param {number} [radius] */
  cell(g, x, y, w, tall, text, radius = 3) {
    if (!this.view.isSwept) return rect("zero", x, y, w, tall, radius);
    const zero = g === 0;
    const fill = this.scale.fill(g);
    return [
      rect(zero ? "zero" : abs(this.scale.level(g)) < 0.3 ? "pale" : "full", x, y, w, tall, radius, {...(zero ? {} : {fill})}),
      text === undefined ? null : h("text", {x: w > 40 ? x + w - 7 : x + w / 2, y: y + tall / 2 + 3.8, "text-anchor": w > 40 ? "end" : "middle", class: zero ? "cell-text faint" : "cell-text", ...(zero ? {} : {fill: inkOn(fill)})}, text),
    ];
  }

  /** A bar that hangs low if negative and stands high if positive, a dash at 0. @param {number} node @param {number} x
   * @param {number} y @param {number} w @param {number} high */
  bar(node, x, y, w, high) {
    const g = this.view.gradient(node);
    const tall = high * 0.78;
    const [kind, place, fill] = !this.view.isSwept || g === 0
      ? ["dash", {x: x + w * 0.2, y: y + high / 2, width: w * 0.6, height: 1}]
      : [abs(this.scale.level(g)) < 0.3 ? "pale" : "full", {x, y: g > 0 ? y : y + high - tall, width: w, height: tall}, this.scale.fill(g)];
    return h("rect", {...this.button(node, `strip ${kind}`), ...place, rx: 1, fill});
  }

  /** A line along which g flows. @param {number} g @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2
   * @param {boolean} strong @param {number} [widest] */
  line(g, x1, y1, x2, y2, strong, widest) {
    const bend = max(18, (x2 - x1) * 0.5);
    return this.flow(g, `M${round(x1)} ${round(y1)}C${round(x1 + bend)} ${round(y1)} ${round(x2 - bend)} ${round(y2)} ${round(x2)} ${round(y2)}`, strong, widest);
  }

  /** A line of any course. @param {number} g @param {string} d @param {boolean} strong @param {number} [widest] */
  flow(g, d, strong, widest) {
    const kind = strong ? " strong" : "";
    if (g === 0 || !this.view.isSwept) return path(`flow none${kind}`, d);
    return path(`flow${kind}`, d, {stroke: this.scale.stroke(g), "stroke-width": round(this.scale.width(g, widest))});
  }

  /** The curve of an activation over a range that holds the sums, with a dot for each record.
   * @param {Neuron} neuron @param {number} x @param {number} y @param {number} w @param {number} high @param {boolean} axes */
  curve(neuron, x, y, w, high, axes) {
    const {graph, view} = this;
    const scratch = view.values.slice();
    const sums = view.shown.map((r) => graph.network.valuesOf(r)[neuron.total]);
    const reach = max(4, ...sums.filter(isFinite).map((s) => 1.15 * abs(s)));
    const half = axes ? 12 : 6;
    const xs = Array.from({length: 2 * half + 1}, (_, k) => reach * (k / half - 1));
    const ys = xs.map((s) => graph.activationAt(neuron, s, scratch));
    const finite = ys.filter(isFinite);
    const [low, top] = [min(...finite), max(...finite)];
    const at = (/** @type {number} */ s, /** @type {number} */ out) => [round(x + ((s / reach + 1) / 2) * w), round(y + high - ((out - low) / (top - low || 1)) * high)];
    const outline = polyline(xs.map((s, k) => at(s, ys[k])));
    const known = view.isKnown(neuron.total);
    const dots = thinned(sums.filter(isFinite), axes ? 40 : 20).map((s) => at(s, graph.activationAt(neuron, s, scratch)));
    const single = sums.length === 1;
    return [
      axes ? path("axis", `M${x} ${y + high}h${w}M${x + w / 2} ${y - 4}v${high + 8}`) : null,
      path("curve", outline),
      single && axes && known ? this.tangent(neuron, sums[0], at, w / (2 * reach), high / (top - low || 1)) : null,
      known ? dots.map(([cx, cy]) => circle("dot", cx, cy, single && axes ? 3.4 : 1.7)) : null,
    ];
  }

  /** @param {Neuron} neuron @param {number} sum @param {(s: number, out: number) => number[]} at @param {number} px @param {number} py */
  tangent(neuron, sum, at, px, py) {
    const out = this.view.values[neuron.output];
    const slope = this.graph.steepness(neuron, this.view.values);
    const step = 18 / Math.hypot(px, slope * py);
    return path("tangent", `M${at(sum - step, out - slope * step).join(" ")}L${at(sum + step, out + slope * step).join(" ")}`);
  }

  /** The number of the factor that a place is, as a disc. @param {number} node @param {string} role @param {number} x @param {number} y */
  disc(node, role, x, y) {
    const place = this.app.factors.findIndex((factor) => factor.node === node && factor.role === role);
    if (place < 0) return null;
    return h("g", {class: "disc"}, circle("", x, y, 6.5), label("middle", x, y + 3.4, place + 1));
  }
}

// What has a place that is not finite is not drawn: an attribute may not say nan.

/** @param {string} kind @param {number} x @param {number} y @param {...any} text */
function label(kind, x, y, ...text) {
  return isFinite(x + y) && h("text", {class: kind, x, y}, text);
}

/** @param {string} kind @param {number} x @param {number} y @param {number} width @param {number} height @param {number} [rx]
 * @param {object} [more] */
function rect(kind, x, y, width, height, rx, more) {
  return h("rect", {class: kind, x, y, width, height, rx, ...more});
}

/** @param {string} kind @param {string} d @param {object} [more] */
function path(kind, d, more) {
  return /\d/.test(d) && !/NaN|Inf/.test(d) && h("path", {class: kind, d, ...more});
}

/** @param {string} kind @param {number} cx @param {number} cy @param {number} r @param {object} [more] */
function circle(kind, cx, cy, r, more) {
  return isFinite(cx + cy) && h("circle", {class: kind, cx, cy, r, ...more});
}

/** @param {number} x */
function round(x) {
  return Math.round(x * 10) / 10;
}

/** So many of a sorted list, evenly by rank. @param {number[]} xs @param {number} most */
function thinned(xs, most) {
  return sampled([...xs].sort((a, b) => a - b), most);
}

/** @param {App} app @param {number} width @param {number} height */
function drawPicture(app, width, height) {
  const p = new Picture(app);
  const made = app.graph.isNetwork ? drawNetwork(p, fitted(app, width, height)) : drawExpression(p, sketch(app.graph, app.state, width, height, app.small ? 56 : 150));
  app.extent = [made.width, made.height];
  app.corner = made.corner;
  return made.children;
}

/** A node of an expression: its value above, its gradient below. @param {Picture} p @param {Vertex} vertex @param {boolean} wide */
function drawVertex(p, vertex, wide) {
  const {node, x, y, w, h: tall} = vertex;
  const {graph, view} = p;
  const operation = graph.isOperation(node);
  const root = node === graph.root;
  const parameter = graph.parameters.has(node) && graph.isNetwork;
  const radius = operation ? 12 : 3;
  const half = tall / 2;
  const name = graph.label(node) ?? (operation ? graph.symbol(node) : graph.isConstant(node) ? "" : "leaf");
  return h(
    "g",
    p.button(node, "vertex"),
    root ? rect("card", x - 3.5, y - 3.5, w + 7, tall + 7, radius + 3) : null,
    rect(`card${p.standing(node)}${parameter ? " parameter" : ""}${graph.isConstant(node) ? " constant" : ""}`, x, y, w, tall, radius),
    label("strong", x + 8, y + half / 2 + 5, middled(name, wide ? 9 : 4)),
    label(`number end${wide ? " wide" : ""}`, x + w - 8, y + half / 2 + 5, view.valueText(node)),
    graph.isConstant(node)
      ? label("caption", x + 10, y + half * 1.5 + 3, "constant")
      : root
        ? label("caption end", x + w - 10, y + half * 1.5 + 3, `gradient ${view.gradientText(node)}`)
        : [
            p.cell(view.gradient(node), x + 3, y + half, w - 6, half - 3, view.gradientText(node), operation ? 9 : 2),
            wide && view.isSwept && view.gradient(node) !== 0 ? h("text", {class: "cell-text", x: x + 12, y: y + half * 1.5 + 2.5, fill: inkOn(p.scale.fill(view.gradient(node)))}, "gradient") : null,
          ],
  );
}
