// Findings: what holds gradients back, in order, each with its place and something to try.

/** @param {App} app */
function findingSection(app) {
  const found = app.payload.findings;
  if (!found) return null;
  return section("Findings", found.length ? `${found.length} to look at` : "none needs repair",
    found.length ? h("ol", {class: "findings"}, found.slice(0, 6).map((/** @type {any} */ row, /** @type {number} */ k) => findingRow(app, row, k))) : null,
    h("ul", {class: "looked"}, observations(app).map((text) => h("li", null, text))));
}

/** @param {App} app @param {any} row @param {number} k */
function findingRow(app, row, k) {
  return h("li", null, h("i", {class: "round dark"}, k + 1), h("button", {type: "button", class: "node-link", onclick: () => app.select(row.node >= 0 ? row.node : app.state.selected)}, row.title), h("p", null, row.text), row.remedy ? h("p", {class: "quiet"}, row.remedy) : null);
}

/** What can be said of the whole graph at these numbers. @param {App} app */
function observations(app) {
  const {graph, view} = app;
  const parameters = [...graph.parameters];
  const zero = parameters.filter((node) => view.gradient(node) === 0).length;
  const said = [zero ? `${zero} of ${parameters.length} ${graph.isNetwork ? "parameters" : "leaves"} have a gradient of exactly 0` : `no gradient of the ${parameters.length} ${graph.isNetwork ? "parameters" : "leaves"} is 0`];
  const active = graph.neurons.filter((neuron) => neuron.inner.length);
  if (active.length) {
    const records = view.all ? [...graph.network.records.keys()] : [view.record];
    const slopes = active.flatMap((neuron) => records.map((r) => graph.steepness(neuron, graph.network.valuesOf(r))));
    said.push(`slopes of activations: ${short(Math.min(...slopes))} to ${short(Math.max(...slopes))}`);
  }
  return said;
}
