// The table and the tree: equal to the picture, as text.

const MOST_TABLE_ROWS = 500;

/** @param {App} app */
function tableView(app) {
  const {graph, view, state} = app;
  const nodes = graph.nodes.filter((i) => !graph.isConstant(i));
  const shown_ = nodes.length > MOST_TABLE_ROWS ? [...nodes].sort((a, b) => abs(view.gradient(b)) - abs(view.gradient(a))).slice(0, MOST_TABLE_ROWS) : nodes;
  return h("div", {class: "scroll", tabindex: 0, role: "region", "aria-label": "table of nodes"}, table("nodes", shown_.length < nodes.length ? `The ${MOST_TABLE_ROWS} largest gradients of ${counted(nodes.length, "node")}; search finds the others` : counted(nodes.length, "node"),
    ["node", "where", "operation", "value", "gradient"], shown_.map((node) => h("tr", {class: node === state.selected ? "chosen" : "", "data-node": node},
      h("th", {scope: "row"}, nodeLink(app, node, graph.name(node))), td(graph.crumbs(node).join(" › ")), td(graph.symbol(node)), td(view.valueText(node)), h("td", {class: tone(view.gradient(node))}, view.gradientText(node))))));
}

/** @param {App} app */
function treeView(app) {
  const {graph} = app;
  const loose = graph.nodes.filter((i) => !graph.owner.has(i) && !graph.isConstant(i) && !graph.inputs.includes(i));
  const groups = graph.isNetwork ? [["inputs", graph.inputs], ...graph.layers.map((title, layer) => [title, graph.layerOf(layer)]), ["result", loose]] : [["graph", graph.nodes.filter((i) => !graph.isConstant(i)).slice(-MOST_TABLE_ROWS)]];
  return h("div", {class: "scroll", tabindex: 0, role: "region", "aria-label": "tree of nodes"}, h("ul", {class: "tree"}, groups.map(([title, members]) => branch(app, `${title} (${members.length})`, /** @type {any[]} */ (members)))));
}

/** @param {App} app @param {string} title @param {any[]} members nodes or neurons @param {boolean} open @returns {Element_} */
function branch(app, title, members, open = true) {
  return h("li", null, h("details", {open}, h("summary", null, title), h("ul", null, members.map((member) => (typeof member === "number" ? treeLeaf(app, member) : neuronBranch(app, member))))));
}

/** @param {App} app @param {Neuron} neuron */
function neuronBranch(app, neuron) {
  const own = [...neuron.parameters, ...neuron.sum, ...neuron.inner];
  return branch(app, `${neuron.title} ${app.view.gradientText(neuron.output)}`, own, app.graph.owner.get(app.state.selected) === neuron);
}

/** @param {App} app @param {number} node */
function treeLeaf(app, node) {
  const {graph, view} = app;
  const owner = graph.owner.get(node);
  return h("li", {class: node === app.state.selected ? "chosen" : ""}, nodeLink(app, node, owner?.output === node ? owner.activation : graph.name(node)), span("leaf-value", view.valueText(node)), span(tone(view.gradient(node)), view.gradientText(node)));
}
