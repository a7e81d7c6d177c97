// The start: read the payload, show it, and listen.

(() => {
  const payload = JSON.parse(byId("payload").textContent);
  const root = byId("page");
  const app = new App(payload, root);
  app.draw();
  document.onkeydown = (event) => app.key(event);
  document.onclick = (event) => app.click(event);
  document.ondblclick = (event) => app.open(event);
  document.onpointermove = (event) => app.hover(event);
  document.addEventListener("scroll", () => byId("tooltip").classList.remove("shown"), true);
  new ResizeObserver(() => app.update()).observe(root); // a frame gets its first width without a resize event
  matchMedia("(prefers-color-scheme: dark)").onchange = () => app.update();
  onhashchange = () => {
    if (location.hash === app.own) return;
    app.state.decode(location.hash);
    app.applyEdits();
    app.update();
  };
  Object.assign(globalThis, {valuegraph: app});
})();
