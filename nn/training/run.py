"""Run: the epochs of a training, and all that happens between them."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, final

from nn.arrays import RealArray
from nn.errors import LossIncreaseWarning
from nn.optimizers import Driver
from nn.options import number_from
from nn.randomness import Randomness
from nn.training.arguments import Callback
from nn.training.checkpoint import Checkpoint, Snapshots
from nn.training.divergence import Diverged, divergence_error
from nn.training.early_stopping import EarlyStopping
from nn.training.evaluation import Evaluation
from nn.training.history import History
from nn.training.objective import Objective
from nn.training.schedules import Schedule
from nn.training.signals import Terminated, sigterm_interrupts

CHECKS = 10
"""How often in a run the loss of all the data is measured, and compared with the last time."""

ROUNDING = 1e-9
"""A relative rise of the loss that is no rise: at a minimum the last digits go up and down."""


@final
@dataclass(frozen=True)
class Plan:
    """How a model is trained."""

    optimizer: Any
    """The rule that steps, or the driver."""
    epochs: int
    batch_size: int | None
    rng: Randomness
    driver: Driver | None = None
    """What runs the iterations itself, in place of steps on batches."""
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


class Trained(Snapshots, Protocol):
    """What a run needs of that which moves the parameters."""

    @property
    def objective(self) -> Objective:
        """What is minimized."""

    def measure(self) -> float:
        """The loss of all records."""

    def measurement(self, other: Objective) -> Callable[[], float]:
        """What measures the loss of another objective of the same parameters, as they are when it is called."""

    def write_back(self) -> None:
        """Write parameters and gradients to the Values."""

    def read_back(self) -> None:
        """Go on from the Values, which a callback may have changed."""

    def undo_incomplete_step(self) -> None:
        """Set the parameters as the last complete step left them, and their gradients to 0."""


Epochs: TypeAlias = "Callable[[Run], None]"
"""What goes through the epochs of a run until it is over."""


@final
class Run:
    """A training: that which moves the parameters, what goes through the epochs, the plan, and what happened so far."""

    def __init__(self, stepper: Trained, epochs: Epochs, plan: Plan) -> None:
        self._stepper = stepper
        self._epochs = epochs
        self.plan = plan
        self._bar: Any = None
        self._best: RealArray | None = None
        self._rate = plan.optimizer.learning_rate if plan.schedule else None
        evaluation = plan.evaluation
        self._validation_loss: Callable[[], float] | None = (
            stepper.measurement(evaluation.objective) if evaluation is not None and plan.validated else None
        )
        if plan.resume and plan.checkpoint is not None:
            self.history, self._best = plan.checkpoint.read(stepper, plan.rng)
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
            raise divergence_error(diverged, stepper.objective, self.plan.optimizer, history) from None
        finally:
            if self._rate is not None:
                self.plan.optimizer.learning_rate = self._rate
        history.final_loss = stepper.measure()
        return history

    @property
    def is_over(self) -> bool:
        """Whether there is no further epoch."""
        return self.history.epochs >= self.plan.epochs or bool(self.history.stopped)

    def begin_epoch(self) -> None:
        """Give the optimizer the learning rate of the next epoch."""
        if self.plan.schedule is not None and self._rate is not None:
            given = self.plan.schedule(self._rate, self.history.epochs, self.history)
            rate = number_from(given, f"learning_rate of epoch {self.history.epochs}, from schedule,")
            self.plan.optimizer.learning_rate = rate
            self.history.learning_rates.append(rate)

    def end_epochs(self, count: int) -> None:
        """Do what is between epochs, after so many whose losses were written down."""
        history = self.history
        if self._bar is not None:
            self._bar.set_postfix_str(f"loss {history.losses[-1]:.6g}", refresh=False)
            self._bar.update(count)
        self._end_epoch(history.epochs - 1)

    def _repeat(self) -> None:
        if not self.plan.progress or sys.stderr is None:
            self._epochs(self)
            return
        from tqdm.auto import tqdm  # here, for it takes as long to import as the rest of this package

        with tqdm(total=self.plan.epochs, initial=self.history.epochs, desc="fit", unit="epoch") as self._bar:
            self._epochs(self)

    def _end_epoch(self, epoch: int) -> None:
        """Measure, tell the callbacks, stop or not, and write the checkpoint."""
        plan, history, stepper = self.plan, self.history, self._stepper
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
                plan.checkpoint.write(stepper, plan.rng, history, self._best)

    def _stopped_by_callback(self, epoch: int) -> bool:
        """Whether one of the callbacks ends the training; all are called, with the parameters on the Values."""
        self._stepper.write_back()
        answers = [callback(epoch, self.history) for callback in self.plan.callbacks]
        self._stepper.read_back()
        return any(answers)

    def _watch(self, stopping: EarlyStopping, epoch: int) -> None:
        """Keep the parameters of the best epoch, and stop where there was none for long."""
        if stopping.restore_best and stopping.best_epoch(self.history) == epoch:
            self._best = self._stepper.snapshot()[0]
        if stopping.is_over(self.history):
            self.history.stopped = "early stopping"

    def _restore_best(self) -> None:
        stopping = self.plan.early_stopping
        if stopping is not None and self._best is not None:
            self.history.best_epoch = stopping.best_epoch(self.history)
            self._stepper.restore(self._best, self._stepper.snapshot()[1])


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
                stacklevel=10,  # the line that called fit
            )
    history.checks.append((epoch, loss))
