// The picture of a network: cards in columns, with the lines between them.

/** @param {Picture} p @param {Plan} made */
function drawNetwork(p, made) {
  const {graph} = p;
  const ports = new Map(made.inputs.map((vertex) => [vertex.node, [vertex.x + vertex.w, vertex.y + vertex.h / 2]]));
  for (const card of made.cards) ports.set(card.neuron.output, [card.x + card.w, card.size === "L" ? rowMiddles(card).output : card.y + card.h / 2]);
  const children = [
    made.titles.map((title) => label("column-title", title.x, made.small ? 18 : 28, title.title, title.note ? h("tspan", {class: "caption", dx: 10}, title.note) : null)),
    graph.layers.map((_, layer) => layerLines(p, made, layer, ports)),
    resultLines(p, made, ports),
    made.inputs.map((vertex) => drawInput(p, vertex, made.small)),
    made.cards.map((card) => drawCard(p, card)),
    made.folds.map((fold) => drawFold(p, fold)),
    graph.byOutput.has(graph.root) ? null : drawLoss(p, made),
  ];
  const opened = made.small && made.cards.find((card) => card.size === "open");
  if (opened) return {children, corner: [opened.x - 8, opened.y - 8], width: opened.w + 16, height: opened.h + 16}; // too wide for more
  return {children, corner: [0, 0], width: made.width, height: made.height};
}

/** A plan; where it is wider than the room, with the height that this leaves. @param {App} app @param {number} width
 * @param {number} height */
function fitted(app, width, height) {
  const made = plan(app.graph, app.state, width, height);
  return made.width > width * 1.01 ? plan(app.graph, app.state, width, (height * made.width) / width) : made;
}

/** Where a weight's line lands. @param {Card} card @param {number} row */
function landing(card, row) {
  if (card.size === "L") return rowMiddles(card).row(row);
  if (card.size === "open") return card.y + 62 + card.rowHeight * (row + 0.5);
  return card.y + card.h / 2;
}

/** The lines into a layer: all where they are few, else hairlines, those that carry half of the flow, and those of
 * the chosen card. @param {Picture} p @param {Plan} made @param {number} layer @param {Map<number, number[]>} ports */
function layerLines(p, made, layer, ports) {
  const cards = made.cards.filter((card) => card.neuron.layer === layer);
  const wires = cards.flatMap((card) => card.neuron.sources.map((source, row) => ({card, source, row, weight: card.neuron.weights[row]})).filter((wire) => ports.has(wire.source)));
  const flow = (/** @type {typeof wires[0]} */ wire) => (p.graph.byOutput.has(wire.source) ? p.view.value(wire.weight) * p.view.gradient(wire.card.neuron.total) : p.view.gradient(wire.weight));
  const flows = new Map(wires.map((wire) => [wire, flow(wire)]));
  const dense = wires.length > 40;
  const drawn = dense ? strongest(wires, flows) : new Set(wires);
  const own = p.graph.owner.get(p.state.selected);
  for (const wire of wires) if (wire.card.neuron === own || wire.source === own?.output || wire.source === p.state.selected) drawn.add(wire);
  p.app.linesDrawn[layer] = [drawn.size, wires.length];
  const draw = (/** @type {typeof wires[0]} */ wire) => {
    const [x, y] = /** @type {number[]} */ (ports.get(wire.source));
    const strong = wire.weight === p.state.selected || (p.way.has(wire.source) && p.way.has(wire.card.neuron.total)) || (wire.card.neuron.output === p.state.selected && dense);
    return p.line(flows.get(wire) ?? 0, x, y, wire.card.x, landing(wire.card, wire.row), strong, dense ? 3.6 : 6.5);
  };
  const thin = dense ? wires.filter((wire) => !drawn.has(wire)).map((wire) => hairline(ports.get(wire.source) ?? [0, 0], wire.card.x, landing(wire.card, wire.row))).join("") : "";
  const ordered = [...drawn].sort((a, b) => Number(a.weight === p.state.selected) - Number(b.weight === p.state.selected));
  return h("g", {class: dense ? "lines dense" : "lines", "aria-hidden": "true"}, thin ? path("hairline", thin) : null, ordered.map(draw));
}

/** @param {number[]} from @param {number} x @param {number} y */
function hairline(from, x, y) {
  const [bend, fall] = [round((x - from[0]) / 2), round(y - from[1])];
  return `M${round(from[0])} ${round(from[1])}c${bend} 0 ${bend} ${fall} ${2 * bend} ${fall}`;
}

/** The fewest wires that carry half of the absolute flow. @template W @param {W[]} wires @param {Map<W, number>} flows */
function strongest(wires, flows) {
  const size = (/** @type {W} */ wire) => abs(flows.get(wire) ?? 0) || 0;
  const half = added(wires, size) / 2;
  const drawn = new Set();
  let carried = 0;
  for (const wire of [...wires].sort((a, b) => size(b) - size(a))) {
    if (carried >= half || size(wire) === 0) break;
    carried += size(wire);
    drawn.add(wire);
  }
  return drawn;
}

/** The lines from the neurons that nothing else reads into the result. @param {Picture} p @param {Plan} made
 * @param {Map<number, number[]>} ports */
function resultLines(p, made, ports) {
  const read = new Set(p.graph.neurons.flatMap((neuron) => neuron.sources));
  const ends = p.graph.neurons.filter((neuron) => !read.has(neuron.output) && neuron.output !== p.graph.root);
  return h("g", {class: "lines", "aria-hidden": "true"}, ends.map((neuron) => {
    const port = ports.get(neuron.output);
    const [g, strong] = [p.view.gradient(neuron.output), p.way.has(neuron.output)];
    if (!port) return null;
    if (made.loss.x < port[0]) return p.flow(g, `M${made.loss.x + made.loss.w / 2} ${made.loss.y}V${made.loss.y - 24}`, strong);
    return p.line(g, port[0], port[1], made.loss.x, made.loss.y + made.loss.h / 2, strong);
  }));
}

/** @param {Picture} p @param {Vertex} vertex @param {boolean} small */
function drawInput(p, vertex, small) {
  const {node, x, y, w, h: tall} = vertex;
  const ring = p.app.factors.some((factor) => factor.role === "input" && factor.node === node);
  const stacked = p.view.all && p.graph.count > 1;
  const name = p.graph.name(node);
  const text = w > 79 ? p.view.valueText(node) : stacked ? "" : short(p.view.value(node), 3);
  return h(
    "g",
    p.button(node, "input"),
    stacked ? [4, 2].map((shift) => rect("sheet", x + shift, y + shift, w, tall, 4)) : null,
    rect("card vertex", x, y, w, tall, 4),
    label("label", x + 9, y + tall / 2 + 4, middled(name, small ? 6 : w < 80 ? 4 : 8)),
    ring && !small ? rect("ring", x + w - 52, y + 4, 47, tall - 8, 4) : null,
    label(stacked ? "caption end" : "number end", x + w - 9, y + tall / 2 + 4, text),
    small ? null : p.disc(node, "input", x + w - 52, y + 4),
  );
}

/** @param {Picture} p @param {Plan} made */
function drawLoss(p, made) {
  const {x, y, w, h: tall, node} = made.loss;
  const {graph, view} = p;
  const target = view.all ? undefined : graph.data.targets[view.record];
  const line = (/** @type {string} */ kind, /** @type {number} */ at, /** @type {string} */ text) => label(`${kind} middle`, x + w / 2, y + at, text);
  return h(
    "g",
    p.button(node, "loss"),
    rect("card", x, y, w, tall, 10),
    rect("card inner", x + 3, y + 3, w - 6, tall - 6, 8),
    made.small
      ? line("strong tiny", tall / 2 + 4, short(view.value(node)))
      : [
          line("caption", 23, middled(view.all ? `${graph.network.reduction} of ${graph.count}` : graph.data.lossName || graph.symbol(node), 14)),
          line("big", 46, view.isKnown(node) ? column(view.value(node)) : "·"),
          line("caption", 65, view.all ? middled(graph.data.lossName, 12) : typeof target === "number" ? `target ${value(target)}` : ""),
          line("caption", 83, `gradient ${view.gradientText(node)}`),
        ],
  );
}

/** @param {Picture} p @param {Fold} fold */
function drawFold(p, fold) {
  const each = fold.neurons.map((neuron) => p.view.gradient(neuron.output));
  const [net, absolute] = [added(each, Number), added(each, abs)];
  const kept = absolute ? `, κ ${short(abs(net) / absolute)}` : "";
  return h("g", {role: "button", tabindex: -1, class: "node fold", "aria-label": `${fold.count} more neurons${kept}; opens the list`, onclick: () => p.app.set({view: "table"})},
    rect("hit", fold.x, fold.y - 9, fold.w, 18),
    label("caption", fold.x + 10, fold.y + 4, `… ${fold.count} more${kept}`));
}
