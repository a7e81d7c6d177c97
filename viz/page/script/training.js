// Training: the optimizer's own update, traced, over batches of records.

/** The most node-records that one step may compute. */
const MOST_NODE_RECORDS = 2e6;

class Trainer {
  /** @param {Network} network @param {any} rule the payload's optimizer
   * @param {(rate: number, p: Float64Array, g: Float64Array, s: Float64Array[]) => void} update */
  constructor(network, rule, update) {
    this.network = network;
    this.rule = rule;
    this.update = update;
    /** @type {number} */
    this.rate = rule.rate;
    this.batch = network.count;
    this.random = seeded(1);
    this.epoch = 0;
    /** @type {number[]} */
    this.losses = [];
    /** @type {Float64Array[]} */
    this.state = [];
    this.numbers = floats(0);
    this.gradients = floats(0);
    this.restart();
  }

  /** Forget the steps: velocities and the like start anew. */
  restart() {
    const {parameters} = this.network;
    this.epoch = 0;
    this.state = this.rule.state.map((/** @type {any[]} */ row) => Float64Array.from(row.map(read)));
    this.numbers = floats(parameters.length);
    this.gradients = floats(parameters.length);
    this.losses = [];
  }

  /** Why a step would take too long, or "". */
  get refusal() {
    const work = this.batch * this.network.tape.size;
    if (!this.network.tape.replays) return "An operation of this graph runs in Python alone, so the page cannot train it.";
    if (work <= MOST_NODE_RECORDS) return "";
    return `A step over ${this.batch} records would compute ${Math.round(work)} nodes; the page stops at 2,000,000. Use a smaller batch.`;
  }

  /** One pass over all records, in one batch or in shuffled ones. */
  runEpoch() {
    const {count} = this.network;
    const all = [...Array(count).keys()];
    const order = this.batch < count ? shuffled(all, this.random) : all;
    let total = 0;
    let batches = 0;
    for (let start = 0; start < count; start += this.batch, batches++) total += this.step(order.slice(start, start + this.batch));
    this.epoch += 1;
    this.losses.push(total / batches);
    this.network.compute();
  }

  /** One step on some records; returns their loss before it. @param {number[]} rows */
  step(rows) {
    const {network} = this;
    const {parameters, reduction} = network;
    network.compute(rows);
    const share = reduction === "mean" ? 1 / rows.length : 1;
    let loss = 0;
    this.gradients.fill(0);
    for (const record of rows) {
      const g = network.gradientsOf(record);
      loss += network.valuesOf(record)[network.tape.root];
      for (let k = 0; k < parameters.length; k++) this.gradients[k] += share * g[parameters[k]];
    }
    for (let k = 0; k < parameters.length; k++) this.numbers[k] = network.leaves[parameters[k]];
    this.update(this.rate, this.numbers, this.gradients, this.state);
    for (let k = 0; k < parameters.length; k++) network.leaves[parameters[k]] = this.numbers[k];
    return loss * share;
  }
}

/** Random numbers that a seed decides (mulberry32). @param {number} seed */
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** @param {number[]} rows @param {() => number} random */
function shuffled(rows, random) {
  for (let k = rows.length - 1; k > 0; k--) {
    const other = floor(random() * (k + 1));
    [rows[k], rows[other]] = [rows[other], rows[k]];
  }
  return rows;
}
