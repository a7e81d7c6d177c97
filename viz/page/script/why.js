// The panel that answers "why": sentence, factors, ledger, paths, records, what-if and what is handed back.

/** @param {App} app */
function whyPanel(app) {
  const {network} = app.graph;
  const top = [headline(app), h("p", {class: "sentence"}, app.words.brief(app.state.selected, app.factors)), factorBox(app)];
  const changed = app.payload.film ? filmSections(app) : whatIfSection(app);
  const records = network.count > 1 ? recordSection(app) : null;
  const end = [handedSection(app), app.small ? null : findingSection(app), app.payload.graph.sources ? sourceSection(app) : null, formulaSection(app), footer(app)];
  if (!app.small) return [top, app.payload.film ? changed : null, ledgerSection(app), pathSection(app), records, app.payload.film ? null : changed, end];
  const tabs = {why: [top, ledgerSection(app), pathSection(app), end], whatif: [top[0], changed], records: [top[0], records], findings: [top[0], findingSection(app)], train: [top[0], app.trains ? trainBar(app) : null]};
  return /** @type {any} */ (tabs)[app.state.tab];
}

/** @param {string} title @param {any} note @param {...any} children */
function section(title, note, ...children) {
  return h("section", {"aria-label": title}, div("section-head", h("h2", null, title), span("note", note)), children);
}

/** A link that chooses a node. @param {App} app @param {number} node @param {string} [text] */
function nodeLink(app, node, text) {
  return press("node-link", {"data-node": node}, text ?? app.graph.fullName(node));
}

/** @param {App} app */
function headline(app) {
  const {graph, view, state} = app;
  const node = state.selected;
  const g = view.gradient(node);
  const zero = g === 0 || node === graph.root || !view.isSwept;
  const owner = graph.owner.get(node);
  const opens = owner && node === owner.output;
  return div("headline", 
    div("crumbs", graph.crumbs(node).join(" › "), opens ? act("text-button", () => app.toggle(owner.key), state.open === owner.key ? "close" : "open") : null),
    div("head-row", 
      h("h1", null, graph.name(node)),
      span("head-value", node === graph.root || view.isShared(node) ? view.valueText(node) : `×${graph.count}`),
      span("head-caption", "gradient"),
      h("span", {class: `head-gradient${zero ? " blank" : ""}`, style: painted(app, zero ? 0 : g)}, view.gradientText(node)),
    ),
  );
}

/** The colors of a gradient. @param {App} app @param {number} g */
function painted(app, g) {
  const fill = app.scale.fill(g);
  return g === 0 ? {"background-color": "transparent", color: "inherit"} : {"background-color": fill, color: inkOn(fill)};
}

/** @param {App} app */
function factorBox(app) {
  const {factors, view, state} = app;
  if (factors.length < 2 || !view.isComplete) return null;
  const g = view.gradient(state.selected);
  const most = max(...factors.map((factor) => abs(factor.value))) || 1;
  return group("factors", "factors",
    factors.map((factor, k) => [
      k ? h("span", {class: "times", "aria-hidden": "true"}, "×") : null,
      press("factor", {"data-node": factor.node},
        span("factor-number", factor.role === "slope" ? null : h("i", {class: "round"}, k + 1), value(factor.value)),
        span("gauge", h("i", {style: {width: `${max(3, min(100, (100 * abs(factor.value)) / most))}%`}})),
        span("factor-name", factor.caption),
        span("factor-note", factor.note)),
    ]),
    h("span", {class: "times", "aria-hidden": "true"}, "="),
    h("span", {class: "product", style: painted(app, g)}, column(g)),
  );
}

const MOST_ROWS = 7;

/** @param {App} app */
function ledgerSection(app) {
  const {view, state, graph} = app;
  const rows = view.ledger(state.selected);
  if (state.selected === graph.root) return section("Ledger", "the sweep begins here", quiet(`The gradient of ${graph.name(state.selected)} along itself is 1. Choose anything that it was made from.`));
  const sorted = rows.length > MOST_ROWS ? [...rows].sort((a, b) => abs(b.contribution) - abs(a.contribution)) : rows;
  const listed = sorted.slice(0, MOST_ROWS).filter((row) => row.contribution !== 0 || sorted === rows);
  const rest = sorted.slice(listed.length);
  const all = view.all;
  return section("Ledger", "slope × upstream = adds",
    table("ledger", "uses", [all ? "record" : "use", "slope", "", "upstream", "", "adds"],
      [listed.map((row) => ledgerRow(app, row, all)), together(rest, "other use", 5)],
      h("tfoot", null, tr(h("td", {colspan: 5}, rows.length ? `sum of ${counted(rows.length, "use")}` : view.isComplete ? "nothing reads it; sum" : "nothing yet; sum"), h("td", {class: "sum"}, column(sumOf(rows)))))));
}

/** @param {{contribution: number}[]} rows */
function sumOf(rows) {
  return added(rows, (row) => row.contribution);
}

/** A cell with what something adds. @param {number} x */
function amount(x) {
  return h("td", {class: tone(x)}, column(x));
}

/** What is not listed, as a row. @param {{contribution: number, absolute?: number}[]} rows @param {string} name @param {number} columns */
function together(rows, name, columns) {
  const absolute = added(rows, (row) => row.absolute ?? abs(row.contribution));
  return rows.length ? h("tr", {"data-contribution": String(sumOf(rows))}, h("td", {colspan: columns}, `${counted(rows.length, name)} together, absolute ${column(absolute)}`), amount(sumOf(rows))) : null;
}

/** @param {number} x */
function tone(x) {
  return x < 0 ? "negative" : x > 0 ? "positive" : "none";
}

/** @param {App} app @param {LedgerRow & {record: number}} row @param {boolean} all */
function ledgerRow(app, row, all) {
  const uses = app.graph.tape.users[app.state.selected].length;
  const name = `to ${all ? app.graph.shortName(row.head) : app.graph.fullName(row.head) + app.graph.besides(row.head, app.state.selected)}`;
  const record = `record ${app.graph.data.recordNames[row.record]}`;
  return productRow(press("node-link", {"data-node": row.head, "data-of": all && row.record}, all ? (uses > 1 ? `${record} ${name}` : record) : name), row.slope, row.upstream, row.contribution);
}

/** slope × upstream = contribution. @param {any} link @param {number} slope @param {number} upstream @param {number} contribution */
function productRow(link, slope, upstream, contribution) {
  return h("tr", {"data-contribution": String(contribution)}, td(link), td(value(slope)), h("td", {class: "times"}, "×"), td(column(upstream)), h("td", {class: "times"}, "="), amount(contribution));
}

/** @param {App} app */
function handedSection(app) {
  const {view, state, graph} = app;
  const node = state.selected;
  const neuron = graph.byOutput.get(node);
  if (neuron) return section("What it hands on", "to its parameters, strongest first", table("ledger", "parameters", [], strongestOf(neuron.parameters.map((tail) => ({tail, contribution: view.gradient(tail)})), "other", 1, (row) => tr(td(nodeLink(app, row.tail)), amount(row.contribution)))));
  if (!graph.isOperation(node) || view.all) return null;
  const rows = graph.tape.handed(view.values, view.gradients, node);
  if (!rows.length) return null;
  return section("What it hands on", "slope × gradient, strongest first",
    table("ledger", "operands", [], strongestOf(rows, "other", 5, (row) => productRow(nodeLink(app, row.tail), row.slope, view.gradient(node), row.contribution))));
}

/** The rows that add most, and the rest together. @template {{contribution: number}} R @param {R[]} rows @param {string} name
 * @param {number} columns @param {(row: R) => any} draw */
function strongestOf(rows, name, columns, draw) {
  const sorted = [...rows].sort((a, b) => abs(b.contribution) - abs(a.contribution));
  return [sorted.slice(0, MOST_ROWS).map(draw), together(sorted.slice(MOST_ROWS), name, columns)];
}

/** @param {App} app */
function footer(app) {
  const {state, graph} = app;
  return div("footer", span("source", graph.isConstant(state.selected) ? "a constant" : graph.isFeature(state.selected) ? "data" : ""),
    span(null, ["picture", "table", "tree"].filter((view) => view !== state.view).map((view) => act("text-button", () => app.set({view}), view))));
}
