// The frame of the page: header, picture, scrubber, train bar and panel.

/** @param {App} app */
function pageBody(app) {
  const {state} = app;
  return [
    pageHeader(app),
    h("main", {class: `main${app.small ? " small" : ""}`},
      h("div", {class: "left"},
        state.view === "picture" ? pictureArea(app) : state.view === "table" ? tableView(app) : treeView(app),
        scrubber(app),
        app.small ? null : trainBar(app)),
      h("aside", {class: "why", "aria-label": "why"}, h("div", {class: "why-body"}, whyPanel(app)), app.small ? tabBar(app) : null)),
    h("div", {class: "live", "aria-live": "polite"}, app.explanation),
    app.toast ? h("div", {class: "toast", role: "status"}, app.toast) : null,
    app.help ? helpBox(app) : null,
  ];
}

/** @param {App} app */
function pageHeader(app) {
  const {graph, state, view} = app;
  const {network} = graph;
  const many = network.count > 1;
  const name = app.small && many ? (state.all ? `all ${network.count}` : `${graph.data.recordNames[state.record]} of ${network.count}`) : state.all && many ? `all ${network.count} records` : `record ${graph.data.recordNames[state.record] ?? state.record + 1} of ${network.count}`;
  return h("header", null,
    h("div", {class: "title"}, app.payload.title),
    many
      ? h("div", {class: "switch", role: "group", "aria-label": "record"},
          h("button", {type: "button", "aria-label": "previous record", onclick: () => app.chooseRecord(state.record - 1)}, icon("M9 2 3 6l6 4z")),
          h("button", {type: "button", class: "which", title: "one record or all", onclick: () => app.chooseRecord(state.all ? 0 : -1)}, name),
          h("button", {type: "button", "aria-label": "next record", onclick: () => app.chooseRecord(state.record + 1)}, icon("M3 2l6 4-6 4z")))
      : null,
    h("div", {class: "loss"}, `${many && state.all ? `${network.reduction === "mean" ? "mean" : "total"} ` : ""}${graph.name(graph.tape.root)} `, h("b", null, column(view.value(graph.tape.root)))),
    state.edits.length ? h("button", {type: "button", class: "text-button", onclick: () => app.reset()}, `${counted(state.edits.length, "change")}: reset`) : null,
    h("div", {class: "spacer"}),
    searchBox(app),
    h("button", {type: "button", class: "button", "aria-label": "light or dark", onclick: () => app.switchTheme()}, icon("M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1zm0 1a4 4 0 0 1 0 8z")),
    app.small ? null : h("button", {type: "button", class: "button wide", onclick: () => app.copy("link")}, "Copy link"),
    h("button", {type: "button", class: "button", "aria-label": "help", "aria-expanded": app.help ? "true" : "false", onclick: () => app.switchHelp()}, "?"));
}

/** @param {string} d */
function icon(d) {
  return h("svg", {class: "icon", viewBox: "0 0 12 12", "aria-hidden": "true"}, h_("path", {d}));
}

/** @param {App} app */
function searchBox(app) {
  const found = app.query ? app.search(app.query) : [];
  return h("div", {class: "search", role: "search"},
    h("input", {type: "search", id: "search", placeholder: app.small ? "Find" : "Find neuron, weight, input", "aria-label": "find a neuron, weight or input", value: app.query, autocomplete: "off",
      oninput: (/** @type {any} */ event) => app.ask(event.target.value),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter" && found.length) app.take(found[0]);
        if (event.key === "Escape") app.ask("");
      }}),
    app.query ? null : h("kbd", {"aria-hidden": "true"}, "/"),
    app.query ? h("ul", {class: "found", "aria-label": "found"}, found.length ? found.map((node) => h("li", null, h("button", {type: "button", onclick: () => app.take(node)}, app.graph.fullName(node), h("span", null, app.view.gradientText(node))))) : h("li", {class: "quiet"}, "nothing by that name")) : null);
}

/** @param {App} app */
function pictureArea(app) {
  const [width, height] = app.room();
  const children = drawPicture(app, width, height);
  const [w, tall] = app.extent;
  const fit = Math.min(1, width / w, height / tall);
  const zoom = app.state.zoom;
  const [seenW, seenH] = [w / zoom, tall / zoom];
  const [px, py] = app.state.pan;
  app.fitScale = fit;
  return h("div", {class: "picture"},
    app.graph.isNetwork ? null : expressionHead(app),
    h("svg", {class: "drawing", id: "drawing", role: "group", "aria-label": "picture of the graph", viewBox: `${round(px)} ${round(py)} ${round(seenW)} ${round(seenH)}`, preserveAspectRatio: "xMidYMid meet", onclick: () => undefined}, children, h("defs", null, h("pattern", {id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse"}, h_("path", {d: "M0 6L6 0", class: "hatch"})))),
    legend(app),
    h("div", {class: "zoom", role: "group", "aria-label": "zoom"}, [["−", "smaller", () => app.zoomBy(1 / 1.25)], ["+", "larger", () => app.zoomBy(1.25)], ["fit", "fit", () => app.zoomTo(1)], ["1:1", "full size", () => app.zoomTo(1 / fit)]].map(([text, label, act]) => h("button", {type: "button", class: "button", "aria-label": label, onclick: act}, text))));
}

/** The formula of an expression above its picture. @param {App} app */
function expressionHead(app) {
  const {payload, graph, view} = app;
  if (!payload.graph.formula || app.small) return null;
  return h("div", {class: "expression"}, h("div", {class: "expression-formula"}, payload.graph.formula), h("div", {class: "quiet"}, `${graph.name(graph.tape.root)} = ${value(view.value(graph.tape.root))}`), h("div", {class: "directions", "aria-hidden": "true"}, h("span", null, "values run right →"), h("span", null, "← gradients run left")));
}

/** @param {App} app */
function legend(app) {
  const {scale, graph, view} = app;
  const ends = short(scale.largest);
  const many = graph.network.count > 1;
  const what = `gradient of ${many && view.all ? `the loss of all ${graph.network.count} records` : many ? "this record's own loss" : graph.name(graph.tape.root)}; log color over ${scale.decades} decades, its own 1 left out`;
  const dense = app.linesDrawn.filter((pair) => pair && pair[1] > 40);
  const lines = dense.length ? `${dense.reduce((sum, pair) => sum + pair[0], 0)} of ${dense.reduce((sum, pair) => sum + pair[1], 0)} lines carry half of each layer's flow; the rest: hairlines. Cells: high +, low −, a dash exactly 0` : "width of a line: slope × upstream; dashed: exactly 0";
  return h("div", {class: "legend"}, h("div", {class: "ramp"}, h("svg", {viewBox: "0 0 170 10", "aria-hidden": "true"}, Array.from({length: 34}, (_, k) => h_("rect", {x: k * 5, y: 0, width: 5.2, height: 10, fill: mix(STOPS[app.theme], (k - 16.5) / 16.5)}))), h("div", {class: "split"}, h("span", null, `−${ends}`), h("span", null, "0"), h("span", null, `+${ends}`))), h("div", {class: "legend-text"}, h("div", null, what), h("div", null, lines)));
}

/** @param {App} app */
function scrubber(app) {
  const {view, graph} = app;
  const words = new Words(view);
  const shown_ = view.isComplete ? `All ${view.steps} steps are done. Step back to watch the sweep.` : words.step();
  const at = view.step;
  const button = (/** @type {string} */ label, /** @type {string} */ d, /** @type {() => void} */ act) => h("button", {type: "button", class: "plain", "aria-label": label, onclick: act}, icon(d));
  return h("div", {class: "scrubber", role: "group", "aria-label": "forward pass and sweep"},
    button("first step", "M2 2h1.4v8H2zM10 2v8L4 6z", () => app.goTo(0)), button("step back", "M9 2v8L2.6 6z", () => app.goTo(at - 1)),
    button(app.playing === "steps" ? "stop" : "play", app.playing === "steps" ? "M3 2h2v8H3zM7 2h2v8H7z" : "M3 1.5v9L10.4 6z", () => app.play()), button("step on", "M3 2v8l6.4-4z", () => app.goTo(at + 1)), button("last step", "M8.6 2H10v8H8.6zM2 2v8l6-4z", () => app.goTo(null)),
    h("div", {class: "track"}, h("div", {class: "split caption"}, h("span", null, "forward"), h("span", null, "sweep back")), h("input", {type: "range", min: 0, max: view.steps, step: 1, value: at, "aria-label": "step of the forward pass and the sweep", "aria-valuetext": `step ${at} of ${view.steps}: ${shown_}`, oninput: (/** @type {any} */ event) => app.goTo(Number(event.target.value))}), h("div", {class: "caption"}, `step ${at} of ${view.steps}`)),
    h("div", {class: "step-words", "data-step": at}, view.stepNode >= 0 && !view.isComplete ? h("button", {type: "button", class: "node-link", onclick: () => app.select(view.stepNode)}, shown_) : shown_));
}

/** @param {App} app */
function trainBar(app) {
  const {trainer, graph} = app;
  if (!trainer || !graph.network.records.length) return null;
  const {count: records, loss} = graph.network;
  const losses = [app.startLoss, ...trainer.losses];
  const refusal = trainer.refusal;
  return h("div", {class: "train", role: "group", "aria-label": "training"},
    h("button", {type: "button", class: "button primary", disabled: Boolean(refusal), onclick: () => app.train()}, app.playing === "train" ? "Stop" : "Train"),
    h("button", {type: "button", class: "button", disabled: Boolean(refusal), onclick: () => app.epoch()}, "1 epoch"),
    h("label", null, h("span", null, "rate"), h("input", {type: "number", step: "any", min: 0, value: trainer.rate, onchange: (/** @type {any} */ event) => app.setRate(event.target.valueAsNumber)})),
    h("label", null, h("span", null, "batch"), h("input", {type: "number", step: 1, min: 1, max: records, value: trainer.batch, onchange: (/** @type {any} */ event) => app.setBatch(event.target.valueAsNumber)})),
    h("div", {class: "stat"}, h("span", null, "epoch"), h("b", null, count(trainer.epoch))),
    refusal ? h("p", {class: "refusal"}, refusal) : lossCurve(losses, loss, graph.network.reduction),
    trainer.epoch ? h("button", {type: "button", class: "text-button", onclick: () => app.reset()}, "back to the start") : h("span", {class: "rule-name", title: app.payload.rule.name}, app.payload.rule.name.split("(")[0]));
}

/** @param {number[]} losses @param {number} loss @param {string} reduction */
function lossCurve(losses, loss, reduction) {
  const seen = losses.filter(Number.isFinite);
  const [low, high] = [Math.min(...seen, loss), Math.max(...seen, loss)];
  const kept = losses.length > 300 ? Array.from({length: 300}, (_, k) => losses[Math.round((k * (losses.length - 1)) / 299)]) : losses;
  const y = (/** @type {number} */ x) => 52 - (44 * (x - low)) / (high - low || 1);
  const x = (/** @type {number} */ k) => 4 + (k * 300) / Math.max(1, kept.length - 1);
  return [
    h("div", {class: "curve-ends caption"}, h("span", null, column(high)), h("span", null, column(low))),
    h("svg", {class: "loss-curve", viewBox: "0 0 320 58", preserveAspectRatio: "none", role: "img", "aria-label": `loss from ${column(losses[0])} to ${column(loss)}`}, h_("path", {class: "axis", d: "M4 54h312"}), h_("path", {class: "curve", d: kept.map((l, k) => `${k ? "L" : "M"}${round(x(k))} ${round(y(l))}`).join("")})),
    h("div", {class: "stat"}, h("b", null, column(loss)), h("span", null, `${reduction === "mean" ? "mean" : "total"} loss`)),
  ];
}

/** @param {App} app */
function tabBar(app) {
  const tabs = [["why", "Why"], ["whatif", "What if"], ["records", "Records"], ["findings", "Findings"], ["train", "Train"]];
  return h("nav", {class: "tabs", "aria-label": "sections"}, tabs.map(([key, text]) => h("button", {type: "button", "aria-current": app.state.tab === key ? "true" : null, onclick: () => app.showTab(key)}, text)));
}

const KEYS = [["← →", "along the edges: what it was made from, what reads it"], ["↑ ↓", "next to it: weights of a neuron, neurons of a layer"], ["Enter", "open or close the neuron"], ["/", "find"], ["[ ]", "record before, record after; a: all"], [", .", "a step back, a step on; space: play"], ["t", "table, tree, picture"], ["f", "fit"], ["Esc", "close"]];

/** @param {App} app */
function helpBox(app) {
  return h("div", {class: "help", role: "dialog", "aria-label": "help"}, h("h2", null, "Why is this gradient what it is?"),
    h("p", null, "Choose anything: its gradient is the sum of its ledger, slope × upstream in each row. Follow a row to where it comes from. Change a number and see whether the gradient predicted what happens."),
    h("dl", null, KEYS.map(([key, text]) => [h("dt", null, h("kbd", null, key)), h("dd", null, text)])), h("button", {type: "button", class: "button", onclick: () => app.switchHelp()}, "Close"));
}
