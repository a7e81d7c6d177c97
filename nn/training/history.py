"""History: what happened while a model was trained."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, final

from nn.errors import OptionError
from nn.extras import imported

_SHOWN = 10  # rows of a page
_POINTS = 120  # of its curve


@final
@dataclass(repr=False)
class History:
    """The losses and metrics along a training run. Epochs are numbered from 0.

    While training, callbacks see the history so far; `final_loss` is nan until the end.

    Parameters
    ----------
    initial_loss : float
        The loss of all the data before the first step.
    losses : list of float
        For each complete epoch, the mean over its batches of the batch's loss, measured before its step.
    checks : list of (int, float)
        Pairs (epoch, loss of all the data after that epoch), about ten in a run.
    final_loss : float
        The loss of all the data after training.
    interrupted : bool
        Whether Ctrl-C or SIGTERM ended the training.
    validation_losses : list of float
        The loss of the validation data after each epoch; empty without such data.
    metrics : dict of str to list of float
        Each metric after each epoch; names that begin with ``validation_`` are of the validation data.
    learning_rates : list of float
        The learning rate of each epoch; empty without a schedule.
    stopped : str
        The reason for ending early: "callback", "early stopping", "Ctrl-C", "SIGTERM", "converged" or another that a
        driver gives; else empty.
    best_epoch : int or None
        With early stopping, the epoch whose parameters were restored.

    Examples
    --------
    >>> history = History(1.0, losses=[0.5, 0.25], final_loss=0.125)
    >>> history
    History(2 epochs, loss 1 → 0.125)
    >>> history.columns()
    {'loss': [0.5, 0.25]}
    """

    initial_loss: float
    losses: list[float] = field(default_factory=list)
    checks: list[tuple[int, float]] = field(default_factory=list)
    final_loss: float = math.nan
    interrupted: bool = False
    validation_losses: list[float] = field(default_factory=list)
    metrics: dict[str, list[float]] = field(default_factory=dict)
    learning_rates: list[float] = field(default_factory=list)
    stopped: str = ""
    best_epoch: int | None = None

    @property
    def epochs(self) -> int:
        """The number of complete epochs."""
        return len(self.losses)

    def columns(self) -> dict[str, list[float]]:
        """The table of this history: each column by name, with a number for each epoch.

        Returns
        -------
        dict of str to list of float
        """
        named = {"loss": self.losses, "validation_loss": self.validation_losses, **self.metrics}
        named["learning_rate"] = self.learning_rates
        return {name: list(numbers) for name, numbers in named.items() if numbers or name == "loss"}

    def monitored(self, name: str | None) -> Sequence[float]:
        """A column by its name.

        Parameters
        ----------
        name : str or None
            None is the validation loss, or the loss where there is none.

        Returns
        -------
        sequence of float

        Raises
        ------
        OptionError
            A ValueError that lists the columns, once there is an epoch.
        """
        if name is None:
            return self.validation_losses or self.losses
        columns = self.columns()
        if name not in columns and self.losses:
            raise OptionError(f"the history has no column {name!r}; it has {', '.join(columns)}")
        return columns.get(name, [])

    def to_frame(self) -> Any:
        """The table as a pandas DataFrame, with a row for each epoch.

        Returns
        -------
        pandas.DataFrame

        Raises
        ------
        MissingExtraError
            An ImportError without pandas.
        """
        pandas = imported("pandas", "a DataFrame needs pandas: pip install 'valuegraph[examples]'")
        frame = pandas.DataFrame(self.columns())
        return frame.rename_axis("epoch")

    def plot(self, ax: Any = None) -> Any:
        """The curves of losses and metrics over epochs.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            The axes to draw into; by default new ones.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        MissingExtraError
            An ImportError without Matplotlib.
        """
        pyplot = imported("matplotlib.pyplot", "a curve needs Matplotlib: pip install 'valuegraph[plot]'")
        axes = pyplot.subplots()[1] if ax is None else ax
        for name, numbers in self.columns().items():
            if name != "learning_rate":
                axes.plot(range(len(numbers)), numbers, label=name)
        axes.set_xlabel("epoch")
        axes.legend()
        return axes

    def __repr__(self) -> str:
        ends = [f"loss {self.initial_loss:.6g} → {self.final_loss:.6g}"]
        ends += [
            f"{name} {numbers[-1]:.6g}"
            for name, numbers in self.columns().items()
            if name not in ("loss", "learning_rate") and numbers
        ]
        if self.stopped:
            ends.append(f"stopped by {self.stopped}")
        return f"History({self.epochs} epochs, {', '.join(ends)})"

    def _repr_html_(self) -> str:
        """The table, of a long run every so many epochs, and its curve of the loss."""
        columns = self.columns()
        stride = max(1, math.ceil(self.epochs / _SHOWN))
        shown = sorted({*range(0, self.epochs, stride), *range(max(0, self.epochs - 1), self.epochs)})
        head = "".join(f"<th>{name}</th>" for name in ["epoch", *columns])
        rows = "".join(
            f"<tr><th>{epoch}</th>{''.join(f'<td>{numbers[epoch]:.6g}</td>' for numbers in columns.values())}</tr>"
            for epoch in shown
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        return f"<div>{_text(repr(self))}{_curve(self.losses)}{table}</div>"


def _curve(numbers: Sequence[float], width: int = 240, height: int = 60) -> str:
    """A line through the numbers as SVG, on a logarithmic scale where all are above 0."""
    numbers = numbers[:: max(1, len(numbers) // _POINTS)]
    heights = [math.log(number) for number in numbers] if numbers and min(numbers) > 0.0 else list(numbers)
    if len(heights) < 2:
        return ""
    low, high = min(heights), max(heights)
    span = (high - low) or 1.0
    points = " ".join(
        f"{width * place / (len(heights) - 1):.1f},{height - height * (number - low) / span:.1f}"
        for place, number in enumerate(heights)
    )
    return (
        f'<svg width="{width}" height="{height}" role="img" aria-label="loss over epochs" style="display:block">'
        f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>'
    )


def _text(text: str) -> str:
    return f"<p>{text.replace('&', '&amp;').replace('<', '&lt;')}</p>"
