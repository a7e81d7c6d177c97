// Where cards stand: columns of inputs, neurons and the loss, each in the largest size that its column allows.

/** @typedef {{neuron: Neuron, size: "L" | "P" | "M" | "S" | "open", x: number, y: number, w: number, h: number, cell: number,
 *   rowHeight: number}} Card */
/** @typedef {{node: number, x: number, y: number, w: number, h: number}} Vertex */
/** @typedef {{x: number, y: number, w: number, count: number, neurons: Neuron[]}} Fold */
/** @typedef {{width: number, height: number, inputs: Vertex[], cards: Card[], loss: Vertex, folds: Fold[],
 *   titles: {x: number, title: string, note: string}[], small: boolean}} Plan */

const TOP = 48;
const FOOT = 54;
/** The same on a narrow screen. */
const NARROW = [32, 14];
const WIDEST_GAP = 220;
/** The rows of a large card that has no room for a curve. */
const TIGHT = 18;

/** @param {Neuron} neuron @param {number} row */
function largeHeight(neuron, row) {
  return 36 + row * neuron.parameters.length + 32 + (neuron.inner.length ? (row === TIGHT ? 24 : 82) : 0);
}

/** The largest number of parameters of a neuron. @param {Neuron[]} layer */
function most(layer) {
  return max(...layer.map((neuron) => neuron.parameters.length));
}

/** @param {Neuron[]} layer @param {"L" | "P" | "M" | "S"} size @param {boolean} small @param {number} [wide] */
function cardWidth(layer, size, small, wide = 204) {
  if (size === "L") return wide;
  if (size === "P") return max(66, 18 + 16 * most(layer));
  const cells = most(layer);
  return (size === "M" ? 32 + (layer[0].inner.length && !small ? 42 : 0) + 38 : 26 + 28) + cellWidth(layer, size, small) * cells + 5;
}

/** @param {Neuron[]} layer @param {"L" | "P" | "M" | "S"} size @param {boolean} small */
function cellWidth(layer, size, small) {
  const room = size === "M" && !small ? 122 : small ? 60 : 90;
  return max(3, min(size === "M" ? 14 : 9, room / most(layer)));
}

/** The sizes that a layer may take in a height, largest first. @param {Neuron[]} layer @param {number} room
 * @param {boolean} small */
function sizes(layer, room, small) {
  /** @type {{size: "L" | "P" | "M" | "S", row: number, wide: number}[]} */
  const found = [];
  if (small && 138 * layer.length <= room && layer[0].parameters.length <= 8) found.push({size: "P", row: 0, wide: 0});
  for (const row of small ? [] : [22, 19, 17, TIGHT]) {
    const tall = added(layer, (neuron) => 18 + largeHeight(neuron, row)) - 18;
    if (tall <= room) {
      found.push({size: "L", row, wide: 204}, {size: "L", row, wide: 152});
      break;
    }
  }
  if (30 * layer.length <= room) found.push({size: "M", row: 0, wide: 0});
  found.push({size: "S", row: 0, wide: 0});
  return found;
}

/** @param {Graph} graph @param {State} state @param {number} width @param {number} height @returns {Plan} */
function plan(graph, state, width, height) {
  const small = width < 600;
  const layers = graph.layers.map((_, layer) => graph.layerOf(layer));
  const [top, foot] = small ? [NARROW[0], height > 340 ? FOOT : NARROW[1]] : [TOP, FOOT];
  const room = height - top - foot;
  const open = layers.findIndex((layer) => layer.some((neuron) => neuron.key === state.open));
  const options = layers.map((layer) => sizes(layer, room, small));
  const chosen = options.map(() => 0);
  const dense = layers.some((layer) => layer.length > 6);
  const inputWidth = small ? 74 : open >= 0 || dense ? 76 : 112;
  const last = layers[layers.length - 1];
  const under = last.length === 1 && open !== layers.length - 1 && (small ? false : dense || open >= 0) && room > 480;
  const widths = () => chosen.map((pick, place) => (place === open ? 520 : cardWidth(layers[place], options[place][pick].size, small, options[place][pick].wide)));
  const gapLeast = small ? 20 : open >= 0 ? 28 : 44;
  const least = () => (small ? 16 : 32) + inputWidth + (under ? 0 : small ? 36 : 92) + added(widths(), Number) + gapLeast * (layers.length + (under ? 0 : 1));
  while (least() > width) {
    const wide = widths();
    const next = [...chosen.keys()].filter((k) => chosen[k] + 1 < options[k].length).sort((a, b) => wide[b] - wide[a])[0];
    if (next === undefined) break;
    chosen[next] += 1;
  }
  const total = max(width, least());
  return placed(graph, state, {total, height, small, inputWidth, layers, widths: widths(), forms: options.map((list, k) => list[chosen[k]]), open, room, under});
}

/** @param {Graph} graph @param {State} state @param {any} given @returns {Plan} */
function placed(graph, state, given) {
  const {total, height, small, inputWidth, layers, widths, forms, open, room, under} = given;
  const lossWidth = small ? 36 : 92;
  const free = total - (small ? 16 : 32) - inputWidth - (under ? 0 : lossWidth) - added(widths, Number);
  const gap = min(WIDEST_GAP, free / (layers.length + (under ? 0 : 0.6)));
  const middle = (small ? NARROW[0] : TOP) + room / 2;
  const last = min(gap, small ? 16 : 56);
  const margin = (small ? 8 : 16) + max(0, free - gap * layers.length - (under ? 0 : last)) / 2;
  /** @type {Plan} */
  const made = {width: total, height, inputs: [], cards: [], loss: {node: graph.root, x: 0, y: 0, w: lossWidth, h: 0}, folds: [], titles: [], small};
  made.titles.push({x: margin, title: state.all ? `${graph.count} records` : graph.network.records.length ? `record ${graph.data.recordNames[state.record]}` : "inputs", note: small || inputWidth < 100 ? "" : counted(graph.inputs.length, "feature")});
  made.inputs = spread(graph.inputs, margin, inputWidth, middle, room, 28);
  let x = margin + inputWidth + gap;
  layers.forEach((/** @type {Neuron[]} */ layer, /** @type {number} */ place) => {
    const kind = layer[0].inner.length ? layer[0].activation : "linear";
    const note = place === open ? `${layer.find((n) => n.key === state.open)?.title} open, ${layer.length - 1} closed` : `${counted(layer.length, "neuron")}, ${kind}`;
    const fits = 7 * graph.layers[place].length + 5.4 * note.length + 24 < widths[place] + gap;
    made.titles.push({x, title: graph.layers[place] || `layer ${place + 1}`, note: small || !fits ? "" : note});
    if (place === open) placeOpen(made, layer, state.open, x, room);
    else placeLayer(made, layer, forms[place], x, widths[place], middle, room, small);
    x += widths[place] + (place + 1 < layers.length ? gap : last);
  });
  const lossHeight = small ? 56 : 96;
  made.loss = {node: graph.root, x: min(x, total - margin - lossWidth), y: middle - lossHeight / 2, w: lossWidth, h: lossHeight};
  if (under) {
    const card = /** @type {Card} */ (made.cards.find((other) => other.neuron.layer === layers.length - 1));
    const shift = max(TOP - card.y, -(lossHeight + 24) / 2);
    card.y += shift;
    made.loss.x = card.x + card.w / 2 - lossWidth / 2;
    made.loss.y = card.y + card.h + 24;
  } else made.titles.push({x: made.loss.x, title: graph.data.lossName ? "loss" : "result", note: ""});
  return made;
}

/** Vertices evenly over a height. @param {number[]} nodes @param {number} x @param {number} w @param {number} middle
 * @param {number} room @param {number} h @returns {Vertex[]} */
function spread(nodes, x, w, middle, room, h) {
  const pitch = min(room < 320 ? 46 : 80, room / nodes.length);
  const tall = min(h, pitch - 4);
  return nodes.map((node, k) => ({node, x, w, h: tall, y: middle + (k - (nodes.length - 1) / 2) * pitch - tall / 2}));
}

/** @param {Plan} made @param {Neuron[]} layer @param {{size: "L" | "P" | "M" | "S", row: number, wide: number}} form @param {number} x
 * @param {number} w @param {number} middle @param {number} room @param {boolean} small */
function placeLayer(made, layer, form, x, w, middle, room, small) {
  const cell = cellWidth(layer, form.size === "L" ? "M" : form.size, small);
  if (form.size === "L" || form.size === "P") {
    const heights = layer.map((neuron) => (form.size === "P" ? 130 : largeHeight(neuron, form.row)));
    const filled = added(heights, Number);
    const gap = min(60, (room - filled) / layer.length);
    let y = middle - (filled + gap * (layer.length - 1)) / 2;
    layer.forEach((neuron, k) => {
      made.cards.push({neuron, size: form.size, x, y, w, h: heights[k], cell: form.size === "P" ? 16 : cell, rowHeight: form.row});
      y += heights[k] + gap;
    });
    return;
  }
  const fit = floor(room / (form.size === "M" ? 30 : 14));
  const shown = layer.length <= fit ? layer : [...layer.slice(0, ceil((fit - 2) / 2)), ...layer.slice(-floor((fit - 2) / 2))];
  const places = shown.length + (shown.length < layer.length ? 2 : 0);
  const pitch = min(form.size === "M" ? 50 : 22, room / places);
  const h = form.size === "M" ? min(36, pitch - 5) : min(20, pitch - 2.5);
  const before = ceil(shown.length / 2);
  const top = middle - (pitch * places) / 2;
  shown.forEach((neuron, k) => {
    const place = k + (shown.length < layer.length && k >= before ? 2 : 0);
    made.cards.push({neuron, size: form.size, x, y: top + place * pitch + (pitch - h) / 2, w, h, cell, rowHeight: 0});
  });
  if (shown.length < layer.length) {
    const hidden = layer.filter((neuron) => !shown.includes(neuron));
    made.folds.push({x, y: top + (before + 1) * pitch, w, count: hidden.length, neurons: hidden});
  }
}

/** One neuron opened, its siblings small above and below, all in their order. @param {Plan} made @param {Neuron[]} layer
 * @param {string} key @param {number} x @param {number} room */
function placeOpen(made, layer, key, x, room) {
  const place = layer.findIndex((neuron) => neuron.key === key);
  const neuron = layer[place];
  const rows = neuron.weights.length;
  const h = max(250, min(room, 76 + 19 * rows));
  const pitch = max(4, min(15, (room - h - 16) / max(1, layer.length - 1)));
  const cell = cellWidth(layer, "S", false);
  const w = min(190, cardWidth(layer, "S", false));
  let y = TOP + max(0, (room - h - 16 - pitch * (layer.length - 1)) / 2);
  layer.forEach((sibling, k) => {
    if (k === place) {
      made.cards.push({neuron, size: "open", x, y: y + 8, w: 520, h, cell: 0, rowHeight: min(19, (h - 76) / rows)});
      y += h + 16;
    } else {
      made.cards.push({neuron: sibling, size: "S", x, y, w, h: max(3, pitch - 2.5), cell, rowHeight: 0});
      y += pitch;
    }
  });
}
