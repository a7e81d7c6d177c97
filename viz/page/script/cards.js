// Cards: a neuron as a small table, in the size that the layout chose.

/** @param {Picture} p @param {Card} card */
function drawCard(p, card) {
  const {neuron} = card;
  const inside = p.graph.owner.get(p.state.selected) === neuron;
  const silent = p.view.isSwept && neuron.parameters.every((node) => p.view.gradient(node) === 0);
  const chosen = p.state.selected === neuron.output;
  const frame = rect(`card${chosen ? " chosen" : inside || p.way.has(neuron.output) ? " way" : ""}${silent ? " silent" : ""}`, card.x, card.y, card.w, card.h, ["L", "P", "open"].includes(card.size) ? 8 : 5);
  const draw = {L: drawLarge, P: drawNarrow, M: drawMedium, S: drawSmall, open: drawOpen}[card.size];
  return h("g", {role: "group", "aria-label": `${p.graph.layers[neuron.layer]} ${neuron.title}`, key: `${neuron.key}/${card.size}`}, frame, draw(p, card), findingDisc(p, card));
}

/** The number of a finding about a neuron. @param {Picture} p @param {Card} card */
function findingDisc(p, card) {
  const place = p.app.payload.findings.findIndex((/** @type {any} */ row) => p.graph.owner.get(row.node) === card.neuron);
  if (place < 0 || place > 5 || card.h < 14) return null;
  return h("g", {class: "disc finding"}, circle("", card.x + card.w, card.y, 7.5), label("middle", card.x + card.w, card.y + 3.4, place + 1));
}

/** @param {Picture} p @param {Card} card */
function header(p, card) {
  const {neuron, x, y, w} = card;
  return h(
    "g",
    p.button(neuron.output, "head"),
    rect("hit", x + 1, y + 1, w - 2, 28, 7),
    label("strong", x + 12, y + 20, middled(neuron.title, 11)),
  );
}

/** A row of a large card. @param {Picture} p @param {Card} card @param {number} node @param {string} name @param {number} middle */
function cardRow(p, card, node, name, middle) {
  const {x, w, rowHeight} = card;
  const tall = max(13, min(17, rowHeight - 4));
  const result = node === p.graph.root;
  const cell = w < 190 ? 54 : 68;
  return h(
    "g",
    p.button(node, "row"),
    rect("hit", x + 3, middle - 10.5, w - 6, 21, 5),
    label("label", x + 12, middle + 4, middled(name, w < 190 ? 5 : 9)),
    label("number end", x + w - cell - 18, middle + 4, p.view.valueText(node)),
    result ? label("faint end", x + w - 12, middle + 4, `gradient ${p.view.gradientText(node)}`) : p.cell(p.view.gradient(node), x + w - cell - 8, middle - tall / 2, cell, tall, p.view.gradientText(node)),
  );
}

/** The middles of the rows of a large card: each weight, the bias, Σ, the output. @param {Card} card */
function rowMiddles(card) {
  const {neuron, y, rowHeight} = card;
  const rows = neuron.parameters.length;
  const first = y + 32 + rowHeight / 2;
  const total = y + 52 + rows * rowHeight;
  return {row: (/** @type {number} */ k) => first + k * rowHeight, total, curve: total + 14, output: neuron.inner.length ? total + (rowHeight === TIGHT ? 22 : 80) : total, rule: y + 36 + rows * rowHeight};
}

/** @param {Picture} p @param {Card} card */
function drawLarge(p, card) {
  const {neuron, x, y, w} = card;
  const at = rowMiddles(card);
  const source = p.app.factors.find((factor) => factor.role === "steepness" && factor.node === neuron.output);
  return [
    header(p, card),
    w < 190 ? null : label("caption end", x + w - 86, y + 20, "value"),
    label("caption end", x + w - 12, y + 20, "gradient"),
    neuron.weights.map((weight, k) => {
      const name = p.graph.name(neuron.sources[k]);
      return cardRow(p, card, weight, w < 190 || (neuron.weights.length > 6 && p.graph.byOutput.has(neuron.sources[k])) ? indexOf(name) : name, at.row(k));
    }),
    neuron.bias === null ? null : cardRow(p, card, neuron.bias, "bias", at.row(neuron.weights.length)),
    path("rule", `M${x + 10} ${at.rule}h${w - 20}`),
    cardRow(p, card, neuron.total, "Σ", at.total),
    neuron.inner.length
      ? [
          card.rowHeight === TIGHT ? null : [
            p.curve(neuron, x + 14, at.curve + 2, min(96, w - 100), 42, true),
            source ? rect("ring", x + w - 62, at.curve + 25, 54, 18, 4) : null,
            label("caption end", x + w - 12, at.curve + 22, p.view.all ? "mean slope" : "slope"),
            label("number end", x + w - 12, at.curve + 38, p.view.isKnown(neuron.total) ? column(p.view.steepness(neuron)) : "·"),
            p.disc(neuron.output, "steepness", x + w - 62, at.curve + 25),
          ],
          cardRow(p, card, neuron.output, neuron.activation, at.output),
        ]
      : null,
    p.disc(neuron.output, "upstream", x + w - 76, at.output - 9),
  ];
}

/** The strip of a card: a cell for each weight, the bias apart. @param {Picture} p @param {Card} card @param {number} x
 * @param {number} y @param {number} high */
function strip(p, card, x, y, high) {
  const {neuron, cell} = card;
  const nodes = neuron.parameters;
  return nodes.map((node, k) => {
    const left = x + k * cell + (neuron.bias !== null && k === neuron.weights.length ? 3 : 0);
    return p.bar(node, left, y, cell - (cell > 5 ? 1 : 0.4), high);
  });
}

/** The card of a narrow screen: strip, curve, slope and gradient. @param {Picture} p @param {Card} card */
function drawNarrow(p, card) {
  const {neuron, x, y, w} = card;
  const wide = w > 90;
  return [
    header(p, card),
    strip(p, card, x + 9, y + 28, 21),
    neuron.inner.length ? [p.curve(neuron, x + 10, y + 60, wide ? 42 : w - 22, 28, true), wide ? [label("caption end", x + w - 8, y + 66, "slope"), label("number end", x + w - 8, y + 81, column(p.view.steepness(neuron)))] : null] : null,
    h("g", p.button(neuron.output, "row"),
      rect("hit", x + 3, y + 100, w - 6, 26, 4),
      wide ? label("label", x + 9, y + 117, `${neuron.activation === "linear" ? "Σ" : middled(neuron.activation, 5)} ${p.view.isShared(neuron.output) ? short(p.view.value(neuron.output)) : ""}`) : null,
      p.cell(p.view.gradient(neuron.output), x + w - 62, y + 103, 56, 19, p.view.gradientText(neuron.output))),
  ];
}

/** @param {Picture} p @param {Card} card */
function drawMedium(p, card) {
  const {neuron, x, y, w, h: tall} = card;
  const middle = y + tall / 2;
  const showsCurve = neuron.inner.length > 0 && !p.app.small;
  const g = p.view.gradient(neuron.output);
  return [
    h("g", p.button(neuron.output, "head"),
      rect("hit", x + 1, y + 1, w - 2, tall - 2, 4),
      label("label end", x + 24, middle + 4, indexOf(neuron.title)),
      showsCurve ? p.curve(neuron, x + 30, middle - 9, 34, 18, false) : null,
      p.cell(g, x + w - 30, middle - 10, 22, 20, p.view.isSwept ? signOf(g) : undefined),
      deadNote(p, neuron, x + w + 5, middle + 4),
    ),
    strip(p, card, x + (showsCurve ? 74 : 30), middle - tall * 0.29, tall * 0.52),
  ];
}

/** @param {Picture} p @param {Card} card */
function drawSmall(p, card) {
  const {neuron, x, y, w, h: tall} = card;
  const middle = y + tall / 2;
  const g = p.view.gradient(neuron.output);
  return [
    h("g", p.button(neuron.output, "head"),
      rect("hit", x + 1, y, w - 2, tall),
      tall >= 9 ? label("tiny end", x + 20, middle + 3.2, indexOf(neuron.title)) : null,
      p.cell(g, x + w - 24, y + 1.5, 18, tall - 3, p.view.isSwept && tall >= 9 ? signOf(g) : undefined, 2),
    ),
    strip(p, card, x + 25, middle - tall * 0.3, tall * 0.6),
  ];
}

/** @param {Picture} p @param {Neuron} neuron @param {number} x @param {number} y */
function deadNote(p, neuron, x, y) {
  if (!neuron.inner.length || p.app.small) return null;
  const {length} = p.view.shown;
  return p.view.isFlat(neuron) ? label("note", x, y, length > 1 ? `off ×${length}` : "off") : null;
}

/** An opened neuron: a row for each product, then its operations as vertices. @param {Picture} p @param {Card} card */
function drawOpen(p, card) {
  const {neuron, x, y, h: tall, rowHeight} = card;
  const row = (/** @type {number} */ k) => y + 62 + rowHeight * (k + 0.5);
  const column_ = (/** @type {number} */ left, /** @type {string} */ text) => label("caption end", x + left, y + 50, text);
  return [
    header(p, card),
    label("caption", x + 24 + neuron.title.length * 7.4, y + 20, `${counted(neuron.sum.length + neuron.inner.length, "operation")}, ${counted(neuron.parameters.length, "parameter")}`),
    h("g", {role: "button", tabindex: -1, class: "link", onclick: () => p.app.toggle(neuron.key)}, rect("hit", x + 462, y + 4, 54, 24), label("end", x + 508, y + 20, "× close")),
    column_(72, "input"), column_(130, "weight"), column_(190, "product"), column_(254, "gradient"),
    neuron.weights.map((weight, k) => openRow(p, card, weight, k, row(k))),
    path("bracket", `M${x + 262} ${y + 60}h4v${max(4, rowHeight * neuron.weights.length)}h-4`),
    path("flow strong", `M${x + 266} ${y + tall / 2}h14`),
    openVertices(p, card),
    neuron.inner.length ? [p.curve(neuron, x + 288, y + tall - 84, 76, 50, true), label("caption", x + 288, y + tall - 12, `${neuron.activation}${p.view.all ? ", mean slope" : ` at ${p.view.valueText(neuron.total)}: slope`} ${column(p.view.steepness(neuron))}`)] : null,
  ];
}

/** @param {Picture} p @param {Card} card @param {number} weight @param {number} k @param {number} middle */
function openRow(p, card, weight, k, middle) {
  const {x, neuron} = card;
  const source = neuron.sources[k];
  const product = p.view.value(source) * p.view.value(weight);
  const text = (/** @type {number} */ right, /** @type {string} */ shown, kind = "number") => label(`${kind} end`, x + right, middle + 4, shown);
  return h(
    "g",
    p.button(weight, "row"),
    rect("hit", x + 6, middle - 9, 254, 18, 4),
    text(22, String(k + 1), "caption"), text(72, p.view.valueText(source)), text(80, "×", "caption"), text(130, p.view.valueText(weight)),
    text(142, "=", "caption"), text(190, isNaN(product) ? `×${p.graph.count}` : value(product)),
    p.cell(p.view.gradient(weight), x + 196, middle - 7.5, 60, 15, p.view.gradientText(weight)),
  );
}

/** The operations of an opened neuron, one after another. @param {Picture} p @param {Card} card */
function openVertices(p, card) {
  const {neuron, x, y, h: tall} = card;
  const {tape} = p.graph;
  const chain = neuron.sum.filter((node) => tape.start[node + 1] - tape.start[node] !== 2 || tape.args[tape.start[node]] !== neuron.weights[0]).concat(neuron.inner);
  const shown = chain.length > 4 ? [...chain.slice(0, 1), ...chain.slice(-3)] : chain;
  const pitch = min(58, (tall - 160) / max(1, shown.length));
  const boxes = shown.map((node, k) => ({node, x: x + 284 + min(150, k * 74), y: y + 64 + k * pitch, w: 76, h: 43}));
  const lines = boxes.slice(1).map((box, k) => p.line(p.view.flowAlong(box.node, boxes[k].node), boxes[k].x + 76, boxes[k].y + 21, box.x + 20, box.y, true, 4));
  const bias = neuron.bias === null ? null : {node: neuron.bias, x: x + 284, y: y + 64 + 1.6 * max(44, pitch), w: 76, h: 43};
  const add = boxes.find((box) => bias && tape.operands(box.node).includes(bias.node));
  return [
    lines,
    bias && add ? p.line(p.view.flowAlong(add.node, bias.node), bias.x + 76, bias.y + 21, add.x + 38, add.y + 43, true, 4) : null,
    [...boxes, ...(bias ? [bias] : [])].map((box) => drawVertex(p, box, false)),
  ];
}

/** "neuron 12" as "12". @param {string} title */
function indexOf(title) {
  return /(\d+)\s*$/.exec(title)?.[1] ?? middled(title, 4);
}
