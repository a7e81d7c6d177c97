"""Messages at common mistakes: each names the value, what was expected, and the remedy."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import special

import autodiff
import nn
import viz
from autodiff import Value

MODEL = nn.MLP(2, [3, 1], rng=0)
RECORDS, TARGETS = [[0.0, 0.0], [0.0, 1.0]], [0.0, 1.0]


def _fit(**options: Any) -> Any:
    return nn.fit(MODEL, RECORDS, TARGETS, epochs=1, progress=False, **options)


def _compiled(function: Callable[..., Any]) -> Any:
    return autodiff.compile(function, batched=0)([1.0, 2.0])


def _without_source(text: str) -> Any:
    """The function `f` of a text that no file holds, as a terminal or exec runs it."""
    names: dict[str, Any] = {}
    exec(text, names)
    return names["f"]


def _assigned(name: str, given: Any) -> None:
    setattr(Value(2.0), name, given)


CASES: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "SGD(0.1)": (
        lambda: nn.SGD(0.1),  # type: ignore[misc]  # as below: the mistake
        nn.OptionTypeError,
        "SGD takes its options by name, got 1 by place (0.1); write SGD(learning_rate=0.1)",
    ),
    "SGD(lr=0.1)": (
        lambda: nn.SGD(lr=0.1),  # type: ignore[call-arg]
        nn.OptionTypeError,
        "SGD has no option 'lr', perhaps learning_rate is meant; write SGD(learning_rate=0.1)",
    ),
    "optimiser=": (
        lambda: _fit(optimiser=nn.SGD(learning_rate=0.1)),
        nn.OptionTypeError,
        "fit has no option 'optimiser', perhaps optimizer is meant; write fit(model, ",
    ),
    "MLP(2, 4, 1)": (
        lambda: nn.MLP(2, 4, 1),  # type: ignore[call-arg, arg-type, misc]
        nn.OptionTypeError,
        "got 3 by place (2, 4, 1); write MLP(2, [4, 1])",
    ),
    "MLP(2, 4)": (
        lambda: nn.MLP(2, 4),  # type: ignore[arg-type]
        nn.OptionTypeError,
        "sizes takes a list with the size of each layer, such as [4, 1], got 4",
    ),
    "a batch in a list for a record": (
        lambda: MODEL(RECORDS),
        nn.ShapeError,
        "MLP takes one record at a time, got 2 records; use nn.predict",
    ),
    "a batch in an array for a record": (
        lambda: MODEL(np.array(RECORDS)),
        nn.ShapeError,
        "MLP takes one record at a time, got an array of shape (2, 2); use nn.predict",
    ),
    "max": (
        lambda: _compiled(lambda x: max(x, 0.0)),
        autodiff.TraceError,
        "use autodiff.where(condition, a, b), autodiff.maximum or autodiff.minimum",
    ),
    "int(v)": (
        lambda: int(Value(2.0)),
        autodiff.GraphCutError,
        "int() of Value(data=2.0, grad=0.0) would silently cut the graph; use int(x.data)",
    ),
    "float(v)": (lambda: float(Value(2.0)), autodiff.GraphCutError, "float() of Value(data=2.0"),
    "math.exp(v)": (
        lambda: math.exp(Value(2.0)),
        autodiff.GraphCutError,
        "use autodiff's functions in place of math's, .data for the number",
    ),
    "complex(v)": (lambda: complex(Value(2.0)), autodiff.GraphCutError, "complex() of Value(data=2.0"),
    "a[v]": (lambda: [1.0][Value(0.0)], autodiff.GraphCutError, "index or in range() of Value(data=0.0"),
    "pow(v, 2, 5)": (
        lambda: pow(Value(3.0), 2, 5),  # type: ignore[misc]
        autodiff.OptionTypeError,
        "pow() of a Value takes two arguments, got the third 5; write x**y % modulo",
    ),
    "pow(symbol, 2, 5)": (
        lambda: _compiled(lambda x: pow(x, 2, 5)),
        autodiff.OptionTypeError,
        "pow() of a Value takes two arguments, got the third 5",
    ),
    "SciPy's gamma": (
        lambda: special.gamma(Value(1.0)),
        autodiff.UnknownUfuncError,
        "scipy.special.gamma has no primitive",
    ),
    "SciPy's gamma on an array": (
        lambda: special.gamma(autodiff.array([1.0])),
        autodiff.UnknownUfuncError,
        "SciPy's cbrt, erf, erfc, exp2, expit, expm1, gammaln, log1p",
    ),
    "a branch without a source": (
        lambda: _compiled(_without_source("def f(x):\n    return 1.0 if x > 0.0 else 2.0")),
        autodiff.TraceError,
        "is not known while compiling, at <string>:2 in f; use autodiff.where",
    ),
    "dict[x]": (
        lambda: _compiled(lambda x: {1.0: 2.0}[x]),
        autodiff.TraceError,
        "choose by autodiff.where(condition, a, b), or key by position, name or id",
    ),
    "list[x]": (
        lambda: _compiled(lambda x: [1.0, 2.0, 3.0][x]),
        autodiff.TraceError,
        "choose an entry by autodiff.where(i == 0, a[0], ...)",
    ),
    "array[x]": (
        lambda: _compiled(lambda x: np.arange(3.0)[x]),
        autodiff.TraceError,
        "choose an entry by autodiff.where(i == 0, a[0], ...)",
    ),
    "step(model)": (
        lambda: nn.SGD(learning_rate=0.1).step(MODEL),  # type: ignore[arg-type]
        nn.OptionTypeError,
        "write step(model.parameters())",
    ),
    "step([0.5])": (
        lambda: nn.SGD(learning_rate=0.1).step([0.5]),  # type: ignore[list-item]
        nn.OptionTypeError,
        "step takes Values, got 0.5",
    ),
    "None for a record": (
        lambda: MODEL(None),
        nn.ShapeError,
        "MLP of 2 inputs was called with None; a record is a vector of length 2",
    ),
    "too few names": (
        lambda: MODEL.label_inputs(["a"]),
        nn.ShapeError,
        "label_inputs takes one name for each of 2 inputs, got ['a']",
    ),
    "Sequential(3)": (
        lambda: nn.Sequential(3),  # type: ignore[arg-type]
        nn.OptionTypeError,
        "a part is a Module, or the name or function of an activation, got 3",
    ),
    "save(path, model)": (
        lambda: nn.save("net.safetensors", MODEL),  # type: ignore[arg-type]
        nn.OptionTypeError,
        "save takes a Module, got 'net.safetensors'; write save(model, path)",
    ),
    "predict(features, model)": (
        lambda: nn.predict(RECORDS, MODEL),  # type: ignore[arg-type]
        nn.OptionTypeError,
        "predict takes a Module or a function, got [[0.0, 0.0], [0.0, 1.0]]; write predict(model, features)",
    ),
    "page(optimizer=text)": (
        lambda: viz.page(MODEL, RECORDS, TARGETS, loss=nn.mse, optimizer="adam"),
        viz.OptionTypeError,
        "optimizer takes an optimizer, such as nn.SGD(learning_rate=0.1), got 'adam'",
    ),
    "grad(f(x))": (
        lambda: autodiff.grad(3.0),  # type: ignore[call-overload]
        autodiff.OptionTypeError,
        "grad takes a function, got 3.0; pass the function itself, not its result",
    ),
    "hessian(f(x))": (
        lambda: autodiff.hessian(3.0),  # type: ignore[arg-type]
        autodiff.OptionTypeError,
        "hessian takes a function, got 3.0; pass the function itself, not its result",
    ),
    "a number for records": (
        lambda: autodiff.compile(lambda x: x)(1.0),
        autodiff.ShapeError,
        "argument 0 is batched and needs a first axis of records, got the number 1.0; pass [number] for one record",
    ),
    "no batched=": (
        lambda: autodiff.compile(lambda x, y: x * y)([1.0], [2.0]),
        autodiff.OptionError,
        "compile needs batched= for calls with 2 arguments: write compile(f, batched=(0, 1)) if each",
    ),
    "a list for a number": (
        lambda: autodiff.tanh([1.0]),  # type: ignore[type-var]
        autodiff.CoercionError,
        "got [1.0] of type list; make an array with autodiff.array(...), or use autodiff.sum",
    ),
    "None for a number": (
        lambda: Value(None),  # type: ignore[arg-type]
        autodiff.CoercionError,
        "got None of type NoneType; pass a float",
    ),
    "a vector where grad needs a scalar": (
        lambda: autodiff.grad(lambda x: [x, x])(1.0),
        autodiff.ShapeError,
        "grad needs a scalar result, got 2 numbers: [1.0, 1.0]; use autodiff.jacobian",
    ),
    "x.grad = 1j": (lambda: _assigned("grad", 1j), autodiff.CoercionError, "got 1j of type complex; take .real"),
    "x.grad = text": (lambda: _assigned("grad", "a"), autodiff.CoercionError, "got 'a' of type str; convert"),
    "x.data = 1j": (lambda: _assigned("data", 1j), autodiff.CoercionError, "got 1j of type complex; take .real"),
    "x.data = text": (lambda: _assigned("data", "a"), autodiff.CoercionError, "got 'a' of type str; convert"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_message_says_what_was_meant(case: str) -> None:
    mistake, error, text = CASES[case]
    with pytest.raises(error, match=re.escape(text)):
        mistake()


def test_a_gradient_of_none_steps_nowhere() -> None:
    x, y = Value(1.0), Value(2.0)
    x.grad, y.grad = None, 1.0
    nn.SGD(learning_rate=0.5).step([x, y])
    assert (x.data, y.data) == (1.0, 1.5)


def test_a_value_keeps_its_gradient_where_another_is_refused() -> None:
    x = Value(2.0)
    x.grad = np.float32(0.5)
    with pytest.raises(TypeError):
        x.grad = "a"
    assert type(x.grad) is float
    assert x.grad == 0.5


def test_a_gradient_may_be_a_value() -> None:
    x, slope = Value(2.0), Value(0.5)
    x.grad = slope
    assert x.grad is slope


def test_a_gradient_is_not_assigned_while_compiling() -> None:
    v = Value(2.0)

    def stored(x: Any) -> Any:
        v.grad = x
        return x

    with pytest.raises(autodiff.TraceError, match=r"a gradient was assigned while compiling, at .* return it"):
        _compiled(stored)
