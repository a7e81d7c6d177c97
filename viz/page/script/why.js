// The panel that answers "why": sentence, factors, ledger, paths, records, what-if and what is handed back.

/** @param {App} app */
function whyPanel(app) {
  const {state} = app;
  if (!app.small) return [headline(app), sentence(app), factorBox(app), ledgerSection(app), pathSection(app), recordSection(app), whatIfSection(app), handedSection(app), findingSection(app), formulaSection(app), footer(app)];
  const tabs = {why: [headline(app), sentence(app), factorBox(app), ledgerSection(app), pathSection(app), handedSection(app), formulaSection(app), footer(app)], whatif: [headline(app), whatIfSection(app)], records: [headline(app), recordSection(app)], findings: [findingSection(app)], train: [trainBar(app)]};
  return /** @type {any} */ (tabs)[state.tab];
}

/** @param {string} title @param {any} note @param {...any} children */
function section(title, note, ...children) {
  return h("section", {"aria-label": title}, h("div", {class: "section-head"}, h("h2", null, title), h("span", {class: "note"}, note)), children);
}

/** A link that chooses a node. @param {App} app @param {number} node @param {string} [text] */
function nodeLink(app, node, text) {
  return h("button", {class: "node-link", type: "button", "data-node": node, onclick: () => app.select(node)}, text ?? app.graph.fullName(node));
}

/** @param {App} app */
function headline(app) {
  const {graph, view, state} = app;
  const node = state.selected;
  const g = view.gradient(node);
  const root = node === graph.tape.root;
  const zero = g === 0 || root || !view.isSwept;
  const fill = app.scale.fill(g, app.theme);
  const owner = graph.owner.get(node);
  const opens = owner && node === owner.output;
  return h("div", {class: "headline"},
    h("div", {class: "crumbs"}, graph.crumbs(node).join(" › "), opens ? h("button", {class: "text-button", type: "button", onclick: () => app.toggle(owner.key)}, state.open === owner.key ? "close" : "open") : null),
    h("div", {class: "head-row"},
      h("h1", null, graph.name(node)),
      h("span", {class: "head-value"}, graph.isShared(node, view) ? view.valueText(node) : `in ${graph.network.count} records`),
      h("span", {class: "head-caption"}, "gradient"),
      h("span", {class: `head-gradient${zero ? " blank" : ""}`, "data-gradient": String(g), style: zero ? {"background-color": "transparent", color: "inherit"} : {"background-color": fill, color: inkOn(fill)}}, root && view.isSwept ? "1" : view.gradientText(node)),
    ),
  );
}

/** @param {App} app */
function sentence(app) {
  return h("p", {class: "sentence"}, new Words(app.view).brief(app.state.selected, app.factors));
}

/** @param {App} app */
function factorBox(app) {
  const {factors, view, state} = app;
  if (factors.length < 2 || !view.isSwept) return null;
  const g = view.gradient(state.selected);
  const most = Math.max(...factors.map((factor) => Math.abs(factor.value))) || 1;
  const fill = app.scale.fill(g, app.theme);
  return h("div", {class: "factors", role: "group", "aria-label": "factors"},
    factors.map((factor, k) => [
      k ? h("span", {class: "times", "aria-hidden": "true"}, "×") : null,
      h("button", {type: "button", class: "factor", "data-node": factor.node, onclick: () => app.select(factor.node)},
        h("span", {class: "factor-number"}, app.graph.isNetwork ? h("i", {class: "round"}, k + 1) : null, value(factor.value)),
        h("span", {class: "gauge"}, h("i", {style: {width: `${Math.max(3, Math.min(100, (100 * Math.abs(factor.value)) / most))}%`}})),
        h("span", {class: "factor-name"}, factor.caption),
        h("span", {class: "factor-note"}, factor.note)),
    ]),
    h("span", {class: "times", "aria-hidden": "true"}, "="),
    h("span", {class: "product", style: g === 0 ? {"background-color": "transparent", color: "inherit"} : {"background-color": fill, color: inkOn(fill)}}, column(g)),
  );
}

const MOST_ROWS = 7;

/** @param {App} app */
function ledgerSection(app) {
  const {view, state, graph} = app;
  const rows = view.ledger(state.selected);
  if (state.selected === graph.tape.root) return section("Ledger", "the sweep begins here", h("p", {class: "quiet"}, `The gradient of ${graph.name(state.selected)} along itself is 1. Choose anything that it was made from.`));
  const strongest_ = rows.length > MOST_ROWS ? [...rows].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)).slice(0, MOST_ROWS) : rows;
  const kept = new Set(strongest_);
  const listed = rows.filter((row) => kept.has(row));
  const rest = rows.filter((row) => !kept.has(row));
  const all = view.all && graph.network.count > 1;
  return section("Ledger", "slope × upstream = adds",
    h("table", {class: "ledger"},
      h("thead", {class: all ? "" : "hidden"}, h("tr", null, h("th", {scope: "col"}, all ? "record" : "use"), h("th", {scope: "col"}, "slope"), h("th", null, h("span", {class: "hidden"}, "times")), h("th", {scope: "col"}, "upstream"), h("th", null, h("span", {class: "hidden"}, "is")), h("th", {scope: "col"}, "adds"))),
      h("tbody", null,
        listed.map((row) => ledgerRow(app, row, all)),
        rest.length ? h("tr", {"data-contribution": String(sumOf(rest))}, h("td", {colspan: 5}, `${counted(rest.length, "other use")} together, absolute ${column(rest.reduce((a, row) => a + Math.abs(row.contribution), 0))}`), h("td", {class: tone(sumOf(rest))}, column(sumOf(rest)))) : null),
      h("tfoot", null, h("tr", null, h("td", {colspan: 5}, rows.length === 1 ? "one use, one row; sum" : rows.length ? `${counted(rows.length, "use")}; sum` : "nothing reads it; sum"), h("td", {class: "sum", "data-sum": String(view.gradient(state.selected))}, column(sumOf(rows)))))));
}

/** @param {{contribution: number}[]} rows */
function sumOf(rows) {
  return rows.reduce((sum, row) => sum + row.contribution, 0);
}

/** @param {number} x */
function tone(x) {
  return x < 0 ? "negative" : x > 0 ? "positive" : "none";
}

/** @param {App} app @param {LedgerRow & {record: number}} row @param {boolean} all */
function ledgerRow(app, row, all) {
  const uses = app.graph.tape.users[app.state.selected].length;
  const name = `to ${app.graph.fullName(row.head)}`;
  const record = `record ${app.graph.data.recordNames[row.record]}`;
  return h("tr", {"data-contribution": String(row.contribution)},
    h("td", null, h("button", {class: "node-link", type: "button", "data-node": row.head, onclick: () => app.select(row.head, all ? row.record : undefined)}, all ? (uses > 1 ? `${record} ${name}` : record) : name)),
    h("td", null, value(row.slope)), h("td", {class: "times"}, "×"), h("td", null, column(row.upstream)), h("td", {class: "times"}, "="), h("td", {class: tone(row.contribution)}, column(row.contribution)));
}

/** @param {App} app */
function pathSection(app) {
  const {view, state, graph} = app;
  const node = state.selected;
  if (node === graph.tape.root || !view.isComplete) return null;
  const absolute = view.absolute(node);
  if (!absolute) return null;
  const g = view.gradient(node);
  const kappa = Math.abs(g) / absolute;
  const [negative, positive] = [(g - absolute) / 2, (g + absolute) / 2];
  const records = view.all && graph.network.count > 1;
  const paths = app.pathCount(node) * (records ? graph.network.count : 1);
  const cancels = 1 - kappa < 5e-4 ? "nothing cancels" : `${percent(1 - kappa)} cancels`;
  return section(records ? `All ${graph.network.count} records` : "Paths", `${counted(paths, "path")}, κ ${kappa.toFixed(2)}: ${cancels}`,
    balance(app, negative, positive, g), bundleTable(app), pathTable(app));
}

/** What is negative, what is positive, and the net of both. @param {App} app @param {number} negative @param {number} positive @param {number} net */
function balance(app, negative, positive, net) {
  const span = positive - negative || 1;
  const zero = (360 * -negative) / span;
  const reach = (360 * Math.abs(net)) / span;
  return [
    h("svg", {class: "balance", viewBox: "0 0 360 24", role: "img", "aria-label": `negative ${column(negative)}, positive ${column(positive)}, net ${column(net)}`},
      h_("rect", {x: 0, y: 2, width: zero, height: 12, fill: app.scale.stroke(-1, app.theme)}), h_("rect", {x: zero, y: 2, width: 360 - zero, height: 12, fill: app.scale.stroke(1, app.theme)}),
      h_("rect", {class: "net", x: net < 0 ? zero - reach : zero, y: 16, width: Math.max(1, reach), height: 5}), h_("path", {class: "zero-mark", d: `M${zero} 0v22`})),
    h("div", {class: "split"}, h("span", {class: "negative"}, `all negative ${column(negative)}`), h("span", null, `net ${withSign(net)}`), h("span", {class: "positive"}, `all positive ${withSign(positive)}`)),
  ];
}

/** The paths by the neuron of the next layer that they enter. @param {App} app */
function bundleTable(app) {
  const bundles = app.bundles(app.state.selected);
  if (bundles.length < 2) return null;
  const rest = bundles.slice(4);
  return h("table", {class: "paths"}, h("caption", {class: "hidden"}, "by neuron"), h("tbody", null,
    bundles.slice(0, 4).map((bundle) => h("tr", {"data-bundle": String(bundle.gradient)}, h("td", null, "through ", nodeLink(app, bundle.neuron.output)), h("td", {class: tone(bundle.gradient)}, column(bundle.gradient)))),
    rest.length ? h("tr", null, h("td", null, `${counted(rest.length, "other neuron")} together, absolute ${column(rest.reduce((sum, bundle) => sum + bundle.absolute, 0))}`), h("td", null, column(rest.reduce((sum, bundle) => sum + bundle.gradient, 0)))) : null));
}

/** The strongest paths, and all others together. @param {App} app */
function pathTable(app) {
  const {view, state, graph} = app;
  const found = app.strongestPaths(state.selected, 5);
  const total = app.pathCount(state.selected) * (view.all ? graph.network.count : 1);
  if (app.pathCount(state.selected) < 2) return !view.all && found.length ? h("p", {class: "quiet path"}, route(app, found[0])) : null;
  const rest = view.gradient(state.selected) - found.reduce((sum, path) => sum + path.product, 0);
  const restAbsolute = Math.max(0, view.absolute(state.selected) - found.reduce((sum, path) => sum + Math.abs(path.product), 0));
  return h("table", {class: "paths"}, h("caption", {class: "hidden"}, "strongest paths"), h("tbody", null,
    found.map((path) => h("tr", {"data-product": String(path.product)}, h("td", null, view.all && graph.network.count > 1 ? `${graph.data.recordNames[path.record]}: ` : "", route(app, path)), h("td", {class: tone(path.product)}, column(path.product)))),
    total > found.length ? h("tr", {"data-rest": String(rest), "data-rest-absolute": String(restAbsolute)}, h("td", null, `${counted(total - found.length, "other")} together, absolute ${column(restAbsolute)}`), h("td", {class: tone(rest)}, column(rest))) : null));
}

/** A path by the neurons that it passes. @param {App} app @param {Path} path */
function route(app, path) {
  const {graph} = app;
  const stops = path.nodes.filter((node) => !graph.isNetwork || node === path.nodes[0] || node === graph.tape.root || graph.byOutput.has(node));
  const shown_ = stops.length > 7 ? [...stops.slice(0, 3), -1, ...stops.slice(-3)] : stops;
  return shown_.map((node, k) => [k ? " → " : "", node < 0 ? "…" : graph.byOutput.has(node) ? graph.fullName(node).replace(/layer (\S+) neuron /, "$1.") : graph.name(node)]);
}

/** @param {App} app */
function handedSection(app) {
  const {view, state, graph} = app;
  const node = state.selected;
  if (!graph.isOperation(node) || (view.all && graph.network.count > 1)) return null;
  const rows = graph.tape.handed(view.values, view.gradients, node);
  if (!rows.length) return null;
  const sorted = [...rows].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const rest = sorted.slice(7);
  return section("What it hands on", "slope × gradient, strongest first",
    h("table", {class: "ledger"}, h("caption", {class: "hidden"}, "what it hands on"), h("tbody", null,
      sorted.slice(0, 7).map((row) => h("tr", null, h("td", null, nodeLink(app, row.tail)), h("td", null, value(row.slope)), h("td", {class: "times"}, "×"), h("td", null, view.gradientText(node)), h("td", {class: "times"}, "="), h("td", {class: tone(row.contribution)}, column(row.contribution)))),
      rest.length ? h("tr", null, h("td", {colspan: 5}, `${counted(rest.length, "other")} together, absolute ${column(rest.reduce((sum, row) => sum + Math.abs(row.contribution), 0))}`), h("td", {class: tone(sumOf(rest))}, column(sumOf(rest)))) : null)));
}

/** @param {App} app */
function recordSection(app) {
  const {view, state, graph} = app;
  const {network} = graph;
  if (network.count < 2) return null;
  const node = state.selected;
  if (node === graph.tape.root || graph.isConstant(node)) return null;
  const each = view.perRecord(node);
  const mean = each.reduce((sum, g) => sum + g, 0) / each.length;
  const zeros = each.filter((g) => g === 0).length;
  return section(view.all ? "Record by record" : `All ${network.count} records`, zeros ? `${count(zeros)} of ${count(each.length)} are exactly 0` : "the gradient in each record's own loss", dotStrip(app, each, mean), h("p", {class: "quiet"}, view.all ? "A dot is a record: choose one to see it alone." : opposing(each, mean, view.record)));
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
  const reach = Math.max(...finite.map(Math.abs), 1e-300) * 1.02;
  const bins = 72;
  const at = (/** @type {number} */ g) => 180 + (178 * g) / reach;
  const heights = new Array(bins + 1).fill(0);
  const places = each.map((g) => (Number.isFinite(g) && g !== 0 ? heights[Math.round(((g / reach + 1) / 2) * bins)]++ : 0));
  const tallest = Math.max(...heights, 1);
  const step = Math.min(5, 70 / tallest);
  const many = each.length > 1000;
  const base = 84;
  const dot = (/** @type {number} */ g, /** @type {number} */ record) => {
    const bin = Math.round(((g / reach + 1) / 2) * bins);
    return h_("circle", {class: record === view.record && !view.all ? "record here" : "record", "data-record": record, cx: round(2 + (356 * bin) / bins), cy: round(base - 3 - step * places[record]), r: record === view.record && !view.all ? 4.5 : Math.min(2, step * 0.45), fill: app.scale.stroke(g, app.theme)});
  };
  const own = each[view.record];
  return h("svg", {class: "strip-plot", viewBox: "0 0 360 112", role: "img", "aria-label": `gradients of ${each.length} records from ${column(Math.min(...finite))} to ${column(Math.max(...finite))}, mean ${column(mean)}`, onclick: (/** @type {any} */ event) => event.target.dataset.record && app.chooseRecord(Number(event.target.dataset.record))},
    h_("path", {class: "axis", d: `M0 ${base}h360M180 ${base - 2}v6`}),
    many ? heights.map((n, bin) => (n ? h_("rect", {x: 2 + (356 * bin) / bins - 2, y: base - (70 * n) / tallest, width: 4, height: (70 * n) / tallest, fill: app.scale.stroke(bin - bins / 2, app.theme)}) : null)) : each.map((g, record) => (g === 0 && record !== view.record ? null : dot(g, record))),
    h_("path", {class: "mean", d: `M${round(at(mean))} 16V${base}`}),
    h_("text", {class: "strong", x: clampText(at(mean), 70), y: 11, "text-anchor": "middle"}, `mean ${withSign(mean)}`),
    !view.all && Math.abs(at(own) - at(mean)) > 110 ? h_("text", {class: "accent strong", x: clampText(at(own), 70), y: 11, "text-anchor": "middle"}, `this record ${withSign(own)}`) : !view.all ? h_("text", {class: "accent strong", x: clampText(at(own), 70), y: 24, "text-anchor": own < mean ? "end" : "start"}, `this record ${withSign(own)}`) : null,
    h_("text", {class: "caption", x: 0, y: 102}, short(-reach / 1.02)), h_("text", {class: "caption", x: 180, y: 102, "text-anchor": "middle"}, "0"), h_("text", {class: "caption", x: 360, y: 102, "text-anchor": "end"}, `+${short(reach / 1.02)}`));
}

/** @param {number} x @param {number} half */
function clampText(x, half) {
  return Math.max(half, Math.min(360 - half, x));
}

/** @param {App} app */
function whatIfSection(app) {
  const {graph, state, view} = app;
  const node = state.selected;
  const edited = state.edits.length ? h("button", {class: "text-button", type: "button", onclick: () => app.reset()}, "reset all") : null;
  if (!graph.tape.replays) return section("What if", "", h("p", {class: "quiet"}, `${graph.unreplayable()} runs in Python alone: it has no form that a page can compute. Numbers are as they were recorded, and nothing can be changed here.`));
  if (!graph.isFree(node)) {
    const leaf = app.nearestLeaf(node);
    return section("What if", edited, h("p", {class: "quiet"}, "Only an input or a weight can be changed", leaf < 0 ? "." : [", such as ", nodeLink(app, leaf), "."]));
  }
  const column_ = graph.network.columnOf(node) >= 0;
  if (column_ && view.all && graph.network.count > 1) return section("What if", edited, h("p", {class: "quiet"}, "An input has a number in each record: choose a record to change it."));
  return whatIf(app, node, edited);
}

/** @param {App} app @param {number} node @param {any} edited */
function whatIf(app, node, edited) {
  const {graph, view} = app;
  const record = Math.max(0, view.record);
  const {original, now, low, high, curve, before, predicted, actual} = app.whatIf(node);
  const changed = now !== original;
  const x = (/** @type {number} */ number) => (310 * (number - low)) / (high - low);
  const ys = curve.map(([, y]) => y).filter(Number.isFinite);
  const [least, most] = [Math.min(...ys), Math.max(...ys)];
  const y = (/** @type {number} */ number) => 84 - (74 * (number - least)) / (most - least || 1);
  const line = (/** @type {number} */ from, /** @type {number} */ to) => `M${round(x(from))} ${round(y(before + app.slopeBefore(node) * (from - original)))}L${round(x(to))} ${round(y(before + app.slopeBefore(node) * (to - original)))}`;
  const reach = (high - low) * 0.16;
  const ends = [Math.max(low, Math.min(original, now) - reach), Math.min(high, Math.max(original, now) + reach)];
  const dot = (/** @type {string} */ kind, /** @type {number} */ at, /** @type {number} */ loss) => h_("circle", {class: kind, cx: round(x(at)), cy: round(y(loss)), r: 3.4});
  return section("What if", [`${graph.name(node)} ${value(original)} → ${value(now)} `, edited],
    h("svg", {class: "what-if", viewBox: "0 -6 360 98", role: "img", "aria-label": `the ${graph.name(graph.tape.root)} over ${graph.name(node)}`},
      h_("path", {class: "curve", d: curve.map(([a, b], k) => `${k ? "L" : "M"}${round(x(a))} ${round(y(b))}`).join("")}),
      h_("path", {class: "prediction", d: line(ends[0], ends[1])}),
      h_("text", {class: "accent", x: Math.min(250, x(ends[0])), y: Math.max(4, Math.min(90, y(before + app.slopeBefore(node) * (ends[0] - original)) - 5))}, "the gradient"),
      h_("text", {class: "caption", x: 316, y: y(curve[curve.length - 1][1]) + 4}, `the ${middled(graph.name(graph.tape.root), 5)}`),
      dot("dot hollow", original, before), changed ? [dot("dot guess", now, before + predicted), dot("dot", now, before + actual)] : null),
    h("div", {class: "slider-row"},
      h("input", {type: "range", min: low, max: high, step: (high - low) / 400, value: now, "aria-label": `${graph.fullName(node)}`, "aria-valuetext": value(now), "data-what-if": node, oninput: (/** @type {any} */ event) => app.assign(node, record, Number(event.target.value))}),
      h("input", {type: "number", class: "exact", step: "any", value: now, "aria-label": `${graph.fullName(node)}, exactly`, onchange: (/** @type {any} */ event) => Number.isFinite(event.target.valueAsNumber) && app.assign(node, record, event.target.valueAsNumber)}),
      h("button", {type: "button", class: "text-button", disabled: !changed, onclick: () => app.assign(node, record, original)}, "reset")),
    h("p", {class: "outcome", "data-predicted": String(predicted), "data-actual": String(actual)}, changed ? ["The gradient predicts ", h("b", null, withSign(predicted)), ", it was ", h("b", null, withSign(actual)), "."] : "Drag: the gradient predicts, the graph answers."));
}

/** @param {App} app */
function formulaSection(app) {
  const made = formula(app);
  return section("Formula", h("span", null, ["text", "Markdown", "LaTeX"].map((kind) => h("button", {type: "button", class: "text-button", onclick: () => app.copy(kind)}, `copy ${kind}`))), made, h("p", {class: "quiet words", "data-explanation": true}, app.explanation));
}

/** The gradient as a product or a sum, in MathML. @param {App} app */
function formula(app) {
  const {view, state, graph} = app;
  const words = new Words(view);
  const rows = view.ledger(state.selected);
  const partial = h("mfrac", null, h("mrow", null, h("mo", null, "∂"), h("mi", null, words.root)), h("mrow", null, h("mo", null, "∂"), h("mi", null, words.title(state.selected))));
  const minus = (/** @type {number} */ x) => (x < 0 ? [h("mo", null, "−"), h("mn", null, fourDigits(-x))] : h("mn", null, fourDigits(x)));
  const bracket = (/** @type {number} */ x) => (x < 0 ? h("mrow", null, h("mo", null, "("), minus(x), h("mo", null, ")")) : h("mn", null, fourDigits(x)));
  const factors = app.factors.length > 1 && rows.length === 1 ? app.factors.map((factor) => factor.value) : null;
  const terms = factors
    ? factors.flatMap((x, k) => [k ? h("mo", null, "·") : null, bracket(x)])
    : rows.slice(0, 4).flatMap((row, k) => [k ? h("mo", null, "+") : null, bracket(row.slope), h("mo", null, "·"), bracket(row.upstream)]);
  const more = !factors && rows.length > 4 ? [h("mo", null, "+"), h("mo", null, "…")] : [];
  return h("div", {class: "formula"}, h("math", {display: "block"}, h("mrow", null, partial, h("mo", null, "="), terms.length ? [terms, more, h("mo", null, "=")] : null, minus(view.gradient(state.selected)))));
}

/** @param {App} app */
function footer(app) {
  const {state} = app;
  const source = app.sourceOf(state.selected);
  return h("div", {class: "footer"}, h("span", {class: "source"}, source),
    h("span", null, ["picture", "table", "tree"].filter((view) => view !== state.view).map((view) => h("button", {type: "button", class: "text-button", onclick: () => app.show(view)}, view))));
}
