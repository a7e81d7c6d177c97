// The state of a page: the numbers of the leaves, and the values and gradients of every record that follow from them.

class Network {
  /** @param {any} data the payload's graph @param {Record<string, Operation>} operations */
  constructor(data, operations) {
    this.tape = new Tape(data, operations);
    /** @type {number[]} */
    this.columns = data.columns;
    /** @type {number[]} */
    this.parameters = data.parameters;
    /** @type {number[][]} */
    this.given = data.records.map((/** @type {any[]} */ row) => row.map(read));
    this.records = this.given.map((row) => row.slice());
    /** @type {"mean" | "sum"} */
    this.reduction = data.reduction;
    this.base = Float64Array.from(data.numbers.map(read));
    this.leaves = this.base.slice();
    const size = this.tape.size;
    this.count = max(1, this.records.length);
    this.values = floats(this.count * size);
    this.gradients = floats(this.count * size);
    this.compute();
  }

  /** The weight of a record in the loss of all. */
  get weight() {
    return this.reduction === "mean" ? 1 / this.count : 1;
  }

  /** The values of one record, a view. @param {number} record */
  valuesOf(record) {
    return this.values.subarray(record * this.tape.size, (record + 1) * this.tape.size);
  }

  /** The gradients of one record's own loss, a view. @param {number} record */
  gradientsOf(record) {
    return this.gradients.subarray(record * this.tape.size, (record + 1) * this.tape.size);
  }

  /** Forward pass and sweep of all records, or of some. @param {Iterable<number>} [rows] */
  compute(rows = this.records.length ? this.records.keys() : [0]) {
    for (const record of rows) {
      const v = this.valuesOf(record);
      this.place(record, v);
      this.tape.forward(v);
      this.tape.sweep(v, this.gradientsOf(record));
    }
  }

  /** The leaves of one record. @param {number} record @param {Float64Array} v */
  place(record, v) {
    v.set(this.leaves);
    const row = this.records[record];
    if (row) for (let k = 0; k < row.length; k++) v[this.columns[k]] = row[k];
  }

  /** The loss of all records. */
  get loss() {
    return this.reduced((record) => this.valuesOf(record)[this.tape.root]);
  }

  /** The derivative of the loss of all records along a node that all share. @param {number} node */
  gradient(node) {
    return this.reduced((record) => this.gradientsOf(record)[node]);
  }

  /** The mean or sum over records, added up in their order. @param {(record: number) => number} of */
  reduced(of) {
    let total = 0;
    for (let record = 0; record < this.count; record++) total += of(record);
    return this.reduction === "mean" ? total / this.count : total;
  }

  /** A column of the data, or -1 for a leaf that all records share. @param {number} leaf */
  columnOf(leaf) {
    return this.columns.indexOf(leaf);
  }

  /** @param {number} leaf @param {number} record */
  number(leaf, record) {
    const column = this.columnOf(leaf);
    return column < 0 ? this.leaves[leaf] : this.records[record][column];
  }

  /** The number that the page was made with. @param {number} leaf @param {number} record */
  original(leaf, record) {
    const column = this.columnOf(leaf);
    return column < 0 ? this.base[leaf] : this.given[record][column];
  }

  /** Change one leaf, of one record if it is data, and all that follows. @param {number} leaf @param {number} record
   * @param {number} number */
  assign(leaf, record, number) {
    const column = this.columnOf(leaf);
    if (column < 0) {
      this.leaves[leaf] = number;
      this.compute();
    } else {
      this.records[record][column] = number;
      this.compute([record]);
    }
  }

  /** Every number as the page was made with: the same bits, for they are computed in the same order. */
  reset() {
    this.leaves.set(this.base);
    this.given.forEach((row, record) => this.records[record].splice(0, row.length, ...row));
    this.compute();
  }

  /** The loss, of one record or of all, if a leaf had another number, or its slope along the leaf; nothing is changed.
   * @param {number} leaf @param {number} record @param {number} number @param {boolean} all @param {boolean} slope */
  lossIf(leaf, record, number, all, slope = false) {
    const {tape} = this;
    const [v, g] = [floats(tape.size), floats(tape.size)];
    const column = this.columnOf(leaf);
    const of = (/** @type {number} */ r) => {
      this.place(r, v);
      if (column < 0 || r === record) v[leaf] = number;
      tape.forward(v);
      if (slope) tape.sweep(v, g);
      return slope ? g[leaf] : v[tape.root];
    };
    return all ? this.reduced(of) : of(record);
  }
}

/** A number of the payload: JSON has no word for those that are not finite. @param {number | string} given */
function read(given) {
  return typeof given === "number" ? given : Number(given);
}
