// The keyboard, the pointer and what else happens: every action of the page that is not a button's own.

class App extends AppCore {
  /** @param {string} text */
  ask(text) {
    this.query = text;
    this.update();
  }

  /** The nodes whose name holds every word; first those that have most of them whole and in this order. @param {string} query */
  search(query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    /** @type {[number, number][]} */
    const found = [];
    for (const node of this.graph.nodes) {
      const name = `${this.graph.fullName(node)} ${this.graph.symbol(node)}`.toLowerCase();
      if (this.graph.isConstant(node) || !words.every((word) => name.includes(word))) continue;
      const tokens = name.split(" ");
      let [at, whole] = [-1, 0];
      for (const word of words) {
        const next = tokens.indexOf(word, at + 1);
        if (next > at) [at, whole] = [next, whole + 1];
      }
      found.push([node, whole - tokens.length / 99]); // the shortest name of equals
    }
    return found.sort((a, b) => b[1] - a[1]).slice(0, 8).map(([node]) => node);
  }

  /** @param {number} node */
  take(node) {
    this.query = "";
    byId("search").value = "";
    this.select(node);
    this.focusChosen();
  }

  /** A click: it chooses a node, in the record of its row, or a record. @param {Event} event */
  click(event) {
    const {node, of, record} = /** @type {any} */ (event.target).closest?.("[data-node], [data-record]")?.dataset ?? {};
    if (/** @type {any} */ (event.target).id === "close-help") this.switchHelp();
    else if (node) this.select(Number(node), of && Number(of));
    else if (record) this.chooseRecord(Number(record));
  }

  /** A double click opens a neuron, or closes it. @param {Event} event */
  open(event) {
    const owner = this.graph.byOutput.get(Number(/** @type {any} */ (event.target).closest?.("#drawing [data-node]")?.dataset.node));
    if (owner) this.toggle(owner.key);
  }

  focusChosen() {
    requestAnimationFrame(() => requestAnimationFrame(() => /** @type {any} */ (document.querySelector(`#drawing [data-node="${this.state.selected}"]`))?.focus()));
  }

  switchTheme() {
    this.state.theme = this.theme === "dark" ? "light" : "dark";
    this.update();
  }

  switchHelp() {
    this.help = !this.help;
    byId("help").hidden = !this.help;
    this.update();
  }

  /** @param {number} rate */
  setRate(rate) {
    if (this.trainer && rate >= 0 && isFinite(rate)) this.trainer.rate = rate;
    this.update();
  }

  /** @param {number} batch */
  setBatch(batch) {
    if (this.trainer && batch >= 1) this.trainer.batch = min(this.graph.count, Math.round(batch));
    this.update();
  }

  /** How large the picture is. @returns {[number, number]} */
  room() {
    if (this.small) return [max(340, innerWidth), 340];
    const trained = this.payload.film ? 224 : this.trains ? 72 : 0;
    return [max(520, innerWidth - 400), max(420, innerHeight - 44 - 44 - trained)];
  }

  /** @param {number} factor */
  zoomBy(factor) {
    this.zoomTo(this.state.zoom * factor);
  }

  /** @param {number} zoom */
  zoomTo(zoom) {
    const [w, tall] = this.extent;
    const before = this.state.zoom;
    this.state.zoom = max(0.5, min(8, zoom));
    const middle = [this.state.pan[0] + w / before / 2, this.state.pan[1] + tall / before / 2];
    this.state.pan = this.state.zoom === 1 ? [0, 0] : [middle[0] - w / this.state.zoom / 2, middle[1] - tall / this.state.zoom / 2];
    this.update();
  }

  /** Where an arrow key leads. @param {string} key */
  neighbor(key) {
    const {graph, state} = this;
    const node = state.selected;
    const {tape} = graph;
    const owner = graph.owner.get(node);
    if (key === "ArrowRight") {
      if (owner && node !== owner.output) return graph.byWeight.has(node) || node === owner.bias ? owner.total : owner.output;
      return tape.users[node].map(([head]) => graph.owner.get(head)?.total ?? head)[0] ?? node;
    }
    if (key === "ArrowLeft") {
      if (owner && node === owner.output && node !== owner.total) return owner.total;
      if (owner && node === owner.total) return this.strongestOf([...owner.weights]);
      const weight = graph.byWeight.get(node);
      if (weight) return weight.neuron.sources[weight.row];
      return this.strongestOf(tape.operands(node).filter((k) => !graph.isConstant(k))) ?? node;
    }
    const row = this.rowOf(node);
    const place = row.indexOf(node) + (key === "ArrowDown" ? 1 : -1);
    return row[(place + row.length) % row.length] ?? node;
  }

  /** @param {number[]} nodes */
  strongestOf(nodes) {
    return [...nodes].sort((a, b) => abs(this.view.gradient(b)) - abs(this.view.gradient(a)))[0];
  }

  /** What stands in a column with a node. @param {number} node */
  rowOf(node) {
    const {graph} = this;
    const owner = graph.owner.get(node);
    if (owner && node === owner.output) return graph.layerOf(owner.layer).map((neuron) => neuron.output);
    if (owner) return [...new Set([...owner.parameters, owner.total, owner.output])];
    if (graph.inputs.includes(node)) return graph.inputs;
    return graph.nodes.filter((k) => !graph.isConstant(k));
  }

  /** A step or a frame on, or back. @param {number} by */
  move(by) {
    if (this.payload.film) goToFrame(this, this.state.frame + by);
    else this.goTo(this.view.step + by);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const target = /** @type {any} */ (event.target);
    if (event.key === "Escape") {
      if (this.help) this.switchHelp();
      else if (this.query) this.ask("");
      else if (this.state.open) this.toggle(this.state.open);
      return;
    }
    if (["INPUT", "TEXTAREA"].includes(target.tagName) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith("Arrow") && !target.closest?.(".scroll")) {
      event.preventDefault();
      this.select(this.neighbor(event.key));
      return this.focusChosen();
    }
    const owner = this.graph.owner.get(this.state.selected);
    /** @type {Record<string, () => void>} */
    const acts = {
      "/": () => byId("search").focus(),
      "[": () => this.chooseRecord(this.state.record - 1),
      "]": () => this.chooseRecord(this.state.record + 1),
      a: () => this.chooseRecord(-1),
      ",": () => this.move(-1),
      ".": () => this.move(1),
      t: () => this.set({view: {picture: "table", table: "tree", tree: "picture"}[this.state.view]}),
      f: () => this.zoomTo(1),
      "?": () => this.switchHelp(),
    };
    if (event.key === " " && target.tagName !== "BUTTON" && target.tagName !== "SUMMARY") acts[" "] = () => (this.payload.film ? playFilm(this) : this.play());
    if (event.key === "Enter" && target.closest?.("#drawing") && owner) acts.Enter = () => (target.dataset.node && Number(target.dataset.node) !== this.state.selected ? this.select(Number(target.dataset.node)) : this.toggle(owner.key));
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  }

  /** The dark box beside the pointer. @param {PointerEvent} event */
  hover(event) {
    const box = byId("tooltip");
    const target = /** @type {any} */ (event.target).closest?.("#drawing [data-node]");
    const node = target && event.pointerType !== "touch" ? Number(target.dataset.node) : undefined;
    if (this.pointed !== node && this.payload.graph.sources) this.update();
    this.pointed = node;
    if (node === undefined) return box.classList.remove("shown");
    const weight = this.graph.byWeight.get(node);
    render(box, h("b", null, this.graph.fullName(node)), span(null, `value ${this.view.valueText(node)}   gradient ${this.view.gradientText(node)}`), weight ? span(null, `weighs ${this.graph.fullName(weight.neuron.sources[weight.row])}`) : null);
    box.classList.add("shown");
    const [w, tall] = [box.offsetWidth, box.offsetHeight];
    box.style.left = `${max(4, min(innerWidth - w - 4, event.clientX + 14))}px`;
    box.style.top = `${event.clientY + 18 + tall > innerHeight ? event.clientY - tall - 10 : event.clientY + 18}px`;
  }
}
