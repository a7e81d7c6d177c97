"""Run: the epochs of a training, and all that happens between them."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import final

from tqdm.auto import tqdm

from autodiff import mean
from nn.arguments import Callback
from nn.arrays import RealArray
from nn.batches import batches
from nn.checkpoint import Checkpoint
from nn.compiled_stepping import CompiledStepper
from nn.divergence import Diverged, divergence_error
from nn.early_stopping import EarlyStopping
from nn.errors import LossIncreaseWarning
from nn.evaluation import Evaluation
from nn.history import History
from nn.optimizers import Optimizer
from nn.randomness import Randomness
from nn.schedules import Schedule
from nn.signals import Terminated, sigterm_interrupts
from nn.stepping import Stepper

CHECKS = 10
"""How often in a run the loss of all the data is measured, and compared with the last time."""

STANDSTILL = 0.02
"""Seconds between updates of the progress bar, about, where nothing else happens between epochs."""

ROUNDING = 1e-9
"""A relative rise of the loss that is no rise: at a minimum the last digits go up and down."""


@final
@dataclass(frozen=True)
class Plan:
    """How a model is trained."""

    optimizer: Optimizer
    epochs: int
    batch_size: int | None
    rng: Randomness
    callbacks: Sequence[Callback] = ()
    evaluation: Evaluation | None = None
    validated: bool = False
    """Whether the evaluation is of data that are not trained on."""
    early_stopping: EarlyStopping | None = None
    schedule: Schedule | None = None
    checkpoint: Checkpoint | None = None
    resume: bool = False
    progress: bool = True

    @property
    def looks_between_epochs(self) -> bool:
        """Whether anything happens after each epoch that needs the parameters of just that epoch."""
        return bool(self.callbacks or self.evaluation or self.early_stopping or self.schedule)


@final
class Run:
    """A training: the stepper that steps, the plan, and what happened so far."""

    def __init__(self, stepper: Stepper | CompiledStepper, plan: Plan) -> None:
        self._stepper = stepper
        self._plan = plan
        self._best: RealArray | None = None
        self._rate = plan.optimizer.learning_rate if plan.schedule else None
        evaluation = plan.evaluation
        self._validation_loss: Callable[[], float] | None = (
            stepper.measurement(evaluation.objective) if evaluation is not None and plan.validated else None
        )
        if plan.resume and plan.checkpoint is not None:
            self.history, self._best = plan.checkpoint.read(stepper, plan.optimizer, plan.rng)
        else:
            self.history = History(initial_loss=stepper.measure())

    def train(self) -> History:
        """All the epochs, or as many as there are before something ends them."""
        stepper, history = self._stepper, self.history
        try:
            with sigterm_interrupts():
                try:
                    self._repeat()
                    self._restore_best()
                finally:  # what a callback or a warning raises does not lose the steps so far
                    stepper.write_back()
        except KeyboardInterrupt as interrupt:
            history.interrupted = True
            history.stopped = "SIGTERM" if isinstance(interrupt, Terminated) else "Ctrl-C"
            stepper.undo_incomplete_step()
        except Diverged as diverged:
            stepper.undo_incomplete_step()
            raise divergence_error(diverged, stepper.objective, self._plan.optimizer, history) from None
        finally:
            if self._rate is not None:
                self._plan.optimizer.learning_rate = self._rate
        history.final_loss = stepper.measure()
        return history

    def _repeat(self) -> None:
        plan, history, stepper = self._plan, self.history, self._stepper
        records = len(stepper.objective.records)
        everything = range(records) if plan.batch_size is None or plan.batch_size >= records else None
        at_once = 1  # how many epochs take no longer than the bar may stand still
        with tqdm(
            total=plan.epochs,
            initial=history.epochs,
            desc="fit",
            unit="epoch",
            disable=not plan.progress or sys.stderr is None,
        ) as bar:
            while history.epochs < plan.epochs and not history.stopped:
                before = history.epochs
                self._set_rate()
                if everything is not None and not plan.looks_between_epochs:
                    started = perf_counter()
                    stepper.repeat(everything, _epochs_in_a_row(before, plan.epochs, at_once), history.losses)
                    at_once = 2 * at_once if perf_counter() - started < STANDSTILL else 1
                else:
                    losses = [stepper.step(rows) for rows in batches(records, plan.batch_size, plan.rng)]
                    history.losses.append(mean(losses))
                if plan.progress:
                    bar.set_postfix_str(f"loss {history.losses[-1]:.6g}", refresh=False)
                    bar.update(history.epochs - before)
                self._end_epoch(history.epochs - 1)

    def _set_rate(self) -> None:
        """Give the optimizer the learning rate of the next epoch."""
        if self._plan.schedule is not None and self._rate is not None:
            rate = self._plan.schedule(self._rate, self.history.epochs, self.history)
            self._plan.optimizer.learning_rate = rate
            self.history.learning_rates.append(rate)

    def _end_epoch(self, epoch: int) -> None:
        """Measure, tell the callbacks, stop or not, and write the checkpoint."""
        plan, history, stepper = self._plan, self.history, self._stepper
        if is_check(epoch, plan.epochs):
            _check(history, epoch, stepper.measure())
        if plan.evaluation is not None:
            if plan.evaluation.needs_values:
                stepper.write_back()
            plan.evaluation.note(history, self._validation_loss)
        if plan.early_stopping is not None:
            self._watch(plan.early_stopping, epoch)
        if plan.callbacks and self._stopped_by_callback(epoch):
            history.stopped = "callback"
        if plan.checkpoint is not None:
            last = history.epochs == plan.epochs or bool(history.stopped)
            if last or plan.checkpoint.is_due:
                plan.checkpoint.write(stepper, plan.optimizer, plan.rng, history, self._best)

    def _stopped_by_callback(self, epoch: int) -> bool:
        """Whether one of the callbacks ends the training; all are called, with the parameters on the Values."""
        self._stepper.write_back()
        answers = [callback(epoch, self.history) for callback in self._plan.callbacks]
        self._stepper.read_back()
        return any(answers)

    def _watch(self, stopping: EarlyStopping, epoch: int) -> None:
        """Keep the parameters of the best epoch, and stop where there was none for long."""
        if stopping.restore_best and stopping.best_epoch(self.history) == epoch:
            self._best = self._stepper.snapshot()[0]
        if stopping.is_over(self.history):
            self.history.stopped = "early stopping"

    def _restore_best(self) -> None:
        stopping = self._plan.early_stopping
        if stopping is not None and self._best is not None:
            self.history.best_epoch = stopping.best_epoch(self.history)
            self._stepper.restore(self._best, self._stepper.snapshot()[1])


def _epochs_in_a_row(epoch: int, epochs: int, most: int) -> int:
    """How many epochs from this one on, `most` or fewer, need nothing between them: to the next check or the end."""
    most = min(most, epochs - epoch)
    return next((count for count in range(1, most) if is_check(epoch + count - 1, epochs)), most)


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
                stacklevel=7,  # the line that called fit
            )
    history.checks.append((epoch, loss))
