"""Graphs as data: copies, pickles and JSON, all without recursion."""
