// The train bar: steps of the optimizer on the page's own network.

/** @param {App} app */
function trainBar(app) {
  const {trainer, graph} = app;
  if (!trainer) return null;
  const {count: records, loss} = graph.network;
  const losses = [...trainer.losses, loss];
  const refusal = trainer.refusal;
  return group("train", "training",
    press("button primary", {disabled: Boolean(refusal), onclick: () => app.repeat("train", 30, () => app.epoch())}, app.playing === "train" ? "Stop" : "Train"),
    press("button", {disabled: Boolean(refusal), onclick: () => app.epoch()}, "1 epoch"),
    field("rate", {step: "any", min: 0, value: trainer.rate}, (rate) => app.setRate(rate)),
    field("batch", {step: 1, min: 1, max: records, value: trainer.batch}, (batch) => app.setBatch(batch)),
    div("stat", span(null, "epoch"), h("b", null, count(trainer.epoch))),
    refusal ? h("p", {class: "refusal"}, refusal) : losses.length < 2 ? span("loss-curve quiet", "Press Train: the loss is drawn here.") : lossCurve(losses, graph.network.reduction),
    trainer.epoch ? act("text-button", () => app.reset(), "back to the start") : h("span", {class: "rule-name", title: app.payload.rule.name}, app.payload.rule.name.split("(")[0]));
}

/** @param {string} name @param {any} attributes @param {(x: number) => void} change */
function field(name, attributes, change) {
  return h("label", null, span(null, name), numberInput(attributes, change));
}

/** @param {number[]} losses before each epoch, and now @param {string} reduction */
function lossCurve(losses, reduction) {
  const seen = losses.filter(isFinite);
  const loss = losses[losses.length - 1];
  const [low, high] = [min(...seen), max(...seen)];
  const kept = sampled(losses, 300);
  const y = (/** @type {number} */ x) => 52 - (44 * (x - low)) / (high - low || 1);
  const x = (/** @type {number} */ k) => 4 + (k * 300) / max(1, kept.length - 1);
  return [
    div("curve-ends caption", span(null, column(high)), span(null, column(low))),
    h("svg", {class: "loss-curve", viewBox: "0 0 320 58", preserveAspectRatio: "none", role: "img", "aria-label": `loss from ${column(losses[0])} to ${column(loss)}`}, path("axis", "M4 54h312"), path("curve", polyline(kept.map((l, k) => [x(k), y(l)])))),
    div("stat", h("b", null, column(loss)), span(null, `${reduction === "mean" ? "mean" : "total"} loss`)),
  ];
}
