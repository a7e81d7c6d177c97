"""Functions, arguments and gradients of other libraries."""

from __future__ import annotations

import importlib
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodiff import CoercionError, GradientMismatchError, UnresolvedGradientError, check_gradients, sin


class Tensor:
    """What this library knows of tensors: their shape and numbers, and how to make another one."""

    def __init__(self, listed: Any) -> None:
        self._array = np.array(listed, dtype=np.float32)
        self.shape = self._array.shape

    def tolist(self) -> Any:
        return self._array.tolist()

    def new_tensor(self, listed: Any) -> Tensor:
        return Tensor(listed)

    def sin(self) -> Tensor:
        return Tensor(np.sin(self._array))

    def cos(self) -> Tensor:
        return Tensor(np.cos(self._array))


@pytest.mark.parametrize("wrap", [Tensor, float, np.float32, np.float64, np.longdouble, np.array])
def test_numbers_of_any_kind_are_taken(wrap: Any) -> None:
    assert check_gradients(np.sin, wrap(0.7), gradient=lambda x: wrap(math.cos(0.7)), tolerance=1e-6).entries == 1
    with pytest.raises(GradientMismatchError):
        check_gradients(np.sin, wrap(0.7), gradient=lambda x: wrap(0.0), tolerance=1e-6)


def test_a_function_gets_tensors_where_it_was_given_some() -> None:
    def total(tree: Any) -> Tensor:
        assert isinstance(tree["w"], Tensor)
        return Tensor(np.sum(tree["w"].sin().tolist()) * tree["scale"])

    def gradient(tree: Any) -> Any:
        inner = tree["w"].cos().tolist()
        return {"w": Tensor(np.array(inner) * tree["scale"]), "scale": np.sum(np.sin(tree["w"].tolist()))}

    tree = {"w": Tensor([[0.5, 1.0]]), "scale": 2.0}
    assert check_gradients(total, tree, gradient=gradient).entries == 3


def test_our_own_derivatives_at_tensors() -> None:
    assert check_gradients(sin, Tensor(0.7)).entries == 2


CULPRITS = {
    "the function under test returned": (lambda x: "text", lambda x: 1.0),
    "the given gradient returned": (math.sin, lambda x: "text"),
}


@pytest.mark.parametrize("culprit", CULPRITS)
def test_an_error_says_who_returned_no_numbers(culprit: str) -> None:
    function, gradient = CULPRITS[culprit]
    with pytest.raises(CoercionError, match=f"{culprit} 'text'; expected numbers"):
        check_gradients(function, 0.7, gradient=gradient)


def _broken(x: Any) -> Any:
    raise RuntimeError("broken")


@pytest.mark.parametrize(
    ("function", "gradient", "culprit"),
    [(_broken, math.cos, "the function under test"), (math.sin, _broken, "the given gradient")],
)
def test_an_error_within_says_whose_it_is(function: Any, gradient: Any, culprit: str) -> None:
    with pytest.raises(RuntimeError, match="broken") as caught:
        check_gradients(function, 0.7, gradient=gradient)
    assert caught.value.__notes__[-1] == f"This was raised by {culprit}."


@pytest.mark.slow
def test_pytest_does_not_show_frames_of_the_library(tmp_path: Path) -> None:
    test = tmp_path / "test_it.py"
    test.write_text(
        "from autodiff import check_gradients\n\n"
        "def test_it():\n    check_gradients(lambda x: x * x, 2.0, gradient=lambda x: 0.0)\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", str(test)]
    shown = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path).stdout
    assert "GradientMismatchError" in shown
    assert "test_it.py:4" in shown
    assert "check.py" not in shown
    assert "comparison.py" not in shown


@pytest.mark.peers
@pytest.mark.parametrize("double", [False, True])
def test_torch(double: bool) -> None:
    torch = pytest.importorskip("torch")
    x = torch.tensor(0.7, dtype=torch.float64 if double else torch.float32, requires_grad=True)

    def gradient(x: Any) -> Any:
        return torch.autograd.grad(torch.sin(x) * x, x)[0]

    assert check_gradients(lambda x: torch.sin(x) * x, x, gradient=gradient).entries == 1
    assert check_gradients(lambda x: torch.sin(torch.tensor(x)), 0.7, gradient=math.cos).entries == 1
    matrix = torch.ones(2, 3, dtype=x.dtype) * 0.3
    assert check_gradients(lambda w: (w**2).sum(), matrix, gradient=lambda w: 2.0 * w).entries == 6
    with pytest.raises(GradientMismatchError):
        check_gradients(lambda x: torch.sin(x) * x, x, gradient=lambda x: torch.zeros(()))


@pytest.mark.peers
def test_jax() -> None:
    jax = pytest.importorskip("jax")
    jnp = importlib.import_module("jax.numpy")

    def function(x: Any) -> Any:
        return jnp.sum(jnp.sin(x) ** 2)

    for x in (jnp.float32(0.7), jnp.array([0.3, 0.4]), 0.7):
        assert check_gradients(function, x, gradient=jax.grad(function)).entries == np.size(x)
        with pytest.raises(GradientMismatchError):
            check_gradients(function, x, gradient=lambda x: 0.0 * x)


SINGLE = {
    "cast": lambda x: float(np.sin(np.float32(x))),
    "a rounded result": lambda x: np.float32(math.sin(x)),
    "half of it in single precision": lambda x: float(np.sin(np.float32(x))) + 0.0 * x + 1e-9 * x,
    "half precision": lambda x: float(np.sin(np.float16(x))),
    "three digits": lambda x: round(math.sin(x), 3),
    "six digits": lambda x: round(math.sin(x), 6),
    "twelve digits": lambda x: round(math.sin(x), 12),
}


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize("point", [0.7, -0.4, 1e-3])
def test_steps_are_wider_than_those_of_the_values(name: str, point: float) -> None:
    function = SINGLE[name]
    assert check_gradients(function, point, gradient=math.cos).entries == 1
    for wrong in (0.0, 1.2 * math.cos(point)):
        with pytest.raises(GradientMismatchError):
            check_gradients(function, point, gradient=lambda x, wrong=wrong: wrong)


HIDDEN = {
    "one digit": lambda x: round(math.sin(x), 1),
    "single precision far from 0": lambda x: np.float32(1e4 + 1e-3 * x),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_resolves_nothing_does_not_pass(name: str) -> None:
    with pytest.raises(
        UnresolvedGradientError, match=r"d result / d args\[0\] cannot be checked: .* moves in steps"
    ) as caught:
        check_gradients(HIDDEN[name], 0.7, gradient=lambda x: 0.0)
    assert isinstance(caught.value, AssertionError)


def _noisy(size: float) -> Any:
    draws = np.random.default_rng(5)
    return lambda x: math.sin(x) + size * draws.standard_normal()


@pytest.mark.parametrize("size", [1e-12, 1e-6])
def test_noise_is_allowed_for(size: float) -> None:
    assert check_gradients(_noisy(size), 0.7, gradient=math.cos).entries == 1
    with pytest.raises(GradientMismatchError):
        check_gradients(_noisy(size), 0.7, gradient=lambda x: 0.0)


def test_noise_that_hides_everything_does_not_pass() -> None:
    with pytest.raises(UnresolvedGradientError, match="noise hides it"):
        check_gradients(_noisy(1.0), 0.7, gradient=math.cos)


FLAT = {
    "a constant": (lambda x: 3.0, 0.7, 0.0),
    "below a kink": (lambda x: max(x - 1.0, 0.0), 1.0 - 1e-9, 0.0),
    "above a kink": (lambda x: max(x - 1.0, 0.0), 1.0 + 1e-9, 1.0),
    "beside a jump": (lambda x: 5.0 if x > 1.0 else 3.0, 1.0 - 1e-9, 0.0),
    "a minimum in single precision": (lambda x: np.float32(math.cos(x)), 0.0, 0.0),
    "a fast wave": (lambda x: math.sin(1e6 * x), 0.1, 1e6 * math.cos(1e5)),
}


@pytest.mark.parametrize("name", FLAT)
def test_what_is_level_is_not_taken_for_steps(name: str) -> None:
    function, point, slope = FLAT[name]
    assert check_gradients(function, point, gradient=lambda x: slope).entries == 1


@pytest.mark.parametrize("point", [1e-297, 1e-300, -1e-310, 5e-324, 1e300, 1e16])
def test_tiny_and_huge_inputs(point: float) -> None:
    assert check_gradients(lambda x: 3.0 * x, point).entries == 2
    assert check_gradients(lambda x: 3.0 * x, point, gradient=lambda x: 3.0).entries == 1
    with pytest.raises(GradientMismatchError):
        check_gradients(lambda x: 3.0 * x, point, gradient=lambda x: 0.0)


@pytest.mark.parametrize("point", [1e-297, 1e-300, -1e-310, 5e-324])
def test_a_slope_below_what_differences_see_is_not_accused(point: float) -> None:
    assert check_gradients(lambda x: x * x, point, gradient=lambda x: 2.0 * x).entries == 1
    assert check_gradients(lambda x: x * x, point).entries == 2


@pytest.mark.parametrize("point", [math.inf, -math.inf, math.nan])
def test_nothing_is_resolved_where_no_difference_can_be_taken(point: float) -> None:
    with pytest.raises(
        UnresolvedGradientError, match=r"args\[0\]\[1\] is -?(inf|nan), where no difference can be taken"
    ):
        check_gradients(lambda p: p[0] * 2.0, [1.0, point])
    with pytest.raises(UnresolvedGradientError, match="args"):
        check_gradients(math.atan, point, gradient=lambda x: 0.0)
