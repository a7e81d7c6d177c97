import itertools
import math

import mpmath
import numpy as np
import pytest

from autodiff import Value
from autodiff.errors import ShapeError
from nn import LOSSES, DataError, OptionTypeError, UnknownNameError, log_loss, mse, sse
from nn.losses import loss_function

PREDICTIONS, TARGETS = [0.9, 0.2, 0.6], [1.0, 0.0, 0.25]
CROSS_ENTROPY = -(math.log(0.9) + math.log(0.8) + 0.25 * math.log(0.6) + 0.75 * math.log(0.4)) / 3

CLOSED_FORMS = [
    (sse, 0.1**2 + 0.2**2 + 0.35**2, [-0.2, 0.4, 0.7]),
    (mse, (0.1**2 + 0.2**2 + 0.35**2) / 3, [-0.2 / 3, 0.4 / 3, 0.7 / 3]),
    (log_loss, CROSS_ENTROPY, [-1 / 0.9 / 3, 1 / 0.8 / 3, (0.75 / 0.4 - 0.25 / 0.6) / 3]),
]


@pytest.mark.parametrize(("loss", "number", "slopes"), CLOSED_FORMS)
def test_closed_forms(loss, number, slopes):
    predictions = [Value(p) for p in PREDICTIONS]
    out = loss(predictions, TARGETS)
    out.backward()
    assert out.data == pytest.approx(number, rel=1e-14)
    assert [p.grad for p in predictions] == pytest.approx(slopes, rel=1e-13)


def test_every_named_loss_has_a_closed_form():
    assert {loss for loss, _, _ in CLOSED_FORMS} == set(LOSSES.values())


LOGITS = [-3.0, -0.5, 0.0, 2.0]


@pytest.mark.parametrize(
    ("loss", "points"),
    [
        (sse, LOGITS),
        (mse, LOGITS),
        (log_loss, [0.1, 0.4, 0.5, 0.9]),
        (lambda p, t: log_loss(p, t, from_logits=True), LOGITS),
    ],
)
def test_slopes_against_finite_differences(loss, points):
    targets, h = [0.0, 1.0, 0.3, 1.0], 1e-5
    predictions = [Value(p) for p in points]
    loss(predictions, targets).backward()
    for k, prediction in enumerate(predictions):
        up, down = ([p + sign * h * (j == k) for j, p in enumerate(points)] for sign in (1, -1))
        assert prediction.grad == pytest.approx((loss(up, targets) - loss(down, targets)) / (2 * h), rel=1e-8)


def test_slopes_along_targets():
    target = Value(2.0)
    mse([5.0, 1.0], [target, 1.0]).backward()
    assert target.grad == -3.0


KINDS = [
    lambda xs: xs,
    tuple,
    np.array,
    lambda xs: [Value(x) for x in xs],
    lambda xs: np.array([Value(x) for x in xs]),
    lambda xs: [np.float64(x) for x in xs],
]


@pytest.mark.parametrize(("one", "other"), [*itertools.product(KINDS, KINDS)])
@pytest.mark.parametrize(("loss", "number"), [(loss, number) for loss, number, _ in CLOSED_FORMS])
def test_kinds_of_argument(loss, number, one, other):
    out = loss(one(PREDICTIONS), other(TARGETS))
    assert (out.data if isinstance(out, Value) else out) == pytest.approx(number, rel=1e-14)


def test_one_number_and_matrices():
    assert mse(Value(3.0), 1).data == 4.0
    assert mse([[1, 2], [3, 4]], np.zeros((2, 2))) == 7.5
    assert sse([[Value(1.0), Value(2.0)]], [[0, 0]]).data == 5.0


def test_datacamp_mean_squared_errors():
    targets = [1, 3, 5, 7]
    assert mse([9, 9, 0, 12], targets) == 37.5
    assert mse([9.75, 10.0, 0, 14.0], targets) == 49.890625


@pytest.mark.parametrize("certain", [0.0, 1.0])
def test_certain_and_right_costs_nothing(certain):
    prediction = Value(certain)
    out = log_loss(prediction, certain)
    out.backward()
    assert str(out.data) == "0.0"
    assert prediction.grad == (-1.0 if certain else 1.0)


@pytest.mark.parametrize("certain", [0.0, 1.0])
def test_certain_and_wrong_costs_everything(certain):
    assert log_loss(Value(certain), 1.0 - certain).data == math.inf


@pytest.mark.parametrize("target", [0.0, 1.0])
@pytest.mark.parametrize("logit", [-1000.0, -700.0, -40.0, -1.0, 0.0, 1e-9, 3.0, 40.0, 700.0, 1000.0])
def test_logits_keep_full_precision(logit, target):
    with mpmath.workdps(700):  # exp(-1000) beside 1
        chance = 1 / (1 + mpmath.exp(-mpmath.mpf(logit)))
        exact = float(-mpmath.log(chance if target else 1 - chance))
        slope = float(chance - target)
    z = Value(logit)
    out = log_loss(z, target, from_logits=True)
    out.backward()
    assert out.data == pytest.approx(exact, rel=1e-15)
    assert z.grad == pytest.approx(slope, rel=1e-15)


@pytest.mark.parametrize("loss", list(LOSSES.values()))
@pytest.mark.parametrize(
    ("predictions", "targets", "message"),
    [
        ([1, 0], [1, 0, 1], r"predictions of shape \(2,\) and targets of shape \(3,\)"),
        ([1, 0], [[1], [0]], r"\(2,\) and targets of shape \(2, 1\)"),
        (0.5, [0.5], r"\(\) and targets of shape \(1,\)"),
        ([], [], "at least one prediction"),
        ([[1, 0], [1]], [1, 0], "the rows of the predictions have different lengths"),
        ([1, 0], [[Value(1)], [1, 0]], "the rows of the targets have different lengths"),
    ],
)
def test_shapes_that_do_not_fit(loss, predictions, targets, message):
    with pytest.raises(ShapeError, match=message):
        loss(predictions, targets)


@pytest.mark.parametrize("target", [-1, 2.0, np.float64(1.5), math.nan])
def test_log_loss_refuses_targets_that_are_no_probabilities(target):
    with pytest.raises(DataError, match=f"targets between 0 and 1, got {target}"):
        log_loss([Value(0.5), Value(0.5)], [1, target])


def test_names():
    assert loss_function("mse") is mse
    assert loss_function(log_loss) is log_loss
    with pytest.raises(UnknownNameError, match="'mae'; known are log_loss, mse, sse"):
        loss_function("mae")
    with pytest.raises(OptionTypeError, match="a name or a function"):
        loss_function(None)
