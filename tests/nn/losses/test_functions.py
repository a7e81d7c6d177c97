import itertools
import math

import mpmath
import numpy as np
import pytest

from autodiff import Value
from autodiff.errors import ShapeError
from nn import (
    LOSSES,
    DataError,
    OptionError,
    OptionTypeError,
    cross_entropy,
    hinge,
    huber,
    log_loss,
    log_loss_from_logits,
    mae,
    mse,
    one_hot,
    sse,
)
from nn.losses.functions import loss_function

PREDICTIONS, TARGETS = [0.9, 0.2, 0.6], [1.0, 0.0, 0.25]
CROSS_ENTROPY = -(math.log(0.9) + math.log(0.8) + 0.25 * math.log(0.6) + 0.75 * math.log(0.4)) / 3


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


LOGIT_LOSS = (math.log1p(math.exp(-0.9)) + math.log1p(math.exp(0.2)) + math.log1p(math.exp(0.6)) - 0.25 * 0.6) / 3
LOGIT_SLOPES = [(sigmoid(0.9) - 1) / 3, sigmoid(0.2) / 3, (sigmoid(0.6) - 0.25) / 3]

CLOSED_FORMS = [
    (sse, 0.1**2 + 0.2**2 + 0.35**2, [-0.2, 0.4, 0.7]),
    (mse, (0.1**2 + 0.2**2 + 0.35**2) / 3, [-0.2 / 3, 0.4 / 3, 0.7 / 3]),
    (log_loss, CROSS_ENTROPY, [-1 / 0.9 / 3, 1 / 0.8 / 3, (0.75 / 0.4 - 0.25 / 0.6) / 3]),
    (log_loss_from_logits, LOGIT_LOSS, LOGIT_SLOPES),
    (mae, (0.1 + 0.2 + 0.35) / 3, [-1 / 3, 1 / 3, 1 / 3]),
    (huber, (0.1**2 + 0.2**2 + 0.35**2) / 6, [-0.1 / 3, 0.2 / 3, 0.35 / 3]),
]
OF_OWN_TARGETS = {hinge, cross_entropy}
"""Their closed forms stand below: targets are -1 and 1, and classes."""


@pytest.mark.parametrize(("loss", "number", "slopes"), CLOSED_FORMS)
def test_closed_forms(loss, number, slopes):
    predictions = [Value(p) for p in PREDICTIONS]
    out = loss(predictions, TARGETS)
    out.backward()
    assert out.data == pytest.approx(number, rel=1e-14)
    assert [p.grad for p in predictions] == pytest.approx(slopes, rel=1e-13)


def test_every_named_loss_has_a_closed_form():
    assert {loss for loss, _, _ in CLOSED_FORMS} | OF_OWN_TARGETS == set(LOSSES.values())


LOGITS = [-3.0, -0.5, 0.0, 2.0]


@pytest.mark.parametrize(
    ("loss", "points"),
    [
        (sse, LOGITS),
        (mse, LOGITS),
        (mae, LOGITS),
        (huber, LOGITS),
        (lambda p, t: huber(p, t, delta=0.4), LOGITS),
        (lambda p, t: hinge(p, [-1, 1, -1, 1]), LOGITS),
        (cross_entropy, LOGITS),
        (log_loss, [0.1, 0.4, 0.5, 0.9]),
        (lambda p, t: log_loss(p, t, from_logits=True), LOGITS),
    ],
)
def test_slopes_against_finite_differences(loss, points):
    targets, h = [0.0, 0.3, 0.1, 0.6], 1e-5
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


@pytest.mark.parametrize("loss", [loss for loss in LOSSES.values() if loss is not cross_entropy])
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
    with pytest.raises(OptionError, match=r"'mea'; known are cross_entropy, hinge, .*mae, mse, sse"):
        loss_function("mea")
    with pytest.raises(OptionTypeError, match="a name or a function"):
        loss_function(None)


def test_hinge_counts_what_lies_within_the_margin():
    predictions = [Value(p) for p in (2.0, 0.25, -0.5)]
    out = hinge(predictions, [1, 1, -1])
    out.backward()
    assert out.data == pytest.approx((0.0 + 0.75 + 0.5) / 3, rel=1e-15)
    assert [p.grad for p in predictions] == pytest.approx([0.0, -1 / 3, 1 / 3], rel=1e-15)


@pytest.mark.parametrize(("error", "cost"), [(0.5, 0.125), (1.0, 0.5), (3.0, 2.5), (-7.0, 6.5)])
def test_huber_is_linear_beyond_delta(error, cost):
    prediction = Value(error)
    out = huber(prediction, 0.0)
    out.backward()
    assert out.data == cost
    assert prediction.grad == max(-1.0, min(error, 1.0))


ROWS = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, 3.0]])
SOFTMAX = np.exp(ROWS) / np.exp(ROWS).sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    "targets", [[2, 0], np.array([2, 0]), [2.0, 0.0], one_hot([2, 0], 3), one_hot([2, 0], 3).tolist()]
)
def test_cross_entropy_is_minus_the_logarithm_of_softmax(targets):
    logits = [[Value(z) for z in row] for row in ROWS]
    out = cross_entropy(logits, targets)
    out.backward()
    assert out.data == pytest.approx(-(math.log(SOFTMAX[0, 2]) + math.log(SOFTMAX[1, 0])) / 2, rel=1e-15)
    slopes = (SOFTMAX - [[0, 0, 1], [1, 0, 0]]) / 2
    np.testing.assert_allclose([[z.grad for z in row] for row in logits], slopes, rtol=1e-13)


def test_cross_entropy_of_one_record_and_of_shares():
    assert cross_entropy([0.0, 0.0], 1) == pytest.approx(math.log(2), rel=1e-15)
    assert cross_entropy([0.0, math.log(3)], [0.5, 0.5]) == pytest.approx(
        -0.5 * (math.log(0.25) + math.log(0.75)), rel=1e-15
    )


@pytest.mark.parametrize("logit", [-1000.0, -40.0, 0.0, 40.0, 1000.0])
def test_cross_entropy_does_not_overflow(logit):
    assert cross_entropy([logit, 0.0], [0.0, 1.0]) == pytest.approx(max(logit, 0.0) + math.log1p(math.exp(-abs(logit))))


@pytest.mark.parametrize(
    ("targets", "error", "message"),
    [
        ([0, 3], DataError, "integers from 0 to 2, got 3 at row 1; nn.one_hot"),
        ([0, -1], DataError, "got -1 at row 1"),
        ([0.5, 1], DataError, "got 0.5 at row 0"),
        (["a", "b"], DataError, "got 'a' at row 0; nn.one_hot"),
        ([0, 1, 2], DataError, None),
        ([[1, 0], [0, 1]], ShapeError, "a row of nn.one_hot"),
        ([[1, 1, 0], [0, 1, 0]], DataError, r"sum to 1 for each record, got \[1, 1, 0\], which sum to 2"),
        ([[2, -1, 0], [0, 1, 0]], DataError, "probabilities that sum to 1"),
    ],
)
def test_targets_that_cross_entropy_refuses(targets, error, message):
    with pytest.raises(error if message else ShapeError, match=message):
        cross_entropy(ROWS, targets)


@pytest.mark.parametrize("logits", [[], [[]], 1.0, np.zeros((1, 1, 2))])
def test_cross_entropy_needs_logits_of_records(logits):
    with pytest.raises(ShapeError, match="shape"):
        cross_entropy(logits, [0])


@pytest.mark.parametrize("target", [0, 0.5, 2, math.nan])
def test_hinge_refuses_other_targets(target):
    with pytest.raises(DataError, match=r"targets of -1 and 1, got .*2·label - 1"):
        hinge([0.5, 0.5], [1, target])


@pytest.mark.parametrize("delta", [0.0, -1.0, math.nan])
def test_huber_refuses_a_delta(delta):
    with pytest.raises(OptionError, match="delta above 0"):
        huber([1.0], [0.0], delta=delta)


@pytest.mark.parametrize("prediction", [-0.25, 1.5])
@pytest.mark.parametrize("kind", [float, Value])
def test_log_loss_names_the_remedy_for_linear_outputs(prediction, kind):
    with pytest.raises(DataError, match=r"prediction (-0.25|1.5): .* linear; .*sigmoid.*log_loss_from_logits"):
        log_loss([kind(0.5), kind(prediction)], [1.0, 0.0])
