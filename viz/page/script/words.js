// Why a gradient is what it is, in the sentences of viz.explain, from the numbers as they are now.

/** A number in four significant digits, as Python's ".4g" writes it. @param {number} x */
function fourDigits(x) {
  if (!isFinite(x)) return isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
  if (x === 0) return "0";
  const [mantissa, exponent] = x.toExponential(3).split("e");
  const power = Number(exponent);
  if (power < -4 || power >= 4) return `${Number(mantissa)}e${power < 0 ? "-" : "+"}${String(abs(power)).padStart(2, "0")}`;
  return String(Number(x.toFixed(max(0, 3 - power))));
}

/** A share of 1 in percent. @param {number} share */
function exactPercent(share) {
  if (share > 0.999 && share < 1) return "> 99.9 %";
  const x = 100 * share;
  if (x === 0) return "0 %";
  const power = floor(Math.log10(abs(x)));
  return power < -4 ? `${x.toExponential(2).replace(/\.?0+e/, "e").replace(/e-(\d)$/, "e-0$1")} %` : `${Number(x.toPrecision(3))} %`;
}

/** What a factor is, in words. @param {Factor} factor */
function phrase({caption}) {
  return caption.replace(/^comes/, "what comes").replace(/^at/, "the slope at").replace(/^last/, "that of the last");
}

class Words {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.graph = view.graph;
    this.tape = view.tape;
  }

  /** @param {number} node */
  title(node) {
    const label = this.graph.label(node);
    if (label?.trim()) return this.visible(label);
    if (this.graph.isOperation(node)) return this.graph.symbol(node);
    if (node === this.tape.root) return "the result";
    return `the leaf ${fourDigits(this.view.values[node])}`;
  }

  /** On one short line. @param {string} text */
  visible(text) {
    const line = text.split(/\s+/).filter(Boolean).join(" ");
    return line.length <= 28 ? line : `${line.slice(0, 27)}…`;
  }

  /** The name of the root: of the loss of all records if these are shown. */
  get root() {
    if (this.view.all) return this.graph.data.rootTitle;
    return this.title(this.tape.root);
  }

  /** @param {number} node */
  scope(node) {
    const scope = this.graph.data.scopes[this.graph.data.scopeOf[node]];
    return scope.length ? ` of ${scope.map((/** @type {string} */ name) => this.visible(name)).join(" / ")}` : "";
  }

  /** @param {number} node */
  opening(node) {
    return `The gradient of ${this.root} along ${this.title(node)}${this.scope(node)} is ${fourDigits(this.view.gradient(node))}`;
  }

  /** In one or two short sentences: what raising it does, and what makes the gradient as large as it is.
   * @param {number} node @param {Factor[]} factors */
  brief(node, factors) {
    const {view, graph} = this;
    const g = view.gradient(node);
    const all = view.all;
    const root = graph.data.lossName ? (all ? `the ${graph.network.reduction === "mean" ? "mean" : "total"} loss` : "this record's loss") : graph.name(this.tape.root);
    if (node === this.tape.root) return `Here the sweep begins: choose a weight or an input, and the panel says why its gradient is what it is.`;
    if (!view.isSwept) return "The sweep has not begun: only values are known.";
    if (!isFinite(g)) return this.explain(node);
    if (!view.isComplete) return g === 0 ? "The sweep has not reached it yet, or brings nothing here." : "The sweep has begun to add up what it is.";
    const off = this.offNote(node);
    const none = factors.find((factor) => factor.value === 0);
    if (g === 0) return none ? `0, because one of its factors is: ${phrase(none)}${none.role === "input" ? `, ${none.note}` : ""}.` : this.explain(node);
    const effect = `Raising it ${g < 0 ? "lowers" : "raises"} ${root}: +0.1 ${g < 0 ? "takes about" : "adds about"} ${short(abs(g) / 10)}${g < 0 ? " off" : ""}.`;
    if (factors.length > 1) {
      const [least, ...others] = [...factors].sort((a, b) => abs(a.value) - abs(b.value));
      const size = abs(others[0].value) === abs(least.value) ? "" : `; ${phrase(least)} is the smallest`;
      return `${effect} ${["Two", "Three", "Four"][factors.length - 2]} factors, none 0${size}.${off}`;
    }
    const absolute = view.absolute(node);
    const kappa = absolute ? abs(g) / absolute : 1;
    const uses = this.tape.users[node].length * (all ? graph.count : 1);
    const still = all ? view.perRecord(node).filter((x) => !x).length : 0;
    if (2 * still > graph.count) return `${effect} ${still} of its ${graph.count} records add exactly 0.${off}`;
    if (kappa < 0.95) return `${effect} ${percent(1 - kappa)} of what its ${all ? `${graph.count} records` : "paths"} say cancels.${off}`;
    return (uses > 1 ? `${effect} ${count(uses)} uses add up, and hardly anything cancels.` : effect) + off;
  }

  /** That a neuron passes nothing on to its weights. @param {number} node */
  offNote(node) {
    const neuron = this.graph.byOutput.get(node);
    return neuron?.inner.length && this.view.isFlat(neuron) ? ` But ${neuron.activation} is flat here${this.view.all ? " in every record" : ""}, so that its weights get 0.` : "";
  }

  /** @param {number} node @returns {string} */
  explain(node) {
    const rows = this.view.ledger(node);
    const name = this.title(node);
    const g = this.view.gradient(node);
    if (!this.view.isComplete) return `After ${this.view.step} of ${this.view.steps} steps, ${name} has ${fourDigits(g)} of its gradient.`;
    if (node === this.tape.root && !this.view.all) return `${this.opening(node)} by definition: it is where the sweep begins.`;
    if (node === this.tape.root) return `The loss of each record has the gradient ${fourDigits(this.view.seed)} in the loss of all.`;
    if (!rows.length) return `${this.opening(node)}: no path leads from ${name} to ${this.root}, so changing ${name} changes nothing.`;
    if (!isFinite(g)) return this.notFinite(node, rows);
    return g === 0 ? this.zero(node, rows) : this.sentence(node, rows);
  }

  /** @param {number} node @param {(LedgerRow & {record: number})[]} rows */
  sentence(node, rows) {
    const g = this.view.gradient(node);
    const opening = `${this.opening(node)}: raising ${this.title(node)} ${g < 0 ? "lowers" : "raises"} ${this.root}.`;
    if (rows.length === 1) return `${opening} ${this.use(rows[0])}`;
    const products = rows.map((row) => row.contribution);
    const [positive, negative] = [added(products, (x) => max(x, 0)), added(products, (x) => min(x, 0))];
    const largest = products.reduce((most, x) => (abs(x) > abs(most) ? x : most), 0);
    const signs = positive && negative ? `${fourDigits(positive)} and ${fourDigits(negative)}` : `all ${positive ? "positive" : "negative"} or 0`;
    return `${opening} It is the sum over ${count(rows.length)} uses: ${signs}; the largest adds ${fourDigits(largest)}. ${this.cancellation(node)}`.trimEnd();
  }

  /** @param {number} node */
  cancellation(node) {
    const absolute = this.view.absolute(node);
    const kappa = absolute ? abs(this.view.gradient(node)) / absolute : NaN;
    return kappa < 0.95 ? `Over all paths ${exactPercent(1 - kappa)} of the absolute flow, ${fourDigits(absolute)}, cancels.` : "";
  }

  /** @param {LedgerRow} row */
  use(row) {
    const found = this.factors(row);
    if (!found) {
      const reader = this.title(row.head);
      return `One use: ${fourDigits(row.slope)}, the slope of ${reader}, times ${fourDigits(row.upstream)}, the gradient along ${reader}.`;
    }
    const {comesIn, steepness, upstream, total, output, source} = found;
    const activation = output === total ? "the missing activation" : this.graph.symbol(output);
    const steep = output === total ? "as there is no activation" : `the slope of ${activation} at a sum of ${fourDigits(this.view.values[total])}`;
    const from = source >= 0 ? ` (${this.title(source)})` : "";
    const names = ["What comes in", `The slope of ${activation}`, "What arrives at the output"];
    const sizes_ = [comesIn, steepness, upstream].map(abs);
    return `Three factors: ${fourDigits(comesIn)} comes in${from}, times ${fourDigits(steepness)}, ${steep}, times ${fourDigits(upstream)}, the gradient of ${this.root} along the output. ${names[sizes_.indexOf(min(...sizes_))]} is the smallest.`;
  }

  /** The three factors of one use of a weight, or null where it is no term of a neuron's sum. @param {LedgerRow} row */
  factors(row) {
    const {tape, view} = this;
    const name = this.operation(row.head);
    const products = ["dot", "mul"];
    const sums = ["add", "sum", "identity"];
    if (![...products, ...sums].includes(name)) return null;
    const uses = (/** @type {number} */ node) => tape.ledger(view.values, view.gradients, node);
    let total = row.head;
    for (let above = uses(total); above.length === 1 && above[0].slope === 1 && sums.includes(this.operation(above[0].head)) && this.scope(above[0].head) === this.scope(total); above = uses(total)) total = above[0].head;
    const readers = uses(total);
    let output = total;
    let steepness = 1;
    if (readers.length === 1 && this.isActivation(readers[0].head, total)) {
      output = readers[0].head;
      steepness = readers[0].slope;
    } else if (!products.includes(name)) return null;
    const half = (tape.start[row.head + 1] - tape.start[row.head]) / 2;
    const other = products.includes(name) ? tape.args[tape.start[row.head] + (row.place >= half ? row.place - half : row.place + half)] : -1;
    return {comesIn: row.slope, steepness, upstream: view.gradient(output), total, output, source: other >= 0 && !tape.constant[other] ? other : -1};
  }

  /** @param {number} node @param {number} total */
  isActivation(node, total) {
    const {start, constant} = this.tape;
    const parents = this.tape.operands(node).filter((k) => !constant[k]);
    if (parents.length !== 1) return false;
    return this.graph.data.activations[this.tape.op[node]] === 1 || (this.scope(node) !== "" && this.scope(node) === this.scope(total) && start[node + 1] - start[node] === 1);
  }

  /** @param {number} node */
  operation(node) {
    return this.tape.op[node] < 0 ? "" : this.tape.names[this.tape.op[node]].split("/")[0];
  }

  /** @param {number} node @param {LedgerRow[]} rows */
  zero(node, rows) {
    const name = this.title(node);
    const absolute = this.view.absolute(node);
    if (absolute > 0) {
      const kept = rows.length > 1 ? "exactly" : "exactly, further on";
      return `${this.opening(node)} because its paths cancel ${kept}: ${fourDigits(absolute / 2)} positive and as much negative. Changing ${name} a little moves ${this.root} both ways at once.`;
    }
    const blocked = this.firstBlock(node);
    if (this.view.all) return `${this.opening(node)} because in every record each path passes a slope of 0${blocked && `; in the first ${blocked}`}.`;
    if (!blocked) return `${this.opening(node)}: every path has slopes that are not 0, but their product is too small for a float, below 5e-324.`;
    return `${this.opening(node)} because every path passes a slope of 0: ${blocked}.`;
  }

  /** @param {number} node @returns {string} */
  firstBlock(node) {
    const {tape, view} = this;
    const seen = new Set([node]);
    const stack = [node];
    /** @type {LedgerRow | undefined} */
    let found;
    while (stack.length) {
      const place = /** @type {number} */ (stack.pop());
      if (place === tape.root) return "";
      for (const row of tape.ledger(view.values, view.gradients, place)) {
        if (row.slope === 0) found ??= row;
        else if (!seen.has(row.head)) {
          seen.add(row.head);
          stack.push(row.head);
        }
      }
    }
    return found ? this.block(found) : "";
  }

  /** @param {LedgerRow} row */
  block(row) {
    const name = this.operation(row.head);
    const place = this.scope(row.head);
    const at = fourDigits(this.view.values[this.tape.args[this.tape.start[row.head] + row.place]]);
    if (["mul", "dot", "prod"].includes(name)) return `it is multiplied by a 0 in ${name}${place}`;
    return name === "relu" ? `relu${place} is off, its sum is ${at}` : `${name}${place} is flat at ${at}`;
  }

  /** @param {number} node @param {LedgerRow[]} rows */
  notFinite(node, rows) {
    const bad = rows.find((row) => !isFinite(row.contribution));
    if (!bad) return `${this.opening(node)}: its contributions are finite, but their sum is not.`;
    return `${this.opening(node)}: ${this.title(bad.head)} passes a slope of ${fourDigits(bad.slope)} times an upstream of ${fourDigits(bad.upstream)}. The findings name the first that is not finite.`;
  }

  /** What a step of the forward pass or of the sweep does. */
  step() {
    const {view, graph, tape} = this;
    const node = view.stepNode;
    if (node < 0) return "Only the leaves have numbers. Step on, and each operation computes its own.";
    const operands = tape.operands(node);
    const records = view.all ? ` in each of ${graph.count} records` : "";
    if (view.step <= view.operations.length) {
      const shownOperands = operands.length <= 3 && !records ? ` of ${operands.map((k) => value(view.values[k])).join(" and ")}` : ` of ${operands.length}`;
      return `${graph.fullName(node)}: ${this.operation(node)}${shownOperands}${records ? records : ` is ${value(view.values[node])}`}`;
    }
    const rows = tape.handed(view.values, view.gradients, node);
    if (records) return `${graph.fullName(node)} hands its gradient back to ${counted(rows.length, "operand")}${records}`;
    if (!rows.length) return `${graph.fullName(node)} reads constants only, so its gradient ends here`;
    if (rows.length > 2) return `${graph.fullName(node)} hands ${column(view.gradient(node))} × slope back to ${counted(rows.length, "operand")}`;
    return `${graph.fullName(node)} passes ${rows.map((row) => `${column(view.gradient(node))} × ${value(row.slope)} = ${column(row.contribution)} to ${graph.name(row.tail)}`).join(", and ")}`;
  }
}
