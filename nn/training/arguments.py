"""What `fit` is called with, checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol, runtime_checkable

from autodiff import Value
from nn.errors import OptionError, OptionTypeError
from nn.losses.functions import Loss, mse, sse
from nn.optimizers import Driver, Optimizer
from nn.training.early_stopping import EarlyStopping
from nn.training.history import History
from nn.training.objective import Model
from nn.training.schedules import Schedule


@runtime_checkable
class Callback(Protocol):
    """Protocol of `fit(callbacks=...)`: any function (epoch, history), called after each epoch.

    A true return value ends the training.

    Examples
    --------
    >>> from nn import MLP, SGD, fit
    >>> model, enough = MLP(1, [1], rng=0), lambda epoch, history: epoch == 1
    >>> history = fit(
    ...     model, [[0.0], [1.0]], [1.0, 3.0],
    ...     optimizer=SGD(learning_rate=0.5), epochs=9, callbacks=[enough], progress=False,
    ... )
    >>> history.epochs, history.stopped
    (2, 'callback')
    """

    def __call__(self, epoch: int, history: History, /) -> object:
        """Read the epoch's results, with the parameters on the Values.

        Parameters
        ----------
        epoch : int
            Counted from 0.
        history : History
            The run so far.

        Returns
        -------
        object
            A true value ends the training.
        """


_OPTIMIZER_METHODS = ("initial_state", "update", "step", "recall", "remember", "new_state")


def checked_model(model: Any) -> Model:
    """The model. Raises OptionTypeError unless it can be called, and for a class in place of a model."""
    if isinstance(model, type):
        raise OptionTypeError(
            f"model takes a Module or a function, got the class {model.__name__}; make one: MLP(2, [4, 1])"
        )
    if not callable(model):
        raise OptionTypeError(f"model takes a Module or a function of one record's features, got {model!r:.60}")
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
    if not isinstance(parameters, Iterable):
        raise OptionTypeError(f"parameters takes a list of leaf Values, got {parameters!r}; write [{parameters!r}]")
    trained = list(dict.fromkeys(parameters))
    strange = [parameter for parameter in trained if type(parameter) is not Value or parameter.operands]
    if strange:
        raise OptionTypeError(f"parameters are leaf Values, got {strange[0]!r}")
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


def checked_driver(optimizer: Any, loss: Loss, penalty: Any, alone: Mapping[str, Any]) -> Driver | None:
    """The optimizer where it is one that runs the iterations itself, by a method `minimize`; else None.

    Raises OptionError (a ValueError) for one of the options `alone`, by name, that are for rules with steps, and for a
    loss that is no sum of squares where the driver reads residuals.
    """
    if isinstance(optimizer, type) or not hasattr(optimizer, "minimize"):
        return None
    for name, given in alone.items():
        if given is not None:
            raise OptionError(
                f"{optimizer!r} runs its own iterations on all records and takes no {name}, got {given!r}; "
                "leave it out, or pass an optimizer with a learning rate, such as Adam()"
            )
    if optimizer.takes_residuals and (loss not in (mse, sse) or penalty is not None):
        other = f"the penalty {penalty!r}" if loss in (mse, sse) else f"the loss {getattr(loss, '__name__', loss)!r}"
        raise OptionError(
            f'{optimizer!r} takes least squares, loss="mse" or "sse" and no penalty, got {other}; LBFGS() takes any'
        )
    driver: Driver = optimizer
    return driver


def checked_early_stopping(early_stopping: Any, columns: Collection[str]) -> EarlyStopping | None:
    """The early stopping.

    Raises OptionTypeError for anything else, and OptionError for one that monitors none of the `columns` that the
    history will have.
    """
    if early_stopping is not None and not isinstance(early_stopping, EarlyStopping):
        raise OptionTypeError(
            f"early_stopping takes an EarlyStopping, such as EarlyStopping(patience=10), got {early_stopping!r}"
        )
    if early_stopping is not None and early_stopping.monitor not in (None, *columns):
        raise OptionError(
            f"early_stopping monitors {early_stopping.monitor!r}, and the history will have {', '.join(columns)}; "
            "validation_data or validation_split adds the validation loss, and metrics their names"
        )
    return early_stopping


def checked_schedule(schedule: Any) -> Schedule | None:
    """The schedule. Raises OptionTypeError unless it can be called."""
    if schedule is not None and (isinstance(schedule, type) or not callable(schedule)):
        raise OptionTypeError(
            f"schedule takes a function of (learning_rate, epoch, history), such as CosineDecay(epochs=30), "
            f"got {schedule!r}"
        )
    return schedule


def checked_callbacks(callbacks: Any) -> list[Callback]:
    """The callbacks. Raises OptionTypeError unless it is an iterable of functions."""
    listed = list(callbacks) if hasattr(callbacks, "__iter__") else None
    if listed is None or not all(map(callable, listed)):
        raise OptionTypeError(f"callbacks takes a list of functions of (epoch, history), got {callbacks!r}")
    return listed
