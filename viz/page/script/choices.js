// Choices: a where has one branch in the graph, the one it took.

/** What a change that reaches a choice leaves as it is. @param {App} app @param {number} node */
function choiceNote(app, node) {
  const {tape, network} = app.graph;
  const reached = tape.reaching([node]);
  if (!app.graph.nodes.some((i) => reached[i] && tape.choosing[tape.op[i]])) return null;
  if (!CHOICES) return quiet("A where keeps the branch it took when the graph was recorded. Its condition was settled before, so the page cannot say whether this change would turn it: record again to see.");
  const [was, [itself, ...now]] = [CHOICES(network.base), CHOICES(network.leaves)];
  const turned = now.filter((holds, k) => Boolean(holds) !== Boolean(was[k + 1])).length;
  if (!turned) return quiet(`${counted(now.length, "condition")} of where: none turns at these numbers.`);
  return h("p", {class: "turned", role: "status"}, `${turned} of ${counted(now.length, "condition")} of where would turn here. The graph keeps the branch that it took; the function itself is `, h("b", null, value(Number(itself))), ".");
}
