"""A drawn program has every block and every step of the printed one."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff
import viz
from autodiff import Value


@pytest.fixture(scope="module")
def program():
    weights = [Value(0.5, label="w1"), Value(-1.0, label="w2")]
    compiled = autodiff.compile(lambda x, y: (autodiff.dot(weights, x) - y) ** 2, batched=(0, 1))
    compiled.backward(np.ones((3, 2)), np.zeros(3))
    return compiled.program


def test_every_block_is_a_node_and_every_read_an_edge(program):
    source = viz.draw(program, direction="TB").source
    assert "rankdir=TB" in source
    for number in range(len(program.blocks)):
        assert f"\tb{number} [" in source
    for step in program.steps:
        for block in {read.block for read in step.reads if hasattr(read, "block")}:
            assert f"b{block} -> b{step.out}" in source


def test_results_have_a_double_border_and_shapes_are_told(program):
    source = viz.draw(program).source
    results = {read.block for output in program.outputs for _, read in output.parts}
    assert source.count("peripheries=2") == len(results) > 0
    assert "2 × records" in source


def test_renders(program):
    assert b"<svg" in viz.draw(program).pipe(format="svg")


def test_other_things_are_refused():
    with pytest.raises(viz.DrawingTypeError, match="a Value or a Program, got int"):
        viz.draw(3)
