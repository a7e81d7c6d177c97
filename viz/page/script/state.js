// What is chosen and changed: one selection that everything follows, kept in the address after the #.

class State {
  /** @param {Graph} graph */
  constructor(graph) {
    this.graph = graph;
    this.selected = graph.firstChoice();
    /** The record shown, or -1 for all. */
    this.record = graph.count > 1 ? -1 : 0;
    this.open = "";
    /** How far the forward pass and the sweep have come, or null for all of it. @type {number | null} */
    this.step = null;
    this.view = "picture";
    this.tab = "why";
    /** What was changed by what-if: leaf, record and number. @type {{leaf: number, record: number, number: number}[]} */
    this.edits = [];
    /** @type {"" | "light" | "dark"} */
    this.theme = "";
    this.zoom = 1;
    this.pan = [0, 0];
    this.frame = 0;
  }

  get all() {
    return this.record < 0;
  }

  /** The state as text for an address. */
  encode() {
    const {graph} = this;
    const parts = [`n=${this.selected}`];
    if (this.record !== (graph.count > 1 ? -1 : 0)) parts.push(`r=${this.record + 1}`);
    if (this.open) parts.push(`o=${encodeURIComponent(this.open)}`);
    if (this.step !== null) parts.push(`s=${this.step}`);
    if (this.view !== "picture") parts.push(`v=${this.view}`);
    if (this.frame) parts.push(`f=${this.frame}`);
    if (this.edits.length) parts.push(`w=${this.edits.map((edit) => `${edit.leaf}:${edit.record}:${edit.number}`).join(",")}`);
    return parts.join("&");
  }

  /** Take over what an address says; what does not fit this graph is left out. @param {string} text */
  decode(text) {
    const found = new Map(text.replace(/^#/, "").split("&").map((part) => /** @type {[string, string]} */ (part.split("=", 2))));
    const whole = (/** @type {string} */ key, /** @type {number} */ least, /** @type {number} */ most) => {
      const number = Number(found.get(key) ?? NaN);
      return Number.isInteger(number) && number >= least && number <= most ? number : null;
    };
    const {tape, network} = this.graph;
    this.selected = whole("n", 0, tape.size - 1) ?? this.selected;
    const record = whole("r", 0, network.count);
    if (record !== null) this.record = network.count > 1 ? record - 1 : 0;
    this.step = whole("s", 0, 1e7);
    this.open = this.graph.neurons.find((neuron) => encodeURIComponent(neuron.key) === found.get("o"))?.key ?? "";
    const view = found.get("v") ?? "picture";
    this.view = ["picture", "table", "tree"].includes(view) ? view : "picture";
    this.frame = whole("f", 0, 1e7) ?? 0;
    this.edits = [];
    for (const part of (found.get("w") ?? "").split(",")) {
      const [leaf, row, number] = part.split(":").map(Number);
      if (isFinite(number) && tape.op[leaf] === -1 && !tape.constant[leaf] && row >= 0 && row < network.count) this.edits.push({leaf, record: row, number});
    }
  }
}
