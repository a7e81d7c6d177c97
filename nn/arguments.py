"""What `fit` is called with, checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from autodiff import Value
from nn.errors import OptionError, OptionTypeError
from nn.history import History
from nn.objective import Model
from nn.optimizers import Optimizer

Callback: TypeAlias = Callable[[int, History], object]
"""Called as `callback(epoch, history)` after each epoch; a true return value ends the training."""

_OPTIMIZER_METHODS = ("initial_state", "update", "step", "recall", "remember", "new_state")


def checked_model(model: Any) -> Model:
    """The model. Raises OptionTypeError unless it can be called."""
    if not callable(model):
        raise OptionTypeError(f"model takes a Module or a function of one record's features, got {model!r}")
    return model  # type: ignore[no-any-return]  # any callable may be a model


def checked_parameters(model: Any, parameters: Iterable[Value] | None) -> list[Value]:
    """The leaf Values to train, each once: those given, or the model's own.

    Raises OptionTypeError if there is anything else among them, or nothing is given and the model
    has no `parameters()`, and OptionError if there are none.
    """
    if parameters is None:
        if not hasattr(model, "parameters"):
            raise OptionTypeError(f"{model!r} has no parameters(); pass parameters=[...], the leaf Values to train")
        parameters = model.parameters()
    trained = list(dict.fromkeys(parameters or ()))
    for parameter in trained:
        if not isinstance(parameter, Value) or parameter.operands:
            raise OptionTypeError(f"parameters are leaf Values, got {parameter!r}")
    if not trained:
        raise OptionError("there are no parameters to train; a Module finds the Values among its attributes")
    return trained


def checked_optimizer(optimizer: Any) -> Optimizer:
    """The optimizer. Raises OptionTypeError unless it has what an Optimizer has."""
    if isinstance(optimizer, type) or not all(hasattr(optimizer, name) for name in _OPTIMIZER_METHODS):
        raise OptionTypeError(
            f"optimizer takes an Optimizer, such as SGD(learning_rate=0.1), got {optimizer!r}; for a rule of your own, "
            "subclass Optimizer and define update(parameters, gradients, *state)"
        )
    return optimizer  # type: ignore[no-any-return]  # it has what an Optimizer has


def checked_callbacks(callbacks: Any) -> list[Callback]:
    """The callbacks. Raises OptionTypeError unless it is an iterable of functions."""
    listed = list(callbacks) if hasattr(callbacks, "__iter__") else None
    if listed is None or not all(map(callable, listed)):
        raise OptionTypeError(f"callbacks takes a list of functions of (epoch, history), got {callbacks!r}")
    return listed
