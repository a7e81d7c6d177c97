"""What every rule has by being one: steps on Values, a memory by parameter, and lines that trace."""

import numpy as np
import pytest

import autodiff
from autodiff import Value, sign
from nn import SGD, Adam, Optimizer, OptionError
from tests.nn.optimizers.rules import RULES

RNG = np.random.default_rng(0)
NUMBERS, GRADIENTS = RNG.normal(size=(2, 7))


class SignDescent(Optimizer):
    """A rule of one's own."""

    def __init__(self, *, learning_rate):
        self.learning_rate = learning_rate

    def update(self, parameters, gradients):
        return (parameters - self.learning_rate * sign(gradients),)


def stepped(optimizer, numbers, gradients, steps=3):
    """The positions after some steps on Values along slopes that change."""
    parameters = [Value(number) for number in numbers]
    for k in range(steps):
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = gradient * (k + 1)
        optimizer.step(parameters)
    return [parameter.data for parameter in parameters]


def test_a_rule_of_ones_own():
    assert stepped(SignDescent(learning_rate=0.5), [1.0, 1.0, 1.0], [3.0, -0.1, 0.0], 2) == [0.0, 2.0, 1.0]


@pytest.mark.parametrize("name", RULES)
def test_vectors_and_single_numbers_agree(name):
    """The lines are elementwise: n entries at once are what each alone gives."""
    alone = [stepped(RULES[name](), [p], [g])[0] for p, g in zip(NUMBERS, GRADIENTS, strict=True)]
    assert stepped(RULES[name](), NUMBERS, GRADIENTS) == pytest.approx(alone, rel=1e-14)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_traces(name):
    """Compiled as a function of one parameter and its learning rate, a rule gives what it gives on vectors."""
    rule = RULES[name]()
    states = list(RNG.uniform(0.5, 1.5, size=(len(rule.initial_state), 7)))

    def update(parameter, gradient, learning_rate, *state):
        return list(rule.with_learning_rate(learning_rate).update(parameter, gradient, *state))

    batched = [0, 1, *range(3, 3 + len(states))]
    made = autodiff.compile(update, batched=batched)(NUMBERS, GRADIENTS, rule.learning_rate, *states)
    np.testing.assert_allclose(made, rule.update(NUMBERS, GRADIENTS, *states), rtol=1e-12)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_has_a_derivative(name):
    """On Values a rule records a graph, so that a step can be differentiated along the learning rate."""
    rule, rate = RULES[name](), Value(0.1)
    states = [1.5 / (1 + k) for k in range(len(rule.initial_state))]

    def after(learning_rate):
        return rule.with_learning_rate(learning_rate).update(Value(0.7), Value(-0.3), *states)[0]

    after(rate).backward()
    slope = (after(0.1 + 1e-6).data - after(0.1 - 1e-6).data) / 2e-6
    assert rate.grad == pytest.approx(slope, rel=1e-7)


def test_a_list_of_parameters_that_changes_keeps_the_state_of_each():
    together, apart = Adam(learning_rate=0.1), [Adam(learning_rate=0.1) for _ in range(3)]
    parameters, copies = [Value(1.0) for _ in range(3)], [Value(1.0) for _ in range(3)]
    for k, chosen in enumerate([(0, 1, 2), (1,), (2, 0), (0, 1, 2), (0, 1, 2)]):
        for place in chosen:
            parameters[place].grad = copies[place].grad = RNG.normal() + k
            apart[place].step([copies[place]])
        together.step(parameters[place] for place in chosen)
    assert [p.data for p in parameters] == pytest.approx([p.data for p in copies], rel=1e-14)


def test_a_momentum_given_later_starts_from_zero():
    optimizer, x = SGD(learning_rate=1.0), Value(0.0)
    x.grad = 1.0
    optimizer.step([x])
    optimizer.momentum = 0.5
    optimizer.step([x])
    optimizer.step([x])
    assert x.data == -1.0 - 1.0 - 1.5


def test_a_rule_of_another_rate_has_no_memory_of_its_own():
    optimizer, x = SGD(learning_rate=1.0, momentum=0.5), Value(0.0)
    x.grad = 1.0
    optimizer.step([x])
    other = optimizer.with_learning_rate(0.1)
    assert (other.learning_rate, optimizer.learning_rate) == (0.1, 1.0)
    assert (other.recall([x]), optimizer.recall([x])) == ((0.0,), (pytest.approx([1.0]),))


@pytest.mark.parametrize("returned", [lambda p: p, lambda p: (p, p), lambda p: (p[:1],), lambda p: [p]])
def test_what_a_rule_returns_is_checked(returned):
    class Wrong(Optimizer):
        def update(self, parameters, gradients):
            return returned(parameters)

    x = Value(1.0)
    with pytest.raises(OptionError, match=r"update of Wrong\(\) returns the tuple \(parameters\), .* shape \(2,\)"):
        Wrong().step([x, Value(2.0)])
    assert x.data == 1.0


def test_a_diverging_step_is_silent():
    assert stepped(Adam(learning_rate=1.0), [0.0], [float("inf")]) == pytest.approx([float("nan")], nan_ok=True)
    assert stepped(SGD(learning_rate=1e308), [1.0], [1e308]) == [-float("inf")]
