"""Seed row U5: a forward pass through a 4x3x2 network, and what happens when shapes do not match.

python examples/seeds/multilayer.py
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray
from value_arrays import data, values

from autodiff import sigmoid
from nn import MLP, Layer

INPUTS, HIDDEN, OUTPUTS = 4, 3, 2


@final
@dataclass(frozen=True)
class Network:
    """A made-up record and the weights of two layers, each of shape (inputs, outputs)."""

    record: NDArray[np.float64]
    weights_input_to_hidden: NDArray[np.float64]
    weights_hidden_to_output: NDArray[np.float64]


def seeded_network(seed: int = 42) -> Network:
    """The network that the listing draws from the legacy random stream."""
    rng = np.random.RandomState(seed)
    record = rng.randn(INPUTS)
    return Network(record, rng.normal(0, 0.1, (INPUTS, HIDDEN)), rng.normal(0, 0.1, (HIDDEN, OUTPUTS)))


def forward(network: Network) -> dict[str, NDArray[Any]]:
    """The listing's own lines, on arrays of Values: what goes into each layer and what comes out."""
    hidden_layer_in = np.dot(network.record, values(network.weights_input_to_hidden, name="w"))
    hidden_layer_out = sigmoid(hidden_layer_in)
    output_layer_in = np.dot(hidden_layer_out, values(network.weights_hidden_to_output, name="v"))
    return {
        "hidden_layer_in": hidden_layer_in,
        "hidden_layer_out": hidden_layer_out,
        "output_layer_in": output_layer_in,
        "output_layer_out": sigmoid(output_layer_in),
    }


def model(network: Network) -> MLP:
    """The same network as layers."""
    matrices = (network.weights_input_to_hidden, network.weights_hidden_to_output)
    return MLP.from_layers(Layer.from_matrix(matrix, activation="sigmoid") for matrix in matrices)


def mismatches(network: Network) -> dict[str, Callable[[], object]]:
    """Three calls whose shapes do not fit; each raises a ValueError that names both."""
    weights = values(network.weights_input_to_hidden, name="w")
    return {
        "np.dot(weights, record)": lambda: np.dot(weights, network.record),
        "model(record[:3])": lambda: model(network)(network.record[:3]),
        "layers the wrong way round": lambda: MLP.from_layers(reversed(model(network).layers)),
    }


def message(call: Callable[[], object]) -> str:
    """What the ValueError says that `call` raises."""
    try:
        call()
    except ValueError as error:
        return str(error)
    return "no error"


def main(argv: Sequence[str] | None = None) -> int:
    argparse.ArgumentParser(description="A forward pass through a 4x3x2 network.").parse_args(argv)
    network = seeded_network()
    print("U5  Two matrix products and two sigmoids, on arrays of Values:")
    for name, array in forward(network).items():
        print(f"    {name:16} {data(array)}")
    print(f"    as nn.MLP        {data(model(network)(network.record))}")
    print("\n    The inner dimensions must match; otherwise:")
    for name, call in mismatches(network).items():
        print(f"    {name}: {message(call)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
