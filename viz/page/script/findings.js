// Findings: what holds gradients back, in order, each with its place and something to try.

/** @param {App} app */
function findingSection(app) {
  const {findings, notFound} = app.payload;
  return section("Findings", findings.length ? `${findings.length} to look at` : "none needs repair",
    findings.length ? h("ol", {class: "findings"}, findings.slice(0, 6).map((/** @type {any} */ row, /** @type {number} */ k) => findingRow(app, row, k))) : null,
    h("ul", {class: "looked"}, observations(app).map((text) => h("li", null, text)), h("li", null, `looked for and not found: ${notFound.join(", ")}`)));
}

/** @param {App} app @param {any} row @param {number} k */
function findingRow(app, row, k) {
  return h("li", {"data-finding": row.kind}, h("i", {class: "round dark"}, k + 1), row.node < 0 ? h("b", null, row.kind) : nodeLink(app, row.node, row.kind), span("quiet", ` ${row.where}`), h("p", null, row.text), quiet(row.remedy),
    row.tries.length && app.graph.tape.replays ? act("text-button", () => row.tries.forEach((/** @type {number[]} */ [leaf, record, number]) => app.assign(leaf, record, number)), `try it: ${row.attempt}`) : null);
}

/** What can be said of the whole graph at these numbers. @param {App} app */
function observations(app) {
  const {graph, view} = app;
  if (!view.isComplete) return [];
  const parameters = [...graph.parameters];
  const zero = parameters.filter((node) => view.gradient(node) === 0).length;
  const said = [`${zero || "none"} of ${parameters.length} ${graph.isNetwork ? "parameters" : "leaves"} ${zero === 1 || !zero ? "has" : "have"} a gradient of exactly 0`];
  const active = graph.neurons.filter((neuron) => neuron.inner.length);
  if (active.length) {
    const slopes = active.flatMap((neuron) => view.shown.map((r) => graph.steepness(neuron, graph.network.valuesOf(r))));
    said.push(`slopes of activations: ${short(min(...slopes))} to ${short(max(...slopes))}`);
  }
  return said;
}
