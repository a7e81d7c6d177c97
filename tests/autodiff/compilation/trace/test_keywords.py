"""Keyword arguments of compiled calls: as those of the plain function, and numbers of the call like all others."""

import numpy as np
import pytest

from autodiff import CoercionError, OptionError, Value, compile, grad

X = np.array([1.0, 2.0, 3.0])


def scaled(x, factor=2.0, *, shift=0.0, power=1):
    return (x * factor + shift) ** power


CALLS = [
    ((X,), {"factor": 3.0}),
    ((), {"x": X}),
    ((), {"factor": 3.0, "x": X}),
    ((X,), {"shift": 1.0}),
    ((X,), {"power": 2.0, "shift": 1.0}),
    ((X, 4.0), {"shift": 1.0}),
    ((X,), {"factor": -1.0, "power": 3.0, "shift": 0.5}),
]


@pytest.mark.parametrize(("args", "keywords"), CALLS)
def test_results_and_gradients_are_those_of_the_plain_function(args, keywords):
    compiled = compile(scaled, batched=0)
    assert compiled(*args, **keywords).tolist() == [
        scaled(*(x, *args[1:])[: len(args)], **keywords | ({} if args else {"x": x})) for x in X.tolist()
    ]
    value, slopes = compiled.value_and_grad(*args, **keywords)
    rest = {name: number for name, number in keywords.items() if name != "x"}
    expected = [grad(lambda x: scaled(x, *args[1:], **rest))(x) for x in X.tolist()]
    assert np.allclose(slopes, expected, rtol=1e-15)
    assert np.array_equal(value, compiled(*args, **keywords))
    assert np.array_equal(compiled.jacobian(*args, **keywords), slopes)
    compiled.check(*args, **keywords)


def test_a_keyword_of_the_next_parameter_counts_as_positional():
    compiled = compile(scaled, batched=(0, 1))
    assert compiled(X, factor=X).tolist() == (X * X).tolist()
    _, along = compiled.value_and_grad(X, factor=X, argnums=1)
    assert along.tolist() == X.tolist()
    with pytest.raises(OptionError, match="argnums names argument 1, but the call has 1 positional"):
        compile(scaled, batched=0).value_and_grad(X, shift=1.0, argnums=1)


def test_keywords_after_parameters_that_have_no_name_to_call_them_by():
    def weighted(x, /, tens=0.0, hundreds=0.0):
        return x + 10.0 * tens + 100.0 * hundreds

    compiled = compile(weighted, batched=0)
    for keywords in ({"hundreds": 3.0}, {"tens": 2.0}, {"hundreds": 3.0, "tens": 2.0}):
        assert compiled(X, **keywords).tolist() == [weighted(x, **keywords) for x in X.tolist()]
    assert compiled(X, 2.0, hundreds=3.0).tolist() == (X + 320.0).tolist()


def test_new_numbers_need_no_new_program():
    calls = []
    compiled = compile(lambda x, *, k: calls.append(k) or x * k, batched=0)
    assert compiled(X, k=2.0).tolist() == (2 * X).tolist()
    assert compiled(X, k=5.0).tolist() == (5 * X).tolist()
    assert len(calls) == 1


def test_bound_with_keywords():
    w = Value(2.0)
    compiled = compile(lambda x, *, k: w * x * k, batched=0)
    bound = compiled.bind(X, k=3.0, reduction="sum")
    assert (bound(), bound.gradient.tolist()) == (36.0, [18.0])
    assert compiled.backward(X, k=3.0, reduction="sum") == 36.0
    assert (w.grad, compiled.parameters(X, k=3.0)) == (18.0, [w])
    assert compiled.parameter_jacobian(X, k=3.0).ravel().tolist() == [3.0, 6.0, 9.0]


def test_wrong_keywords():
    compiled = compile(scaled, batched=0)
    with pytest.raises(TypeError, match="unexpected keyword argument 'scale'"):
        compiled(X, scale=2.0)
    with pytest.raises(TypeError, match="multiple values for argument 'x'"):
        compiled(X, x=X)
    with pytest.raises(CoercionError, match="argument 'shift'"):
        compiled(X, shift="far")
    with pytest.raises(OptionError, match="needs batched="):
        compile(scaled)(X, factor=2.0)
