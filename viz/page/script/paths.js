// Paths: how much cancels, by neuron and by path; and the gradient as a formula.

/** @param {App} app */
function pathSection(app) {
  const {view, state, graph} = app;
  const node = state.selected;
  if (node === graph.root || !view.isComplete) return null;
  const absolute = view.absolute(node);
  if (!absolute) return null;
  const g = view.gradient(node);
  const kappa = abs(g) / absolute;
  const [negative, positive] = [(g - absolute) / 2, (g + absolute) / 2];
  const records = view.all;
  const paths = app.pathCount(node) * (records ? graph.count : 1);
  const cancels = 1 - kappa < 5e-4 ? "nothing cancels" : `${percent(1 - kappa)} cancels`;
  return section(records ? `All ${graph.count} records` : "Paths", `${counted(paths, "path")}, κ ${short(kappa)}: ${cancels}`,
    balance(app, negative, positive, g), bundleTable(app), pathTable(app));
}

/** What is negative, what is positive, and the net of both. @param {App} app @param {number} negative @param {number} positive @param {number} net */
function balance(app, negative, positive, net) {
  const whole = positive - negative || 1;
  const zero = max(0, min(360, (360 * -negative) / whole)); // rounding leaves the sides of one sign a hair off 0
  const reach = (360 * abs(net)) / whole;
  return [
    chart("balance", "0 0 360 24", `negative ${column(negative)}, positive ${column(positive)}, net ${column(net)}`,
      h("rect", {x: 0, y: 2, width: zero, height: 12, fill: app.scale.stroke(-1)}), h("rect", {x: zero, y: 2, width: 360 - zero, height: 12, fill: app.scale.stroke(1)}),
      rect("net", net < 0 ? zero - reach : zero, 16, max(1, reach), 5), path("zero-mark", `M${zero} 0v22`)),
    div("split", span("negative", `all negative ${column(negative)}`), span(null, `net ${withSign(net)}`), span("positive", `all positive ${withSign(positive)}`)),
  ];
}

/** The paths by the neuron of the next layer that they enter. @param {App} app */
function bundleTable(app) {
  const bundles = app.bundles(app.state.selected);
  if (bundles.length < 2) return null;
  const rest = bundles.slice(4);
  return table("paths", "by neuron", [], [
    bundles.slice(0, 4).map((bundle) => h("tr", {"data-bundle": String(bundle.gradient)}, td("through ", nodeLink(app, bundle.neuron.output)), amount(bundle.gradient))),
    together(rest.map((bundle) => ({contribution: bundle.gradient, absolute: bundle.absolute})), "other neuron", 1)]);
}

/** The strongest paths, and all others together. @param {App} app */
function pathTable(app) {
  const {view, state, graph} = app;
  const found = app.strongestPaths(state.selected, 5);
  const total = app.pathCount(state.selected) * (view.all ? graph.count : 1);
  if (app.pathCount(state.selected) < 2) return !view.all && found.length ? h("p", {class: "quiet path"}, route(app, found[0])) : null;
  const rest = view.gradient(state.selected) - added(found, (path) => path.product);
  const restAbsolute = max(0, view.absolute(state.selected) - added(found, (path) => abs(path.product)));
  return table("paths", "strongest paths", [], [
    found.map((path) => tr(td(view.all ? `${graph.data.recordNames[path.record]}: ` : "", route(app, path)), amount(path.product))),
    total > found.length ? tr(td(`${counted(total - found.length, "other")} together, absolute ${column(restAbsolute)}`), amount(rest)) : null]);
}

/** A path by the neurons that it passes. @param {App} app @param {Path} path */
function route(app, path) {
  const {graph} = app;
  const stops = path.nodes.filter((node) => !graph.isNetwork || node === path.nodes[0] || node === graph.root || graph.byOutput.has(node));
  const shown_ = stops.length > 7 ? [...stops.slice(0, 3), -1, ...stops.slice(-3)] : stops;
  return shown_.map((node, k) => [k ? " → " : "", node < 0 ? "…" : graph.shortName(node) + (k === 1 ? graph.besides(node, stops[0]) : "")]);
}

/** @param {App} app */
function formulaSection(app) {
  return section("Formula", span(null, ["text", "Markdown", "LaTeX"].map((kind) => act("text-button", () => app.copy(kind), `copy ${kind}`))), formula(app), h("p", {class: "quiet words", "data-explanation": true}, app.explanation));
}

/** How many products a formula writes out. */
const MOST_TERMS = 4;

/** The products that make a gradient: of all its factors, or slope and upstream of each use.
 * @param {AppCore} app @param {LedgerRow[]} rows @returns {number[][]} */
function termsOf(app, rows) {
  if (app.factors.length > 1) return [app.factors.map((factor) => factor.value)];
  return rows.slice(0, MOST_TERMS).map((row) => [row.slope, row.upstream]);
}

/** The gradient as a product or a sum, in MathML. @param {App} app */
function formula(app) {
  const {view, state} = app;
  const rows = view.ledger(state.selected);
  const mo = (/** @type {string} */ sign) => h("mo", null, sign);
  const partial = h("mfrac", null, h("mrow", null, mo("∂"), h("mi", null, app.graph.rootName)), h("mrow", null, mo("∂"), h("mi", null, app.words.title(state.selected))));
  const minus = (/** @type {number} */ x) => [x < 0 ? mo("−") : null, h("mn", null, fourDigits(abs(x)))];
  const bracket = (/** @type {number} */ x) => (x < 0 ? h("mrow", null, mo("("), minus(x), mo(")")) : minus(x));
  const terms = termsOf(app, rows).map((product, k) => [k ? mo("+") : null, product.map((x, place) => [place ? mo("·") : null, bracket(x)])]);
  const more = rows.length > MOST_TERMS ? [mo("+"), mo("…")] : [];
  return h("div", {class: "formula", tabindex: 0, role: "region", "aria-label": "formula of the gradient"}, h("math", {display: "block"}, h("mrow", null, partial, mo("="), terms.length ? [terms, more, mo("=")] : null, minus(view.gradient(state.selected)))));
}
