// The scrubber: the forward pass and the sweep, step by step.

/** @param {App} app */
function scrubber(app) {
  const {view} = app;
  const shown_ = view.isComplete ? `All ${view.steps} steps are done. Step back to watch the sweep.` : app.words.step();
  const at = view.step;
  return group("scrubber", "forward pass and sweep",
    player("step", app.playing === "steps", at, view.steps, (step) => app.goTo(step), () => app.play()),
    div("track", div("split caption", span(null, "forward"), span(null, "sweep back")), slider("step of the forward pass and the sweep", `step ${at} of ${view.steps}: ${shown_}`, 0, view.steps, 1, at, (step) => app.goTo(step)), div("caption", `step ${at} of ${view.steps}`)),
    div("step-words", view.stepNode >= 0 && !view.isComplete ? nodeLink(app, view.stepNode, shown_) : shown_));
}
