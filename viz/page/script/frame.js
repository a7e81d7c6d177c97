// The frame of the page: header, picture, scrubber, train bar and panel.

/** @param {App} app */
function pageBody(app) {
  const {state} = app;
  return [
    pageHeader(app),
    h("main", {class: `main${app.small ? " small" : ""}`},
      div("left", 
        state.view === "picture" ? pictureArea(app) : state.view === "table" ? tableView(app) : treeView(app),
        app.payload.film ? filmStrip(app) : scrubber(app),
        app.small || !app.trains ? null : trainBar(app)),
      h("aside", {class: "why", "aria-label": "why"}, div("why-body", whyPanel(app)), app.small ? tabBar(app) : null)),
    h("div", {class: "live", "aria-live": "polite"}, app.explanation),
    app.toast ? h("div", {class: "toast", role: "status"}, app.toast) : null,
  ];
}

/** @param {App} app */
function pageHeader(app) {
  const {graph, state, view} = app;
  const {network} = graph;
  const many = network.count > 1;
  const name = state.all ? `all ${network.count}${app.small ? "" : " records"}` : `${app.small ? "" : "record "}${graph.data.recordNames[state.record]} of ${network.count}`;
  return h("header", null,
    div("title", app.small ? app.payload.title.replaceAll("-", "‑") : app.payload.title),
    many
      ? group("switch", "record",
          press(null, {"aria-label": "previous record", onclick: () => app.chooseRecord(state.record - 1)}, icon("left")),
          press("which", {title: "one record or all", onclick: () => app.chooseRecord(state.all ? 0 : -1)}, name),
          press(null, {"aria-label": "next record", onclick: () => app.chooseRecord(state.record + 1)}, icon("right")))
      : null,
    div("loss", `${state.all ? `${network.reduction === "mean" ? "mean" : "total"} ` : ""}${graph.rootName} `, h("b", null, column(view.value(graph.root)))),
    state.edits.length ? act("text-button", () => app.reset(), `${counted(state.edits.length, "change")}: reset`) : null,
    h("div", {class: "spacer"}),
    searchBox(app),
    press("button", {"aria-label": "light or dark", onclick: () => app.switchTheme()}, icon("theme")),
    app.small ? null : act("button wide", () => app.copy("link"), "Copy link"),
    press("button", {"aria-label": "help", "aria-expanded": app.help ? "true" : "false", onclick: () => app.switchHelp()}, "?"));
}

/** A sign that the document holds, see help.html. @param {string} name */
function icon(name) {
  return h("svg", {class: "icon", "aria-hidden": "true"}, h("use", {href: `#${name}`}));
}

/** Buttons to jump, step and play. @param {string} unit @param {boolean} playing @param {number} at @param {number} last
 * @param {(place: number) => void} go @param {() => void} play */
function player(unit, playing, at, last, go, play) {
  const button = (/** @type {string} */ name, /** @type {string} */ sign, /** @type {() => void} */ onclick) => press("plain", {"aria-label": name, onclick}, icon(sign));
  const pressed = playing ? "stop" : "play";
  return [
    button(`first ${unit}`, "first", () => go(0)), button(`${unit} back`, "left", () => go(at - 1)), button(pressed, pressed, play),
    button(`${unit} on`, "right", () => go(at + 1)), button(`last ${unit}`, "last", () => go(last)),
  ];
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
    app.query ? h("ul", {class: "found", "aria-label": "found"}, found.length ? found.map((node) => h("li", null, act(null, () => app.take(node), app.graph.fullName(node), span(null, app.view.gradientText(node))))) : h("li", {class: "quiet"}, "nothing by that name")) : null);
}

/** @param {App} app */
function pictureArea(app) {
  const [width, height] = app.room();
  const children = drawPicture(app, width, height);
  const [w, tall] = app.extent;
  const fit = min(1, width / w, height / tall);
  const zoom = app.state.zoom;
  const [seenW, seenH] = [w / zoom, tall / zoom];
  const [px, py] = app.state.pan.map((x, k) => x + app.corner[k]);
  return div("picture", 
    app.graph.isNetwork ? null : expressionHead(app),
    h("svg", {class: "drawing", id: "drawing", role: "group", "aria-label": "picture of the graph", viewBox: `${round(px)} ${round(py)} ${round(seenW)} ${round(seenH)}`, preserveAspectRatio: "xMidYMid meet"}, children),
    legend(app),
    group("zoom", "zoom", [["−", "smaller", () => app.zoomBy(1 / 1.25)], ["+", "larger", () => app.zoomBy(1.25)], ["fit", "fit", () => app.zoomTo(1)], ["1:1", "full size", () => app.zoomTo(1 / fit)]].map(([text, label, act]) => press("button", {"aria-label": label, onclick: act}, text))));
}

/** @param {App} app */
function legend(app) {
  const {scale, graph, view} = app;
  const ends = short(scale.largest);
  const many = graph.count > 1;
  const what = `gradient of ${view.all ? `the loss of all ${graph.count} records` : many ? "this record's own loss" : graph.rootName}; log color over ${scale.decades} decades, without the ${graph.rootName}'s own 1`;
  const dense = app.linesDrawn.filter((pair) => pair[1] > 40);
  const lines = dense.length ? `${added(dense, (pair) => pair[0])} of ${added(dense, (pair) => pair[1])} lines carry half of each layer's flow; the rest: hairlines. Cells: high +, low −, a dash exactly 0` : "width of a line: slope × upstream; dashed: exactly 0";
  return div("legend", div("ramp", h("div", {class: "bar", style: {"background-image": `linear-gradient(90deg, ${STOPS[app.theme].join()})`}}), div("split", span(null, `−${ends}`), span(null, "0"), span(null, `+${ends}`))), div("legend-text", h("div", null, what), h("div", null, lines)));
}

/** @param {App} app */
function tabBar(app) {
  const tabs = [["why", "Why"], ["whatif", app.payload.film ? "History" : "What if"], ...(app.graph.count > 1 ? [["records", "Records"]] : []), ["findings", "Findings"], ...(app.trains ? [["train", "Train"]] : [])];
  return h("nav", {class: "tabs", "aria-label": "sections"}, tabs.map(([key, text]) => press(null, {"aria-current": app.state.tab === key ? "true" : null, onclick: () => app.set({tab: key})}, text)));
}
