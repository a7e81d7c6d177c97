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
  const tries = remedies(app, row);
  return h("li", {"data-finding": row.kind}, h("i", {class: "round dark"}, k + 1), row.node < 0 ? h("b", null, row.kind) : nodeLink(app, row.node, row.kind), span("quiet", ` ${row.where}`), h("p", null, row.text), quiet(row.remedy),
    tries.length ? act("text-button", () => tries.forEach(([leaf, number]) => app.assign(leaf, 0, number)), "try it") : null);
}

/** What-ifs that would help: a bias that wakes a dead neuron, weights that take a saturated one off its flat end.
 * @param {App} app @param {any} row @returns {[number, number][]} */
function remedies(app, row) {
  const {graph} = app;
  const {network} = graph;
  const neuron = graph.owner.get(row.node);
  if (!neuron || !graph.tape.replays) return [];
  const sums = [...network.records.keys()].map((record) => network.valuesOf(record)[neuron.total]);
  if (row.kind === "dead ReLU" && neuron.bias !== null) return [[neuron.bias, network.leaves[neuron.bias] - max(...sums) + 0.5]];
  return row.kind === "saturated" ? neuron.weights.map((weight) => [weight, network.leaves[weight] / 10]) : [];
}

/** What can be said of the whole graph at these numbers. @param {App} app */
function observations(app) {
  const {graph, view} = app;
  const parameters = [...graph.parameters];
  const zero = parameters.filter((node) => view.gradient(node) === 0).length;
  const said = [zero ? `${zero} of ${parameters.length} ${graph.isNetwork ? "parameters" : "leaves"} have a gradient of exactly 0` : `no gradient of the ${parameters.length} ${graph.isNetwork ? "parameters" : "leaves"} is 0`];
  const active = graph.neurons.filter((neuron) => neuron.inner.length);
  if (active.length) {
    const records = view.shown;
    const slopes = active.flatMap((neuron) => records.map((r) => graph.steepness(neuron, graph.network.valuesOf(r))));
    said.push(`slopes of activations: ${short(min(...slopes))} to ${short(max(...slopes))}`);
  }
  return said;
}
