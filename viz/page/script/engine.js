// The engine: forward passes, sweeps, tangents and flows over a tape, which is one record's graph as flat arrays.

const {abs, ceil, floor, max, min} = Math;

/** @typedef {{f: (v: Float64Array, a: Int32Array, s: number) => number,
 *   d: (v: Float64Array, a: Int32Array, s: number, o: number, d: Float64Array) => void}} Operation */
/** @typedef {{head: number, place: number, slope: number, upstream: number, contribution: number}} LedgerRow */
/** @typedef {{product: number, nodes: number[]}} Path */
/** @typedef {{product: number, node: number, next?: Link}} Link the rest of a path, which paths share */

/** @param {number} n */
function floats(n) {
  return new Float64Array(n);
}

/** @template T @param {T[]} rows @param {(row: T) => number} part */
function added(rows, part) {
  return rows.reduce((sum, row) => sum + part(row), 0);
}

class Tape {
  /** @param {any} data @param {Record<string, Operation>} operations */
  constructor(data, operations) {
    this.size = data.op.length;
    /** @type {string[]} */
    this.names = data.names;
    this.op = Int32Array.from(data.op);
    this.args = Int32Array.from(data.args);
    this.start = new Int32Array(this.size + 1);
    for (let i = 0; i < this.size; i++) this.start[i + 1] = this.start[i] + data.count[i];
    /** @type {number} */
    this.root = data.root;
    /** @type {Map<number, {number: number, slopes: number[]}>} */
    this.stored = new Map(data.stored);
    /** @type {(Operation | undefined)[]} */
    this.operations = this.names.map((name) => operations[name]);
    this.choosing = this.names.map((name) => name === "where");
    this.most = data.count.reduce((/** @type {number} */ most, /** @type {number} */ n) => max(most, n), 1);
    this.slopes = floats(this.most);
    this.constant = Uint8Array.from(data.constant);
    this.users = this.listUsers();
  }

  /** For each node its uses, each as head and place, in the order in which the sweep meets them. */
  listUsers() {
    /** @type {[number, number][][]} */
    const users = Array.from({length: this.size}, () => []);
    for (let i = this.size - 1; i >= 0; i--) {
      for (let k = this.start[i]; k < this.start[i + 1]; k++) users[this.args[k]].push([i, k - this.start[i]]);
    }
    return users;
  }

  /** What an operation reads. @param {number} node */
  operands(node) {
    return [...this.args.subarray(this.start[node], this.start[node + 1])];
  }

  /** Whether every operation can be computed anew. */
  get replays() {
    return this.stored.size === 0;
  }

  /** Fill in all operations from the leaves. @param {Float64Array} v */
  forward(v) {
    const {op, args, start, operations} = this;
    for (let i = 0; i < this.size; i++) {
      if (op[i] < 0) continue;
      const operation = operations[op[i]];
      v[i] = operation ? operation.f(v, args, start[i]) : this.storedAt(i).number;
    }
  }

  /** @param {number} i */
  storedAt(i) {
    const stored = this.stored.get(i);
    if (!stored) throw new Error(`no operation ${this.names[this.op[i]]}`);
    return stored;
  }

  /** The slopes of node i along its operands, in a buffer that is reused. @param {Float64Array} v @param {number} i */
  slopesOf(v, i) {
    const operation = this.operations[this.op[i]];
    if (operation) operation.d(v, this.args, this.start[i], v[i], this.slopes);
    else this.slopes.set(this.storedAt(i).slopes);
    return this.slopes;
  }

  /** The slope of one edge. @param {Float64Array} v @param {number} head @param {number} place */
  slope(v, head, place) {
    return this.slopesOf(v, head)[place];
  }

  /** Whether a derivative flows along an edge: not to a constant, nor to what a choice decides by.
   * @param {number} i @param {number} k the place of the operand in `args` */
  flows(i, k) {
    return !this.constant[this.args[k]] && !(this.choosing[this.op[i]] && k === this.start[i]);
  }

  /** The derivative of the root along every node, by one sweep. @param {Float64Array} v @param {Float64Array} g
   * @param {number} seed */
  sweep(v, g, seed = 1) {
    g.fill(0);
    g[this.root] = seed;
    for (let i = this.size - 1; i >= 0; i--) this.push(v, g, i);
  }

  /** Add what node i hands back to its operands. @param {Float64Array} v @param {Float64Array} g @param {number} i */
  push(v, g, i) {
    if (this.op[i] < 0) return;
    const d = this.slopesOf(v, i);
    const upstream = g[i];
    for (let k = this.start[i]; k < this.start[i + 1]; k++) {
      if (this.flows(i, k)) g[this.args[k]] += upstream * d[k - this.start[i]];
    }
  }

  /** The derivative of every node along one leaf, by a forward sweep. @param {Float64Array} v @param {number} leaf */
  tangents(v, leaf) {
    const t = floats(this.size);
    t[leaf] = 1;
    for (let i = leaf + 1; i < this.size; i++) {
      if (this.op[i] < 0) continue;
      const d = this.slopesOf(v, i);
      for (let k = this.start[i]; k < this.start[i + 1]; k++) {
        if (this.flows(i, k) && t[this.args[k]] !== 0) t[i] += t[this.args[k]] * d[k - this.start[i]];
      }
    }
    return t;
  }

  /** The absolute flow: the sum over all paths to the root of the magnitudes of their products.
   * @param {Float64Array} v @param {number} seed */
  absolute(v, seed = 1) {
    const flow = floats(this.size);
    flow[this.root] = abs(seed);
    for (let i = this.size - 1; i >= 0; i--) {
      if (this.op[i] < 0 || flow[i] === 0) continue;
      const d = this.slopesOf(v, i);
      for (let k = this.start[i]; k < this.start[i + 1]; k++) {
        if (this.flows(i, k)) flow[this.args[k]] += flow[i] * abs(d[k - this.start[i]]);
      }
    }
    return flow;
  }

  /** What a node's gradient is the sum of: a row for each use. @param {Float64Array} v @param {Float64Array} g
   * @param {number} node @returns {LedgerRow[]} */
  ledger(v, g, node) {
    return this.users[node]
      .filter(([head, place]) => this.flows(head, this.start[head] + place))
      .map(([head, place]) => {
        const slope = this.slope(v, head, place);
        return {head, place, slope, upstream: g[head], contribution: slope * g[head]};
      });
  }

  /** What a node hands back to its operands. @param {Float64Array} v @param {Float64Array} g @param {number} node */
  handed(v, g, node) {
    const rows = [];
    for (let k = this.start[node]; k < this.start[node + 1]; k++) {
      const slope = this.op[node] < 0 ? 0 : this.slope(v, node, k - this.start[node]);
      if (this.flows(node, k)) rows.push({tail: this.args[k], slope, contribution: slope * g[node]});
    }
    return rows;
  }

  /** The k paths from the node to the root with the largest |product of slopes|, strongest first.
   * @param {Float64Array} v @param {number} node @param {number} k @param {number} seed @returns {Path[]} */
  paths(v, node, k, seed = 1) {
    const above = this.reaching([node]);
    /** @type {Map<number, Link[]>} */
    const best = new Map([[this.root, [{product: seed, node: this.root}]]]);
    for (let i = this.root - 1; i >= node; i--) {
      if (!above[i] || best.has(i)) continue;
      /** @type {Link[]} */
      const found = [];
      for (const [head, place] of this.users[i]) {
        if (!this.flows(head, this.start[head] + place)) continue;
        const slope = this.slope(v, head, place);
        if (slope === 0) continue;
        for (const next of best.get(head) ?? []) found.push({product: next.product * slope, node: i, next});
      }
      found.sort((a, b) => abs(b.product) - abs(a.product));
      best.set(i, found.slice(0, k));
    }
    return (best.get(node) ?? []).map((path) => {
      const nodes = [];
      for (let at = /** @type {Link | undefined} */ (path); at; at = at.next) nodes.push(at.node);
      return {product: path.product, nodes};
    });
  }

  /** How many paths lead from each node to the root. */
  countPaths() {
    const count = floats(this.size);
    count[this.root] = 1;
    for (let i = this.root; i >= 0; i--) {
      for (let k = this.start[i]; k < this.start[i + 1]; k++) if (this.flows(i, k)) count[this.args[k]] += count[i];
    }
    return count;
  }

  /** The nodes that depend on some, these among them. @param {number[]} nodes */
  reaching(nodes) {
    const reached = new Uint8Array(this.size);
    for (const node of nodes) reached[node] = 1;
    for (let i = min(...nodes, this.size) + 1; i < this.size; i++) {
      for (let k = this.start[i]; k < this.start[i + 1]; k++) if (reached[this.args[k]]) reached[i] = 1;
    }
    return reached;
  }
}
