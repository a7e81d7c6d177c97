"""Compilation: a function recorded once on symbols, and replayed over all records by NumPy."""
