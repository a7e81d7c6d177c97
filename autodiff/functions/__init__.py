"""The documented functions, by family; each family lists its own.

Docstrings are written out and not made from the table: editors show what the source says, and the sections state the
domain, the range and the derivative, which no row has in words.
"""
