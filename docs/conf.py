"""Settings of the documentation: `python -m sphinx -W docs docs/_build`."""

from __future__ import annotations

import importlib.metadata

project = "valuegraph"
author = "the authors of valuegraph"
release = importlib.metadata.version("valuegraph")

extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc"]
exclude_patterns = ["_build", "*.ipynb"]

myst_heading_anchors = 3
default_role = "code"  # `x` in a docstring is code, as in Markdown

# autodoc lists the members themselves, so numpydoc writes no table of them.
numpydoc_show_class_members = False
autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_typehints = "none"  # the signature in the source is the contract; the Parameters section says types in words

html_theme = "furo"
html_title = "valuegraph"
html_copy_source = False
html_show_sphinx = False
