"""What is drawn is safe, varied and shared as promised, and failures shrink to what a person can read."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from autodiff import Primitive, Value, define_primitive, grad, local_slopes, topological_order
from autodiff.rules import ABS, COS, HYPOT, INNER, LOG, MAXIMUM, POW, PRIMITIVES, SIN, SQRT
from autodiff.testing import (
    ALL_PRIMITIVES,
    Expression,
    Network,
    expressions,
    is_safe,
    networks,
    safe_floats,
    safe_operands,
    shared_graphs,
)

QUICK = settings(max_examples=150, deadline=None, derandomize=True)
KINKED = {"abs", "relu", "leaky_relu", "elu", "maximum", "minimum", "hypot", "norm", "sign", "step", "floor", "ceil"}


def simplest(strategy: st.SearchStrategy[Any], condition: Callable[[Any], bool]) -> Any:
    """What a failure of `condition` would be reported with."""
    searching = settings(max_examples=5000, deadline=None, database=None)
    return find(strategy, condition, settings=searching, random=random.Random(0))


def drawn(strategy: st.SearchStrategy[Any], count: int = 400) -> list[Any]:
    examples: list[Any] = []

    @settings(max_examples=count, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(strategy)
    def collect(example: Any) -> None:
        examples.append(example)

    collect()
    return examples


# A fault: the slope of the sine is off, but only where its operand is beyond a half.


@define_primitive(partials=[lambda _, x: COS(x) + 0.01 * (x > 0.5)], name="faulty_sin")
def faulty_sin(x: float) -> float:
    return SIN.evaluate(x)


FAULTY_TABLE = (*ALL_PRIMITIVES[:4], *(PRIMITIVES[name] for name in ("exp", "tanh", "dot")), faulty_sin)


def _is_wrong(expression: Expression) -> bool:
    """Whether a gradient disagrees with central differences."""
    for place in range(len(expression.inputs)):
        above, below = list(expression.inputs), list(expression.inputs)
        above[place] += 1e-6
        below[place] -= 1e-6
        slope = (expression(*above) - expression(*below)) / 2e-6
        if abs(grad(expression, argnums=place)(*expression.inputs) - slope) > 1e-3:
            return True
    return False


@pytest.mark.slow
def test_a_planted_fault_shrinks_to_one_step_that_reads_well() -> None:
    assert repr(simplest(expressions(primitives=FAULTY_TABLE), _is_wrong)) == "faulty_sin(x0) at x0 = 1.0"


@pytest.mark.slow
def test_what_given_reports_is_the_formula() -> None:
    """Hypothesis spells dataclasses out field by field, unless they say how they want to be shown."""

    @settings(max_examples=300, deadline=None, database=None, derandomize=True)
    @given(expressions(primitives=[PRIMITIVES["add"], SIN], max_steps=2))
    def check(expression: Expression) -> None:
        assert not any(step.primitive is SIN for step in expression.read_steps().values())

    with pytest.raises(AssertionError) as caught:
        check()
    notes = "\n".join(caught.value.__notes__)
    assert "expression=sin(x0) at x0 = 0.0," in notes
    assert "Primitive(" not in notes


@pytest.mark.slow
def test_a_fault_that_needs_two_steps_shrinks_to_two() -> None:
    def fails(expression: Expression) -> bool:
        names = [step.primitive.name for step in expression.read_steps().values()]
        return any({"mul", "exp"} <= {*pair} for pair in pairwise(names))

    few = [PRIMITIVES[name] for name in ("add", "mul", "exp", "sin")]
    assert repr(simplest(expressions(primitives=few, max_inputs=1, max_steps=3), fails)) == "exp(x0 * x0) at x0 = 0.0"


def test_shared_graphs_shrink_to_one_shared_step() -> None:
    assert repr(simplest(shared_graphs(), lambda _: True)) == "y0 * y0 with y0 = x0 + x0 at x0 = 0.0"


@pytest.mark.slow
def test_networks_shrink_to_one_neuron() -> None:
    found = simplest(networks(), lambda network: network(*network.parameters) > 0.3)
    assert repr(found) == "<network of 1 linear, parameters [0.0, 0.5], features [0.0]>"


@pytest.mark.parametrize(
    ("beyond", "shortest"),
    [(lambda x: x > 0.3, 1.0), (lambda x: x < -1.2, -2.0), (lambda x: 0.3 < x < 1.0, 0.5), (lambda _: True, 0.0)],
)
def test_floats_shrink_to_short_numbers(beyond: Callable[[float], bool], shortest: float) -> None:
    assert simplest(safe_floats(), beyond) == shortest


def test_floats_are_within_their_bound() -> None:
    numbers = drawn(safe_floats(4))
    assert max(numbers) > 3.0
    assert min(numbers) < -3.0
    assert all(-4.0 <= x < 4.0 and (64.0 * x).is_integer() for x in numbers)
    assert {*drawn(safe_floats(1, denominator=2))} == {-1.0, -0.5, 0.0, 0.5}


@QUICK
@given(expressions())
def test_every_step_is_moderate_and_smooth(expression: Expression) -> None:
    entries = [*map(Value, expression.inputs)]
    for step in expression.steps:
        operands = [entries[x] if isinstance(x, int) else x for x in step.operands]
        assert is_safe(step.primitive, *operands)
        entries.append(Value(step.primitive(*operands).data))
    assert all(abs(entry.data) <= 32.0 for entry in entries)


@QUICK
@given(expressions())
def test_rounding_is_not_magnified(expression: Expression) -> None:
    order = topological_order(expression(*map(Value, expression.inputs)))
    reach = dict.fromkeys(order, 0.0) | {order[-1]: 1.0}
    for node in reversed(order):
        for operand, slope in zip(node.operands, local_slopes(node), strict=True):
            if isinstance(operand, Value):
                reach[operand] += reach[node] * abs(slope or 0.0)
    assert sum(reach.values()) <= 1e4


@QUICK
@given(expressions(max_inputs=2, max_steps=3, max_operands=2, constants=False))
def test_sizes_are_kept(expression: Expression) -> None:
    assert 1 <= len(expression.inputs) <= 2
    assert 1 <= len(expression.steps) <= 3
    assert all(len(step.operands) <= 2 for step in expression.steps)
    assert all(isinstance(operand, int) for step in expression.steps for operand in step.operands)


@QUICK
@given(shared_graphs())
def test_shared_graphs_are_shared(expression: Expression) -> None:
    assert expression.is_shared


@pytest.mark.slow
def test_every_operation_is_drawn() -> None:
    counts = Counter(step.primitive.name for expression in drawn(expressions(), 900) for step in expression.steps)
    assert {row.name for row in ALL_PRIMITIVES} <= {*counts}


def test_rows_that_only_slopes_are_written_with_are_not_drawn() -> None:
    assert set(PRIMITIVES.values()) - set(ALL_PRIMITIVES) == INNER


def test_constants_are_read_and_never_alone() -> None:
    operands = [step.operands for expression in drawn(expressions(), 100) for step in expression.steps]
    assert any(isinstance(operand, float) for read in operands for operand in read)
    assert all(any(isinstance(operand, int) for operand in read) for read in operands)


def _sits_on_a_kink(expression: Expression) -> bool:
    entries = [*map(Value, expression.inputs)]
    for step in expression.steps:
        operands = [entries[x] if isinstance(x, int) else x for x in step.operands]
        if step.primitive.name in KINKED and not is_safe(step.primitive, *operands):
            return True
        entries.append(Value(step.primitive(*operands).data))
    return False


def test_kinks_are_hit_when_they_are_wanted() -> None:
    wanted = [_sits_on_a_kink(expression) for expression in drawn(expressions(kinks=True), 200)]
    assert sum(wanted) > 0.25 * len(wanted)
    assert not any(_sits_on_a_kink(expression) for expression in drawn(expressions(), 200))


# Operations of somebody's own.


@define_primitive(partials=[lambda _, x: 0.5 / SQRT(x)])
def plain_root(x: float) -> float:
    return SQRT.evaluate(x)  # raises ValueError below 0, as math.sqrt does


def test_operations_of_somebody_s_own_need_no_domain() -> None:
    steps = [step for expression in drawn(expressions(primitives=[plain_root]), 100) for step in expression.steps]
    assert plain_root in {step.primitive for step in steps}
    assert {step.primitive for step in steps} <= {plain_root, PRIMITIVES["identity"]}  # where no root is safe


@pytest.mark.parametrize("primitive", [plain_root, LOG, POW, HYPOT, *ALL_PRIMITIVES], ids=lambda row: row.name)
def test_operands_are_safe(primitive: Primitive) -> None:
    points = drawn(safe_operands(primitive, count=4), 20)
    assert points
    assert all(is_safe(primitive, *map(Value, point)) for point in points)
    assert {len(point) for point in points} == {primitive.arity or 4}


@pytest.mark.parametrize(
    ("safe", "primitive", "operands"),
    [
        (True, LOG, (Value(1.0),)),
        (False, LOG, (Value(0.0),)),
        (False, LOG, (Value(-1.0),)),
        (False, LOG, (Value(1e-3),)),
        (False, plain_root, (Value(-1.0),)),
        (False, ABS, (Value(1e-9),)),
        (False, MAXIMUM, (Value(1.0), Value(1.0))),
        (False, MAXIMUM, (Value(1.0), 1.0)),
        (True, MAXIMUM, (Value(1.0), 0.5)),
        (False, PRIMITIVES["mul"], (Value(20.0), Value(2.0))),
    ],
)
def test_what_is_safe(safe: bool, primitive: Primitive, operands: tuple[Any, ...]) -> None:
    assert is_safe(primitive, *operands) is safe


@QUICK
@given(networks())
def test_networks_are_as_large_as_they_say(network: Network) -> None:
    assert len(network.parameters) == Network.parameter_count(network.sizes)
    assert len(network.run(network.parameters, network.features)) == network.sizes[-1]
    assert len(network.activations) == len(network.sizes) - 1


def _in_a_new_process(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def test_the_engine_does_not_import_hypothesis() -> None:
    assert _in_a_new_process("import sys, autodiff; print('hypothesis' in sys.modules)") == "False"


def test_without_hypothesis_the_error_names_the_extra() -> None:
    code = """
import importlib.abc, sys
class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, *rest):
        if name == "hypothesis":
            raise ModuleNotFoundError("No module named 'hypothesis'", name=name)
sys.meta_path.insert(0, Missing())
try:
    import autodiff.testing
except ImportError as error:
    print(type(error).__name__, error)
"""
    shown = _in_a_new_process(code)
    assert shown == "MissingExtraError autodiff.testing needs Hypothesis: pip install 'valuegraph[testing]'"
