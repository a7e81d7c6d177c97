"""Paths: which chains of slopes carry the gradient of one weight, and how much of it cancels."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, final

from autodiff import Value
from viz.errors import OptionError, OptionTypeError
from viz.subject import Loss, Subject, read_subject
from viz.why import naming
from viz.why.flow import Flow, FlowEdge, PathGroup
from viz.why.sweep import Sweep, required_value
from viz.why.table import Table

_Way: TypeAlias = tuple[float, float, int, int]
"""How a path reached a node: |product|, product, which of the node's edges it came over, its rank at the other end."""


@final
@dataclass(frozen=True, slots=True)
class Path:
    """One way from a weight to the root.

    Parameters
    ----------
    nodes : tuple of Value
        From the weight to the root, both included.
    slopes : tuple of float
        One for each step.
    product : float
        The product of the slopes: what this path adds to the gradient.

    Examples
    --------
    >>> x = Value(3.0, label="x")
    >>> paths(x, x * 2.0).strongest[0]
    <Path of 1 steps: 2>
    """

    nodes: tuple[Value, ...]
    slopes: tuple[float, ...]
    product: float

    def __repr__(self) -> str:
        return f"<Path of {len(self.slopes)} steps: {naming.number(self.product)}>"


@final
class Paths:
    """The paths from a weight to a root, with exact sums over all of them, listed or not.

    It prints as a table, and notebooks show it.

    Attributes
    ----------
    weight, root : Value
    strongest : tuple of Path
        The `k` paths with the largest absolute product, largest first.
    count : int
        How many paths there are.
    gradient : float
        The sum of all products: the gradient of the root along the weight.
    absolute : float
        The sum of the absolute products: the absolute flow.

    Examples
    --------
    >>> x = Value(3.0, label="x")
    >>> paths(x, x * x - 5 * x).cancellation.__round__(3)
    0.091
    """

    def __init__(self, weight: Value, sweep: Sweep, k: int, subject: Subject | None = None) -> None:
        self._flow = Flow(weight, sweep, subject)
        self.weight, self.root = weight, sweep.root
        self.strongest: tuple[Path, ...] = tuple(_strongest(self._flow, k))
        """The `k` paths with the largest absolute product, that first."""
        self.count: int = self._flow.count
        """How many paths there are."""
        place = sweep.place.get(weight)
        self.gradient: float = 0.0 if place is None else sweep.gradients[place]
        """The sum of all products: the gradient of the root along the weight."""
        self.absolute: float = 0.0 if place is None else sweep.absolute[place]
        """The sum of the absolute products: the absolute flow."""

    @property
    def rest(self) -> float:
        """What all paths that are not listed add together."""
        if self.count <= len(self.strongest):
            return 0.0
        return self.gradient - sum(path.product for path in self.strongest)

    @property
    def rest_absolute(self) -> float:
        """The absolute flow of all paths that are not listed."""
        if self.count <= len(self.strongest):
            return 0.0
        return max(0.0, self.absolute - sum(abs(path.product) for path in self.strongest))

    @property
    def cancellation(self) -> float:
        """κ = ``|gradient| / absolute``: 1 where nothing cancels, 0 where everything does; nan without flow."""
        return abs(self.gradient) / self.absolute if self.absolute else math.nan

    @functools.cached_property
    def edges(self) -> tuple[FlowEdge, ...]:
        """Every edge on a path, with its share of the gradient. Over any cut the shares add up to 1."""
        return self._flow.edges()

    @functools.cached_property
    def groups(self) -> tuple[PathGroup, ...]:
        """The paths by the neuron that they enter and by the record that they begin with, named as in a picture.

        For a bare graph, whose records are not known, a record is a use of the weight.

        The largest absolute flow comes first. A path passes through a neuron of each layer, so the groups of
        one layer, not of all, add up to the gradient.
        """
        return self._flow.groups()

    def __repr__(self) -> str:
        return (
            f"<Paths from {naming.full_title(self.weight)} to {naming.title(self.root)}: {self.count:,}, gradient "
            f"{naming.number(self.gradient)}, absolute {naming.number(self.absolute)}, "
            f"κ {naming.number(self.cancellation)}>"
        )

    def _table(self) -> Table:
        rows = [
            (_route(path), naming.number(path.product), naming.percent(abs(path.product) / self.absolute))
            for path in self.strongest
            if self.absolute
        ]
        others = self.count - len(self.strongest)
        if others and self.absolute:
            share = naming.percent(self.rest_absolute / self.absolute)
            rows.append((f"all {others:,} others together", naming.number(self.rest), share))
        cancels = "" if math.isnan(self.cancellation) else f", {naming.percent(1.0 - self.cancellation)} cancels"
        return Table(
            title=f"Paths from {naming.full_title(self.weight)} to {naming.title(self.root)}",
            note=f"{self.count:,} in all{cancels}",
            columns=("through", "product", "of the absolute flow"),
            rows=rows,
            total=("gradient", naming.number(self.gradient), ""),
            shaded=1,
        )

    def __str__(self) -> str:
        return self._table().text()

    def _repr_html_(self) -> str:
        return self._table().html()


def paths(
    weight: Value, root: Value | Callable[..., Any], k: int = 10, *, data: Sequence[Any] = (), loss: Loss | None = None
) -> Paths:
    """Find the `k` strongest paths from `weight` to `root`, and exact sums over all of them.

    Each node keeps its k largest partial products, so the time grows with edges × k and not with the number of paths,
    which may be astronomical. "Why is it so small?" is usually answered by `cancellation`.

    Parameters
    ----------
    weight : Value
        A node of the graph, such as a parameter of the model.
    root : Value or callable
        The end of the graph; or a model to run on `data`, whose groups then have the names of its records.
    k : int
        How many paths to list, at least 0.
    data : sequence of array_like or data frame
        For a model its features and targets, as `viz.draw` takes them.
    loss : callable, optional
        For a model a function (predictions, targets) -> Value, such as `nn.mse`.

    Returns
    -------
    Paths
        With `.strongest` (each with nodes, slopes, product), `.count`, `.gradient`, `.absolute`, `.rest`,
        `.cancellation`, and `.groups` by neuron and record.

    Raises
    ------
    StaleGraphError
        If data changed since the graph was recorded.
    CoercionError, OptionTypeError, OptionError
        TypeErrors unless both are Values and `k` is an integer; a ValueError for `k` below 0.

    Examples
    --------
    >>> x = Value(3.0, label="x")
    >>> found = paths(x, x * x - 5 * x)
    >>> found.count, found.gradient, found.absolute
    (3, 1.0, 11.0)
    >>> [path.product for path in found.strongest]
    [-5.0, 3.0, 3.0]
    >>> w = Value(2.0, label="w")
    >>> paths(w, lambda row: w * row[0], data=([[1.0]],)).groups
    (<PathGroup without a scope, record 1: 1 path, 1 of 1>,)
    """
    if isinstance(k, bool) or not isinstance(k, int):
        raise OptionTypeError(f"k is a number of paths, an int, got {k!r}")
    if k < 0:
        raise OptionError(f"k is a number of paths, at least 0, got {k}")
    required_value(weight, "weight")
    if isinstance(root, Value) or not callable(root):
        if data or loss is not None:
            raise OptionTypeError("a Value is a graph already; give data and a loss together with a model")
        return Paths(weight, Sweep(required_value(root, "root"), above=weight), k)
    subject = read_subject(root, *data, loss=loss)
    return Paths(weight, Sweep(subject.root, above=weight), k, subject)


def _strongest(flow: Flow, k: int) -> Sequence[Path]:
    """The k paths of largest |product|: each node keeps its k largest, from the weight up."""
    if not flow.count or not k:
        return []
    kept = _Kept({flow.start: [1.0]}, {})
    # With a nan among the products tuples have no order, and a nan is what somebody looks for.
    rank_by = None if math.isfinite(flow.sweep.absolute[flow.start]) else _size
    for head, incoming in flow.incoming:
        if len(incoming) == 1:
            ((tail, _, slope),) = incoming
            kept.products[head] = _times(kept.products[tail], slope)
        else:
            ways = [
                (abs(product), product, edge, rank)
                for edge, (tail, _, slope) in enumerate(incoming)
                for rank, product in enumerate(_times(kept.products[tail], slope))
            ]
            ways.sort(key=rank_by, reverse=True)
            del ways[k:]
            kept.products[head] = [way[1] for way in ways]
            kept.ways[head] = ways
    top = len(flow.sweep.order) - 1
    return [_path(flow.sweep, kept, top, rank) for rank in range(len(kept.products[top]))]


@final
@dataclass(frozen=True, slots=True)
class _Kept:
    """The largest partial products of each node, and where they came from."""

    products: dict[int, list[float]]
    ways: dict[int, list[_Way]]
    """Missing where there is one edge: each product then came over it from the same rank."""


def _times(products: list[float], slope: float) -> list[float]:
    return products if slope == 1.0 else [product * slope for product in products]


def _size(way: _Way) -> float:
    return way[0] if way[0] == way[0] else math.inf


def _path(sweep: Sweep, kept: _Kept, place: int, rank: int) -> Path:
    product = kept.products[place][rank]
    nodes, slopes = [sweep.order[place]], []
    while sweep.edges[place]:
        edge = 0
        if place in kept.ways:
            _, _, edge, rank = kept.ways[place][rank]
        place, _, slope = sweep.edges[place][edge]
        nodes.append(sweep.order[place])
        slopes.append(slope)
    return Path(tuple(reversed(nodes)), tuple(reversed(slopes)), product)


def _route(path: Path) -> str:
    """The neurons that a path passes, or without scopes its nodes, shortened in the middle."""
    stops = list(dict.fromkeys(naming.scope_title(naming.scope_of(node)) or naming.title(node) for node in path.nodes))
    if len(stops) > 5:
        stops = [*stops[:3], "…", *stops[-2:]]
    return " → ".join(stops)
