// What if: change a number, and see whether the gradient predicted what happens.

/** @param {App} app */
function whatIfSection(app) {
  const {graph, state, view} = app;
  const node = state.selected;
  const edited = state.edits.length ? act("text-button", () => app.reset(), "reset all") : null;
  if (!graph.tape.replays) return section("What if", "", quiet(`${graph.symbol([...graph.tape.stored.keys()][0])} runs in Python alone, so a page cannot compute it: nothing can be changed here.`));
  if (!graph.isFree(node)) return section("What if", edited, quiet("Only an input or a weight can be changed: choose one."));
  const column_ = graph.network.columnOf(node) >= 0;
  if (column_ && view.all) return section("What if", edited, quiet("An input has a number in each record: choose a record to change it."));
  return whatIf(app, node, edited);
}

/** A change with its sign, in digits that tell two small ones apart. @param {number} x */
function difference(x) {
  return abs(x) < 0.01 && x ? (x > 0 ? "+" : "") + short(x, 3) : withSign(x);
}

/** @param {App} app @param {number} node @param {any} edited */
function whatIf(app, node, edited) {
  const {graph, view} = app;
  const {record} = view;
  const {original, now, low, high, curve, before, slope, predicted, actual} = app.whatIf(node);
  const changed = now !== original;
  const number = isFinite(now) ? Number(now.toPrecision(7)) : "";
  const x = (/** @type {number} */ number) => (310 * (number - low)) / (high - low);
  const ys = curve.map(([, y]) => y).filter(isFinite);
  const [least, most] = [min(...ys), max(...ys)];
  const y = (/** @type {number} */ number) => 84 - (74 * (number - least)) / (most - least || 1);
  const end = y(curve[curve.length - 1][1]);
  const reach = (high - low) * 0.16;
  const ends = [max(low, min(original, now) - reach), min(high, max(original, now) + reach)];
  const dot = (/** @type {string} */ kind, /** @type {number} */ at, /** @type {number} */ loss) => circle(kind, round(x(at)), round(y(loss)), 3.4);
  const exact = numberInput({class: "exact", step: "any", value: number, "aria-label": `${graph.fullName(node)}, exactly`}, (x) => isFinite(x) && app.assign(node, record, x));
  return section("What if", [`${graph.name(node)} ${value(original)} → `, exact, edited],
    chart("what-if", "0 -6 360 98", `the ${graph.rootName} over ${graph.name(node)}`,
      path("curve", polyline(curve.map(([a, b]) => [x(a), y(b)]))),
      path("prediction", polyline(ends.map((at) => [x(at), y(before + slope * (at - original))]))),
      label("caption", 313, end + 4, `the ${middled(graph.rootName, 5)}`), label("accent", 313, end + (end > 45 ? -9 : 17), "gradient"),
      dot("dot hollow", original, before), changed ? [dot("dot guess", now, before + predicted), dot("dot", now, before + actual)] : null),
    div("slider-row",
      slider(graph.fullName(node), value(now), low, high, (high - low) / 400, now, (x) => app.assign(node, record, x)),
      press("text-button", {disabled: !changed, onclick: () => app.assign(node, record, original)}, "reset")),
    h("p", {class: "outcome", "data-predicted": String(predicted), "data-actual": String(actual)}, changed ? ["The gradient predicts ", h("b", null, difference(predicted)), ", it was ", h("b", null, difference(actual)), "."] : "Drag: the gradient predicts, the graph answers."),
    graph.tape.choosing.includes(true) ? choiceNote(app, node) : null);
}
