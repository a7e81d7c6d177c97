"""The page of a program: every operand, where it came from, what it is for, and what it truly takes."""

from __future__ import annotations

import functools
import operator
import tracemalloc
from typing import Any

import numpy as np
import pytest

from autodiff import Value, compile, dot, exp, logsumexp, scope, sin, tanh
from autodiff.compilation.execute.executor import Executor
from autodiff.compilation.execute.numpy.backend import NumpyBackend
from nn import MLP

W = Value(2.0, label="w")


def _compiled(function: Any, *args: Any, **options: Any) -> Any:
    compiled = compile(function, **options)
    compiled(*args)
    return compiled


def _lines(program: Any, name: str) -> list[str]:
    """The lines of the steps whose operation has this name."""
    return [line for line in str(program).splitlines() if line.startswith("  %") and f" {name}" in line]


def _network(sizes: list[int], **options: Any) -> Any:
    """The squared error of a network, swept over five records."""
    model = MLP(3, sizes, rng=0, **options)
    compiled = compile(lambda features, target: (model(features) - target) ** 2, batched=(0, 1))
    compiled.backward(np.ones((5, 3)), np.ones(5))
    return compiled.program


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda p: p[0] * p[1], "mul(%1[0], %1[1])"),
        (lambda p: p[0] * p[0], "mul(%1[0], %1[0])"),
        (lambda p: p[1] - p[0], "sub(%1[1], %1[0])"),
        (lambda p: 1.0 / p[3], "div(1, %1[3])"),
        (lambda p: p[3] / 3.0, "div(%1[3], 3)"),
        (lambda p: [2.0 * p[0], 3.0 * p[1]], "mul([2, 3], %1[0:2])"),
        (lambda p: [k * x for k, x in enumerate(p)][2:], "mul(10 constants, %1[2:12])"),
        (lambda p: [x * x for x in p], "mul(%1, %1)"),
        (lambda p: [p[0] * p[1], p[2] * p[3], p[0] * p[0]], "mul(%1[0, 0, 2], %1[0:2, 3])"),
        (lambda p: [x * y for x in p[:2] for y in p[2:4]], "mul(repeat(%1[0:2]), tile(%1[2:4]))"),
        (lambda p: [p[0] * x for x in p[1:]], "mul(%1[0], %1[1:12])"),
        (lambda p: [x * p[k] for x, k in zip(p, np.arange(12).reshape(3, 4).T.flat, strict=True)], "transposed(%1)"),
        (lambda p: [sin(x) for x in p[1::3]], "sin(%1[1:11:3])"),
        (lambda p: [sin(x) for k, x in enumerate(p) if k % 3], "sin(%1[1:3, 4:6, … 10:12])"),
        (lambda p: functools.reduce(operator.add, p), "sum of 12(%1)"),
        (lambda p: functools.reduce(operator.add, [*p[:3], sin(p[3]), 4.0]), "sum of 5(%1[0:3], %4, 4)"),
        (lambda p: dot(p[:6], p[6:]), "dot of 6(%1[0:6] @ %1[6:12])"),
        (lambda p: dot([sin(p[0]), p[1]], [p[2], exp(p[3])]), "dot of 2(%4, %1[1] · %1[2], %5)"),
        (lambda p: [dot(p[k : k + 2], p[k + 2 : k + 4]) for k in (0, 4)], "dot of 2(%1[0:2, 4:6] · %1[2:4, 6:8])"),
    ],
)
def test_operands(function: Any, expected: str) -> None:
    assert expected in str(_compiled(function, np.ones((3, 12))).program)


def test_rows_of_parameters_are_told_by_their_names() -> None:
    page = str(_network([4, 1], activation="tanh"))
    assert "parameters: layer 1 / neuron 1 / w1 … layer 2 / neuron 1 / b" in page
    assert "%0[0:3, 4:7, … 12:15]: layer 1 / neuron 1 / w1 … neuron 4 / w3" in page
    assert (
        "%0[3, 7, … 15]: layer 1 / neuron 1 / b … neuron 4 / b" in page or "%0[3:16:4]: layer 1 / neuron 1 / b" in page
    )
    assert "%0[16:20]: layer 2 / neuron 1 / w1 … w4" in page
    assert "%0[20]: layer 2 / neuron 1 / b" in page


def test_steps_say_what_they_came_from() -> None:
    program = _network([4, 1], activation="tanh", output_activation="sigmoid")
    (forward, *_) = _lines(program, "dot of 3")
    assert forward.endswith("# layer 1 / neuron 1 … neuron 4")
    assert _lines(program, "reciprocal")[0].endswith("# layer 2 / neuron 1, for sigmoid")


def test_an_adjoint_is_that_of_all_neurons() -> None:
    """Of each unit that is read by three others, and not of the last of these."""
    (line,) = _lines(_network([4, 3, 1], activation="tanh"), "dot of 3(%0[16:20")
    assert line.endswith("# adjoint of layer 1 / neuron 1 … neuron 4")


def test_sums_over_records_say_whose_gradient_they_are() -> None:
    program = _network([4, 1], activation="tanh")
    sums = [*_lines(program, "batch_dot"), *_lines(program, "batch_sum")]
    origins = {line.partition("# ")[2] for line in sums}
    assert origins == {
        "",  # the result
        "gradient of layer 1 / neuron 1 / w1 … neuron 4 / w3",
        "gradient of layer 1 / neuron 1 / b … neuron 4 / b",
        "gradient of layer 2 / neuron 1 / w1 … w4",
        "gradient of layer 2 / neuron 1 / b",
    }


def test_a_loop_over_records_says_so_too() -> None:
    def total(points: Any) -> Any:
        return sum((W * x - 1.0) ** 2 for x in points)

    compiled = compile(total, batched=())
    compiled.backward(np.arange(4.0))
    (line,) = _lines(compiled.program, "dot of 4")
    assert line.endswith("# gradient of w")


def test_scopes_and_labels() -> None:
    def named(x: Any) -> Any:
        with scope("left"):
            a = sin(x)
        with scope("right"):
            b = sin(x * 2.0)
        b.label = "b"
        return tanh(a) * b

    page = str(_compiled(named, [1.0]).program)
    assert "# left\n" in page
    assert "# right / b\n" in page


@pytest.mark.parametrize(
    ("ask", "names"),
    [
        (lambda f, x, y: f(x, y), ["result"]),
        (lambda f, x, y: f.backward(x, y), ["reduced result", "gradient along parameters"]),
        (lambda f, x, y: f.bind(x, y), ["reduced result", "gradient along parameters"]),
        (
            lambda f, x, y: f.value_and_grad(x, y, argnums=(1, 0)),
            ["result", "gradient along argument y", "gradient along argument x"],
        ),
        (
            lambda f, x, y: f.value_and_grad(x, y, reduction="sum"),
            ["reduced result", "gradient along argument x"],
        ),
        (lambda f, x, y: f.jacobian(x, y), ["Jacobian along argument x"]),
        (lambda f, x, y: f.jacobian(x, y, argnums=(0, 1)), ["Jacobian along argument x, argument y"]),
        (lambda f, x, y: f.value_and_jacobian(x, y), ["result", "Jacobian along argument x"]),
    ],
)
def test_results_are_named(ask: Any, names: list[str]) -> None:
    compiled = compile(lambda x, y: W * x * y, batched=(0, 1))
    ask(compiled, [1.0, 2.0], [3.0, 4.0])
    assert [output.name for output in compiled.program.outputs] == names
    after = str(compiled.program).partition("\nresults\n")[2]
    assert all(f"  {name} " in after for name in names)


def test_results_say_what_stands_where() -> None:
    compiled = _compiled(lambda p: [p[1] * p[0], 7.0, sin(p[0]), p[0] * p[0]], np.ones((3, 2)))
    after = str(compiled.program).partition("\nresults\n")[2]
    assert [line.strip() for line in after.splitlines()[1:5]] == ["[0, 3]: %4[1, 0]", "[1]: 7", "[2]: %5", "legend"]


def test_the_legend_explains_what_occurs() -> None:
    plain = _compiled(lambda p: p[0] * 2.0 + sin(p[1]), np.ones((3, 2))).program.page.legend
    assert [sign for sign, _ in plain] == ["%n[a:b]"]
    compiled = compile(lambda p: logsumexp(p) * W)
    compiled.backward(np.ones((3, 2)))
    assert {"largest", "finite", "batch_sum", "weight"} <= {sign for sign, _ in compiled.program.page.legend}


def test_what_nothing_reads_is_left_out() -> None:
    page = str(_compiled(lambda x, y: sin(x), [1.0], [2.0], batched=(0, 1)).program)
    given = page.partition("\ngiven\n")[2].partition("\nfor all records")[0]
    assert given.split() == ["%1", "(1,", "records)", "argument", "0:", "x"]


def test_the_result_comes_before_its_derivatives() -> None:
    program = _network([4, 3, 1], activation="tanh")
    leading = set(program.leading_to(program.outputs[0]).steps)
    order = [step in leading for step in program.steps]
    assert order == sorted(order, reverse=True)
    assert 0 < sum(order) < len(order)


def test_operations_are_counted_where_they_are_carried_out() -> None:
    """Two products and their sum for each of three results, and a factor that is the same for all records."""
    compiled = _compiled(
        lambda x, p: [(x[k] * x[k - 1] + x[k] * x[k - 2]) * p for k in range(3)], np.ones((4, 3)), 2.0, batched=0
    )
    assert str(compiled.program).startswith("6 operations for each record became 2 steps\n")
    compiled = _compiled(lambda x, p: x * sin(p), np.ones(4), 2.0, batched=0)
    assert str(compiled.program).startswith("1 operation for each record and 1 for all became 2 steps")


PROGRAMS = {
    "network": lambda activation="relu", bias=True: _network(
        [4, 3, 1], activation=activation, output_activation="sigmoid", bias=bias
    ),
    "choices": lambda: _compiled(lambda p: [abs(x) * p[0] for x in p] + [logsumexp(p)], np.ones((3, 9))).program,
    "custom rows": lambda: _compiled(lambda p: [p[k] * p[-k] for k in (1, 5, 2)], np.ones((3, 9))).program,
}


def test_printing_binds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    program = PROGRAMS["network"]()
    monkeypatch.delattr(NumpyBackend, "calls")
    with pytest.raises(AttributeError):
        Executor(program)
    assert str(program)


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_memory_is_what_a_run_keeps(name: str) -> None:
    """But for constants and what NumPy needs within a step; a network without biases and relu has neither."""
    program, records = PROGRAMS[name](bias=False, activation="tanh") if name == "network" else PROGRAMS[name](), 20_000
    (line,) = [line for line in str(program).splitlines() if line.startswith("memory: ")]
    told = int(line.partition("(")[2].partition(" bytes a record")[0])
    executor = Executor(program, backend=NumpyBackend(chunk_bytes=10**12))
    blocks = program.blocks[: program.given]
    given = [np.ones((block.rows, records) if block.batched else block.rows) for block in blocks]
    tracemalloc.start()
    executor.run(given, records)
    allocated, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert allocated / records == pytest.approx(told, rel=0.03)


def test_constants_have_a_page_too() -> None:
    page = str(_compiled(lambda x: 1.5, [1.0]).program).splitlines()
    assert page[0] == "0 operations became 0 steps"
    assert page[2:] == ["results", "  result (1)            1.5"]
