// The picture: cards, vertices and lines as SVG.

class Picture {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.graph = app.graph;
    this.view = app.view;
    this.state = app.state;
    this.scale = app.scale;
    this.theme = app.theme;
    this.way = app.way;
  }

  /** What a node is to the chosen one. @param {number} node */
  standing(node) {
    return node === this.state.selected ? " chosen" : this.way.has(node) ? " way" : "";
  }

  /** What makes a shape a button for a node. @param {number} node @param {string} kind */
  button(node, kind = "") {
    const {app, graph, view} = this;
    return {
      class: `node${this.standing(node)} ${kind}`,
      "data-node": node,
      role: "button",
      tabindex: node === this.state.selected ? 0 : -1,
      "aria-label": `${graph.fullName(node)}, value ${view.valueText(node)}, gradient ${view.gradientText(node)}`,
      "aria-pressed": node === this.state.selected ? "true" : "false",
      onclick: (/** @type {Event} */ event) => {
        event.stopPropagation();
        app.select(node);
      },
    };
  }

  /** A gradient as a colored cell with its number. @param {number} g @param {number} x @param {number} y @param {number} w
   * @param {number} h @param {string} [text] @param {number} [radius] */
  cell(g, x, y, w, h, text, radius = 3) {
    if (!this.view.isSwept) return h_("rect", {class: "zero", x, y, width: w, height: h, rx: radius});
    const zero = g === 0;
    const fill = this.scale.fill(g, this.theme);
    return [
      h_("rect", {class: zero ? "zero" : Math.abs(this.scale.level(g)) < 0.3 ? "pale" : "full", x, y, width: w, height: h, rx: radius, ...(zero ? {} : {fill})}),
      text === undefined ? null : h_("text", {x: w > 40 ? x + w - 7 : x + w / 2, y: y + h / 2 + 3.8, "text-anchor": w > 40 ? "end" : "middle", class: zero ? "cell-text faint" : "cell-text", ...(zero ? {} : {fill: inkOn(fill)})}, text),
    ];
  }

  /** A bar that hangs low if negative and stands high if positive, a dash at 0. @param {number} node @param {number} x
   * @param {number} y @param {number} w @param {number} h */
  stripCell(node, x, y, w, h) {
    const g = this.view.gradient(node);
    if (!this.view.isSwept || g === 0) return h_("path", {class: "dash", d: `M${x + w * 0.2} ${y + h / 2}h${w * 0.6}`});
    const tall = h * 0.78;
    return h_("rect", {class: Math.abs(this.scale.level(g)) < 0.3 ? "pale" : "full", x, y: g > 0 ? y : y + h - tall, width: w, height: tall, rx: 1, fill: this.scale.fill(g, this.theme)});
  }

  /** A line along which g flows. @param {number} g @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2
   * @param {boolean} strong @param {number} [widest] */
  line(g, x1, y1, x2, y2, strong, widest = 6.5) {
    const bend = Math.max(18, (x2 - x1) * 0.5);
    const d = `M${round(x1)} ${round(y1)}C${round(x1 + bend)} ${round(y1)} ${round(x2 - bend)} ${round(y2)} ${round(x2)} ${round(y2)}`;
    if (g === 0 || !this.view.isSwept) return h_("path", {class: `flow none${strong ? " strong" : ""}`, d});
    return h_("path", {class: `flow${strong ? " strong" : ""}`, d, stroke: this.scale.stroke(g, this.theme), "stroke-width": round(this.scale.width(g, widest))});
  }

  /** The curve of an activation over a range that holds the sums, with a dot for each record.
   * @param {Neuron} neuron @param {number} x @param {number} y @param {number} w @param {number} h @param {boolean} axes */
  curve(neuron, x, y, w, h, axes) {
    const {graph, view} = this;
    const scratch = Float64Array.from(view.values);
    const sums = (view.all ? [...graph.network.records.keys()] : [view.record]).map((r) => graph.network.valuesOf(r)[neuron.total]);
    const reach = Math.max(4, ...sums.filter(Number.isFinite).map((s) => 1.15 * Math.abs(s)));
    const xs = Array.from({length: 25}, (_, k) => reach * (k / 12 - 1));
    const ys = xs.map((s) => graph.activationAt(neuron, s, scratch));
    const finite = ys.filter(Number.isFinite);
    const [low, high] = [Math.min(...finite), Math.max(...finite)];
    const at = (/** @type {number} */ s, /** @type {number} */ out) => [round(x + ((s / reach + 1) / 2) * w), round(y + h - ((out - low) / (high - low || 1)) * h)];
    const path = xs.map((s, k) => `${k ? "L" : "M"}${at(s, ys[k]).join(" ")}`).join("");
    const known = view.isKnown(neuron.total);
    const dots = thinned(sums.filter(Number.isFinite), axes ? 40 : 20).map((s) => at(s, graph.activationAt(neuron, s, scratch)));
    const single = sums.length === 1;
    return [
      axes ? h_("path", {class: "axis", d: `M${x} ${y + h}h${w}M${x + w / 2} ${y - 4}v${h + 8}`}) : null,
      h_("path", {class: "curve", d: path}),
      single && axes && known ? this.tangent(neuron, sums[0], at, w / (2 * reach), h / (high - low || 1)) : null,
      known ? dots.map(([cx, cy]) => h_("circle", {class: "dot", cx, cy, r: single && axes ? 3.4 : 1.7})) : null,
    ];
  }

  /** @param {Neuron} neuron @param {number} sum @param {(s: number, out: number) => number[]} at @param {number} px @param {number} py */
  tangent(neuron, sum, at, px, py) {
    const out = this.view.values[neuron.output];
    const slope = this.graph.steepness(neuron, this.view.values);
    const step = 18 / Math.hypot(px, slope * py);
    return h_("path", {class: "tangent", d: `M${at(sum - step, out - slope * step).join(" ")}L${at(sum + step, out + slope * step).join(" ")}`});
  }

  /** The number of the factor that a place is, as a disc. @param {number} node @param {string} role @param {number} x @param {number} y */
  disc(node, role, x, y) {
    const place = this.app.factors.findIndex((factor) => factor.node === node && factor.role === role);
    if (place < 0) return null;
    return h_("g", {class: "disc"}, h_("circle", {cx: x, cy: y, r: 6.5}), h_("text", {x, y: y + 3.4, "text-anchor": "middle"}, place + 1));
  }
}

/** @param {string} tag @param {Record<string, any> | null} attributes @param {...any} children */
function h_(tag, attributes, ...children) {
  return h(tag, attributes, ...children);
}

/** @param {number} x */
function round(x) {
  return Math.round(x * 10) / 10;
}

/** So many of a sorted list, evenly by rank. @param {number[]} xs @param {number} most */
function thinned(xs, most) {
  const sorted = [...xs].sort((a, b) => a - b);
  if (sorted.length <= most) return sorted;
  return Array.from({length: most}, (_, k) => sorted[Math.round((k * (sorted.length - 1)) / (most - 1))]);
}
