"""Prediction: a model's outputs as plain numbers, by a program that is kept with the model."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, final

import numpy as np

import autodiff
from autodiff import CompiledFunction, Program, Value, is_detecting_anomaly, no_grad, run_program
from nn.arrays import ArrayLike, RealArray
from nn.calls import explained
from nn.data.features import matched_features
from nn.data.records import feature_matrix
from nn.errors import OptionError, OptionTypeError
from nn.losses.functions import Loss, cross_entropy, log_loss, log_loss_from_logits, loss_function
from nn.modules.contents import contents_of, runs_own_code_only
from nn.modules.kept_programs import KeptPrograms, likeness_of
from nn.modules.module import Module
from nn.modules.outputs import output_list
from nn.training.objective import Model


@explained("predict(model, features)")
def predict(model: Model, features: ArrayLike) -> RealArray:
    """The outputs of `model` for all records, without recording a graph.

    The model is compiled the first time and the program kept until a part, a parameter or an attribute of the model
    is another; a model that cannot be compiled is called record by record.

    Parameters
    ----------
    model : Module or callable
        A Module, or any function of one record's list of features.
    features : array_like or data frame, shape (n, inputs)
        The columns of a data frame are matched by name if the model was trained on one.

    Returns
    -------
    ndarray, shape (n,) or (n, outputs)
        One dimension for a model of one output.

    Raises
    ------
    ShapeError
        A ValueError that names both widths.
    DataError
        A ValueError, for no records, nan or infinity, and for columns of other names.
    CoercionError, OptionTypeError
        TypeErrors, for entries that are no numbers, and for a model that cannot be called.

    Examples
    --------
    >>> predict(lambda record: 2.0 * record[0], [[1.0], [3.0]]).tolist()
    [2.0, 6.0]
    """
    if not callable(model):
        raise OptionTypeError(
            f"predict takes a Module or a function, got {model!r:.60}; write predict(model, features)"
        )
    return Predictor(model)(features)


@final
class Predictor:
    """`predict` of one model again and again, in which nothing changes but the numbers of Values.

    A function is compiled in the first call alone: unlike a Module it does not show what it is made of.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._recorded: list[Callable[[RealArray], Any] | None] = []

    def __call__(self, features: Any) -> RealArray:
        """What `predict` returns for these features."""
        model = self._model
        rows = feature_matrix(matched_features(model, features))
        program = self._program(rows)
        if program is not None:
            # A feature's records lie side by side, so that the first product reads them fastest.
            outputs: RealArray = program(np.asfortranarray(rows))
        else:
            with no_grad():
                outputs = np.array(
                    [[_number(out) for out in output_list(model(row))] for row in rows.tolist()], dtype=float
                )
        return outputs[:, 0] if outputs.shape[1] == 1 else outputs

    def _program(self, rows: RealArray) -> Callable[[RealArray], Any] | None:
        """The model compiled; None where it cannot be."""
        if isinstance(self._model, Module):
            return _program_of(self._model, rows)
        if not self._recorded:
            self._recorded.append(_recorded(self._model, rows, known=False))
        return self._recorded[0]


@explained('predict_proba(model, features, loss="cross_entropy")')
def predict_proba(model: Model, features: ArrayLike, *, loss: str | Loss) -> RealArray:
    """The probability of each class, from the outputs of a model trained with `loss`.

    Parameters
    ----------
    model, features
        As `predict` takes them.
    loss : str or callable
        "cross_entropy": softmax of the outputs. "log_loss_from_logits": their sigmoid. "log_loss": the outputs, which
        are probabilities already.

    Returns
    -------
    ndarray, shape (n, classes)
        A model of one output, p, gives the columns 1 - p and p; one of several outputs under a log loss gives each
        output's own probability.

    Raises
    ------
    OptionError
        A ValueError, for a loss that implies no probabilities.

    Examples
    --------
    >>> predict_proba(lambda record: record[0], [[0.0]], loss="log_loss_from_logits").tolist()
    [[0.5, 0.5]]
    """
    criterion = loss_function(loss)
    outputs = predict(model, features)
    if criterion is cross_entropy:
        if outputs.ndim == 1:
            raise OptionError("cross_entropy takes a model of one output for each class, got a model of one output")
        shares = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))
    if criterion is log_loss_from_logits:
        with np.errstate(over="ignore"):  # of a very negative output exp is inf, and the probability 0
            outputs = 1.0 / (1.0 + np.exp(-outputs))
    elif criterion is not log_loss:
        raise OptionError(
            f"{loss!r} implies no probabilities, as cross_entropy, log_loss and log_loss_from_logits do; "
            "predict gives the outputs"
        )
    return np.column_stack([1.0 - outputs, outputs]) if outputs.ndim == 1 else outputs


@final
@dataclass(frozen=True)
class _Kept:
    """The program of a model, and what the model was made of when it was compiled."""

    compiled: Callable[[RealArray], Any] | None
    """None for a model that cannot be compiled."""
    contents: list[Any]

    def fits(self, contents: list[Any]) -> bool:
        return len(contents) == len(self.contents) and all(map(_unchanged, contents, self.contents))


_kept: weakref.WeakKeyDictionary[Module, _Kept] = weakref.WeakKeyDictionary()

KEPT: KeptPrograms[Program] = KeptPrograms()
"""The programs of the models that were used last, for models made alike."""


def _program_of(model: Module, rows: RealArray) -> Callable[[RealArray], Any] | None:
    """The program that is kept with a model, or a new one where the model is another; None if it cannot be compiled."""
    contents = contents_of(model)
    kept = _kept.get(model)
    if kept is None or not kept.fits(contents):
        kept = _kept[model] = _Kept(_new_program(model, contents, rows), contents)
    elif not _is_of_nn(contents) and isinstance(kept.compiled, CompiledFunction) and not _repeats(kept.compiled, rows):
        kept = _kept[model] = _Kept(None, contents)
    return kept.compiled


def _new_program(model: Module, contents: list[Any], rows: RealArray) -> Callable[[RealArray], Any] | None:
    """That of a model made alike, with the numbers of this one, or the model compiled."""
    alike = None if is_detecting_anomaly() else likeness_of(contents)
    likeness = () if alike is None else (rows.shape[1], *alike[0])
    shared = KEPT.get(likeness)
    if alike is not None and shared is not None:
        parameters = [alike[1][place] for place in shared.places]
        return partial(_run_shared, shared.made, parameters)
    # By a weak reference, so that what is kept does not keep the model.
    whole = weakref.ref(model)
    compiled = _recorded(lambda row: _required(whole())(row), rows, known=runs_own_code_only(contents))
    if alike is not None and compiled is not None:
        compiled(np.asfortranarray(rows[:1]))
        KEPT.keep(likeness, compiled.program, compiled.parameters(rows[:1]), alike[1])
    return compiled


def _run_shared(program: Program, parameters: Sequence[Value], rows: RealArray) -> RealArray:
    out: RealArray = run_program(program, [parameter.data for parameter in parameters], [rows])[0]
    return out


def _recorded(model: Model, rows: RealArray, *, known: bool) -> CompiledFunction | None:
    """The model compiled, or None where it cannot be, or gives other numbers when it is called again.

    A `known` model does the same in each call, and is not called again to see.
    """
    compiled = autodiff.compile(lambda row: np.array(output_list(model(row.tolist())), dtype=object))
    return compiled if known or _repeats(compiled, rows) else None


def _repeats(compiled: CompiledFunction, rows: RealArray) -> bool:
    """Whether a model can be recorded, and on the first record does again what was recorded."""
    try:
        compiled.check(rows[:1])
    except (TypeError, AttributeError):  # a TraceError, or what Python code makes of a symbol in place of a float
        return False
    return True


def _is_of_nn(contents: list[Any]) -> bool:
    """Whether all parts of a model are of this package, and so depend on nothing but what they are made of."""
    return all(thing.__module__.startswith("nn.") for thing in contents if isinstance(thing, type))


def _required(model: Model | None) -> Model:
    if model is None:
        raise ReferenceError("the model of a kept program is gone")
    return model


def _unchanged(thing: Any, before: Any) -> bool:
    """Whether this is the same object or, of plain numbers and texts, an equal one of its type."""
    return thing is before or (type(thing) is type(before) and isinstance(thing, _PLAIN) and thing == before)


_PLAIN = (bool, int, float, str, tuple)


def _number(output: Any) -> Any:
    return output.data if isinstance(output, Value) else output
