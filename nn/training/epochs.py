"""Epochs: what goes through the epochs of a run, by steps on batches or by the iterations of a driver."""

from __future__ import annotations

from time import perf_counter
from typing import final

from autodiff import mean
from nn.data.batches import batch_rows
from nn.training.compiled_stepping import CompiledStepper
from nn.training.descent import Descent, IterationsDone
from nn.training.run import Run, is_check
from nn.training.stepping import Stepper

STANDSTILL = 0.02
"""Seconds between updates of the progress bar, about, where nothing else happens between epochs."""


@final
class SteppedEpochs:
    """Goes through epochs by steps on batches."""

    def __init__(self, stepper: Stepper | CompiledStepper) -> None:
        self._stepper = stepper

    def __call__(self, run: Run) -> None:
        """Step until the run is over."""
        plan, history, stepper = run.plan, run.history, self._stepper
        records = len(stepper.objective.records)
        everything = range(records) if plan.batch_size is None or plan.batch_size >= records else None
        at_once = 1  # how many epochs take no longer than the bar may stand still
        while not run.is_over:
            before = history.epochs
            run.begin_epoch()
            if everything is not None and not plan.looks_between_epochs:
                started = perf_counter()
                stepper.repeat(everything, _epochs_in_a_row(before, plan.epochs, at_once), history.losses)
                at_once = 2 * at_once if perf_counter() - started < STANDSTILL else 1
            else:
                losses = [stepper.step(rows) for rows in batch_rows(records, plan.batch_size, plan.rng)]
                history.losses.append(mean(losses))
            run.end_epochs(history.epochs - before)


@final
class DrivenEpochs:
    """Goes through epochs by the iterations of a driver."""

    def __init__(self, descent: Descent) -> None:
        self._descent = descent

    def __call__(self, run: Run) -> None:
        """Iterate until the run is over, or the driver stops."""
        history = run.history
        if run.is_over:
            return

        def ended(loss_before: float) -> None:
            history.losses.append(loss_before)
            run.end_epochs(1)
            if run.is_over:
                raise IterationsDone

        why = self._descent.minimize(run.plan.epochs, ended, done=history.epochs)
        history.stopped = history.stopped or why


def _epochs_in_a_row(epoch: int, epochs: int, most: int) -> int:
    """How many epochs from this one on, `most` or fewer, need nothing between them: to the next check or the end."""
    most = min(most, epochs - epoch)
    return next((count for count in range(1, most) if is_check(epoch + count - 1, epochs)), most)
