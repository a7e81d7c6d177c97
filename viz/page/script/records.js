// Records: a dot for the gradient in each record's own loss.

/** @param {App} app */
function recordSection(app) {
  const {view, state, graph} = app;
  const {network} = graph;
  const node = state.selected;
  if (node === graph.root || graph.isConstant(node)) return null;
  const each = view.perRecord(node);
  const mean = added(each, (g) => g) / each.length;
  const zeros = each.filter((g) => g === 0).length;
  return section(view.all ? "Record by record" : `All ${network.count} records`, zeros ? `${count(zeros)} of ${count(each.length)} are exactly 0` : "the gradient in each record's own loss", zeros < each.length ? dotStrip(app, each, mean) : null, quiet(view.all ? "A dot is a record: choose one to see it alone." : opposing(each, mean, view.record)));
}

/** @param {number[]} each @param {number} mean @param {number} record */
function opposing(each, mean, record) {
  const against = each.filter((g) => g * mean < 0).length;
  const own = each[record];
  if (own === 0) return `This record adds nothing; the mean is ${withSign(mean)}.`;
  return own * mean < 0 ? `This record pulls against the mean, like ${count(against - 1)} others.` : `This record pulls with the mean; ${count(against)} pull against it.`;
}

/** @param {App} app @param {number[]} each @param {number} mean */
function dotStrip(app, each, mean) {
  const {view} = app;
  const finite = each.filter(isFinite);
  const reach = max(...finite.map(abs), 1e-300) * 1.02;
  const bins = 72;
  const at = (/** @type {number} */ g) => round(180 + (178 * g) / reach);
  const heights = new Array(bins + 1).fill(0);
  const binOf = each.map((g) => (isFinite(g) ? Math.round(((g / reach + 1) / 2) * bins) : -1));
  const places = binOf.map((bin, record) => (bin < 0 || each[record] === 0 ? 0 : heights[bin]++));
  const tallest = max(...heights, 1);
  const step = min(5, 66 / tallest);
  const x = (/** @type {number} */ bin) => round(2 + (356 * bin) / bins);
  const dot = (/** @type {number} */ g, /** @type {number} */ record) => {
    const here = record === view.record && !view.all;
    if (binOf[record] < 0 || (g === 0 && !here)) return null;
    return circle(here ? "record here" : "record", x(binOf[record]), round(81 - step * places[record]), here ? 4.5 : min(2, step * 0.45), {"data-record": record, fill: app.scale.stroke(g)});
  };
  const own = each[view.record];
  const mark = (/** @type {number} */ g, /** @type {string} */ kind, /** @type {string} */ name, /** @type {number} */ y) => [
    path(kind, `M${at(g)} ${y + 4}V84`), label(`${kind} strong middle`, max(70, min(290, at(g))), y, `${name} ${withSign(g)}`)];
  return chart("strip-plot", view.all ? "0 0 360 110" : "0 -14 360 124", `gradients of ${each.length} records from ${column(min(...finite))} to ${column(max(...finite))}, mean ${column(mean)}`,
    path("axis", "M0 84h360M180 82v6"),
    each.length > 1000 ? heights.map((n, bin) => (n ? h("rect", {x: x(bin) - 2, y: 84 - (66 * n) / tallest, width: 4, height: (66 * n) / tallest, fill: app.scale.stroke(bin - bins / 2)}) : null)) : each.map(dot),
    mark(mean, "mean", "mean", 11),
    view.all ? null : mark(own, "accent", "this record", -3),
    label("caption", 0, 102, short(-reach / 1.02)), label("caption middle", 180, 102, "0"), label("caption end", 360, 102, `+${short(reach / 1.02)}`));
}
