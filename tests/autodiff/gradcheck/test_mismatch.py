"""An error tells where the derivative is, what each side says, and what is odd about the function there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autodiff import (
    GradientMismatchError,
    check_gradients,
    floor,
    log,
    maximum,
    relu,
    sqrt,
)
from autodiff.errors import AutodiffError
from tests.autodiff.gradcheck.planted import WRONG_DOUBLE, WRONG_SIN


def _planted_loss(p: Any) -> Any:
    return {"loss": [p["w"][1, 2] + WRONG_DOUBLE(p["w"][0, 1])]}


def test_an_error_names_input_numbers_and_size() -> None:
    with pytest.raises(GradientMismatchError) as caught:
        check_gradients(_planted_loss, {"w": np.ones((2, 3))}, complex_step=False)
    text = str(caught.value)
    assert text.startswith("d result['loss'][0] / d args[0]['w'][0, 1] is 2.00002")
    for part in (
        "by reverse",
        "but 2.0 by central differences with steps down to",
        "1e-05 relative",
        "ulp",
        "forward: 2.00002",
    ):
        assert part in text, part
    assert isinstance(caught.value, AssertionError)
    assert isinstance(caught.value, AutodiffError)


def test_an_error_counts_what_disagrees() -> None:
    with pytest.raises(GradientMismatchError, match="3 derivatives disagree here; this is the worst"):
        check_gradients(lambda x: [WRONG_SIN(entry) for entry in x], [0.1, 0.2, 0.3])


def _flickering() -> Callable[[Any], Any]:
    draws = np.random.default_rng(1)
    return lambda x: x + 1e-3 * draws.standard_normal()


ODD: dict[str, tuple[Callable[[Any], Any], float, str]] = {
    "a kink": (relu, 0.0, r"result has a kink within .* its slope is 0 below and 1 above"),
    "a kink of a maximum": (
        lambda x: maximum(maximum(2.0 * x, 6.0), 6.0),
        3.0,
        r"kink within .* its slope is 0 below and 2 above",
    ),
    "a kink of the slope": (lambda x: x * relu(x), 0.0, r"d result / d args\[0\] has a kink"),
    "a jump": (floor, 1.0, r"which do not settle, .*\n(.*\n)*.*result has a jump or noise"),
    "a jump of the slope": (abs, 0.0, r"d result / d args\[0\] has a jump"),
    "the edge of a domain": (sqrt, 0.0, r"result, here 0.0, is not finite on both sides"),
    "outside a domain": (log, -1.0, r"result, here nan, is not finite"),
    "randomness": (_flickering(), 1.0, r"fix the seed of anything random"),
}


@pytest.mark.parametrize("name", ODD)
def test_an_error_tells_what_is_odd(name: str) -> None:
    function, point, remark = ODD[name]
    with pytest.raises(GradientMismatchError, match=remark):
        check_gradients(function, point)


def test_a_smooth_mismatch_has_no_remarks() -> None:
    with pytest.raises(GradientMismatchError) as caught:
        check_gradients(lambda x: WRONG_SIN(x), 0.5)
    assert caught.value.disagreement.remarks == ()
