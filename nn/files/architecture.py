"""Architecture: what a model is made of, as data that JSON can hold, and the model made of such data again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from autodiff import Value, softmax
from nn.arrays import RealArray
from nn.errors import OptionError
from nn.modules.activations import ACTIVATIONS, Activation, activation_name
from nn.modules.affine import Linear
from nn.modules.dropout import Dropout
from nn.modules.initializers import zeros
from nn.modules.layer import Layer
from nn.modules.layer_norm import LayerNorm
from nn.modules.mlp import MLP
from nn.modules.module import Module
from nn.modules.sequential import Sequential


def described(model: Any) -> dict[str, Any] | None:
    """The architecture of a model of this package, or None for another Module.

    Raises OptionError (a ValueError) for an activation that has no name.
    """
    if isinstance(model, Layer):
        bias = model.neurons[0].bias is not None
        return {
            **{"type": "Layer", "inputs": model.inputs, "outputs": model.outputs},
            **{"activation": _activation_of(model), "bias": bias},
        }
    if isinstance(model, Linear):
        bias = model.layer.neurons[0].bias is not None
        return {"type": "Linear", "inputs": model.inputs, "outputs": model.outputs, "bias": bias}
    if isinstance(model, MLP):
        return {"type": "MLP", "parts": _described_parts(model.layers)}
    if isinstance(model, Sequential):
        parts = _described_parts(model.parts)
        return None if None in parts else {"type": "Sequential", "parts": parts}
    if isinstance(model, Dropout):
        return {"type": "Dropout", "share": model.share}
    if isinstance(model, LayerNorm):
        return {"type": "LayerNorm", "width": model.inputs, "eps": model.eps}
    return None


def _described_parts(parts: list[Any]) -> list[Any]:
    """Each part described; one that stood in the list before, by its place there."""
    found: list[Any] = []
    for place, part in enumerate(parts):
        first = next(k for k, other in enumerate(parts) if other is part)
        if first < place and isinstance(part, Module):
            found.append({"type": "same", "as": first})
        else:
            found.append(described(part) if isinstance(part, Module) else {"type": "activation", "name": _named(part)})
    return found


def built(architecture: Mapping[str, Any]) -> Any:
    """The model of an architecture, its weights 0. Raises KeyError, TypeError or ValueError for one that is none."""
    kind = architecture["type"]
    options = {name: entry for name, entry in architecture.items() if name != "type"}
    if kind == "MLP":
        return MLP.from_layers(_built_parts(options["parts"]))
    if kind == "Sequential":
        return Sequential(*_built_parts(options["parts"]))
    if kind == "activation":
        return str(options["name"])
    if kind in ("Layer", "Linear"):
        options["initializer"] = zeros
    return {"Layer": Layer, "Linear": Linear, "Dropout": Dropout, "LayerNorm": LayerNorm}[kind](**options)


def _built_parts(architectures: list[Any]) -> list[Any]:
    parts: list[Any] = []
    for architecture in architectures:
        parts.append(parts[architecture["as"]] if architecture["type"] == "same" else built(architecture))
    return parts


@final
@dataclass(frozen=True)
class Tensor:
    """Parameters that PyTorch keeps in one tensor, row after row."""

    name: str
    parameters: tuple[Value, ...]
    shape: tuple[int, ...]

    def numbers(self) -> RealArray:
        """Their numbers, in the shape of the tensor."""
        return np.array([parameter.data for parameter in self.parameters]).reshape(self.shape)

    def assign(self, numbers: RealArray) -> None:
        """Set their numbers."""
        for parameter, number in zip(self.parameters, numbers.ravel().tolist(), strict=True):
            parameter.data = number


def tensors(model: Module) -> list[Tensor]:
    """The parameters of a model under the names of PyTorch.

    A model of this package counts as the Sequential of PyTorch that computes the same: each Linear, activation,
    Dropout and LayerNorm has its place, and `weight`, of shape (outputs, inputs), and `bias` stand under the number of
    the place. Of another Module the names are those of its `state_dict`.
    """
    if described(model) is None:
        return [Tensor(group.name, group.parameters, group.shape) for group in model.parameter_groups()]
    found = []
    for place, stage in enumerate(_stages(model)):
        if isinstance(stage, Layer):
            weights = tuple(weight for neuron in stage.neurons for weight in neuron.weights)
            found.append(Tensor(f"{place}.weight", weights, (stage.outputs, stage.inputs)))
            biases = tuple(neuron.bias for neuron in stage.neurons if neuron.bias is not None)
            if biases:
                found.append(Tensor(f"{place}.bias", biases, (stage.outputs,)))
        elif isinstance(stage, LayerNorm):
            found.append(Tensor(f"{place}.weight", tuple(stage.gain), (stage.inputs,)))
            found.append(Tensor(f"{place}.bias", tuple(stage.bias), (stage.inputs,)))
    return found


def _stages(part: Any) -> Iterator[Any]:
    """What takes a place in PyTorch's Sequential: weighted sums, activations, Dropout, LayerNorm."""
    if isinstance(part, (MLP, Sequential)):
        for inner in part.layers if isinstance(part, MLP) else part.parts:
            yield from _stages(inner)
    elif isinstance(part, Linear):
        yield part.layer
    elif isinstance(part, Layer):
        yield part
        if _activation_of(part) != "linear":
            yield _activation_of(part)
    else:
        yield part


def _activation_of(layer: Layer) -> str:
    return "softmax" if layer.softmax else _named(layer.neurons[0].activation)


def _named(function: Activation) -> str:
    if function is softmax:
        return "softmax"
    name = activation_name(function)
    if ACTIVATIONS.get(name) is not function:
        raise OptionError(
            f"a file holds no code, and the activation {name} is a function of your own; "
            f"known by name are {', '.join(ACTIVATIONS)} and softmax"
        )
    return name
