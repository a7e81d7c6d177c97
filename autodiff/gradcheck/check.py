"""check_gradients: every mode against differences, against the complex step, and against every other."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from autodiff.argnums import ArgNums
from autodiff.errors import OptionError, ShapeError
from autodiff.gradcheck.claims import Claim, claims, derivative, given_claim
from autodiff.gradcheck.comparison import Comparison
from autodiff.gradcheck.complex_step import analytic, complex_slopes
from autodiff.gradcheck.foreign import is_foreign, leaves_of
from autodiff.gradcheck.mismatch import UnresolvedGradientError
from autodiff.gradcheck.reference import Reference, by_differences, sharpened
from autodiff.gradcheck.report import GradientReport
from autodiff.gradcheck.rounding import rounding_bounds
from autodiff.gradcheck.subject import Evaluate, Subject, on_floats, subject_of
from autodiff.jacobians import Mode
from autodiff.recording import record_call
from autodiff.rules import STAIRCASES
from autodiff.value import Value


def check_gradients(
    function: Callable[..., Any],
    *args: Any,
    order: int = 2,
    modes: Sequence[Mode] = ("reverse", "forward"),
    argnums: ArgNums | None = None,
    gradient: Callable[..., Any] | None = None,
    complex_step: bool = True,
    tolerance: float = 0.0,
) -> GradientReport:
    """Check derivatives of a function, up to an order, against differences and against each other.

    First derivatives are compared with central differences of the function, and with the complex step where it takes
    complex numbers; derivatives of each higher order with central differences of the order below; and every nesting of
    `modes` with every other. Steps suit the scale of each input, the error of a difference is estimated from several
    steps, and the rounding error of a derivative is bounded from its graph. The check fails if a difference exceeds the
    estimated truncation and rounding error plus `tolerance`.

    Parameters
    ----------
    function : callable
        Arguments and results are those of transforms: numbers in tuples, lists, dicts and arrays; tensors and arrays of
        other libraries, such as PyTorch and JAX, too.
    *args
        The point, all of it finite.
    order : int
        The highest order, at least 1.
    modes : sequence of {"reverse", "forward"}
        The modes to compare.
    argnums : int or sequence of int, optional
        The arguments to differentiate along; by default all.
    gradient : callable, optional
        A gradient to check instead: `gradient(*args)` returns the gradient of a scalar result in the structure of the
        arguments. `function` is then called on plain numbers, or on tensors where the arguments are such, and `order`
        and `modes` do not apply.
    complex_step : bool
        False is for functions that take complex numbers but are not analytic, as with `abs`, in parts too small for
        differences to see.
    tolerance : float
        A relative difference to allow on top.

    Returns
    -------
    GradientReport
        The largest errors.

    Raises
    ------
    GradientMismatchError
        An AssertionError that names the input, both numbers and the step, and says if there is a kink, a jump or noise:
        there differences cannot confirm a derivative.
    UnresolvedGradientError
        An AssertionError where rounding or noise of the function hides a derivative altogether. Functions in single
        precision, or rounded to some digits, are compared over steps that are wide enough for them.
    OptionError, ShapeError
        ValueErrors, for options out of range, and for a `gradient` that does not fit.

    References
    ----------
    Squire and Trapp, Using complex variables to estimate derivatives of real functions (1998), for the complex step.

    Examples
    --------
    >>> from autodiff import sin
    >>> check_gradients(lambda x: sin(x) * x, 0.5).entries
    2
    >>> check_gradients(lambda x: x**3, 2.0, gradient=lambda x: 3.001 * x**2)
    Traceback (most recent call last):
        ...
    autodiff.gradcheck.mismatch.GradientMismatchError: d result / d args[0] is ...
    """
    __tracebackhide__ = True  # pytest then shows the line of the test
    if order < 1:
        raise OptionError(f"order must be at least 1, got {order!r}")
    if not modes:
        raise OptionError("modes is empty; name 'reverse', 'forward' or both")
    if gradient is None:
        subject = subject_of(function, args, argnums, Value)
        _refuse_infinite(subject)
        return _report(_by_order(subject, order, modes, complex_step, tolerance))
    subject = subject_of(function, args, argnums, float)
    _refuse_infinite(subject)
    claim = given_claim(gradient, args)
    # Arrays of other libraries hold real numbers of a precision of their own.
    complex_step = complex_step and not any(is_foreign(leaf) for leaf in leaves_of(args))
    return _report([_of_given(subject, claim, complex_step, tolerance)])


def _refuse_infinite(subject: Subject) -> None:
    """Raise UnresolvedGradientError for an input at infinity or nan, next to which there is nothing to compare with."""
    __tracebackhide__ = True
    for name, number in zip(subject.inputs, subject.point, strict=True):
        if not math.isfinite(number):
            raise UnresolvedGradientError(
                f"{name} is {number!r}, where no difference can be taken; check at a finite one"
            )


def _report(comparisons: Iterable[Comparison]) -> GradientReport:
    __tracebackhide__ = True
    entries, errors, resolutions = 0, dict[str, float](), dict[int, float]()
    for comparison in comparisons:
        comparison.require_agreement()
        entries += comparison.reference.slopes.size
        errors |= comparison.errors()
        resolutions[comparison.order] = comparison.resolution()
    return GradientReport(entries, errors, resolutions)


def _by_order(
    subject: Subject, order: int, modes: Sequence[Mode], complex_step: bool, tolerance: float
) -> Iterator[Comparison]:
    """One comparison for each order, made when the one below has passed."""
    evaluate: Evaluate = subject.evaluate
    noise = rounding_bounds(subject.flat, subject.point)
    nodes = record_call(subject.flat, (list(subject.point),), {}, 0).order
    smooth = not any(node.primitive in STAIRCASES for node in nodes)
    for level in range(1, order + 1):
        reference = by_differences(evaluate, subject.point, noise, steps=smooth)
        if level == 1 and complex_step and analytic(nodes):
            reference = _sharpened(subject, reference)
        made = [*claims(subject, level, modes)]
        yield Comparison(subject, level, evaluate, made, reference, tolerance)
        evaluate = on_floats(derivative(subject.flat, [modes[0]] * level))
        noise = made[0].rounding.ravel()


def _of_given(subject: Subject, claim: Claim, complex_step: bool, tolerance: float) -> Comparison:
    if len(subject.outputs) != 1:
        raise ShapeError(
            f"gradient= checks a scalar result, got {len(subject.outputs)} numbers; check them one at a time"
        )
    if claim.slopes.shape[1] != len(subject.point):
        raise ShapeError(
            f"the given gradient holds {claim.slopes.shape[1]} numbers, but the arguments {len(subject.point)}; "
            "give them the same structure"
        )
    reference = by_differences(subject.evaluate, subject.point, np.zeros(1), steps=True, foreign=True)
    reference = _sharpened(subject, reference) if complex_step else reference
    return Comparison(subject, 1, subject.evaluate, [claim], reference, tolerance)


def _sharpened(subject: Subject, reference: Reference) -> Reference:
    found = complex_slopes(subject)
    return reference if found is None or found[0].shape != reference.slopes.shape else sharpened(reference, *found)
