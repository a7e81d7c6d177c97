"""Film: the numbers of a model's parameters over a training run, recorded by a callback of `fit`."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from autodiff import Value
from viz.errors import OptionError, OptionTypeError
from viz.subject import Loss, read_subject

MOST_FRAMES = 200
"""How many frames a page holds."""
MOST_NUMBERS = 4_000_000
"""Beyond so many numbers in memory every other epoch is dropped: 32 MB."""


@final
class Film:
    """A callback of `fit` that keeps the parameters after each epoch, made by `film`.

    `viz.page(film)` plays it, and `viz.page(film_a, film_b)` plays two runs in step.

    Attributes
    ----------
    epochs : list of int
        How many epochs were complete at each kept moment, 0 at the start.
    losses : sequence of float
        The loss of each epoch.
    numbers : ndarray, shape (moments, parameters)

    Examples
    --------
    >>> w = Value(0.5, label="w")
    >>> run = film(lambda record: w * record[0], [[1.0]], [2.0], loss=lambda p, t: (p[0] - t[0]) ** 2)
    >>> run.numbers.tolist()
    [[0.5]]
    """

    def __init__(self, model: Any, features: Any, targets: Any, loss: Loss | None) -> None:
        self.model, self.data, self.loss = model, (features, targets), loss
        self.parameters = _parameters(model, self.data, loss)
        self.epochs: list[int] = []
        """How many epochs had been completed at each kept moment, 0 at the start."""
        self.losses: Sequence[float] = ()
        self._numbers = array("d")
        self._stride = 1
        self._keep(0)

    def __call__(self, epoch: int, history: Any) -> None:
        """Keep the parameters after an epoch; `fit` calls this."""
        self.losses = history.losses
        if (epoch + 1) % self._stride == 0:
            self._keep(epoch + 1)

    def _keep(self, epoch: int) -> None:
        self.epochs.append(epoch)
        self._numbers.extend([parameter.data for parameter in self.parameters])
        if len(self._numbers) > MOST_NUMBERS:
            self._thin()

    def _thin(self) -> None:
        """Drop every other epoch, and keep half as many from now on."""
        self._stride *= 2
        kept = [place for place, epoch in enumerate(self.epochs) if epoch % self._stride == 0]
        self._numbers = array("d", self.numbers[kept].ravel().tolist())
        self.epochs = [self.epochs[place] for place in kept]

    @property
    def numbers(self) -> NDArray[np.float64]:
        """The kept numbers, of shape (moments, parameters)."""
        return np.array(self._numbers).reshape(len(self.epochs), len(self.parameters))

    def frames(self, *also: int) -> list[int]:
        """The moments to show: at most MOST_FRAMES of the kept ones, evenly spaced, with the last.

        Parameters
        ----------
        *also : int
            Epochs whose moments are shown as well.

        Returns
        -------
        list of int
            Their places in `epochs`, in order.
        """
        count = len(self.epochs)
        wanted = {self.epochs.index(epoch) for epoch in also if epoch in self.epochs}
        even = np.linspace(0, count - 1, min(count, MOST_FRAMES - len(wanted))).round().astype(int).tolist()
        return sorted({*even, *wanted})

    def __repr__(self) -> str:
        return f"<Film of {len(self.parameters)} parameters over {self.epochs[-1]} epochs>"


def film(model: Any, features: Any, targets: Any, *, loss: Loss) -> Film:
    """Record a run of `fit` for `viz.page`, as one of its callbacks.

    Parameters
    ----------
    model : callable
        The model that is trained.
    features, targets : array_like
        The data that the page shows, of shapes (records, inputs) and (records,) or (records, outputs).
    loss : callable
        A function (predictions, targets) -> Value, such as `nn.mse`.

    Returns
    -------
    Film
        Pass it to `fit` among its callbacks, and then to `viz.page`.

    Raises
    ------
    OptionTypeError, ShapeError
        As `viz.page` does, before the training.

    Examples
    --------
    >>> w = Value(0.5, label="w")
    >>> run = film(lambda record: w * record[0], [[1.0], [2.0]], [1.0, 2.0], loss=lambda p, t: (p[0] - t[0]) ** 2)
    >>> run
    <Film of 1 parameters over 0 epochs>
    """
    return Film(model, features, targets, loss)


def first_difference(a: Film, b: Film) -> tuple[int, list[int]] | None:
    """The first epoch after which two runs differ, and the places of the parameters that do, the largest first."""
    shared = sorted({*a.epochs} & {*b.epochs})
    of_a, of_b = (dict(zip(run.epochs, run.numbers, strict=True)) for run in (a, b))
    for epoch in shared:
        apart = np.abs(of_a[epoch] - of_b[epoch])
        if np.any(of_a[epoch] != of_b[epoch]):
            return epoch, [int(place) for place in np.argsort(-apart, kind="stable") if apart[place] != 0.0]
    return None


def film_payload(films: Sequence[Film], order: Sequence[Value]) -> dict[str, Any]:
    """Frames of one or two runs for a page; `order` has the parameters as the page lists them.

    Raises OptionError (a ValueError) for runs of models with other numbers of parameters.
    """
    first = films[0]
    if any(len(run.parameters) != len(first.parameters) for run in films):
        counts = " and ".join(str(len(run.parameters)) for run in films)
        raise OptionError(f"two films in step are of models of one shape, got {counts} parameters")
    place = {id(parameter): number for number, parameter in enumerate(first.parameters)}
    columns = [place[id(parameter)] for parameter in order]
    difference = first_difference(*films) if len(films) == 2 else None
    also = [difference[0], difference[0] - 1] if difference else []
    return {
        "runs": [_run(run, columns, also) for run in films],
        "difference": difference and {"epoch": difference[0], "places": [columns.index(k) for k in difference[1]]},
        "kept": len(first.epochs),
    }


def _run(run: Film, columns: Sequence[int], also: Sequence[int]) -> dict[str, Any]:
    chosen = run.frames(*also)
    losses = list(run.losses)
    step = max(1, len(losses) // 400)
    return {
        "epochs": [run.epochs[place] for place in chosen],
        "frames": run.numbers[chosen][:, columns].tolist(),
        "losses": [[epoch, losses[epoch]] for epoch in range(0, len(losses), step)],
    }


def _parameters(model: Any, data: tuple[Any, Any], loss: Loss | None) -> list[Value]:
    """The parameters in the graph of the model, or all that its own list has."""
    listed = getattr(model, "parameters", None)
    if callable(listed):
        return list(listed())
    seen = read_subject(model, *data, loss=loss)
    inputs = {leaf for record in seen.records for leaf in record.inputs}
    found = [node for node in seen.order if not node.operands and node not in inputs]
    if not found:
        raise OptionTypeError("the model has no parameters whose course a film could show")
    return found
