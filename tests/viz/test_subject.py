"""Reading a subject: a Value, or a model with data whose parameters keep their gradients."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

import nn
from autodiff import Value, no_grad, topological_order
from autodiff.errors import CoercionError, OptionTypeError, ShapeError
from viz.subject import read_subject
from viz.sweep import one_sweep

XOR = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]


def _model() -> nn.MLP:
    return nn.MLP(2, [3, 1], activation="tanh", rng=1)


def test_a_value_is_read_as_it_stands() -> None:
    x = Value(3.0, label="x")
    y = x * x
    assert not read_subject(y).swept
    y.backward()
    seen = read_subject(y)
    assert seen.swept
    assert seen.root is y
    assert seen.gradients == {x: 6.0, y: 1.0}
    assert not seen.records


def test_one_sweep_is_one_sweep_whatever_the_leaves_hold() -> None:
    x = Value(3.0)
    y = x * x
    y.backward()
    y.backward()
    seen = read_subject(y)
    assert seen.gradients[x] == 12.0
    assert seen.one_sweep[x] == 6.0


def test_a_stale_graph_can_be_looked_at() -> None:
    x = Value(3.0)
    y = x * x
    x.data = 4.0
    assert one_sweep(topological_order(y))[x] == 8.0


def test_a_models_gradients_are_those_of_backward_and_its_own_stay() -> None:
    model, twin = _model(), _model()
    for parameter in model.parameters():
        parameter.grad = 7.0
    seen = read_subject(model, *XOR, loss=nn.mse)
    nn.mse([twin(row) for row in XOR[0]], XOR[1]).backward()
    assert [seen.gradients[p] for p in model.parameters()] == pytest.approx([p.grad for p in twin.parameters()])
    assert all(p.grad == 7.0 for p in model.parameters())


def test_records_have_named_inputs_of_their_own_and_their_loss() -> None:
    seen = read_subject(_model(), *XOR, loss=nn.mse)
    assert [[leaf.data for leaf in record.inputs] for record in seen.records] == XOR[0]
    assert [leaf.label for leaf in seen.records[2].inputs] == ["x1", "x2"] == list(seen.features)
    losses = [record.loss for record in seen.records if record.loss is not None]
    assert math.fsum(losses) / 4 == pytest.approx(seen.root.data)
    assert seen.loss_name == "mse"


def test_every_node_that_one_record_made_is_known() -> None:
    seen = read_subject(_model(), *XOR, loss=nn.mse)
    counts = [list(seen.record_of.values()).count(place) for place in range(4)]
    assert len(set(counts)) == 1
    assert seen.root not in seen.record_of
    assert all(seen.record_of[record.outputs[0]] == place for place, record in enumerate(seen.records))


@pytest.mark.parametrize(
    "features",
    [
        pd.DataFrame({"gre": [1.0, 2.0], "gpa": [3.0, 4.0]}, index=[24, 25]),
        pd.DataFrame({"gre": [1.0, 2.0], "gpa": [3.0, 4.0]}, index=["24", "25"]).astype(object),
    ],
)
def test_a_data_frame_names_features_and_records(features: Any) -> None:
    seen = read_subject(_model(), features, pd.Series([0.0, 1.0]), loss=nn.mse)
    assert seen.features == ("gre", "gpa")
    assert [record.name for record in seen.records] == ["24", "25"]


@pytest.mark.parametrize("features", [[0.5, 2.0], np.array([0.5, 2.0]), pd.Series([0.5, 2.0]), [[0.5, 2.0]]])
@pytest.mark.parametrize("target", [1.0, [1.0], np.array([[1.0]])])
def test_one_record_may_be_written_flat(features: Any, target: Any) -> None:
    seen = read_subject(_model(), features, target, loss=nn.mse)
    assert len(seen.records) == 1
    assert seen.records[0].target == 1.0


def test_several_outputs_take_several_targets() -> None:
    model = nn.MLP(2, [3, 2], rng=0)
    seen = read_subject(model, [0.5, 2.0], [1.0, 0.0], loss=nn.mse)
    assert len(seen.records[0].outputs) == 2
    with pytest.raises(ShapeError, match="2 outputs and each record 1 targets"):
        read_subject(model, [0.5, 2.0], 1.0, loss=nn.mse)


def test_values_may_be_inputs_and_recording_may_be_off() -> None:
    x = Value(0.5, label="mine")
    with no_grad():
        seen = read_subject(_model(), [x, 1.0], 1.0, loss=nn.mse)
    assert seen.records[0].inputs[0] is x
    assert x.grad == 0.0
    assert seen.gradients[x] != 0.0


def test_without_a_loss_the_single_output_is_the_root() -> None:
    seen = read_subject(_model(), [0.5, 2.0])
    assert seen.root is seen.records[0].outputs[0]


@pytest.mark.parametrize(
    ("arguments", "loss", "error", "message"),
    [
        ((3.0,), None, CoercionError, "wrap a number as Value"),
        (([Value(1.0)],), None, CoercionError, "draw one of them"),
        ((Value(1.0), [1.0]), None, OptionTypeError, "graph already"),
        ((_model(),), nn.mse, OptionTypeError, "features and targets"),
        ((_model(), *XOR), None, OptionTypeError, "give a loss"),
        ((_model(), XOR[0]), nn.mse, OptionTypeError, "give targets"),
        ((_model(), *XOR), "mse", OptionTypeError, "such as nn.mse"),
        ((_model(), XOR[0]), None, OptionTypeError, "4 records of 1 outputs"),
        ((_model(), XOR[0], [1.0]), nn.mse, ShapeError, "4 records"),
        ((_model(), [[1.0], [1.0, 2.0]], [1.0, 2.0]), nn.mse, ShapeError, "unequal"),
        ((_model(), [], []), nn.mse, ShapeError, "empty"),
        ((_model(), [["a", 1.0]], [1.0]), nn.mse, CoercionError, "'a'"),
        ((_model(), XOR[0], XOR[1]), lambda p, t: 1.0, CoercionError, "no Value"),
    ],
)
def test_refusals_name_the_remedy(arguments: Any, loss: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read_subject(*arguments, loss=loss)
