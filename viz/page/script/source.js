// Source: the lines that made the graph. A line lights its nodes, a node marks its columns.

const MOST_LINES = 40;

/** @param {App} app */
function sourceSection(app) {
  const {lines, at} = app.payload.graph.sources;
  const [own, start, end] = at[app.pointed ?? app.state.selected] ?? [-1, 0, 0];
  const first = max(0, min(own - MOST_LINES / 2, lines.length - MOST_LINES));
  const listed = lines.slice(first, first + MOST_LINES);
  return section("Source", "a line lights its nodes, a node marks its columns",
    h("ol", {class: "code"}, listed.map((/** @type {[string, number, string]} */ line, /** @type {number} */ k) =>
      codeLine(app, line, Object.keys(at).map(Number).filter((node) => at[node][0] === first + k), own === first + k ? [start, end] : null))),
    lines.length > listed.length ? quiet(`${counted(lines.length - listed.length, "other line")} not shown`) : null);
}

/** @param {App} app @param {[string, number, string]} line @param {number[]} nodes
 * @param {number[] | null} marked the columns of the node that is pointed at or chosen, if it is of this line */
function codeLine(app, [file, number, text], nodes, marked) {
  const signs = [...text];
  const part = (/** @type {number} */ from, /** @type {number | undefined} */ to) => signs.slice(from, to).join("");
  const light = (/** @type {number[]} */ lit) => () => {
    app.lit = new Set(lit);
    app.update();
  };
  return h("li", null, press(`code-line${marked ? " here" : ""}`,
    {title: `${file}, line ${number}: ${counted(nodes.length, "operation")}`, onpointerenter: light(nodes), onfocus: light(nodes), onpointerleave: light([]), onblur: light([]), "data-node": nodes[nodes.length - 1]},
    span("line-number", `${file}:${number}`),
    h("code", null, marked && marked[1] ? [part(0, marked[0]), h("mark", null, part(marked[0], marked[1])), part(marked[1], undefined)] : text)));
}
