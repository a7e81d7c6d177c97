// Choices: what a what-if does to the conditions that the graph decided by.

/** What becomes of the choices that a change reaches: those that were decided while recording keep their branch; the
 * others say whether they change it. @param {App} app @param {number} node @returns {string[]} */
function branchNotes(app, node) {
  const {tape, network} = app.graph;
  const reached = tape.reaching(node);
  const record = max(0, app.view.record);
  const before = floats(tape.size);
  network.place(record, before);
  before[node] = app.startOf(node, record);
  tape.forward(before);
  /** @type {Set<string>} */
  const notes = new Set();
  for (const choice of app.graph.nodes) {
    if (!reached[choice] || !tape.choosing[tape.op[choice]]) continue;
    const condition = tape.args[tape.start[choice]];
    const took = (/** @type {Float64Array} */ v) => (v[condition] ? "first" : "second");
    const [old, now] = [took(before), took(app.view.values)];
    if (tape.constant[condition]) notes.add("A where keeps the branch it took: its condition was decided when the graph was recorded, and a changed number does not change it.");
    else notes.add(old === now ? `A where still takes its ${now} branch.` : `A where has changed its branch: it took the ${old}, and takes the ${now}.`);
  }
  return [...notes];
}
