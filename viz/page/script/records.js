// Records: a dot for the gradient in each record's own loss.

/** @param {App} app */
function recordSection(app) {
  const {view, state, graph} = app;
  const {network} = graph;
  const node = state.selected;
  if (node === graph.tape.root || graph.isConstant(node)) return null;
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
  const finite = each.filter(Number.isFinite);
  const reach = max(...finite.map(abs), 1e-300) * 1.02;
  const bins = 72;
  const at = (/** @type {number} */ g) => 180 + (178 * g) / reach;
  const heights = new Array(bins + 1).fill(0);
  const places = each.map((g) => (Number.isFinite(g) && g !== 0 ? heights[Math.round(((g / reach + 1) / 2) * bins)]++ : 0));
  const tallest = max(...heights, 1);
  const step = min(5, 70 / tallest);
  const many = each.length > 1000;
  const base = 84;
  const dot = (/** @type {number} */ g, /** @type {number} */ record) => {
    const bin = Math.round(((g / reach + 1) / 2) * bins);
    const here = record === view.record && !view.all;
    return circle(here ? "record here" : "record", round(2 + (356 * bin) / bins), round(base - 3 - step * places[record]), here ? 4.5 : min(2, step * 0.45), {"data-record": record, fill: app.scale.stroke(g, app.theme)});
  };
  const own = each[view.record];
  const inside = (/** @type {number} */ x) => max(70, min(290, x));
  return h("svg", {class: "strip-plot", viewBox: "0 0 360 112", role: "img", "aria-label": `gradients of ${each.length} records from ${column(min(...finite))} to ${column(max(...finite))}, mean ${column(mean)}`, onclick: (/** @type {any} */ event) => event.target.dataset.record && app.chooseRecord(Number(event.target.dataset.record))},
    path("axis", `M0 ${base}h360M180 ${base - 2}v6`),
    many ? heights.map((n, bin) => (n ? h("rect", {x: 2 + (356 * bin) / bins - 2, y: base - (70 * n) / tallest, width: 4, height: (70 * n) / tallest, fill: app.scale.stroke(bin - bins / 2, app.theme)}) : null)) : each.map((g, record) => (g === 0 && record !== view.record ? null : dot(g, record))),
    path("mean", `M${round(at(mean))} 16V${base}`),
    label("strong middle", inside(at(mean)), 11, `mean ${withSign(mean)}`),
    view.all ? null : label("accent strong middle", inside(at(own)), abs(at(own) - at(mean)) > 150 ? 11 : 24, `this record ${withSign(own)}`),
    label("caption", 0, 102, short(-reach / 1.02)), label("caption middle", 180, 102, "0"), label("caption end", 360, 102, `+${short(reach / 1.02)}`));
}

