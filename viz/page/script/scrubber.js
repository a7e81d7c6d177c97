// The scrubber: the forward pass and the sweep, step by step.

/** @param {App} app */
function scrubber(app) {
  const {view} = app;
  const words = new Words(view);
  const shown_ = view.isComplete ? `All ${view.steps} steps are done. Step back to watch the sweep.` : words.step();
  const at = view.step;
  const button = (/** @type {string} */ label, /** @type {string} */ d, /** @type {() => void} */ act) => press("plain", {"aria-label": label, onclick: act}, icon(d));
  return group("scrubber", "forward pass and sweep",
    button("first step", "M2 2h1.4v8H2zM10 2v8L4 6z", () => app.goTo(0)), button("step back", "M9 2v8L2.6 6z", () => app.goTo(at - 1)),
    button(app.playing === "steps" ? "stop" : "play", app.playing === "steps" ? "M3 2h2v8H3zM7 2h2v8H7z" : "M3 1.5v9L10.4 6z", () => app.play()), button("step on", "M3 2v8l6.4-4z", () => app.goTo(at + 1)), button("last step", "M8.6 2H10v8H8.6zM2 2v8l6-4z", () => app.goTo(null)),
    div("track", div("split caption", span(null, "forward"), span(null, "sweep back")), h("input", {type: "range", min: 0, max: view.steps, step: 1, value: at, "aria-label": "step of the forward pass and the sweep", "aria-valuetext": `step ${at} of ${view.steps}: ${shown_}`, oninput: (/** @type {any} */ event) => app.goTo(Number(event.target.value))}), div("caption", `step ${at} of ${view.steps}`)),
    h("div", {class: "step-words", "data-step": at}, view.stepNode >= 0 && !view.isComplete ? act("node-link", () => app.select(view.stepNode), shown_) : shown_));
}
