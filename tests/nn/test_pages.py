"""Every public name of `nn` stands in a page of the documentation."""

import re
from pathlib import Path

import pytest

import nn

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("training", "optimizers", "losses-and-layers", "files", "estimators", "scaling-out")
WORDS = {word for page in PAGES for word in re.findall(r"\w+", (DOCS / f"{page}.md").read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", nn.__all__)
def test_a_page_has_the_name(name):
    assert name in WORDS
