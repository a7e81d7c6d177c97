"""The size policy: what a large graph looks like, that every node is counted, and that layouts end."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff as ad
from autodiff import Value, scope
from tests.viz.graphs import chain, network
from tests.viz.structure import parsed
from viz import draw
from viz.drawing import folding, sketch
from viz.drawing.ranks import total_reach
from viz.drawing.sketch import Edge, Sketch, Vertex
from viz.subject import read_subject

NOTE = re.compile(r"([\d,]+) of ([\d,]+) nodes are folded into ([\d,]+)")


def counted(picture) -> tuple[int, int, int]:
    folded, total, groups = NOTE.search(picture.source).groups()
    return tuple(int(number.replace(",", "")) for number in (folded, total, groups))


def test_up_to_300_nodes_everything_is_written():
    picture = draw(chain(299))
    assert picture.source.count("data ") == 2 * 300  # in labels and in tooltips
    assert "folded" not in picture.source
    assert "hover" not in picture.source


def test_up_to_1500_nodes_titles_are_written_and_the_rest_is_on_hover():
    picture = draw(chain(1000))
    assert len(re.findall(r"^\tn\d+ \[label=(sin|x)\b", picture.source, re.MULTILINE)) == 1001
    assert picture.source.count("data ") == 1001
    assert picture.source.count("slope × upstream") == 2 * 1000 + 1  # tooltips of edge and label, and the legend
    assert "1,001 nodes: numbers are shown on hover" in picture.source
    assert "folded" not in picture.source


def test_beyond_1500_nodes_the_graph_is_folded_and_says_so():
    picture = parsed(draw(chain(1600)))
    assert len(picture.nodes) <= 300
    (rest,) = picture.titled("the rest")
    assert counted(draw(chain(1600))) == (1601 - len(picture.nodes) + 1, 1601, 1)
    assert f"{1601 - len(picture.nodes) + 1:,} nodes" in picture.nodes[rest]["label"]


def test_neurons_are_folded_first():
    picture = draw(network([2, 16, 16, 1], records=10))
    structure = parsed(picture)
    folded, total, groups = counted(picture)
    assert groups == 33
    assert len(structure.titled("neuron 16")) == 2
    # Outside of the neurons: two inputs, difference and power for each record, the mean, and 1 and 2, which are shared.
    assert total - folded == 10 * 4 + 1 + 2 == len(structure.nodes) - groups
    assert {cluster["label"] for cluster in structure.clusters.values()} == {"layer 1", "layer 2", "layer 3"}


def test_then_layers():
    picture = parsed(draw(network([2, 16, 16, 1]), max_nodes=20))
    assert len(picture.titled("layer 1")) == len(picture.titled("layer 2")) == 1
    assert not picture.titled("neuron 1")
    assert len(picture.nodes) <= 20


def test_then_records_one_upon_the_other():
    picture = parsed(draw(network([2, 2, 1], records=40), max_nodes=20))
    (power,) = picture.titled("^")
    assert "40 nodes" in picture.nodes[power]["label"]
    (inputs,) = picture.titled("input")
    assert "80 nodes" in picture.nodes[inputs]["label"]


def test_the_root_is_never_folded():
    with scope("all"):
        root = network([2, 4, 1], records=3, scoped=False)
    (name,) = parsed(draw(root, max_nodes=2)).titled("loss (mean)")
    assert name == "n1"


def test_a_folded_node_shows_its_largest_gradient():
    a, b = Value(1.0), Value(2.0)
    with scope("part"):
        inner = a * 3.0 + b * -5.0
    root = inner * 2.0
    root.backward()
    picture = parsed(draw(root, max_nodes=5))
    (part,) = picture.titled("part")
    assert picture.nodes[part]["label"] == "part\\n5 nodes\\npeak grad 2"
    assert picture.nodes[part]["shape"] == "box3d"


def test_folded_edges_are_counted():
    x = Value(1.0, label="x")
    with scope("part"):
        inner = ad.sum([x * 2.0, x * 3.0, x * 4.0])
    root = inner + 1.0
    root.backward()
    picture = parsed(draw(root, max_nodes=5))
    (part,) = picture.titled("part")
    (edge,) = picture.between("n0", part)
    assert edge["label"].strip() == "×3"
    assert edge["tooltip"] == "3 edges, folded\\nsum of |slope × upstream| 9.0"


def test_many_edges_between_two_nodes_are_one_and_counted():
    x = Value(1.0, label="x")
    root = ad.sum([x] * 20_000)
    picture = parsed(draw(root))
    (edge,) = picture.between("n0", "n1")
    assert edge["label"].strip() == "×20,000"


def random_sketch(rng: random.Random, size: int) -> Sketch:
    scopes = [(), ("a",), ("a", "b"), ("a", "c"), ("d", "e", "f"), ("rest",)]
    vertices = [
        Vertex("operation", rng.choice("xyz"), rng.choice("xyz"), scope=rng.choice(scopes)) for _ in range(size)
    ]
    edges = [Edge(rng.randrange(head), head) for head in range(1, size) for _ in range(rng.randrange(1, 4))]
    return Sketch(vertices, edges, swept=False, total=size)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(2, 120), st.integers(2, 40))
def test_nothing_is_dropped(rng, size, limit):
    whole = random_sketch(rng, size)
    folded = folding.fold(whole, limit)
    assert len(folded.vertices) <= max(limit, 1)
    assert sum(vertex.nodes for vertex in folded.vertices) == size
    assert folded.root is whole.root
    assert folded.folded == sum(v.nodes for v in folded.vertices if v.role == "folded")
    assert all(edge.tail != edge.head for edge in folded.edges)
    pairs = [(edge.tail, edge.head) for edge in folded.edges]
    assert len(pairs) == len(set(pairs))


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 60))
def test_folding_into_groups_of_one_changes_nothing_but_parallel_edges(rng, size):
    whole = random_sketch(rng, size)
    same = folding.merged(whole, range(size))
    assert same.vertices == whole.vertices
    assert sum(edge.edges for edge in same.edges) == len(whole.edges)
    assert same.folded == 0


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ([(0, 1), (1, 2)], 2),
        ([(0, 1), (1, 2), (0, 2)], 1 + 1 + 2),
        ([(0, 2), (1, 2)], 2),
        ([(0, 1), (1, 2), (2, 1)], 3),  # against the order
        ([(1, 2), (2, 3), (0, 3)], 3),  # a leaf stands right before its user
        ([], 0),
    ],
)
def test_reach(edges, expected):
    vertices = [Vertex("operation", "x")] * 4
    assert total_reach(Sketch(vertices, [Edge(*pair) for pair in edges], swept=False)) == expected


def test_long_edges_count_too():
    rng = random.Random(0)
    pool = [Value(rng.random())]
    for _ in range(700):
        pool.append(pool[-1] * rng.choice(pool))
    whole = sketch.read(read_subject(ad.sum(pool)))
    assert len(whole.vertices) < 1500
    assert not folding.fits(whole, 1500)


def test_a_graph_of_5000_nodes_is_laid_out_in_seconds():
    root = chain(5000)
    start = time.perf_counter()
    picture = draw(root)
    assert b"<svg" in picture.pipe("svg")
    assert time.perf_counter() - start < 20.0


@pytest.mark.slow
def test_a_chain_of_100_000_nodes_is_drawn_in_outline():
    picture = draw(chain(100_000))
    assert counted(picture)[1] == 100_001
    assert len(picture.source) < 1_000_000


def test_folds_of_folds_count_every_node_and_edge_once() -> None:
    y = chain = Value(0.5, label="x")
    for _ in range(300):
        chain = chain * 1.01 + y
    chain.backward()
    whole = sketch.read(read_subject(chain))
    for most in (40, 8, 3):
        folded = folding.fold(whole, most, page=True)
        assert sum(vertex.nodes for vertex in folded.vertices) == len(whole.vertices)
        assert folded.folded == len(whole.vertices) - sum(vertex.role != "folded" for vertex in folded.vertices)
        inner = {edge for edge in folded.edges if edge.edges > 1}
        assert sum(edge.edges for edge in folded.edges) <= len(whole.edges)
        assert inner
