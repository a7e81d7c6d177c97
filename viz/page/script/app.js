// The page: one selection, and everything follows it.

/** @typedef {{role: string, node: number, value: number, caption: string, note: string}} Factor */

class AppCore {
  /** @param {any} payload @param {any} root the element to fill */
  constructor(payload, root) {
    this.payload = payload;
    this.root = root;
    this.graph = new Graph(payload.graph);
    this.state = new State(this.graph);
    this.trainer = payload.rule && UPDATE ? new Trainer(this.graph.network, payload.rule, UPDATE) : null;
    this.playing = "";
    this.extent = [880, 690];
    this.corner = [0, 0];
    this.linesDrawn = /** @type {number[][]} */ ([]);
    this.toast = "";
    this.help = false;
    this.query = "";
    /** @type {Map<string, Scale>} */
    this.scales = new Map();
    this.counts = this.graph.tape.countPaths();
    this.finding = -1;
    this.frame = 0;
    /** @type {Scale | undefined} */
    this.filmScale = undefined;
    this.own = "";
    /** The timers of the next change of the address and of what plays. */
    this.later = this.timer = 0;
    /** The what-if of a leaf: for which state it holds, the loss and its slope before the change, the loss around it. */
    this.curveKey = "";
    this.before = 0;
    this.slope = 0;
    /** @type {number[][]} */
    this.curve = [];
    this.small = false;
    /** The nodes of the line of source that is pointed at. @type {Set<number>} */
    this.lit = new Set();
    /** The node under the pointer. @type {number | undefined} */
    this.pointed = undefined;
    /** The parameters after the last step, from which what-if starts. @type {Map<number, number> | undefined} */
    this.trained = undefined;
    /** @type {"light" | "dark"} */
    this.theme = "light";
    this.state.decode(location.hash);
    this.applyEdits();
    this.view = new View(this.graph, this.state);
    this.words = new Words(this.view);
    this.scale = this.scaleOf();
    /** @type {Factor[]} */
    this.factors = [];
    /** @type {Set<number>} */
    this.way = new Set();
    this.explanation = "";
  }

  /** Whether there is something to train. */
  get trains() {
    return this.trainer !== null && this.graph.network.records.length > 0;
  }

  /** Carry out the what-if of an address. */
  applyEdits() {
    this.graph.network.reset();
    if (!this.graph.tape.replays) this.state.edits = [];
    if (this.payload.film) placeFrame(this);
    for (const edit of this.state.edits) this.graph.network.assign(edit.leaf, edit.record, edit.number);
  }

  /** Show the page anew, in the next frame: several changes within one are shown once. */
  update() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  draw() {
    const {state, graph} = this;
    this.view = new View(graph, state);
    this.words = new Words(this.view);
    this.small = innerWidth < 700;
    this.theme = state.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    this.scale = this.scaleOf();
    this.scale.theme = this.theme;
    this.factors = this.factorsOf(state.selected);
    this.way = this.wayOf(state.selected);
    this.explanation = this.words.explain(state.selected);
    document.documentElement.dataset.theme = this.theme;
    render(this.root, pageBody(/** @type {any} */ (this)));
    this.remember();
  }

  /** The scale of what is shown, from the numbers that the page was made with, so that colors do not move. */
  scaleOf() {
    if (this.payload.film) return (this.filmScale ??= scaleOfFilm(this));
    const key = this.state.all ? "all" : String(this.state.record);
    const found = this.scales.get(key);
    if (found) return found;
    const {graph} = this;
    const complete = new View(graph, Object.assign(Object.create(this.state), {step: null}));
    const shown_ = graph.nodes.filter((i) => i !== graph.root && !graph.isConstant(i) && !graph.isFeature(i));
    const scale = Scale.of(shown_.map((i) => complete.gradient(i)), [...graph.parameters].map((i) => complete.gradient(i)));
    this.scales.set(key, scale);
    return scale;
  }

  /** The numbers whose product is the gradient of a node, where it is one. @param {number} node @returns {Factor[]} */
  factorsOf(node) {
    const {graph, view} = this;
    const rows = view.ledger(node);
    if (rows.length !== 1) return [];
    const found = this.words.factors(rows[0]);
    if (found && graph.isNetwork && graph.owner.has(node)) {
      const neuron = /** @type {Neuron} */ (graph.owner.get(node));
      const {output, source, total} = found;
      if (source < 0 && node !== neuron.bias) return [];
      const linear = output === total;
      return [
        {role: "input", node: source < 0 ? total : source, value: found.comesIn, caption: "comes in", note: source < 0 ? "always 1" : graph.name(source)},
        {role: "steepness", node: output, value: found.steepness, caption: "steepness", note: linear ? "no activation" : `slope of ${neuron.activation}`},
        {role: "upstream", node: output, value: found.upstream, caption: "upstream", note: `∂${graph.rootName} / ∂${linear ? "Σ" : neuron.activation}`},
      ];
    }
    return this.slopesOnWay(node);
  }

  /** The slopes along the only path, the last ones together. @param {number} node @returns {Factor[]} */
  slopesOnWay(node) {
    const {graph, view} = this;
    if (view.all) return [];
    if (this.pathCount(node) !== 1) return [];
    /** @type {Factor[]} */
    const made = [];
    let at = node;
    while (at !== graph.root) {
      const row = graph.tape.ledger(view.values, view.gradients, at)[0];
      if (!row) return [];
      const others = graph.tape.operands(row.head).filter((k, place) => place !== row.place);
      const note = others.length === 1 && abs(row.slope) !== 1 ? `with ${middled(graph.name(others[0]), 8)}` : abs(row.slope) === 1 && others.length ? "always" : "its slope";
      made.push({role: "slope", node: row.head, value: row.slope, caption: `at ${graph.symbol(row.head)}`, note});
      at = row.head;
    }
    if (made.length > 4) {
      const rest = made.splice(3);
      made.push({...rest[0], value: view.gradient(made[2].node), caption: `last ${rest.length}`, note: rest.map((factor) => factor.caption.slice(3)).join(" ")});
    }
    return made;
  }

  /** The nodes between the chosen one and the root, on the strongest path. @param {number} node */
  wayOf(node) {
    const way = new Set([node]);
    const owner = this.graph.owner.get(node);
    if (owner && node !== owner.output) {
      const weight = this.graph.byWeight.get(node);
      if (weight) way.add(owner.sources[weight.row]);
      way.add(owner.total).add(owner.output);
    }
    if (!this.view.all) for (const k of this.graph.tape.paths(this.view.values, node, 1)[0]?.nodes ?? []) way.add(k);
    return way;
  }

  /** How many paths lead from a node to the root, in one record. @param {number} node */
  pathCount(node) {
    return this.counts[node];
  }

  /** @param {number} node @param {number} k @returns {(Path & {record: number})[]} */
  strongestPaths(node, k) {
    const {view, graph} = this;
    const records = view.shown;
    return records
      .flatMap((record) => graph.tape.paths(graph.network.valuesOf(record), node, k, view.seed).map((path) => ({...path, record})))
      .sort((a, b) => abs(b.product) - abs(a.product))
      .slice(0, k);
  }

  /** The paths from a node by the neuron of the layer that reads its own, strongest first. @param {number} node */
  bundles(node) {
    const {graph, view} = this;
    const own = graph.owner.get(node);
    const output = own ? own.output : graph.inputs.includes(node) ? node : -1;
    if (output < 0) return [];
    /** @type {Map<Neuron, {neuron: Neuron, gradient: number, absolute: number}>} */
    const found = new Map();
    for (const record of view.shown) {
      const v = graph.network.valuesOf(record);
      const g = graph.network.gradientsOf(record);
      const along = graph.tape.tangents(v, node)[output];
      const flow = view.flowOf(record);
      for (const neuron of graph.neurons) {
        neuron.sources.forEach((source, row) => {
          if (source !== output) return;
          const step = along * v[neuron.weights[row]];
          const bundle = found.get(neuron) ?? {neuron, gradient: 0, absolute: 0};
          bundle.gradient += step * view.seed * g[neuron.total];
          bundle.absolute += abs(step) * flow[neuron.total];
          found.set(neuron, bundle);
        });
      }
    }
    return [...found.values()].sort((a, b) => b.absolute - a.absolute);
  }

  // What if.

  /** Everything that the what-if of a leaf shows. @param {number} node */
  whatIf(node) {
    const {graph, view} = this;
    const {network} = graph;
    const record = view.record;
    const all = view.all;
    const original = this.startOf(node, record);
    const now = network.number(node, record);
    const middle = isFinite(original) ? original : 0;
    const reach = max(4, 2 * abs(middle), isFinite(now) ? 1.25 * abs(now - middle) : 0);
    const [low, high] = [middle - reach, middle + reach];
    const key = `${node}/${record}/${all}/${low}/${original}/${this.editKey(node)}`;
    if (this.curveKey !== key) { // it does not depend on how far the leaf itself was dragged
      const steps = network.count * graph.tape.size > 10000 && all ? 24 : 48;
      this.curveKey = key;
      this.before = network.lossIf(node, record, original, all);
      this.slope = network.lossIf(node, record, original, all, true);
      this.curve = Array.from({length: steps + 1}, (_, k) => low + ((high - low) * k) / steps).map((x) => [x, network.lossIf(node, record, x, all)]);
    }
    const {before, slope, curve} = this;
    const after = all ? network.loss : network.valuesOf(record)[graph.root];
    return {original, now, low, high, curve, before, slope, predicted: slope * (now - original), actual: now === original ? 0 : after - before};
  }

  /** The number from which a leaf was changed. @param {number} node @param {number} record */
  startOf(node, record) {
    const {network} = this.graph;
    return this.trainer?.epoch && network.columnOf(node) < 0 ? this.trained?.get(node) ?? network.number(node, record) : network.original(node, record);
  }

  /** The other changes, on which the slope of a leaf depends. @param {number} node */
  editKey(node) {
    return this.state.edits.filter((edit) => edit.leaf !== node).map((edit) => `${edit.leaf}:${edit.record}:${edit.number}`).join() + (this.trainer?.epoch ?? 0);
  }

  /** @param {number} node @param {number} record @param {number} number */
  assign(node, record, number) {
    const {state, graph} = this;
    const row = graph.network.columnOf(node) < 0 ? 0 : record;
    const start = this.startOf(node, row);
    state.edits = state.edits.filter((edit) => edit.leaf !== node || edit.record !== row);
    if (number !== start) state.edits.push({leaf: node, record: row, number});
    graph.network.assign(node, row, number);
    this.update();
  }

  /** Every number as the page was made with. */
  reset() {
    this.state.edits = [];
    this.graph.network.reset();
    this.trainer?.restart();
    this.trained = undefined;
    this.scales.clear();
    this.update();
  }

  // Choosing.

  /** @param {number} node @param {number} [record] */
  select(node, record) {
    this.state.selected = node;
    if (record !== undefined && this.graph.count > 1) this.state.record = record;
    this.update();
  }

  /** @param {number} record -1 for all */
  chooseRecord(record) {
    const {count} = this.graph.network;
    if (count < 2) return;
    this.state.record = record < -1 ? count - 1 : record >= count ? -1 : record;
    this.state.step = null;
    this.update();
  }

  /** Open a neuron, or close it. @param {string} key */
  toggle(key) {
    this.set({open: this.state.open === key ? "" : key});
  }

  /** Change what is shown. @param {any} changes to the state */
  set(changes) {
    Object.assign(this.state, changes);
    this.update();
  }

  /** @param {number | null} step */
  goTo(step) {
    const {steps} = this.view;
    this.set({step: step === null || step >= steps ? null : max(0, step)});
  }

  /** Repeat a step, or stop. @param {string} name @param {number} pause in milliseconds @param {() => void} step */
  repeat(name, pause, step) {
    this.playing = this.playing === name ? "" : name;
    const next = () => {
      if (this.playing !== name) return;
      step();
      this.timer = setTimeout(next, pause);
    };
    clearTimeout(this.timer);
    this.timer = setTimeout(next, pause);
    this.update();
  }

  /** Play or stop the forward pass and the sweep. */
  play() {
    if (this.view.isComplete) this.state.step = 0;
    this.repeat("steps", max(40, min(400, 12000 / this.view.steps)), () => {
      this.goTo(this.view.step + 1);
      if (this.state.step === null) this.playing = "";
    });
  }

  // Training.

  /** One epoch. */
  epoch() {
    const {trainer, graph} = this;
    if (!trainer || trainer.refusal) {
      this.playing = "";
      return this.update();
    }
    const until = performance.now() + 12;
    do trainer.runEpoch();
    while (this.playing === "train" && performance.now() < until);
    if (!isFinite(trainer.losses.at(-1) ?? 0)) {
      this.playing = "";
      this.say("The loss is no longer a number: reset, and take a smaller rate.");
    }
    this.state.edits = [];
    this.trained = new Map([...graph.parameters].map((node) => [node, graph.network.leaves[node]]));
    this.state.step = null;
    this.update();
  }

  // The rest.

  /** Keep the state in the address: a sandboxed frame allows this, and neither history nor storage. */
  remember() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.keep(), 200); // browsers complain of more than 200 changes in 30 seconds
  }

  keep() {
    const text = `#${this.state.encode()}`;
    if (location.hash === text) return;
    this.own = text;
    if (location.protocol === "about:") location.hash = text; // in srcdoc a relative address is the parent's
    else location.replace(text);
  }

  /** @param {string} text */
  say(text) {
    this.toast = text;
    this.update();
    setTimeout(() => {
      if (this.toast === text) this.toast = "";
      this.update();
    }, 2600);
  }

  /** @param {string} kind */
  copy(kind) {
    this.keep();
    const {selected} = this.state;
    const rows = this.view.ledger(selected);
    const terms = termsOf(this, rows).map((product) => product.map(fourDigits).join(" \\cdot ")).join(" + ") + (rows.length > MOST_TERMS ? " + \\dots" : "");
    const safe = (/** @type {string} */ text) => text.replace(/[^\w. ]/g, "");
    const latex = `\\frac{\\partial \\text{${safe(this.graph.rootName)}}}{\\partial \\text{${safe(this.words.title(selected))}}} = ${terms ? `${terms} = ` : ""}${fourDigits(this.view.gradient(selected))}`;
    const text = {text: this.explanation, LaTeX: latex, Markdown: `${this.explanation.replace(/[\\`*_{}[\]()#+!|$~^<>]/g, "\\$&")}\n\n$$\n${latex}\n$$\n`, link: location.href}[kind] ?? "";
    copyText(text).then((done) => this.say(done ? `${kind} copied` : `this frame may not copy: ${middled(text, 60)}`));
  }
}

/** @param {string} text @returns {Promise<boolean>} */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
