"""Graphs as mathematics: LaTeX, and expressions of SymPy."""
