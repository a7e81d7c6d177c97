// The start: read the payload, show it, and listen.

(() => {
  const payload = JSON.parse(/** @type {any} */ (document.getElementById("payload")).textContent);
  const root = /** @type {HTMLElement} */ (document.getElementById("page"));
  const app = new App(payload, root);
  app.draw();
  document.addEventListener("keydown", (event) => app.key(event));
  document.addEventListener("click", (event) => app.click(event));
  document.addEventListener("dblclick", (event) => app.open(event));
  document.addEventListener("pointermove", (event) => app.hover(event));
  document.addEventListener("scroll", () => document.getElementById("tooltip")?.classList.remove("shown"), true);
  document.getElementById("close-help")?.addEventListener("click", () => app.switchHelp());
  new ResizeObserver(() => app.update()).observe(root); // a frame gets its first width without a resize event
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => app.update());
  addEventListener("hashchange", () => {
    if (location.hash === app.own) return;
    app.state.decode(location.hash);
    app.applyEdits();
    app.update();
  });
  Object.assign(globalThis, {valuegraph: app});
})();
