// The start: read the payload, show it, and listen.

(() => {
  const payload = JSON.parse(/** @type {any} */ (document.getElementById("payload")).textContent);
  const app = new App(payload, document.getElementById("page"));
  app.draw();
  document.addEventListener("keydown", (event) => app.key(event));
  document.addEventListener("pointermove", (event) => app.hover(event));
  document.addEventListener("scroll", () => document.getElementById("tooltip")?.classList.remove("shown"), true);
  document.getElementById("close-help")?.addEventListener("click", () => app.switchHelp());
  addEventListener("resize", () => app.update());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => app.update());
  addEventListener("hashchange", () => {
    if (location.hash === app.own) return;
    app.state.decode(location.hash);
    app.applyEdits();
    app.update();
  });
  Object.assign(globalThis, {valuegraph: app});
})();
