"""Units that pass nothing on: dead ReLUs and saturated sigmoids."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence

from autodiff import Value
from viz.why.evidence import Evidence, Unit, Use
from viz.why.finding import Finding
from viz.why.naming import number

FLAT = 1e-3
"""A slope below this share of the largest is flat."""
HOPELESS = 1e-5
"""A slope below this share, for every record, is flat wherever the descent wants to go."""
ENOUGH = 8
"""From so many records on, a unit that is off for all of them is off by more than chance."""
FAR_OUT = 3.0
"""A bias of so many times what the products could add was not reached by learning."""
SEVERAL = 4
"""From so many records on, a unit with large weights that is off for all of them was driven there."""
HEAVY = 3.0
"""Weights of this many times He's deviation, √(2/inputs), do not come from an initializer: with two inputs one unit
in 10,000 has them."""
NEARLY_ALL = 0.9
"""A unit that is flat for this share of the records learns from the rest alone."""


def dead(evidence: Evidence) -> Iterator[Finding]:
    """ReLUs that are off and cannot come back: beyond the reach of their inputs, or with their whole layer.

    A unit that is merely off for some records, as about half of all are, is in order.
    """
    units = [unit for unit in evidence.units if unit.operation == "relu"]
    layers: dict[tuple[object, ...], list[Unit]] = defaultdict(list)
    for unit in units:
        layers[unit.layer].append(unit)
    for members in layers.values():
        off = [unit for unit in members if all(use.total.data <= 0.0 for use in unit.uses)]
        if len(off) == len(members) and any(use.total.data < 0.0 for unit in off for use in unit.uses):
            yield _dead(off, 1.0)
        else:
            for unit in off:
                if _beyond_reach(unit.uses, learned=evidence.learned):
                    yield _dead([unit], 1.0 / len(members))
                elif len(unit.uses) >= SEVERAL and _heavy(unit.uses[0].total):
                    yield _dead([unit], 1.0 / len(members), least=0.4)  # large weights explode first, where they do


def saturated(evidence: Evidence) -> Iterator[Finding]:
    """Units so far out that the slope of their activation lets nothing through, while the loss wants them elsewhere."""
    if evidence.learned:
        return
    for unit in evidence.units:
        if unit.limits is not None:
            flat = [use for use in unit.uses if use.slope < FLAT * unit.limits[0]]
            if flat and _holds_back(evidence, unit, flat, unit.limits):
                yield _saturated(unit, flat)


def _beyond_reach(uses: Sequence[Use], *, learned: bool) -> bool:
    """Whether the bias outweighs all that the products could add, or it alone keeps the sums of many records below 0,
    by more than these differ. Training leaves some units off, which a network that has learned does not need: there
    the bias has to be far out."""
    reaches = [_bias_and_reach(use.total) for use in uses]
    if all(bias + (FAR_OUT if learned else 1.0) * reach < 0.0 for bias, reach in reaches):
        return True
    largest, bias = max(use.total.data for use in uses), reaches[0][0]
    spread = statistics.pstdev(use.total.data for use in uses)
    return not learned and len(uses) >= ENOUGH and bias < 0.0 < largest - bias and -largest > spread > 0.0


def _bias_and_reach(total: Value) -> tuple[float, float]:
    """The terms of a sum that read no input, and what the others could add at most with inputs of size 1."""
    bias, products, others = _terms(total)
    return bias, others + sum(abs(weight) * max(abs(given), 1.0) for weight, given in products)


def _heavy(total: Value) -> bool:
    """Whether the weights of a sum are larger than those that a ReLU starts from would ever be by chance."""
    _, products, _ = _terms(total)
    squares = [weight * weight for weight, _ in products]
    return bool(squares) and math.sqrt(sum(squares) / len(squares)) >= HEAVY * math.sqrt(2.0 / len(squares))


def _terms(total: Value) -> tuple[float, list[tuple[float, float]], float]:
    """What a sum adds: constants and biases, pairs of weight and input, and the size of whatever else it reads."""
    bias = others = 0.0
    products: list[tuple[float, float]] = []
    stack: list[Value | float] = [total]
    while stack:
        node = stack.pop()
        if not isinstance(node, Value):
            bias += node
            continue
        name = node.primitive.name if node.primitive else ""
        if name in ("add", "sum", "identity"):
            stack.extend(node.operands)
        elif name in ("dot", "mul"):
            half = len(node.operands) // 2
            pairs = zip(node.operands[:half], node.operands[half:], strict=True)
            products += [_weight_and_input(a, b) for a, b in pairs]
        elif name:
            others += max(abs(node.data), 1.0)
        else:
            bias += node.data
    return bias, products, others


def _weight_and_input(a: Value | float, b: Value | float) -> tuple[float, float]:
    weight, given = (a, b) if isinstance(a, Value) and not a.operands else (b, a)
    return _number(weight), _number(given)


def _number(operand: Value | float) -> float:
    return operand.data if isinstance(operand, Value) else operand


def _dead(units: Sequence[Unit], share: float, least: float = 0.7) -> Finding:
    uses = [use for unit in units for use in unit.uses]
    largest = max(use.total.data for use in uses)
    records = len(units[0].uses)
    whose = "Its sum is" if len(units) == 1 else f"The sums of all {len(units)} units are"
    scope = "for this record" if records == 1 else f"in all {records} records"
    where = units[0].where if len(units) == 1 else f"{units[0].where} to {units[-1].where}"
    needed = number(max(-largest * 1.5, 0.1))
    return Finding(
        "dead ReLU", where, least + 0.09 * share,
        f"{whose} not above 0 {scope} (the largest is {number(largest)}), so relu's slope is 0: no gradient gets to "
        "the weights before it.",
        f"+ {needed} on the bias, a smaller learning rate, or leaky_relu", tuple(use.output for use in uses),
    )  # fmt: skip


def _holds_back(evidence: Evidence, unit: Unit, flat: Sequence[Use], limits: tuple[float, float, float]) -> bool:
    steepest, low, high = limits
    if 2 * len(flat) < len(unit.uses):
        return False
    if len(flat) >= max(NEARLY_ALL * len(unit.uses), SEVERAL):
        through = sum(abs(use.slope * use.upstream) for use in flat)
        arrives = sum(abs(use.upstream) for use in flat)
        if through < FLAT * arrives * steepest and through < FLAT * abs(evidence.sweep.root.data):
            return True
    passed = sum(abs(use.slope * use.upstream) for use in unit.uses)
    if passed > 0.01 * abs(evidence.sweep.root.data):  # a loss of logarithms makes up for a flat sigmoid
        return False
    if all(use.slope < HOPELESS * steepest for use in unit.uses):
        return True
    stuck = [
        use
        for use in flat
        if (use.output.data - low if use.upstream > 0.0 else high - use.output.data) > (high - low) / 2
    ]
    wanted = sum(abs(use.upstream) for use in unit.uses)
    return 4 * len(stuck) >= len(unit.uses) and 0.0 < wanted <= 2.0 * sum(abs(use.upstream) for use in stuck)


def _saturated(unit: Unit, flat: Sequence[Use]) -> Finding:
    worst = min(flat, key=lambda use: use.slope)
    count = f" The same in {len(flat)} of {len(unit.uses)} records." if len(unit.uses) > 1 else ""
    return Finding(
        "saturated", unit.where, 0.6 + 0.09 * len(flat) / len(unit.uses),
        f"Its sum is {number(worst.total.data)}: {unit.operation} is flat there, slope {number(worst.slope)}.{count} "
        f"A gradient of {number(worst.upstream)} arrives, {number(worst.upstream * worst.slope)} passes.",
        "standardize the inputs, or make its weights smaller", tuple(use.output for use in flat),
    )  # fmt: skip
