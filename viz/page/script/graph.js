// What the page knows of a graph besides its numbers: names, neurons, and where each node belongs.

/** @typedef {{title: string, layer: number, weights: number[], sources: number[], bias: number | null, total: number,
 *   inner: number[], sum: number[], parameters: number[], output: number, activation: string, key: string}} Neuron */

class Graph {
  /** @param {any} data the payload's graph */
  constructor(data) {
    this.network = new Network(data, OPERATIONS);
    this.tape = this.network.tape;
    this.root = this.tape.root;
    this.count = this.network.count;
    this.data = data;
    /** @type {Neuron[]} */
    this.neurons = data.neurons;
    /** @type {string[]} */
    this.layers = data.layers;
    /** @type {number[]} */
    this.inputs = data.inputs;
    /** @type {Map<number, Neuron>} */
    this.byOutput = new Map(this.neurons.map((neuron) => [neuron.output, neuron]));
    /** @type {Map<number, {neuron: Neuron, row: number}>} */
    this.byWeight = new Map();
    /** @type {Map<number, Neuron>} */
    this.owner = new Map();
    for (const neuron of this.neurons) this.claim(neuron);
    /** @type {number[]} */
    this.nodes = [...this.tape.op.keys()];
    this.operations = this.nodes.filter((i) => this.isOperation(i));
    this.varying = this.tape.reaching(this.network.columns);
    this.parameters = new Set(this.network.parameters);
    this.isNetwork = this.neurons.length > 0;
  }

  /** @param {Neuron} neuron */
  claim(neuron) {
    neuron.weights.forEach((weight, row) => this.byWeight.set(weight, {neuron, row}));
    const own = [...neuron.parameters, ...neuron.sum, ...neuron.inner, neuron.total, neuron.output];
    for (const node of own) this.owner.set(node, neuron);
  }

  /** The neurons of a layer. @param {number} layer */
  layerOf(layer) {
    return this.neurons.filter((neuron) => neuron.layer === layer);
  }

  /** @param {number} node */
  label(node) {
    return /** @type {string | undefined} */ (this.data.labels[node]);
  }

  /** @param {number} node */
  symbol(node) {
    return this.tape.op[node] < 0 ? "" : /** @type {string} */ (this.data.symbols[this.tape.op[node]]);
  }

  /** @param {number} node */
  isOperation(node) {
    return this.tape.op[node] >= 0;
  }

  /** @param {number} node */
  isConstant(node) {
    return Boolean(this.tape.constant[node]);
  }

  /** @param {number} node */
  isFeature(node) {
    return this.network.columns.includes(node) && !this.isConstant(node);
  }

  /** Whether what-if may change it: a leaf that is not a constant. @param {number} node */
  isFree(node) {
    return !this.isOperation(node) && !this.isConstant(node) && this.tape.replays;
  }

  /** The name of a node within its neuron. @param {number} node @returns {string} */
  name(node) {
    if (node === this.root) return this.label(node) ?? (this.data.lossName ? "loss" : /\w/.test(this.symbol(node)) ? this.symbol(node) : "result");
    const weight = this.byWeight.get(node);
    if (weight) return `${this.label(node) ?? `w${weight.row + 1}`}${this.isFeature(weight.neuron.sources[weight.row]) ? ` ${this.label(weight.neuron.sources[weight.row])}` : ""}`;
    const owner = this.owner.get(node);
    if (owner && node === owner.output) return owner.title;
    if (owner && node === owner.total) return "Σ";
    if (this.isConstant(node)) return this.network.columns.includes(node) ? "target" : value(this.network.base[node]);
    return this.label(node) ?? (this.symbol(node) || "leaf");
  }

  /** The name with its place: "σ of neuron 2", "w2 of layer 1 neuron 2". @param {number} node @returns {string} */
  fullName(node) {
    const owner = this.owner.get(node);
    if (!owner) return this.name(node);
    const place = `${this.layers[owner.layer]} ${owner.title}`.trim();
    if (node === owner.output) return place;
    return `${this.name(node)} of ${place}`;
  }

  /** A neuron as "2.11", by layer and place; what else by its name. @param {number} node */
  shortName(node) {
    const owner = this.isOperation(node) && this.owner.get(node);
    return owner ? this.fullName(owner.output).replace(/layer (\S+) neuron /, "$1.") : this.name(node);
  }

  /** What an operation of an expression reads besides one operand, as " with x"; "" if that is not one. @param {number} head
   * @param {number} tail */
  besides(head, tail) {
    const others = this.tape.operands(head).filter((k) => k !== tail);
    return !this.isNetwork && others.length === 1 ? ` with ${middled(this.name(others[0]), 8)}` : "";
  }

  /** Where a node belongs, outermost first. @param {number} node @returns {string[]} */
  crumbs(node) {
    const owner = this.owner.get(node);
    if (owner) return [this.layers[owner.layer], ...(node === owner.output ? [] : [owner.title])].filter(Boolean);
    if (this.isFeature(node)) return ["inputs"];
    const scope = this.data.scopes[this.data.scopeOf[node]];
    if (scope.length) return scope;
    return [this.isOperation(node) ? "operation" : this.isConstant(node) ? "constant" : this.parameters.has(node) && this.isNetwork ? "parameter" : "leaf"];
  }

  get rootName() {
    return this.name(this.root);
  }

  /** What is chosen at first: the weight with the largest gradient, or the first leaf of an expression. */
  firstChoice() {
    const free = this.nodes.filter((i) => !this.isOperation(i) && !this.isConstant(i));
    if (!this.isNetwork) return free.find((i) => this.tape.users[i].length) ?? this.root;
    const size = (/** @type {number} */ i) => abs(this.network.gradient(i)) || 0;
    return [...this.network.parameters].sort((a, b) => size(b) - size(a))[0] ?? this.root;
  }

  /** The output of a neuron at another sum. @param {Neuron} neuron @param {number} x @param {Float64Array} v a scratch copy */
  activationAt(neuron, x, v) {
    v[neuron.total] = x;
    for (const node of neuron.inner) {
      const operation = this.tape.operations[this.tape.op[node]];
      if (!operation) return NaN;
      v[node] = operation.f(v, this.tape.args, this.tape.start[node]);
    }
    return v[neuron.output];
  }

  /** The slope of a neuron's output along its sum. @param {Neuron} neuron @param {Float64Array} v */
  steepness(neuron, v) {
    /** @type {Map<number, number>} */
    const along = new Map([[neuron.total, 1]]);
    const {start, args} = this.tape;
    for (const node of neuron.inner) {
      const d = this.tape.slopesOf(v, node);
      let sum = 0;
      for (let k = start[node]; k < start[node + 1]; k++) if (this.tape.flows(node, k)) sum += (along.get(args[k]) ?? 0) * d[k - start[node]];
      along.set(node, sum);
    }
    return along.get(neuron.output) ?? 1;
  }
}
