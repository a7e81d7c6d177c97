"""Training: `fit` checks what it is given, then repeats one step over batches and epochs."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextvars import copy_context
from time import perf_counter
from typing import Any

from tqdm import tqdm

from autodiff import Value, is_detecting_anomaly, mean
from nn.arguments import Callback, checked_callbacks, checked_model, checked_optimizer, checked_parameters
from nn.batches import batches
from nn.compiled_stepping import CompiledStepper
from nn.data import checked_records
from nn.errors import LossIncreaseWarning
from nn.features import matched_features, name_inputs
from nn.history import History
from nn.losses import Loss, loss_function
from nn.objective import Model, Objective
from nn.optimizers import Optimizer
from nn.options import whole_number
from nn.penalties import Penalty, checked_penalty
from nn.randomness import Randomness, Seed, generator
from nn.stepping import Stepper
from nn.targets import encoded_targets
from nn.weights import record_weights

CHECKS = 10
"""How often in a run the loss of all the data is measured, and compared with the last time."""

STANDSTILL = 0.02
"""For so many seconds, about, epochs go on without telling the progress bar."""

ROUNDING = 1e-9
"""A relative rise of the loss that is no rise: at a minimum the last digits go up and down."""


def fit(
    model: Model,
    features: Any,
    targets: Any,
    *,
    optimizer: Optimizer,
    epochs: int,
    loss: str | Loss = "mse",
    parameters: Iterable[Value] | None = None,
    penalty: Penalty | None = None,
    sample_weight: Any = None,
    class_weight: Any = None,
    batch_size: int | None = None,
    rng: Seed = None,
    callbacks: Iterable[Callback] = (),
    progress: bool = True,
    compiled: bool = True,
) -> History:
    """Train `model` in place and return what happened.

    `model` is a Module, or any function of one record's list of features, with the leaf Values to
    train as `parameters`. Features have shape (n, inputs), targets (n,) or (n, outputs). `loss` is
    a name or a function of predictions and targets.

    Each step sets the gradients to 0, computes the loss of a batch and its gradient and lets the
    optimizer step; the gradients of the last step stay on the parameters. Model and loss are recorded
    once, compiled and replayed: what changes between steps must be numbers of Values. With
    `compiled=False`, and within `detect_anomaly()`, each step builds the graph of its batch and sweeps
    it, which gives the same numbers, takes hundreds of times as long, and runs the Python code of model
    and loss anew: random draws (dropout), branches on numbers, attributes that a callback changes.
    The loss of a batch is over its records, each counted by `sample_weight`, of shape (n,), and by the weight of its
    label in `class_weight`, a dict or "balanced": a mean is then Σ wℓ/Σ w. `penalty`, such as `L2(1e-4)`, is added.
    A batch is all records in their order where `batch_size` is None, or `batch_size` records, shuffled
    anew in each epoch by `rng`; 1 is per record.

    Ten times a run, as nearly every epochs/10 as they divide and first after epoch 0, the loss of
    all the data is measured, and LossIncreaseWarning given if it is nan, or above the time before by
    more than rounding. After each epoch each of `callbacks` is called as `callback(epoch, history)`;
    a true return value ends the training. Ctrl-C ends it too: the model is then as its last complete
    step left it, with gradients 0, and the history says so. `progress` shows a bar on stderr.

    Raises, before anything is changed: ShapeError (a ValueError) for widths or lengths that do not
    fit; DataError (a ValueError) for empty data, nan or infinity; CoercionError (a TypeError) for
    data that are not real numbers; UnknownNameError and OptionError (ValueErrors) and
    OptionTypeError (a TypeError) for options.

    >>> from nn import MLP, SGD
    >>> model = MLP(1, [1], rng=0)
    >>> history = fit(model, [[0.0], [1.0]], [1.0, 3.0], optimizer=SGD(learning_rate=0.5), epochs=100, progress=False)
    >>> history.epochs, history.final_loss < 1e-9
    (100, True)
    """
    count = whole_number(epochs, "epochs", least=0)
    size = None if batch_size is None else whole_number(batch_size, "batch_size")
    called = checked_callbacks(callbacks)
    criterion = loss_function(loss)
    features = matched_features(checked_model(model), features)
    weights = record_weights(sample_weight, class_weight, targets)
    records = checked_records(features, encoded_targets(model, criterion, features, targets), weights)
    stream = generator(rng)
    objective = Objective(model, criterion, records, checked_penalty(penalty), stream)
    stepper_type = CompiledStepper if compiled and not is_detecting_anomaly() else Stepper
    # In a context of its own, for Ctrl-C may come between a `with` block and its exit: whatever scope or
    # no_grad is left behind then goes with the context.
    history = copy_context().run(
        _train,
        stepper_type,
        (objective, checked_parameters(model, parameters), checked_optimizer(optimizer)),
        epochs=count,
        batch_size=size,
        rng=stream,
        callbacks=called,
        progress=progress,
    )
    name_inputs(model, features)
    return history


def _train(stepper_type: Callable[..., Stepper | CompiledStepper], task: tuple[Any, ...], **plan: Any) -> History:
    """What `fit` returns, once its arguments are checked; widths are checked by the first measurement."""
    stepper = stepper_type(*task)
    history = History(initial_loss=stepper.measure())
    try:
        try:
            _repeat(stepper, history, **plan)
        finally:  # what a callback or a warning raises does not lose the steps so far
            stepper.write_back()
    except KeyboardInterrupt:
        history.interrupted = True
        stepper.undo_incomplete_step()
    history.final_loss = stepper.measure()
    return history


def _repeat(
    stepper: Stepper | CompiledStepper,
    history: History,
    *,
    epochs: int,
    batch_size: int | None,
    rng: Randomness,
    callbacks: Sequence[Callback],
    progress: bool,
) -> None:
    """All the epochs, or as many as the callbacks allow."""
    records = len(stepper.objective.records)
    everything = range(records) if batch_size is None or batch_size >= records else None
    epoch, at_once = -1, 1  # the last complete one; how many take no longer than the bar may stand still
    with tqdm(total=epochs, desc="fit", unit="epoch", disable=not progress or sys.stderr is None) as bar:
        while epoch + 1 < epochs:
            if everything is not None and not callbacks:
                count = _epochs_in_a_row(epoch + 1, epochs, at_once)
                started = perf_counter()
                stepper.repeat(everything, count, history.losses)
                at_once = 2 * at_once if perf_counter() - started < STANDSTILL else 1
            else:
                count = 1
                losses = [stepper.step(rows) for rows in batches(records, batch_size, rng)]
                history.losses.append(mean(losses))
            epoch += count
            if progress:
                bar.set_postfix_str(f"loss {history.losses[-1]:.6g}", refresh=False)
                bar.update(count)
            if is_check(epoch, epochs):
                _check(history, epoch, stepper.measure())
            if callbacks and _stopped(stepper, epoch, history, callbacks):
                return


def _epochs_in_a_row(epoch: int, epochs: int, most: int) -> int:
    """How many epochs from this one on, `most` or fewer, need nothing between them: to the next check or the end."""
    most = min(most, epochs - epoch)
    return next((count for count in range(1, most) if is_check(epoch + count - 1, epochs)), most)


def _stopped(stepper: Stepper | CompiledStepper, epoch: int, history: History, callbacks: Sequence[Callback]) -> bool:
    """Whether one of the callbacks ends the training; all are called, with the parameters on the Values."""
    stepper.write_back()
    answers = [callback(epoch, history) for callback in callbacks]
    stepper.read_back()
    return any(answers)


def is_check(epoch: int, epochs: int) -> bool:
    """Whether `epoch` is k·epochs/10, rounded up, for some k: every tenth of a run, from epoch 0 on."""
    return epoch * CHECKS % epochs < CHECKS


def _check(history: History, epoch: int, loss: float) -> None:
    """Note the loss of all the data after `epoch`, and warn if it is above that of the last check."""
    if history.checks:
        before, last = history.checks[-1]
        if not loss <= last + ROUNDING * abs(last):  # so that nan warns
            warnings.warn(
                f"the training loss rose from {last:.6g} after epoch {before} to {loss:.6g} after epoch {epoch}; "
                "a smaller learning rate may help",
                LossIncreaseWarning,
                stacklevel=5,  # the line that called fit
            )
    history.checks.append((epoch, loss))
