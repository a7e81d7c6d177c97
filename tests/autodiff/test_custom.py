"""Operations of a user's own do what those of the table do, and are refused when they are defined wrongly."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import autodiff
import viz
from autodiff import (
    AnomalyError,
    DefinitionError,
    NotationError,
    Primitive,
    Value,
    check_gradients,
    cos,
    define_primitive,
    detect_anomaly,
    exp,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    local_slopes,
    log,
    no_grad,
    sin,
    to_latex,
    to_sympy,
    vjp,
)
from autodiff.errors import AutodiffError, ShapeError
from autodiff.testing import ALL_PRIMITIVES, Expression, expressions

QUICK = settings(max_examples=60, deadline=None, derandomize=True)


@define_primitive(partials=[lambda out, x: cos(x) / x - out / x])
def ratio(x: float) -> float:
    """sin(x)/x."""
    return math.sin(x) / x


@define_primitive(partials=[lambda out, a, b: b**3, lambda out, a, b: 3.0 * a * b**2], symbol="ab³")
def product_with_cube(a: float, b: float) -> float:
    return a * b**3


@define_primitive(partials=[2.0, -3])
def combination(a: float, b: float) -> float:
    return 2.0 * a - 3.0 * b


@define_primitive(partials=lambda _, *xs: [2.0 * x for x in xs])
def sum_of_squares(*xs: float) -> float:
    return math.fsum(x * x for x in xs)


@define_primitive(partials=[lambda _, x: 1.0 / x], array=np.log, name="safe_log")
def _safe_log(x: float) -> float:
    return math.log(x)


SAME: dict[str, tuple[Primitive, Callable[..., Any], tuple[float, ...]]] = {
    "unary": (ratio, lambda x: sin(x) / x, (0.7,)),
    "binary": (product_with_cube, lambda a, b: a * b * b * b, (0.7, -1.3)),
    "constant slopes": (combination, lambda a, b: 2.0 * a - 3.0 * b, (0.7, -1.3)),
    "variadic": (sum_of_squares, lambda a, b, c: a * a + b * b + c * c, (0.7, -1.3, 2.0)),
    "an array function": (_safe_log, log, (0.7,)),
}
EVERY_CASE = pytest.mark.parametrize(("own", "same", "point"), SAME.values(), ids=SAME)


@EVERY_CASE
def test_numbers_arrays_and_values(own: Primitive, same: Callable[..., Any], point: tuple[float, ...]) -> None:
    expected = same(*point)
    result = own(*point)
    assert type(result) is float
    assert result == pytest.approx(expected, rel=1e-15)
    assert own(*map(Value, point)).data == result
    assert own(*map(np.float64, point)) == pytest.approx(expected, rel=1e-15)
    columns = [np.array([x, 2.0 * x if x > 0.0 else x]) for x in point]
    assert own(*columns) == pytest.approx(same(*columns), rel=1e-15)
    recorded = own(*[np.array([Value(x)]) for x in point])
    assert recorded.dtype == object
    assert recorded[0].data == result


def _orders(function: Callable[..., Any], point: Sequence[float]) -> list[Any]:
    """Derivatives by every mode and to order three, mixed ones too."""
    every = tuple(range(len(point)))
    axis = (1.0, *[0.5] * (len(point) - 1))
    leaves = [*map(Value, point)]
    function(*leaves).backward()
    line = lambda t: function(*[x + t * d for x, d in zip(point, axis, strict=True)])  # noqa: E731 - short, and nested
    return [
        [leaf.grad for leaf in leaves],
        grad(function, argnums=every)(*point),
        jvp(function, point, axis),
        vjp(function, *point)[1](2.0),
        jacobian(function, argnums=every, mode="forward")(*point),
        jacobian(function, argnums=every, mode="reverse")(*point),
        hessian(function, argnums=every)(*point),
        hvp(function, point, axis),
        grad(grad(grad(line)))(0.0),
        jvp(grad(line), (0.0,), (1.0,)),
    ]


@EVERY_CASE
def test_every_mode_and_order(own: Primitive, same: Callable[..., Any], point: tuple[float, ...]) -> None:
    for found, expected in zip(_orders(own, point), _orders(same, point), strict=True):
        assert np.ravel(found) == pytest.approx(np.ravel(expected), rel=1e-12, abs=1e-14)


@EVERY_CASE
def test_it_compiles(own: Primitive, same: Callable[..., Any], point: tuple[float, ...]) -> None:
    columns = [[x, 0.5 * x, 0.25 * x] for x in point]
    compiled = autodiff.compile(lambda *xs: sin(own(*xs)), batched=tuple(range(len(point))))
    records = zip(*columns, strict=True)
    assert compiled(*columns) == pytest.approx([math.sin(same(*record)) for record in records], rel=1e-14)


@EVERY_CASE
def test_gradients_are_checked(own: Primitive, same: Callable[..., Any], point: tuple[float, ...]) -> None:
    check_gradients(own, *point, order=2)


@QUICK
@given(
    expressions(primitives=[*ALL_PRIMITIVES[:4], ratio, product_with_cube, combination, sum_of_squares], max_steps=4)
)
def test_inside_of_expressions(expression: Expression) -> None:
    every = tuple(range(len(expression.inputs)))
    expected = grad(lambda *inputs: expression.run(inputs, _as_in_the_table), argnums=every)(*expression.inputs)
    assert grad(expression, argnums=every)(*expression.inputs) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def _as_in_the_table(primitive: Primitive, *operands: Any) -> Any:
    if primitive is sum_of_squares:
        return sum((x * x for x in operands), 0.0)
    same = {own: function for own, function, _ in SAME.values()}
    return same.get(primitive, primitive)(*operands)


def test_constants_have_no_slope() -> None:
    x = Value(2.0)
    assert list(local_slopes(product_with_cube(3.0, x))) == [None, 36.0]
    assert list(local_slopes(sum_of_squares(x, 5.0, x))) == [4.0, None, 4.0]
    assert list(local_slopes(combination(x, x))) == [2.0, -3.0]


def test_nothing_is_recorded_within_no_grad() -> None:
    with no_grad():
        assert ratio(Value(0.5)).operands == ()


def test_a_node_is_like_any_other() -> None:
    x = Value(0.7, label="x")
    node = ratio(x)
    assert (node.primitive, node.operands, node.parents) == (ratio, (x,), (x,))
    assert (ratio.name, ratio.arity, sum_of_squares.arity) == ("ratio", 1, None)
    assert repr(ratio) == "<primitive ratio>"
    assert "op=ratio" in repr(node)
    assert gradients(node, [x]) == [pytest.approx((0.7 * math.cos(0.7) - math.sin(0.7)) / 0.49)]


def test_the_function_lends_its_documentation() -> None:
    assert ratio.__doc__ == "sin(x)/x."
    assert ratio.__module__ == __name__


def test_it_is_drawn_with_its_symbol_or_name() -> None:
    x = Value(0.7, label="x")
    source = viz.draw(product_with_cube(x, ratio(x))).source
    assert "ab³" in source
    assert "ratio" in source


def test_it_is_written_with_its_name() -> None:
    assert "ratio" in to_latex(ratio(Value(0.7, label="x")))


def test_graphs_with_it_are_copied_and_pickled() -> None:
    root = product_with_cube(ratio(Value(0.7)), 2.0)
    for twin in (copy.deepcopy(root), pickle.loads(pickle.dumps(root))):
        assert twin.primitive is product_with_cube
        assert twin.data == root.data
        twin.backward()


def test_an_anomaly_names_it() -> None:
    with pytest.raises(AnomalyError, match=r"combination\(x=inf, 1\.0\) is inf"), detect_anomaly():
        combination(Value(math.inf, label="x"), 1.0)


def test_it_may_have_another_name_than_its_function() -> None:
    assert _safe_log.name == "safe_log"


def test_array_decides_where_the_function_raises() -> None:
    """As in the table: IEEE arithmetic's answer."""
    assert _safe_log(0.0) == -math.inf
    assert math.isnan(_safe_log(Value(-1.0)).data)


def test_without_array_what_the_function_raises_is_raised() -> None:
    @define_primitive(partials=[1.0])
    def strict(x: float) -> float:
        if x < 0.0:
            raise ValueError("below 0")
        return x

    with pytest.raises(ValueError, match="below 0"):
        strict(Value(-1.0))


def test_slopes_may_divide_by_zero() -> None:
    x = Value(0.0)

    @define_primitive(partials=[lambda _, x: 1.0 / x])
    def flat(x: float) -> float:
        return 0.0

    flat(x).backward()
    assert x.grad == math.inf


# Refused when it is defined.

WRONG: dict[str, tuple[Callable[..., Any], Any, str]] = {
    "a missing slope": (lambda a, b: a * b, [lambda out, a, b: b], "takes 2 operands, but 1 slopes were given"),
    "no slopes": (lambda a: a, [], "takes 1 operands, but 0 slopes"),
    "one too many": (lambda a: a, [1.0, 2.0], "takes 1 operands, but 2 slopes"),
    "a slope without out": (lambda a: a, [lambda a: 1.0], "along operand 0 must take out and 1 operands"),
    "a slope of more": (lambda a: a, [lambda out, a, b: 1.0], "along operand 0 must take out and 1 operands"),
    "the second slope": (lambda a, b: a, [1.0, lambda out, a: 1.0], "along operand 1 must take out and 2 operands"),
    "text for a slope": (lambda a: a, ["cos"], "along operand 0 must be a function or a number, got 'cos'"),
    "nothing for a slope": (lambda a: a, [None], "along operand 0 must be a function or a number, got None"),
    "a bare function": (lambda a: a, lambda out, a: 1.0, "give a sequence with the slope along each"),
    "a bare number": (lambda a: a, 1.0, "give a sequence with the slope along each"),
    "text": (lambda a: a, "x", "give a sequence with the slope along each"),
    "a sequence for any number": (lambda *xs: xs[0], [1.0], "give one function that returns all its slopes"),
    "slopes of a fixed number": (lambda *xs: xs[0], lambda out, a: [1.0], "must take out and any number of operands"),
    "no operands": (lambda: 1.0, [], "takes no operands"),
    "a keyword that is needed": (lambda a, *, k: a, [1.0], "keyword"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_definitions_are_refused_at_once(name: str) -> None:
    function, partials, message = WRONG[name]
    with pytest.raises(DefinitionError, match=message) as caught:
        define_primitive(partials=partials, name="wrong")(function)
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, AutodiffError)
    assert "wrong" in str(caught.value)


@pytest.mark.parametrize("name", ["sin", "where", "add"])
def test_names_of_the_table_are_taken(name: str) -> None:
    with pytest.raises(DefinitionError, match=f"has a primitive '{name}' already; give name= another"):
        define_primitive(partials=[1.0], name=name)(lambda x: x)


def test_the_name_of_the_function_may_clash_too() -> None:
    def sin(x: float) -> float:
        return x

    with pytest.raises(DefinitionError, match="'sin' already"):
        define_primitive(partials=[1.0])(sin)
    assert define_primitive(partials=[1.0], name="my_sin")(sin).name == "my_sin"


def test_two_may_share_a_name_of_their_own() -> None:
    first, second = (define_primitive(partials=[slope], name="scaled")(lambda x: x) for slope in (2.0, 3.0))
    x = Value(1.0)
    (first(x) + second(x)).backward()
    assert x.grad == 5.0


def test_slopes_of_any_number_of_operands_are_counted_when_they_are_there() -> None:
    short = define_primitive(partials=lambda out, *xs: [1.0], name="short")(lambda *xs: sum(xs))
    with pytest.raises(ShapeError, match="short was given 2 operands, but its slopes are 1"):
        short(Value(1.0), Value(2.0)).backward()


def test_defaults_are_operands_too() -> None:
    scaled = define_primitive(partials=[lambda out, x, k: k, lambda out, x, k: x], name="scaled")(
        lambda x, k=2.0: x * k
    )
    assert grad(lambda x: scaled(x, 3.0))(1.0) == 3.0


def test_wrapped_and_built_in_functions() -> None:
    assert define_primitive(partials=[lambda out, x: exp(x)], name="built_in")(math.exp)(1.0) == math.e
    with pytest.raises(DefinitionError, match="signature"):
        define_primitive(partials=[1.0, 1.0], name="unknown")(max)


def test_notations_and_hints_are_those_that_were_given() -> None:
    options: dict[str, Any] = {"partials": [lambda out, x: 2.0 * x], "latex": r"\operatorname{sq}", "hint": "be small"}

    @define_primitive(**options, sympy=lambda sympy, x: x**2)
    def squared(x: float) -> float:
        return x * x

    x = Value(3.0, label="x")
    assert to_latex(squared(x)) == r"\operatorname{sq}\left(x\right)"
    assert str(to_sympy(squared(x))) == "x**2"
    with pytest.raises(AnomalyError, match="be small"), detect_anomaly():
        squared(Value(math.inf))


def test_notations_that_cannot_be_are_refused() -> None:
    def define(**options: Any) -> Primitive:
        return define_primitive(partials=[1.0], name="shifted", **options)(lambda x: x + 1.0)

    with pytest.raises(NotationError):
        define(latex="{")
    with pytest.raises(DefinitionError, match="sympy takes the name"):
        define(sympy=3)
    with pytest.raises(NotationError, match="SymPy has no 'nothing', which shifted names"):
        to_sympy(define(sympy="nothing")(Value(1.0)))
