"""Curves: how the loss fell, and where a model of two inputs decides; drawn by matplotlib."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np

from autodiff import Value, no_grad
from autodiff.errors import MissingExtraError, ShapeError
from viz.errors import OptionError, OptionTypeError

_GRID = 60
_COLORS = ("#542788", "#b35806", "#00707e", "#666b71")


def curves(history: Any, *, log: bool = False) -> Any:
    """Plot the loss over the epochs of one training run or of several.

    Parameters
    ----------
    history : History, sequence of float, or mapping of either by name
        The return value of `nn.fit`. Of two runs the difference is drawn too, since curves that coincide hide it.
    log : bool
        Draw the loss on a logarithmic scale.

    Returns
    -------
    matplotlib.figure.Figure
        Notebooks show it; `savefig` writes it.

    Raises
    ------
    MissingExtraError
        An ImportError, without matplotlib.
    OptionTypeError, OptionError
        A TypeError for anything else, a ValueError for runs without epochs.

    Examples
    --------
    >>> figure = curves({"A": [0.5, 0.3, 0.2], "B": [0.5, 0.4, 0.3]})
    >>> [axes.get_ylabel() for axes in figure.axes]
    ['loss', 'B − A']
    """
    runs = {name: _losses(run) for name, run in (history if isinstance(history, Mapping) else {"": history}).items()}
    if not runs or not all(len(losses) for losses in runs.values()):
        raise OptionError("there is no epoch to draw; train first")
    two = len(runs) == 2
    figure = _figure((6.4, 5.2) if two else (6.4, 3.6))
    axes = figure.subplots(2 if two else 1, 1, sharex=True, squeeze=False)[:, 0]
    for (name, losses), color in zip(runs.items(), _COLORS * len(runs), strict=False):
        axes[0].plot(range(len(losses)), losses, color=color, label=str(name) or None)
        checks: Sequence[tuple[int, float]] = getattr(history, "checks", [])
        if checks:
            axes[0].plot(*zip(*checks, strict=True), "o", color=_COLORS[1], markersize=3.5, label="all the data, after")
    axes[0].set_ylabel("loss")
    if log:
        axes[0].set_yscale("log")
    if len(runs) > 1 or getattr(history, "checks", []):
        axes[0].legend(frameon=False)
    if two:
        _draw_difference(axes[1], runs)
    axes[-1].set_xlabel("epoch")
    for one in axes:
        _quiet(one)
    return figure


def boundary(model: Any, X: Any, y: Any = None, *, resolution: int = _GRID) -> Any:  # noqa: N803 - scikit-learn's name
    """Plot the output of a model of two inputs over the plane, with its records.

    Parameters
    ----------
    model : callable
        Takes the list of two features; its first output is drawn.
    X : array_like, shape (records, 2)
        The features.
    y : array_like, shape (records,), optional
        Targets, drawn as the color of the records on the same scale.
    resolution : int
        Points along each side, at least 2.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ShapeError
        A ValueError, unless there are two features, and as many targets as records.
    OptionError
        A ValueError, for a resolution below 2.
    MissingExtraError
        An ImportError, without matplotlib.

    Examples
    --------
    >>> figure = boundary(lambda point: point[0] - point[1], [[0.0, 1.0], [1.0, 0.0]], [0, 1], resolution=5)
    >>> len(figure.axes)
    2
    """
    points = np.asarray(X, dtype=float)
    targets = None if y is None else np.asarray(y, dtype=float)
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise ShapeError(f"boundary draws models of two inputs, X of shape (records, 2), got shape {points.shape}")
    if targets is not None and targets.shape != (len(points),):
        raise ShapeError(f"y takes one target for each of {len(points)} records, got shape {targets.shape}")
    if resolution < 2:
        raise OptionError(f"resolution is at least 2, got {resolution}")
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.15 * np.where(high > low, high - low, 1.0)
    sides = [np.linspace(a, b, resolution) for a, b in zip(low - margin, high + margin, strict=True)]
    with no_grad():
        heights = np.array([[_output(model, [x, y_]) for x in sides[0].tolist()] for y_ in sides[1].tolist()])
    return _drawn_plane(sides, heights, points, targets)


def _drawn_plane(sides: Sequence[Any], heights: Any, points: Any, targets: Any) -> Any:
    figure = _figure((5.6, 4.6))
    axes = figure.subplots()
    filled = axes.contourf(*sides, heights, levels=20, cmap="PuOr")
    middle = 0.5 if targets is None else float(targets.min() + targets.max()) / 2.0
    if heights.min() < middle < heights.max():
        axes.contour(*sides, heights, levels=[middle], colors="#1a1b1d", linewidths=1.2)
    color = "#1a1b1d" if targets is None else targets
    axes.scatter(points[:, 0], points[:, 1], c=color, cmap="PuOr", edgecolors="#1a1b1d", linewidths=0.8, s=28)
    figure.colorbar(filled, ax=axes, label="output")
    axes.set_xlabel("x1")
    axes.set_ylabel("x2")
    return figure


def _draw_difference(axes: Any, runs: Mapping[Any, Sequence[float]]) -> None:
    (a, first), (b, second) = runs.items()
    both = min(len(first), len(second))
    axes.plot(range(both), np.subtract(second[:both], first[:both]), color="#1a1b1d")
    axes.axhline(0.0, color="#b4b4ae", linewidth=0.8)
    axes.set_ylabel(f"{b} − {a}")


def _losses(run: Any) -> Sequence[float]:
    losses = getattr(run, "losses", run)
    if isinstance(losses, str) or not hasattr(losses, "__len__") or not all(isinstance(loss, Real) for loss in losses):
        raise OptionTypeError(f"curves draws what nn.fit returned, or a list of losses, got {type(run).__name__}")
    return [float(loss) for loss in losses]


def _output(model: Any, point: list[float]) -> float:
    output = model(point)
    first = output if isinstance(output, (Value, Real)) else next(iter(output))
    return float(first.data if isinstance(first, Value) else first)


def _figure(size: tuple[float, float]) -> Any:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("curves and boundaries need matplotlib: pip install 'valuegraph[plot]'") from error
    return Figure(figsize=size, layout="constrained")


def _quiet(axes: Any) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
