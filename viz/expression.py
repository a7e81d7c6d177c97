"""Expression: one line of arithmetic, parsed against a list of what is allowed, as a graph."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, final

import autodiff
from autodiff import Origin, Value
from autodiff.errors import AutodiffError
from viz.text import shortened

LONGEST = 10_000
"""The most characters of an expression."""
DEEPEST = 200
"""How deep its operations may be nested."""

_OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
}
_SEQUENCES = frozenset({"sum", "mean", "prod", "norm", "logsumexp"})
"""Functions of any number of arguments, which take them as one list."""
FUNCTIONS = (
    *sorted(_SEQUENCES),
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "digamma", "elu", "erf",
    "erfc", "exp", "exp2", "expm1", "gaussian", "gelu", "hypot", "leaky_relu", "lgamma", "log", "log10", "log1p",
    "log2", "log_sigmoid", "logaddexp", "maximum", "minimum", "reciprocal", "relu", "sigmoid", "silu", "sin", "sinc",
    "sinh", "softplus", "sqrt", "square", "tan", "tanh", "xlogy",
)  # fmt: skip
"""What an expression may call."""


@final
class ExpressionError(AutodiffError, ValueError):
    """An expression holds something that is not allowed; the message marks where."""

    def __init__(self, problem: str, text: str = "", start: int = 0, end: int = 0) -> None:
        self.problem, self.start, self.end = problem, start, end
        super().__init__(f"{problem}\n{_marked(text, start, end)}" if text else problem)


def read_expression(text: str, numbers: Mapping[str, float]) -> Value:
    """The graph of an expression such as `tanh(w*x + b)**2`.

    Parameters
    ----------
    text
        Numbers, names, + - * / **, parentheses and calls of the functions in `FUNCTIONS`, nothing else.
    numbers
        The number of each name.

    Returns
    -------
    Value
        The result, not swept. Names are leaves with labels; literals are floats.

    Raises
    ------
    ExpressionError
        A ValueError that marks the column, for whatever else there is, for more than 10,000 characters or a depth
        over 200, and for names without a number or numbers without a name.

    Examples
    --------
    >>> read_expression("w*x + 1", {"w": 0.5, "x": 4.0}).data
    3.0
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"an expression has at most {LONGEST:,} characters, got {len(text):,}")
    reader = _Reader(text, {name: Value(number, label=name) for name, number in numbers.items()})
    result = reader.read(_parsed(text), 1)
    unused = [name for name in numbers if name not in reader.used]
    if unused:
        raise ExpressionError(f"{unused[0]} has a number but is not in the expression", text, 0, len(text))
    return result if isinstance(result, Value) else Value(result)


@final
class _Reader:
    """Reads the nodes of a parsed expression that are allowed."""

    def __init__(self, text: str, leaves: Mapping[str, Value]) -> None:
        self.text, self.leaves = text, leaves
        self.used: set[str] = set()

    def read(self, node: ast.expr, depth: int) -> Any:
        """The Value, or the float, of one node."""
        if depth > DEEPEST:
            raise self.refused(node, f"operations are nested more than {DEEPEST} deep")
        if isinstance(node, ast.Constant):
            return self._literal(node)
        if isinstance(node, ast.Name):
            return self._name(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub)):
            operand = self.read(node.operand, depth + 1)
            return self._made(node, lambda: -operand) if isinstance(node.op, ast.USub) else operand
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            a, b = self.read(node.left, depth + 1), self.read(node.right, depth + 1)
            return self._made(node, lambda: _applied(_OPERATORS[type(node.op)], a, b))
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        raise self.refused(node, f"{_kind(node)} is not allowed; numbers, names, + - * / ** and calls are")

    def refused(self, node: ast.expr, problem: str) -> ExpressionError:
        """The error that marks this node."""
        start, end = self._columns(node)
        return ExpressionError(problem, self.text, start, end)

    def _literal(self, node: ast.Constant) -> float:
        if type(node.value) not in (int, float):
            raise self.refused(node, f"{_kind(node)} is not allowed; literals are real numbers")
        try:
            return float(node.value)  # type: ignore[arg-type]  # checked above
        except OverflowError:
            raise self.refused(node, "this number is beyond the range of floats, about 1.8e308") from None

    def _name(self, node: ast.Name) -> Value:
        if node.id in self.leaves:
            self.used.add(node.id)
            return self.leaves[node.id]
        remedy = f"it is a function, call it as {node.id}(...)" if node.id in FUNCTIONS else f"add {node.id}=1.0"
        raise self.refused(node, f"{shortened(node.id, 40)} has no number; {remedy}")

    def _call(self, node: ast.Call, depth: int) -> Any:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            raise self.refused(node.func, f"no such function; known are {', '.join(FUNCTIONS)}")
        starred = [argument for argument in node.args if isinstance(argument, ast.Starred)]
        if node.keywords or starred or not node.args:
            raise self.refused(node, f"{node.func.id} takes plain arguments, as {node.func.id}(x)")
        arguments = [self.read(argument, depth + 1) for argument in node.args]
        name = node.func.id
        function: Any = abs if name == "abs" else getattr(autodiff, name)
        try:
            return self._made(node, lambda: function(arguments) if name in _SEQUENCES else function(*arguments))
        except TypeError as error:
            raise self.refused(node, f"{name} does not take {len(arguments)} arguments") from error

    def _made(self, node: ast.expr, make: Callable[[], Any]) -> Any:
        """What `make` returns, with the columns that it came from."""
        result = make()
        if isinstance(result, Value) and result.operands and result.origin is None:
            start, end = self._columns(node)
            result.origin = Origin(source=f"expression:1 in expression: {self.text} [columns {start + 1}-{end}]")
        return result

    def _columns(self, node: ast.expr) -> tuple[int, int]:
        """The first column of a node, and that after its last, in characters; Python counts bytes of UTF-8."""
        line = self.text.encode()
        places = node.col_offset, node.end_col_offset or len(line)
        start, end = (len(line[:place].decode(errors="ignore")) for place in places)
        return start, end


def _parsed(text: str) -> ast.expr:
    if "\n" in text or "\r" in text:
        raise ExpressionError("an expression is one line")
    blank = len(text) - len(text.lstrip())
    if blank == len(text):
        raise ExpressionError("the expression is empty")
    if blank:
        raise ExpressionError("an expression does not begin with a blank", text, 0, blank)
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        column = (
            min(error.offset - 1, len(text)) if error.offset else len(text)
        )  # without one where the end came too soon
        raise ExpressionError(f"not an expression: {error.msg}", text, column, column + 1) from None
    except (RecursionError, MemoryError):
        raise ExpressionError(f"operations are nested more than {DEEPEST} deep") from None
    except ValueError as error:  # a null byte
        raise ExpressionError(f"not an expression: {error}") from None


def _applied(operate: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
    """Two floats are calculated as Values are, with IEEE results where Python raises."""
    if isinstance(a, float) and isinstance(b, float):
        return operate(Value(a), b).data
    return operate(a, b)


def _kind(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return f"the literal {shortened(repr(node.value), 20)}"
    return f"the construct {type(node).__name__}"


def _marked(text: str, start: int, end: int) -> str:
    """The expression, cut to what fits a line, with marks below the columns."""
    left = max(0, start - 40)
    shown = "".join(sign if sign.isprintable() else "?" for sign in text[left : left + 100])
    marks = "^" * max(1, min(end, left + 100) - start)
    return f"  {shown}\n  {' ' * (start - left)}{marks} column {start + 1}"
