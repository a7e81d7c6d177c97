// The numbers that are shown: of one record or of all, complete or as far as a step of the sweep has come.

class View {
  /** @param {Graph} graph @param {State} state */
  constructor(graph, state) {
    this.graph = graph;
    this.state = state;
    this.tape = graph.tape;
    this.network = graph.network;
    this.operations = graph.operations;
    this.all = state.all;
    this.record = max(0, state.record);
    this.values = this.network.valuesOf(this.record);
    this.seed = this.all ? this.network.weight : 1;
    /** The absolute flow in each record that is shown. @type {Float64Array[]} */
    this.flows_ = [];
    /** The records that are shown. @type {number[]} */
    this.shown = this.all ? [...this.network.records.keys()] : [this.record];
    this.gradients = this.visibleGradients();
  }

  /** How many steps the forward pass and the sweep have together. */
  get steps() {
    return 2 * this.operations.length;
  }

  /** The step that is shown, all of them if none was chosen. */
  get step() {
    return min(this.state.step ?? this.steps, this.steps);
  }

  /** The node that the shown step computes or sweeps. */
  get stepNode() {
    const n = this.operations.length;
    return this.step === 0 ? -1 : this.operations[this.step <= n ? this.step - 1 : 2 * n - this.step];
  }

  get isComplete() {
    return this.step === this.steps;
  }

  /** The gradients as far as the sweep has come, summed over the records if all are shown. */
  visibleGradients() {
    const swept = this.step - this.operations.length;
    if (!this.all && this.isComplete) return this.network.gradientsOf(this.record);
    const total = floats(this.tape.size);
    if (swept < 0 || (swept === 0 && this.operations.length > 0)) return total;
    const part = this.isComplete ? null : floats(this.tape.size);
    for (const record of this.shown) {
      const g = part ? this.partial(record, swept, part) : this.network.gradientsOf(record);
      for (let i = 0; i < total.length; i++) total[i] += this.seed * g[i];
    }
    return total;
  }

  /** The gradients of a record after some operations have handed back theirs.
   * @param {number} record @param {number} swept @param {Float64Array} g */
  partial(record, swept, g) {
    g.fill(0);
    g[this.tape.root] = 1;
    for (const node of this.operations.slice(-swept).reverse()) this.tape.push(this.network.valuesOf(record), g, node);
    return g;
  }

  /** Whether a node's number is known at this step. @param {number} node */
  isKnown(node) {
    const {op} = this.tape;
    const last = this.operations[min(this.step, this.operations.length) - 1] ?? -1;
    return op[node] < 0 || node <= last;
  }

  /** Whether the sweep has begun. */
  get isSwept() {
    return this.step > this.operations.length || this.operations.length === 0;
  }

  /** Whether the sweep has come past an operation. @param {number} node */
  hasHandedOn(node) {
    return this.step > this.operations.length && node >= this.operations[this.steps - this.step];
  }

  /** Whether a node has the same number in every record. @param {number} node */
  isShared(node) {
    return !this.all || !this.graph.varying[node];
  }

  /** The number of a node, or nan where records differ. @param {number} node */
  value(node) {
    if (node === this.tape.root && this.all) return this.network.loss;
    return this.isShared(node) ? this.values[node] : NaN;
  }

  /** The number of a node as it is printed. @param {number} node */
  valueText(node) {
    if (!this.isKnown(node)) return "·";
    if (node !== this.tape.root && !this.isShared(node)) return `×${this.network.count}`;
    return value(this.value(node));
  }

  /** @param {number} node */
  gradient(node) {
    return this.gradients[node];
  }

  /** @param {number} node */
  gradientText(node) {
    return !this.isSwept || (this.gradient(node) === 0 && !this.isComplete) ? "·" : node === this.tape.root ? "1" : column(this.gradient(node));
  }

  /** The slope of a neuron's activation, the mean over the records shown. @param {Neuron} neuron */
  steepness(neuron) {
    return added(this.shown, (record) => this.graph.steepness(neuron, this.network.valuesOf(record))) / this.shown.length;
  }

  /** Whether nothing passes a neuron's activation. @param {Neuron} neuron */
  isFlat(neuron) {
    return this.shown.every((record) => this.graph.steepness(neuron, this.network.valuesOf(record)) === 0);
  }

  /** The rows that add up to a gradient: a row for each use, and for each record if all are shown.
   * @param {number} node @returns {(LedgerRow & {record: number})[]} */
  ledger(node) {
    const records = this.shown;
    return records.flatMap((record) =>
      this.tape.ledger(this.network.valuesOf(record), this.network.gradientsOf(record), node).filter(({head}) => this.hasHandedOn(head)).map((row) => ({
        ...row,
        upstream: this.seed * row.upstream,
        contribution: row.slope * (this.seed * row.upstream),
        record,
      })),
    );
  }

  /** The sum of |products| over all paths, and records if all are shown. @param {number} node */
  absolute(node) {
    return added(this.shown, (record) => this.flowOf(record)[node]);
  }

  /** The absolute flow in one record. @param {number} record */
  flowOf(record) {
    return (this.flows_[record] ??= this.tape.absolute(this.network.valuesOf(record), this.seed));
  }

  /** The gradient of a node in each record's own loss. @param {number} node */
  perRecord(node) {
    return Array.from({length: this.network.count}, (_, record) => this.network.gradientsOf(record)[node]);
  }

  /** What flows along an edge: slope × upstream, summed if all records are shown. @param {number} head
   * @param {number} tail */
  flowAlong(head, tail) {
    const {tape, network} = this;
    let total = 0;
    for (const record of this.shown) {
      const g = this.isComplete ? network.gradientsOf(record)[head] : this.all ? 0 : this.gradients[head];
      if (g === 0) continue;
      const d = tape.slopesOf(network.valuesOf(record), head);
      for (let k = tape.start[head]; k < tape.start[head + 1]; k++) if (tape.args[k] === tail && tape.flows(head, k)) total += this.seed * g * d[k - tape.start[head]];
    }
    return total;
  }
}
