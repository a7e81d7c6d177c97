"""A graph as DOT text, for Graphviz and whatever else reads it."""
