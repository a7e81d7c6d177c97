"""Ctrl-C during `fit`: whenever it comes, the model is as a complete step left it."""

import signal
import sys

import numpy as np
import pytest

from nn import MLP, SGD, Optimizer, fit

FEATURES = np.random.default_rng(0).normal(size=(4, 2))
TARGETS = FEATURES[:, 0] * FEATURES[:, 1]
EPOCHS = 4


def model():
    return MLP(2, [2, 1], activation="tanh", rng=1)


def numbers(model):
    return [parameter.data for parameter in model.parameters()]


def train(model, *, optimizer=None, callbacks=(), **options):
    optimizer = optimizer or SGD(learning_rate=0.1, momentum=0.5)
    return fit(
        model, FEATURES, TARGETS, optimizer=optimizer, epochs=EPOCHS, callbacks=callbacks, progress=False, **options
    )


def complete_states(**options):
    """The parameters before training and after each epoch of a run that nothing disturbs."""
    undisturbed = model()
    states = [numbers(undisturbed)]
    train(undisturbed, callbacks=[lambda *_: states.append(numbers(undisturbed))], **options)
    return states


class Interrupting(Optimizer):
    """An optimizer that is interrupted within its third step."""

    initial_state = {"velocity": 0.0}  # noqa: RUF012 - nobody writes to it

    def __init__(self):
        self.steps = 0
        self.optimizer = SGD(learning_rate=0.1, momentum=0.5)

    def update(self, parameters, gradients, velocity):
        self.steps += 1
        if self.steps == 3:
            raise KeyboardInterrupt
        return self.optimizer.update(parameters, gradients, velocity)


@pytest.mark.parametrize("compiled", [True, False])
def test_within_a_step(compiled):
    interrupted = model()
    history = train(interrupted, optimizer=Interrupting(), compiled=compiled)
    assert (history.interrupted, history.epochs) == (True, 2)
    assert numbers(interrupted) == complete_states(compiled=compiled)[2]
    assert [p.grad for p in interrupted.parameters()] == [0.0] * len(interrupted.parameters())
    assert history.final_loss == train(interrupted, optimizer=SGD(learning_rate=0.0), compiled=compiled).initial_loss


def test_a_signal_between_epochs():
    interrupted = model()

    def press(epoch, _):
        if epoch == 1:
            signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        history = train(interrupted, callbacks=[press])
    finally:
        signal.signal(signal.SIGINT, before)
    assert (history.interrupted, history.epochs, len(history.checks)) == (True, 2, 2)
    assert numbers(interrupted) == complete_states()[2]


def test_within_an_epoch_the_steps_so_far_are_kept():
    interrupted = model()
    history = train(interrupted, optimizer=Interrupting(), batch_size=1, rng=0)
    assert (history.interrupted, history.epochs, history.losses) == (True, 0, [])
    assert numbers(interrupted) not in complete_states(batch_size=1, rng=0)


def run_interrupted_at(line, compiled, module="nn."):
    """Train until the given number of lines of `nn`, or of one module of it, have run, then press Ctrl-C. Returns the
    model, the history (None where it came before or after the training) and whether there were so many lines."""
    interrupted, history, left = model(), None, line

    def count(frame, event, _):
        nonlocal left
        if not frame.f_globals["__name__"].startswith(module):
            return None
        if event == "line":
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
        return count

    outer = sys.gettrace()
    sys.settrace(count)
    try:
        history = train(interrupted, compiled=compiled)
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(outer)
    return interrupted, history, left <= 0


@pytest.mark.parametrize("offset", [0, *(pytest.param(offset, marks=pytest.mark.slow) for offset in range(1, 4))])
@pytest.mark.parametrize(("compiled", "stride"), [(True, 8), (False, 28)])
def test_at_any_line(offset, compiled, stride):
    states, line, interruptions = complete_states(compiled=compiled), 1 + offset, 0
    while True:
        interrupted, history, reached = run_interrupted_at(line, compiled)
        if not reached:
            break
        assert numbers(interrupted) in states
        assert interrupted(FEATURES[0]).origin.scope == ("layer 2", "neuron 1")  # no scope was left behind
        assert interrupted(FEATURES[0]).operands  # nor a no_grad
        if history is not None and history.interrupted:
            interruptions += 1
            assert numbers(interrupted) in states[history.epochs : history.epochs + 2]
        line += stride
    assert interruptions > 10


def test_at_any_line_that_handles_signals():
    line, reached = 1, True
    while reached:
        reached = run_interrupted_at(line, True, "nn.training.signals")[2]
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL, line
        line += 1
    assert line > 8
