"""Each optimizer's step on a flat vector against PyTorch's, and a loss of one's own against the built-in."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.comparison import Comparison, Work

STEPS = 200
SIZES = {"6-2-1": (6, 2, 1), "64-32-10": (64, 32, 10)}
RULES: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "rmsprop": ("RMSprop", {}),
    "adagrad": ("Adagrad", {}),
    "adam": ("Adam", {}),
    "adamw": ("AdamW", {}),
}


def steps(rule: str, sizes: tuple[int, ...]) -> tuple[Work, Work]:
    """Steps of the rule alone along one gradient, after a check that both end at the same numbers."""
    import torch

    import nn

    torch.set_num_threads(1)
    name, options = RULES[rule]
    shapes = [shape for pair in zip(sizes[1:], sizes[:-1], strict=True) for shape in (pair, pair[:1])]
    rng = np.random.default_rng(0)
    starts, slopes = ([rng.normal(size=shape) for shape in shapes] for _ in range(2))
    tensors = [torch.tensor(start, requires_grad=True) for start in starts]
    for tensor, slope in zip(tensors, slopes, strict=True):
        tensor.grad = torch.tensor(slope)
    theirs = getattr(torch.optim, name)(tensors, lr=1e-3, **options)
    ours: Any = getattr(nn, name)(learning_rate=1e-3, **options)
    vector, gradient = (np.concatenate([part.ravel() for part in parts]) for parts in (starts, slopes))
    state = [tuple(ours.initial_state.values())]

    def step() -> None:
        new, *after = ours.new_state(vector, gradient, state[0])
        vector[:], state[0] = new, tuple(after)

    _repeat(step)
    _repeat(theirs.step)
    reached = np.concatenate([tensor.detach().numpy().ravel() for tensor in tensors])
    if not np.allclose(vector, reached, rtol=1e-9, atol=1e-12):
        raise ArithmeticError(f"{name}: the two sides disagree by {np.abs(vector - reached).max()}")
    return partial(_repeat, step), partial(_repeat, theirs.step)


def _repeat(step: Callable[[], Any]) -> None:
    for _ in range(STEPS):
        step()


def own_loss() -> tuple[Work, Work]:
    """`fit` on the digits with the user's own cross entropy, and with the one by name, each compiling its program."""
    from sklearn.datasets import load_digits

    import nn
    from autodiff import dot, logsumexp, mean

    digits = load_digits()
    features, targets = digits.data / 16.0, nn.one_hot(digits.target)

    def own(predictions: Any, wanted: Any) -> Any:
        return mean([logsumexp(z) - dot(t, z) for z, t in zip(predictions, wanted, strict=True)])

    numbers = itertools.count()

    def trained(loss: Any) -> float:
        model: Any = nn.MLP(64, [32, 10], rng=0)
        model.number = next(numbers)  # a model like no other, for which no program is kept
        history = nn.fit(
            model,
            features,
            targets,
            loss=loss,
            optimizer=nn.Adam(),
            epochs=30,
            batch_size=64,
            rng=0,
            progress=False,
        )
        return history.final_loss

    losses = [trained(loss) for loss in (own, "cross_entropy")]
    if abs(losses[0] - losses[1]) > 1e-9:
        raise ArithmeticError(f"the two sides disagree: {losses}")
    return partial(trained, own), partial(trained, "cross_entropy")


ROWS = (
    *(
        Comparison(
            f"step-{rule}-{size}",
            "torch",
            0.5,
            f"{STEPS} steps of {RULES[rule][0]} {RULES[rule][1] or ''} on the parameters of {size}",
            partial(steps, rule, sizes),
            rounds=11,
        )
        for rule in RULES
        for size, sizes in SIZES.items()
    ),
    Comparison(
        "fit-own-loss",
        "sklearn",
        1.1,
        "fit on digits, 64-32-10, 30 epochs: the user's own cross entropy / the built-in",
        own_loss,
        rounds=7,
    ),
)
