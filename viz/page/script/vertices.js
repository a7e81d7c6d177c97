// Vertices: an expression as a drawing, in layers by the longest path, each ordered by its neighbors.

/** @typedef {{width: number, height: number, vertices: Vertex[], hidden: number, wide: boolean}} Sketch */

/** The nodes to draw: all, or those nearest to the chosen one. @param {Graph} graph @param {State} state @param {number} most
 * @param {number} reach how many edges away */
function visibleNodes(graph, state, most, reach) {
  const {tape} = graph;
  if (tape.size <= most) return [...Array(tape.size).keys()];
  const seen = new Set([state.selected]);
  let ring = [state.selected];
  for (let step = 0; ring.length && seen.size < most && step < reach; step++) {
    /** @type {number[]} */
    const next = [];
    for (const node of ring) {
      const around = [...tape.users[node].map(([head]) => head), ...tape.operands(node)];
      for (const other of around) {
        if (seen.has(other) || seen.size >= most) continue;
        seen.add(other);
        next.push(other);
      }
    }
    ring = next;
  }
  return [...seen].sort((a, b) => a - b);
}

/** @param {Graph} graph @param {State} state @param {number} width @param {number} height @param {number} top @returns {Sketch} */
function sketch(graph, state, width, height, top) {
  const small = width < 600;
  const nodes = visibleNodes(graph, state, small ? 12 : 60, small ? 2 : Infinity);
  const inside = new Set(nodes);
  const {tape} = graph;
  const operands = (/** @type {number} */ i) => tape.operands(i).filter((k) => inside.has(k));
  /** @type {Map<number, number>} */
  const depth = new Map();
  for (const i of nodes) depth.set(i, max(-1, ...operands(i).map((k) => depth.get(k) ?? 0)) + 1);
  const deepest = max(...depth.values());
  if (deepest > 4) {
    for (const i of nodes) {
      const users = tape.users[i].map(([head]) => head).filter((head) => inside.has(head));
      if (tape.op[i] < 0 && users.length) depth.set(i, min(...users.map((head) => depth.get(head) ?? 1)) - 1);
    }
  }
  /** @type {number[][]} */
  const columns = Array.from({length: deepest + 1}, () => []);
  for (const i of nodes) columns[depth.get(i) ?? 0].push(i);
  const tallest = max(...columns.map((column) => column.length));
  const wide = 130 * columns.length + 56 * (columns.length - 1) + 96 <= width * 1.05 && tallest * 80 <= height - top - 60;
  const [w, h] = wide ? [130, 61] : [92, 43];
  const margin = wide ? 48 : small ? 8 : 16;
  const gapX = max(wide ? 56 : 20, min(84, (width - 2 * margin - w * columns.length) / max(1, columns.length - 1)));
  const gapY = wide ? max(30, min(67, (height - top - 80 - h * tallest) / max(1, tallest - 1))) : 16;
  const y = arranged(columns, operands, (i) => tape.users[i].map(([head]) => head).filter((head) => inside.has(head)), h + gapY);
  const lowest = min(...y.values());
  const spanned = max(...y.values()) - lowest + h;
  const shift = top + max(10, (height - top - 70 - spanned) / 2) - lowest;
  return {
    width: max(width, 2 * margin + w * columns.length + gapX * (columns.length - 1)),
    height: max(height, top + spanned + 80),
    vertices: nodes.map((node) => ({node, x: margin + (depth.get(node) ?? 0) * (w + gapX), y: shift + (y.get(node) ?? 0), w, h})),
    hidden: tape.size - nodes.length,
    wide,
  };
}

/** Heights within the columns: near to their neighbors, never on each other, in an order with few crossings.
 * @param {number[][]} columns @param {(i: number) => number[]} below @param {(i: number) => number[]} above @param {number} pitch */
function arranged(columns, below, above, pitch) {
  /** @type {Map<number, number>} */
  const y = new Map();
  columns.forEach((column) => column.forEach((i, k) => y.set(i, (k - (column.length - 1) / 2) * pitch)));
  for (let round = 0; round < 12; round++) {
    for (const column of round % 2 ? [...columns].reverse() : columns) {
      const wish = new Map(column.map((i) => {
        const near = [...below(i), ...above(i)].map((k) => y.get(k) ?? 0);
        return [i, near.length ? near.reduce((a, b) => a + b, 0) / near.length : y.get(i) ?? 0];
      }));
      column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0) || a - b);
      settle(column, wish, pitch, y);
    }
  }
  return y;
}

/** Blocks that would overlap stand at their common middle. @param {number[]} column @param {Map<number, number>} wish
 * @param {number} pitch @param {Map<number, number>} y */
function settle(column, wish, pitch, y) {
  /** @type {{members: number[], middle: number}[]} */
  const blocks = [];
  for (const i of column) {
    let block = {members: [i], middle: wish.get(i) ?? 0};
    let last = blocks.at(-1);
    while (last && block.middle - last.middle < (pitch * (block.members.length + last.members.length)) / 2) {
      blocks.pop();
      const n = last.members.length + block.members.length;
      block = {members: [...last.members, ...block.members], middle: (last.middle * last.members.length + block.middle * block.members.length) / n};
      last = blocks.at(-1);
    }
    blocks.push(block);
  }
  for (const block of blocks) block.members.forEach((i, k) => y.set(i, block.middle + (k - (block.members.length - 1) / 2) * pitch));
}

/** @param {Picture} p @param {Sketch} made */
function drawExpression(p, made) {
  const at = new Map(made.vertices.map((vertex) => [vertex.node, vertex]));
  const {tape} = p.graph;
  /** @type {any[]} */
  const lines = [];
  /** @type {any[]} */
  const pills = [];
  for (const head of made.vertices) {
    const operands = tape.operands(head.node);
    operands.forEach((tail, place) => {
      const from = at.get(tail);
      if (!from) return;
      const y2 = head.y + (head.h * (place + 1)) / (operands.length + 1);
      const slope = tape.slope(p.view.values, head.node, place);
      const flows = tape.flows(head.node, tape.start[head.node] + place);
      const strong = p.way.has(tail) && p.way.has(head.node);
      lines.push(p.line(flows ? slope * p.view.gradient(head.node) : 0, from.x + from.w, from.y + from.h / 2, head.x - 7, y2, strong));
      lines.push(path(`arrow${strong ? " strong" : ""}`, `M${head.x} ${y2}l-9 -5v10z`, {...(flows && p.view.isSwept && slope * p.view.gradient(head.node) !== 0 ? {fill: p.scale.stroke(slope * p.view.gradient(head.node))} : {})}));
      if (flows && made.wide) pills.push(slopePill(p, slope, (from.x + from.w + head.x) / 2, (from.y + from.h / 2 + y2) / 2, strong));
    });
  }
  const hidden = made.hidden ? label("caption", 16, 20, `${counted(made.hidden, "node")} of ${count(tape.size)} are not drawn: the picture follows the chosen node`) : null;
  return {children: [h("g", {"aria-hidden": "true"}, lines, pills), made.vertices.map((vertex) => drawVertex(p, vertex, made.wide)), hidden], corner: [0, 0], width: made.width, height: made.height};
}

/** @param {Picture} p @param {number} slope @param {number} x @param {number} y @param {boolean} strong */
function slopePill(p, slope, x, y, strong) {
  const text = value(slope);
  const w = 14 + 6.4 * text.length;
  return h("g", {class: `pill${strong ? " way" : ""}`}, h("rect", {x: x - w / 2, y: y - 10, width: w, height: 20, rx: 10}), h("text", {x, y: y + 4, "text-anchor": "middle"}, text));
}

/** The formula of an expression above its picture. @param {App} app */
function expressionHead(app) {
  const {graph, view, state} = app;
  /** @type {[string, number][]} */
  const parts = graph.data.formula;
  if (app.small) return null;
  const numbers = parts.map(([text, leaf]) => (leaf < 0 ? text : value(view.value(leaf)))).join("");
  return div("expression",
    parts.length ? [div("expression-formula", graph.label(graph.root) ? `${graph.label(graph.root)} = ` : "", parts.map(([text, leaf]) => span(leaf === state.selected ? "accent" : null, text))), div("quiet", `${numbers} = ${view.valueText(graph.root)}`)] : null,
    h("div", {class: "directions", "aria-hidden": "true"}, span(null, "values run right →"), span(null, "← gradients run left")));
}
