"""Draw the pictures of the README and the docs again: `python docs/pictures.py`."""

from __future__ import annotations

from pathlib import Path

import nn
import viz
from autodiff import Value, tanh

IMAGES = Path(__file__).parent / "images"


def expression() -> Value:
    """The expression of the README's tour, after its sweep."""
    w, x, b = Value(-0.5, label="w"), Value(2.0, label="x"), Value(0.3, label="b")
    y = tanh(w * x + b)
    y.label = "y"
    y.backward()
    return y


def network() -> Value:
    """One record through a 2-2-1 network with sigmoid units, and the gradient of its squared error."""
    model = nn.MLP(2, [2, 1], activation="sigmoid", output_activation="sigmoid", bias=False, rng=0)
    loss = (model([Value(0.5, label="x1"), Value(-1.0, label="x2")]) - 1.0) ** 2
    loss.label = "loss"
    loss.backward()
    return loss


def main() -> None:
    """Write every picture."""
    for picture in (expression, network):
        viz.draw(picture()).render(outfile=IMAGES / f"{picture.__name__}.svg", cleanup=True)


if __name__ == "__main__":
    main()
