// The film: a training run frame by frame beside its loss curve, and two runs in step.

/** The numbers of a frame, on the network. @param {AppCore} app */
function placeFrame(app) {
  const {network} = app.graph;
  const {frames} = app.payload.film.runs[0];
  app.state.frame = max(0, min(frames.length - 1, app.state.frame));
  network.parameters.forEach((node, k) => (network.leaves[node] = frames[app.state.frame][k]));
  network.compute();
}

/** @param {AppCore} app @param {number} frame */
function goToFrame(app, frame) {
  app.state.frame = frame;
  placeFrame(app);
  app.update();
}

/** Play, or stop. @param {AppCore} app */
function playFilm(app) {
  const last = app.payload.film.runs[0].frames.length - 1;
  if (app.state.frame === last) app.state.frame = 0;
  app.repeat("film", 100, () => {
    goToFrame(app, app.state.frame + 1);
    if (app.state.frame === last) app.playing = "";
  });
}

/** One scale for all frames. @param {AppCore} app */
function scaleOfFilm(app) {
  const {graph, state, payload} = app;
  const {frames} = payload.film.runs[0];
  const now = state.frame;
  const seen = [0, 1, 2, 3, 4].flatMap((k) => {
    state.frame = Math.round((k * (frames.length - 1)) / 4);
    placeFrame(app);
    const view = new View(graph, state);
    return graph.nodes.filter((i) => i !== graph.root && !graph.isConstant(i) && !graph.isFeature(i)).map((i) => view.gradient(i));
  });
  state.frame = now;
  placeFrame(app);
  return Scale.of(seen, seen);
}

/** The frame of the other run at the epoch that is shown, or undefined. @param {AppCore} app */
function otherFrame(app) {
  const [a, b] = app.payload.film.runs;
  const place = b?.epochs.indexOf(a.epochs[app.state.frame]) ?? -1;
  return place < 0 ? undefined : b.frames[place];
}

/** @param {App} app */
function filmStrip(app) {
  const {film} = app.payload;
  const [a, b] = film.runs;
  const {frame} = app.state;
  const last = a.frames.length - 1;
  return group("film", "film of the training",
    div("film-head", 
      player("frame", app.playing === "film", frame, last, (place) => goToFrame(app, place), () => playFilm(app)),
      span(null, "epoch ", h("b", null, count(a.epochs[frame])), ` of ${count(a.epochs[last])}`),
      span("quiet", `${counted(a.frames.length, "frame")} of ${counted(app.graph.network.parameters.length, "weight")}`),
      h("span", {class: "spacer"}),
      b ? span("quiet", "— run A   ┄ run B") : null),
    slider("frame", `epoch ${a.epochs[frame]}`, 0, last, 1, frame, (place) => goToFrame(app, place)),
    filmCurve(app));
}

/** The loss of the runs over epochs, where they first differ, and B − A below. @param {App} app */
function filmCurve(app) {
  const {film} = app.payload;
  const [a, b] = film.runs;
  const most = max(1, ...film.runs.map((/** @type {any} */ run) => run.epochs.at(-1)));
  const right = app.room()[0] - 36;
  const seen = film.runs.flatMap((/** @type {any} */ run) => run.losses.map((/** @type {number[]} */ pair) => pair[1])).filter(isFinite);
  const [low, high] = [min(...seen), max(...seen)];
  const x = (/** @type {number} */ epoch) => round(64 + ((right - 64) * epoch) / most);
  const y = (/** @type {number} */ loss) => round(114 - (98 * (loss - low)) / (high - low || 1));
  const line = (/** @type {any} */ run) => polyline(run.losses.map((/** @type {number[]} */ pair) => [x(pair[0]), y(pair[1])]));
  const now = a.epochs[app.state.frame];
  const {difference} = film;
  return h("svg", {class: "film-curve", viewBox: `0 0 ${right + 4} 176`, role: "img", "aria-label": `loss from ${column(a.losses[0]?.[1] ?? NaN)} to ${column(a.losses.at(-1)?.[1] ?? NaN)}`},
    [high, (high + low) / 2, low].map((loss) => [path("axis", `M64 ${y(loss)}H${right}`), label("caption end", 56, y(loss) + 3.5, column(loss))]),
    path("curve", line(a)), b ? path("curve second", line(b)) : null, b ? gap(a, b, x) : null,
    difference ? [path("apart", `M${x(difference.epoch)} 10V150`), label("strong", x(difference.epoch) + 6, 20, `first differ at epoch ${difference.epoch}`), label("caption", x(difference.epoch) + 6, 34, differing(app))] : null,
    path("cursor", `M${x(now)} 4V150`), cursorText(app, x(now), right), label("caption", 64, 168, "0"), label("caption end", right, 168, count(most)));
}

/** The losses at the epoch that is shown. @param {App} app @param {number} x @param {number} right */
function cursorText(app, x, right) {
  const {runs} = app.payload.film;
  const now = runs[0].epochs[app.state.frame];
  const texts = runs.map((/** @type {any} */ run, /** @type {number} */ k) => {
    const pair = run.losses.find((/** @type {number[]} */ row) => row[0] >= now);
    return pair ? `${runs.length > 1 ? `${"AB"[k]} ` : ""}${short(pair[1], 5)}` : "";
  });
  return label("accent middle", max(140, min(right - 90, x)), 168, texts.join("  "));
}

/** The weights that differ first. @param {App} app */
function differing(app) {
  const {places} = app.payload.film.difference;
  const name = app.graph.fullName(app.graph.network.parameters[places[0]]);
  return places.length > 1 ? `${name} and ${counted(places.length - 1, "other")}` : name;
}

/** B − A as an area. @param {any} a @param {any} b @param {(epoch: number) => number} x */
function gap(a, b, x) {
  const other = new Map(b.losses);
  /** @type {number[][]} */
  const rows = a.losses.filter((/** @type {number[]} */ pair) => other.has(pair[0])).map((/** @type {number[]} */ pair) => [pair[0], other.get(pair[0]) - pair[1]]);
  const most = max(...rows.map(([, d]) => abs(d)), 1e-300);
  return rows.length ? [path("gap", `M${x(rows[0][0])} 138${rows.map(([epoch, d]) => `L${x(epoch)} ${round(138 - (14 * d) / most)}`).join("")}L${x(rows[rows.length - 1][0])} 138z`), label("caption end", 56, 141, "B − A"), path("axis", `M64 138H${x(rows[rows.length - 1][0])}`)] : null;
}

/** @param {App} app */
function filmSections(app) {
  const node = app.state.selected;
  const place = app.graph.network.parameters.indexOf(node);
  return [place < 0 ? null : historySection(app, place), app.payload.film.runs.length > 1 ? runsSection(app) : null];
}

/** A weight over the epochs. @param {App} app @param {number} place */
function historySection(app, place) {
  const {runs} = app.payload.film;
  const most = runs[0].epochs.at(-1) || 1;
  const all = runs.flatMap((/** @type {any} */ run) => run.frames.map((/** @type {number[]} */ frame) => frame[place]));
  const [low, high] = [min(...all), max(...all)];
  const x = (/** @type {number} */ epoch) => round(52 + (300 * epoch) / most);
  const y = (/** @type {number} */ number) => round(110 - (96 * (number - low)) / (high - low || 1));
  const line = (/** @type {any} */ run) => polyline(run.frames.map((/** @type {number[]} */ frame, /** @type {number} */ k) => [x(run.epochs[k]), y(frame[place])]));
  const now = runs[0].epochs[app.state.frame];
  return section("History", "value over epochs", chart("what-if", "0 0 360 130", `from ${column(runs[0].frames[0][place])} to ${column(runs[0].frames.at(-1)[place])}`,
    [low, high].map((number) => [path("axis", `M52 ${y(number)}h300`), label("caption end", 46, y(number) + 3, column(number))]),
    path("curve", line(runs[0])), runs[1] ? path("curve second", line(runs[1])) : null,
    path("cursor", `M${x(now)} 8V114`), circle("dot", x(now), y(runs[0].frames[app.state.frame][place]), 3), label("accent middle", x(now), 127, count(now))));
}

/** @param {App} app */
function runsSection(app) {
  const {film} = app.payload;
  const other = otherFrame(app);
  const mine = film.runs[0].frames[app.state.frame];
  if (!other) return section("Two runs", "", quiet("Run B has no frame of this epoch."));
  const rows = app.graph.network.parameters.map((node, k) => ({node, a: mine[k], b: other[k], apart: other[k] - mine[k]})).sort((p, q) => abs(q.apart) - abs(p.apart));
  return section(`Two runs at epoch ${film.runs[0].epochs[app.state.frame]}`, rows[0].apart ? "largest difference first" : "equal to the last bit", table("ledger", "weights", ["weight", "A", "B", "difference"],
    rows.slice(0, 14).map((row) => h("tr", {"data-apart": String(row.apart)}, td(nodeLink(app, row.node)), td(column(row.a)), td(column(row.b)), amount(row.apart)))));
}
