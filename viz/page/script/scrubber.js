// The scrubber: the forward pass and the sweep, step by step.

/** @param {App} app */
function scrubber(app) {
  const {view} = app;
  const words = new Words(view);
  const shown_ = view.isComplete ? `All ${view.steps} steps are done. Step back to watch the sweep.` : words.step();
  const at = view.step;
  return group("scrubber", "forward pass and sweep",
    player("step", app.playing === "steps", at, view.steps, (step) => app.goTo(step), () => app.play()),
    div("track", div("split caption", span(null, "forward"), span(null, "sweep back")), h("input", {type: "range", min: 0, max: view.steps, step: 1, value: at, "aria-label": "step of the forward pass and the sweep", "aria-valuetext": `step ${at} of ${view.steps}: ${shown_}`, oninput: (/** @type {any} */ event) => app.goTo(Number(event.target.value))}), div("caption", `step ${at} of ${view.steps}`)),
    h("div", {class: "step-words", "data-step": at}, view.stepNode >= 0 && !view.isComplete ? act("node-link", () => app.select(view.stepNode), shown_) : shown_));
}
