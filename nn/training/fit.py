"""Training: `fit` checks what it is given, and runs the epochs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import copy_context
from pathlib import Path
from typing import Any, Literal

import numpy as np

from autodiff import Value, is_detecting_anomaly
from nn.arrays import ArrayLike
from nn.calls import explained
from nn.data.features import matched_features, name_inputs
from nn.data.records import BLOCK, Records, checked_records
from nn.data.stream import BatchStream
from nn.errors import OptionError
from nn.files.safetensors_file import checked_target
from nn.losses.functions import Loss, LossName, Reduction, loss_function
from nn.losses.penalties import Penalty, checked_penalty
from nn.losses.weights import record_weights
from nn.optimizers import Driver, Optimizer
from nn.options import whole_number
from nn.randomness import Seed, generator
from nn.training.arguments import (
    Callback,
    checked_callbacks,
    checked_driver,
    checked_early_stopping,
    checked_model,
    checked_optimizer,
    checked_parameters,
    checked_schedule,
)
from nn.training.checkpoint import Checkpoint
from nn.training.compiled_stepping import CompiledStepper
from nn.training.descent import Descent
from nn.training.distributed import Partitions, refuse_what_needs_all_records, refuse_what_no_sum_gives
from nn.training.early_stopping import EarlyStopping
from nn.training.epochs import DrivenEpochs, SteppedEpochs
from nn.training.evaluation import Evaluation
from nn.training.history import History
from nn.training.metrics import Metric, MetricName, checked_metrics
from nn.training.objective import Model, Objective
from nn.training.reduction import found_reduction, known_reduction
from nn.training.run import Plan, Run
from nn.training.schedules import Schedule
from nn.training.stepping import Stepper
from nn.training.streaming import CheckedStream, StreamedEpochs, StreamedStepper, refuse_what_needs_arrays
from nn.training.validation import Split, split_data


@explained("fit(model, features, targets, optimizer=SGD(learning_rate=0.1), epochs=100)")
def fit(
    model: Model,
    features: ArrayLike | BatchStream,
    targets: ArrayLike | None = None,
    *,
    optimizer: Optimizer | Driver,
    epochs: int,
    loss: LossName | Loss = "mse",
    reduction: Reduction | None = None,
    parameters: Iterable[Value] | None = None,
    penalty: Penalty | None = None,
    sample_weight: Any = None,
    class_weight: Any = None,
    batch_size: int | None = None,
    rng: Seed = None,
    validation_data: tuple[Any, Any] | None = None,
    validation_split: float = 0.0,
    metrics: Iterable[MetricName | Metric | Callable[[Any, Any], Any]] = (),
    early_stopping: EarlyStopping | None = None,
    schedule: Schedule | None = None,
    callbacks: Iterable[Callback] = (),
    checkpoint: str | os.PathLike[str] | None = None,
    resume: bool | Literal["auto"] = False,
    progress: bool = True,
    compiled: bool = True,
    executor: Any = None,
) -> History:
    """Train `model` in place and return what happened.

    Each step sets the gradients to 0, computes the loss of a batch and its gradient, and lets the optimizer step. The
    gradients of the last step stay on the parameters. Model and loss are recorded once, compiled and replayed: whatever
    changes between steps must be numbers of Values.

    Parameters
    ----------
    model : Module or callable
        A Module, or any function of one record's list of features.
    features, targets : array_like, data frame, memory map or BatchStream
        Shapes (n, inputs) and (n,) or (n, outputs). Memory maps are read batch by batch. A BatchStream (no targets)
        serves data beyond memory: initial loss, final loss and checks each read it once, and a step is on a batch as it
        comes, or on batch_size records.
    optimizer : Optimizer or Driver
        The rule that steps, such as `SGD(learning_rate=0.1)`; it keeps its memory of the parameters. Or a driver,
        `LBFGS()` or `LevenbergMarquardt()`, which runs the iterations itself, each an epoch, on all records; it has no
        batch_size, schedule or executor.
    epochs : int
        How many passes to make over all records, counting those of a run that is resumed.
    loss : str or callable
        A name in `LOSSES`, or a function of predictions and targets.
    reduction : {"mean", "sum", "batch"}, optional
        How the loss of a batch comes from those of its records. A mean or sum is compiled for one record and runs at
        full speed. None finds it for a function: the loss of 8 records is compared with the mean and the sum of their
        single losses at two random settings of the parameters; where neither agrees, and for "batch", the whole batch
        is compiled. A loss that reads the place of a record in its batch needs "batch".
    parameters : iterable of Value, optional
        The leaf Values to train; by default all of the model's.
    penalty : callable, optional
        A function of the model that is added to the loss of every batch, such as `L2(1e-4)`.
    sample_weight : array_like, shape (n,), optional
        How much each record counts: a mean is then Σ wℓ/Σ w. Validation data count alike.
    class_weight : dict or "balanced", optional
        How much each label counts.
    batch_size : int, optional
        Records in a step, shuffled anew in each epoch by `rng`; by default all records in their order.
    rng : numpy.random.Generator, numpy.random.RandomState or int, optional
        The stream of random numbers, or its seed. With a seed two runs give the same numbers.
    validation_data : (features, targets), optional
        Data that are not trained on; their loss is measured after each epoch.
    validation_split : float
        The share of the records to hold back as validation data, drawn by `rng`.
    metrics : iterable of str, callable or Metric
        Names, functions `(targets, predictions) -> float` as in `sklearn.metrics`, or Metrics, of the validation data,
        or of all where there are none, after each epoch. Under a loss of classes predictions are labels.
    early_stopping : EarlyStopping, optional
        When to stop, with the parameters of the best epoch.
    schedule : Schedule, optional
        A function `(learning_rate, epoch, history) -> float` for the rate of each epoch; afterwards the optimizer has
        its own back.
    callbacks : iterable of callable
        Functions `(epoch, history) -> object`, called after each epoch with the parameters on the Values; a true
        return value ends the training.
    checkpoint : path-like, optional
        A file that is written after epochs, in at most a tenth of the time. It is replaced whole, so that there is a
        good one at any moment.
    resume : bool or "auto"
        Continue from the checkpoint, to the bit as if the run had not stopped; "auto" begins anew where there is none.
    progress : bool
        Whether to show a bar on stderr.
    compiled : bool
        False, as within `detect_anomaly()`, builds the graph of each batch and sweeps it. It gives the same numbers,
        takes hundreds of times as long, and runs the Python code of model and loss anew: branches on numbers,
        attributes that a callback changes.
    executor : dask.distributed.Client, optional
        Sums the gradient of every step over partitions of the data, which stay where they are: the blocks of dask
        arrays, or arrays cut into two parts for each worker. A step is on all records.

    Returns
    -------
    History
        The loss of all the data is measured after epoch 0 and then about every epochs/10 epochs. LossIncreaseWarning is
        given if it rose since the last measurement by more than rounding. Ctrl-C and SIGTERM end it: the model
        is then as its last complete step left it, with gradients 0, and the history says so.

    Raises
    ------
    ShapeError, DataError, OptionError
        ValueErrors, before anything is changed: widths or lengths that do not fit, empty data, nan or infinity, names
        and options.
    CoercionError, OptionTypeError
        TypeErrors, as early: data that are not real numbers, options of another type.
    CheckpointError
        A ValueError, as early: a file that is missing, damaged, newer, or of another model, plan or data.
    DivergenceError
        An ArithmeticError, when the loss or a parameter is no longer finite. It names the first bad value and its line;
        the parameters are those before that step.

    Examples
    --------
    >>> from nn import MLP, SGD
    >>> model = MLP(1, [1], rng=0)
    >>> history = fit(model, [[0.0], [1.0]], [1.0, 3.0], optimizer=SGD(learning_rate=0.5), epochs=100, progress=False)
    >>> history.epochs, history.final_loss < 1e-9
    (100, True)
    """
    criterion, stream = loss_function(loss), generator(rng)
    alone = {"batch_size": batch_size, "schedule": schedule, "executor": executor}
    driver = checked_driver(optimizer, criterion, penalty, alone)
    asked = (batch_size, validation_split, class_weight, sample_weight, compiled, metrics, validation_data)
    elsewhere = _elsewhere(checked_model(model), criterion, features, targets, executor, asked)
    if elsewhere is not None:
        features, targets = elsewhere.sample
    known, measured = known_reduction(criterion, reduction), checked_metrics(metrics)
    matched = matched_features(checked_model(model), features)
    split = split_data(model, criterion, matched, targets, validation_data, validation_split, stream)
    weights = record_weights(sample_weight, class_weight, targets)
    records = checked_records(split.features, split.encoded, split.of_kept(weights))
    trained = checked_parameters(model, parameters)
    objective = Objective(model, criterion, records, checked_penalty(penalty), stream, known)
    rule, size = driver or checked_optimizer(optimizer), _size(batch_size)
    replayed = compiled and not is_detecting_anomaly()
    evaluation = _evaluation(objective, split, measured, anew=not replayed)
    plan = Plan(
        rule,
        whole_number(epochs, "epochs", least=0),
        size,
        stream,
        driver=driver,
        callbacks=checked_callbacks(callbacks),
        evaluation=evaluation,
        validated=split.validation is not None,
        early_stopping=checked_early_stopping(early_stopping, _columns(evaluation, schedule)),
        schedule=checked_schedule(schedule),
        checkpoint=_checkpoint(
            *(checkpoint, model, trained, criterion, {"optimizer": repr(rule), "batch_size": size}),
            elsewhere.description if isinstance(elsewhere, CheckedStream) else records,
        ),
        resume=_resumes(resume, checkpoint),
        progress=progress,
    )
    # In a context of its own, for Ctrl-C may come between a `with` block and its exit: whatever scope or
    # no_grad is left behind then goes with the context.
    history: History = copy_context().run(_train, replayed, objective, trained, plan, elsewhere)
    name_inputs(model, features)
    return history


def _elsewhere(
    model: Model, loss: Loss, features: Any, targets: Any, executor: Any, asked: tuple[Any, ...]
) -> Partitions | CheckedStream | None:
    """Where the data are, if not in arrays here."""
    if isinstance(features, BatchStream):
        refuse_what_needs_arrays(targets=targets is not None, executor=executor)
        return _streamed(features, model, loss, asked)
    return None if executor is None else _partitions(executor, model, loss, features, targets, asked)


def _partitions(
    executor: Any, model: Model, loss: Loss, features: Any, targets: Any, asked: tuple[Any, ...]
) -> Partitions:
    """The data where they lie. Raises OptionError (a ValueError) for options that need them in one place."""
    batch_size, validation_split, class_weight, sample_weight, compiled, metrics, validation_data = asked
    refuse_what_needs_all_records(
        **{"batch_size": batch_size, "validation_split": validation_split, "class_weight": class_weight},
        **{"sample_weight": sample_weight is not None, "compiled=False": not compiled},
        **{"metrics without validation_data": validation_data is None and tuple(metrics)},
    )
    return Partitions.of(executor, features, targets, model=model, loss=loss)


def _streamed(stream: BatchStream, model: Model, loss: Loss, asked: tuple[Any, ...]) -> CheckedStream:
    """The stream for this model. Raises OptionError (a ValueError) for options that need all records at once."""
    batch_size, validation_split, class_weight, sample_weight, compiled, metrics, validation_data = asked
    refuse_what_needs_arrays(
        **{"validation_split": validation_split, "class_weight": class_weight, "compiled=False": not compiled},
        **{"sample_weight": sample_weight is not None},
        **{"metrics without validation_data": validation_data is None and tuple(metrics)},
    )
    return CheckedStream(stream, _size(batch_size), model=model, loss=loss)


def _size(batch_size: Any) -> int | None:
    return None if batch_size is None else whole_number(batch_size, "batch_size")


def _train(
    compiled: bool,
    objective: Objective,
    parameters: Sequence[Value],
    plan: Plan,
    elsewhere: Partitions | CheckedStream | None,
) -> History:
    """What `fit` returns, once its arguments are checked."""
    objective.check()
    objective = objective.reduced(objective.reduction or found_reduction(objective, parameters))
    if plan.driver is not None:
        if elsewhere is not None:
            raise OptionError(f"{plan.driver!r} takes all records at once, as arrays, and not a BatchStream")
        descent = Descent(objective, parameters, plan.driver, compiled=compiled)
        return Run(descent, DrivenEpochs(descent), plan).train()
    if isinstance(elsewhere, CheckedStream):
        streamed = StreamedStepper(CompiledStepper(objective, parameters, plan.optimizer), elsewhere)
        return Run(streamed, StreamedEpochs(streamed), plan).train()
    stepper: Stepper | CompiledStepper
    if elsewhere is not None:
        refuse_what_no_sum_gives(objective)
        stepper = CompiledStepper(objective, parameters, plan.optimizer, elsewhere)
    else:
        stepper = (CompiledStepper if compiled else Stepper)(objective, parameters, plan.optimizer)
    return Run(stepper, SteppedEpochs(stepper), plan).train()


def _evaluation(objective: Objective, split: Split, metrics: Sequence[Metric], *, anew: bool) -> Evaluation | None:
    """What is measured after each epoch: of the validation data, or of all where there are metrics alone.

    `anew` where a model that is a function may do something else in each epoch.
    """
    if split.validation is not None:
        features, targets, encoded = split.validation
        held_back = objective.on(checked_records(features, encoded))
        return Evaluation(held_back, features, targets, metrics, validated=True, anew=anew)
    if not metrics:
        return None
    return Evaluation(objective, split.features, split.targets, metrics, validated=False, anew=anew)


def _columns(evaluation: Evaluation | None, schedule: Any) -> list[str]:
    """The columns that the history will have."""
    return ["loss", *([] if evaluation is None else evaluation.columns), *["learning_rate"] * (schedule is not None)]


def _checkpoint(
    path: str | os.PathLike[str] | None,
    model: Any,
    parameters: Sequence[Value],
    loss: Loss,
    plan: Mapping[str, Any],
    data: str | Records,
) -> Checkpoint | None:
    if path is None:
        return None
    checked_target(path)
    named = {value: name for name, value in model.named_parameters()} if hasattr(model, "named_parameters") else {}
    names = [named.get(parameter, f"parameter {place}") for place, parameter in enumerate(parameters)]
    named_loss = getattr(loss, "__name__", type(loss).__name__)
    return Checkpoint(path, parameters, names, {**plan, "loss": named_loss, "data": _told_apart(data)})


def _told_apart(data: str | Records) -> str:
    """What tells data apart: a description, or the shapes of records and a digest of their numbers."""
    if isinstance(data, str):
        return data
    features, targets = data.features, data.targets
    digest = hashlib.sha256()
    for array in (features, targets):
        for start in range(0, len(array), BLOCK):
            digest.update(np.asarray(array[start : start + BLOCK], dtype=float).tobytes())
    return f"features {features.shape}, targets {targets.shape}, sha256 {digest.hexdigest()}"


def _resumes(resume: bool | Literal["auto"], checkpoint: Any) -> bool:
    """Whether to go on from the file. Raises OptionError where there is no path, or for another word."""
    if resume not in (True, False, "auto"):
        raise OptionError(f'resume takes True, False or "auto", got {resume!r}')
    if resume and checkpoint is None:
        raise OptionError("resume takes the path of the run to go on with: checkpoint=path")
    return bool(resume) and (resume is True or Path(checkpoint).exists())
