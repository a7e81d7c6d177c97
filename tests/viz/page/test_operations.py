"""Every operation of the table, as the script computes it: value and slopes against Python's."""

from __future__ import annotations

import math
from typing import Any

import pytest

from autodiff import Value, define_primitive, local_slopes, sin, topological_order
from autodiff.rules import PRIMITIVES
from tests.autodiff.domains import DOMAINS
from tests.autodiff.test_edge_values import FUNCTIONS, OPERATORS
from tests.viz.page.browser import ANSWER, READ, answers
from viz.page.base import BASE, VARIADIC
from viz.page.operations import operation_key, operation_source
from viz.page.script_source import ENGINE, joined

ULPS = 4
SCRIPT = f"""{READ}
const out = given.map(([name, operands]) => {{
  const v = Float64Array.from(operands.map(number));
  const a = Int32Array.from(operands.keys());
  const d = new Float64Array(operands.length);
  const o = OPERATIONS[name].f(v, a, 0);
  OPERATIONS[name].d(v, a, 0, o, d);
  return [o, ...d];
}});
{ANSWER}"""

Case = tuple[Any, tuple[float, ...]]


def _computed(blank: Any, cases: list[Case]) -> list[list[float]]:
    """Value and slopes of each case, as the page computes them."""
    kinds = {operation_key(row, len(point)): (row, len(point)) for row, point in cases}
    sources = {key: operation_source(*kind) for key, kind in kinds.items()}
    assert all(sources.values())
    script = joined((*ENGINE, "training"), sources, None) + SCRIPT  # type: ignore[arg-type]  # none is None, as asserted
    return answers(blank, script, [[operation_key(row, len(point)), list(point)] for row, point in cases])


def _same(found: float, expected: float, scale: float = 0.0) -> bool:
    if math.isnan(expected) or math.isinf(expected) or math.isnan(found):
        return found == expected or (math.isnan(found) and math.isnan(expected))
    return abs(found - expected) <= ULPS * math.ulp(max(abs(expected), scale))


def _check(blank: Any, cases: list[Case], scales: dict[Any, Any] | None = None) -> None:
    for (row, point), (value, *slopes) in zip(cases, _computed(blank, cases), strict=True):
        node = row(*map(Value, point))
        domain = DOMAINS.get(row.name)
        scale = float(domain.value_scale(*point)) if domain and domain.value_scale else 0.0
        assert _same(value, node.data, scale), (row.name, point, value, node.data)
        along = float(domain.slope_scale(*point)) if domain and domain.slope_scale else 0.0
        for place, expected in enumerate(local_slopes(node)):
            if expected is not None:
                assert _same(slopes[place], expected, along), (row.name, point, place, slopes[place], expected)


def test_every_operation_has_an_evaluation() -> None:
    composed = {name for name, row in PRIMITIVES.items() if row.composed}  # traced into the script
    assert set(PRIMITIVES) - composed == set(BASE)
    assert {name for name, row in PRIMITIVES.items() if row.arity is None} == VARIADIC


@pytest.mark.parametrize("count", [6, pytest.param(300, marks=pytest.mark.slow)], ids=["few", "many"])
def test_operations_on_their_domains(blank: Any, count: int) -> None:
    _check(
        blank,
        [
            (PRIMITIVES[name], point)
            for name, domain in DOMAINS.items()
            for box in domain.boxes
            for point in domain.points(box, seed=name, count=count)
        ],
    )


def test_edge_values(blank: Any) -> None:
    """Every operation that the table of edge values records, at the operands that it meets there."""
    cases = []
    for _, expression, point, _, _ in (*OPERATORS, *FUNCTIONS):
        out = expression(*(Value(x) for x in point))
        for node in topological_order(out):
            if node.primitive is not None:
                numbers = tuple(x.data if isinstance(x, Value) else x for x in node.operands)
                cases.append((node.primitive, numbers))
    assert len(cases) > 60
    _check(blank, cases)


def test_many_operands_are_written_shortly() -> None:
    for name in ("dot", "sum", "mean"):
        source = operation_source(PRIMITIVES[name], 720)
        assert source is not None
        assert len(source) < 200


def test_a_primitive_of_ones_own_is_traced_if_it_can_be(blank: Any) -> None:
    @define_primitive(partials=[lambda out, x: 2.0 * x * sin(x) + x * out / x])
    def wave(x: Any) -> Any:
        return sin(x) * x

    @define_primitive(partials=[lambda out, x: 1.0])
    def opaque(x: float) -> float:
        return math.fsum([x])

    _check(blank, [(wave, (0.7,))])
    assert operation_source(opaque, 1) is None
