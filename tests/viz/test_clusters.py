"""Frames around layers and neurons."""

from __future__ import annotations

from autodiff import Value, scope
from tests.viz.graphs import network
from tests.viz.structure import parsed
from viz import draw


def test_neurons_stand_in_their_layers():
    picture = parsed(draw(network([2, 2, 1])))
    by_label = {}
    for cluster in picture.clusters.values():
        by_label.setdefault(cluster["label"], []).append(cluster)
    assert {label: len(found) for label, found in by_label.items()} == {
        "layer 1": 1, "layer 2": 1, "neuron 1": 2, "neuron 2": 1,
    }  # fmt: skip
    (first,), (second,) = by_label["layer 1"], by_label["layer 2"]
    assert {picture.clusters[name]["label"] for name in first["inner"]} == {"neuron 1", "neuron 2"}
    assert [picture.clusters[name]["label"] for name in second["inner"]] == ["neuron 1"]
    # A neuron of two inputs: two weights, a bias, two products, a sum and a tanh.
    assert {len(picture.clusters[name]["members"]) for name in first["inner"]} == {7}
    outside = picture.nodes.keys() - first["members"] - second["members"]
    assert {picture.nodes[name]["label"].split("\\n")[0] for name in outside} == {
        "x1", "x2", "−", "^", "1", "2", "loss (mean)",
    }  # fmt: skip


def test_a_constant_stands_with_the_operation_that_uses_it():
    x = Value(3.0)
    with scope("layer 1"):
        y = x * 5.0
    picture = parsed(draw(y))
    (cluster,) = picture.clusters.values()
    assert cluster["members"] == {*picture.titled("5"), *picture.titled("×")}


def test_equal_names_in_different_places_are_different_frames():
    x = Value(3.0)
    for name in ("a", "b"):
        with scope(name), scope("same"):
            x = x * x
    clusters = parsed(draw(x)).clusters
    assert [cluster["label"] for cluster in clusters.values()].count("same") == 2


def test_a_scope_may_have_any_name():
    x = Value(3.0)
    with scope('<b>"\\'), scope(""), scope("a / b"):
        x = x * x
    assert len(parsed(draw(x)).clusters) == 3


def test_frames_nest_deeply():
    x = Value(3.0)
    scopes = [scope(f"level {depth}") for depth in range(60)]
    for each in scopes:
        each.__enter__()
    x = x * x
    for each in reversed(scopes):
        each.__exit__(None, None, None)
    assert len(parsed(draw(x)).clusters) == 60
