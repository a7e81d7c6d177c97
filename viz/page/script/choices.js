// Choices: a where has one branch in the graph, the one it took.

/** What a change that reaches a choice leaves as it is. @param {App} app @param {number} node */
function choiceNote(app, node) {
  const {tape} = app.graph;
  const reached = tape.reaching([node]);
  const kept = app.graph.nodes.some((i) => reached[i] && tape.choosing[tape.op[i]]);
  return kept ? quiet("A where keeps the branch it took when the graph was recorded, whatever its condition would be now.") : null;
}
