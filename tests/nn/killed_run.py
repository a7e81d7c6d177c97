"""A run in a process of its own, to be killed: writes a checkpoint, goes on from it, and prints the final numbers."""

import sys

import numpy as np

from nn import MLP, Adam, CosineDecay, EarlyStopping, fit

EPOCHS = 40


def run(path):
    """The history and the final numbers of a run that goes on wherever the file says."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(60, 3))
    targets = np.tanh(features @ [1.0, -2.0, 0.5])
    model = MLP(3, [4, 1], activation="tanh", rng=1)
    history = fit(
        model,
        features,
        targets,
        optimizer=Adam(learning_rate=0.02),
        epochs=EPOCHS,
        batch_size=16,
        rng=3,
        validation_split=0.2,
        metrics=["mae"],
        early_stopping=EarlyStopping(patience=30),
        schedule=CosineDecay(EPOCHS),
        checkpoint=path,
        resume="auto",
        progress=False,
    )
    return history, [parameter.data.hex() for parameter in model.parameters()]


if __name__ == "__main__":
    print("started", flush=True)
    print(run(sys.argv[1])[1], flush=True)
