"""Saving: a model in one safetensors file, whose weights PyTorch reads, and the model from it again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors

from autodiff.errors import ShapeError
from nn.arrays import real_array
from nn.errors import CheckpointError, OptionTypeError, StateError
from nn.files.architecture import Tensor, built, described, tensors
from nn.files.safetensors_file import read_arrays, write_arrays
from nn.modules.module import Module

_KIND = "model"


def save(model: Module, path: str | os.PathLike[str]) -> None:
    """Write a model to a file: its weights as safetensors, its architecture as JSON in the metadata. No code.

    An earlier file in its place stays whole until the new one is.

    Parameters
    ----------
    model : Module
        A Layer, Linear, MLP or Sequential and all that they hold. Of a Module of your own the weights alone are
        written, for `load(path, into=model)`.
    path : path-like
        The file; no suffix is added.

    Raises
    ------
    OptionError
        A ValueError, for an activation that is a function of your own.
    OptionTypeError
        A TypeError, for anything but a Module.

    Examples
    --------
    >>> import os, tempfile
    >>> from nn import MLP
    >>> model = MLP(2, [3, 1], rng=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(model, os.path.join(folder, "model.safetensors"))
    ...     twin = load(os.path.join(folder, "model.safetensors"))
    >>> twin([1.0, 2.0]).data == model([1.0, 2.0]).data
    True
    """
    if not isinstance(model, Module):
        raise OptionTypeError(f"save takes a Module, got {model!r:.60}; write save(model, path)")
    names = model.feature_names
    document = {
        "architecture": described(model),
        "class": type(model).__name__,
        "feature_names": None if names is None else list(names),
    }
    write_arrays(path, _KIND, {tensor.name: tensor.numbers() for tensor in tensors(model)}, document)


def load(path: str | os.PathLike[str], *, into: Any = None) -> Any:
    """Read the model of a file that `save` wrote, or put the weights of a file into a model.

    Parameters
    ----------
    path : path-like
        The file.
    into : Module, optional
        Takes the weights of the file, which may then also be the `state_dict` of a Sequential of PyTorch with the same
        parts, as safetensors. By default the model that the file describes is built.

    Returns
    -------
    Module
        `into` where it is given.

    Raises
    ------
    CheckpointError
        A ValueError, for a file that is missing, cut short, changed after it was written, or of a later version.
    StateError, ShapeError
        ValueErrors, for tensors of other names or shapes than the model's, before a weight has changed.

    Examples
    --------
    >>> import os, tempfile
    >>> from nn import MLP
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "model.safetensors")
    ...     save(MLP(2, [1], rng=0), path)
    ...     load(path)
    MLP of [Layer of [LinearNeuron(2)]]
    """
    if into is not None:
        if not isinstance(into, Module):
            raise OptionTypeError(f"into takes a Module, got {into!r}")
        _assign(into, _weights(path), str(path))
        return into
    arrays, document = read_arrays(path, _KIND)
    if document["architecture"] is None:
        raise CheckpointError(
            f"{str(path)!r} holds the weights of a {document['class']}, a class of your own; "
            "make one and pass it as into="
        )
    try:
        model = built(document["architecture"])
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{str(path)!r} describes no model that this release knows: {error!r}") from None
    _assign(model, arrays, str(path))
    if document["feature_names"] is not None:
        model.feature_names = tuple(document["feature_names"])
        if hasattr(model, "label_inputs"):
            model.label_inputs(model.feature_names)
    return model


def _weights(path: str | os.PathLike[str]) -> Mapping[str, Any]:
    """The arrays of a file of this package, or of any safetensors file without our mark."""
    target = Path(path)
    try:
        content = target.read_bytes()
        if b'"valuegraph model"' in content[:4096]:
            return read_arrays(path, _KIND)[0]
        arrays: Mapping[str, Any] = load_tensors(content)
    except FileNotFoundError:
        raise CheckpointError(f"there is no file {str(target)!r}") from None
    except (SafetensorError, ValueError, KeyError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise CheckpointError(f"{str(target)!r} is cut short, damaged or no safetensors file: {error}") from None
    return arrays


def _assign(model: Module, arrays: Mapping[str, Any], path: str) -> None:
    found = tensors(model)
    missing = [tensor.name for tensor in found if tensor.name not in arrays]
    unexpected = sorted(set(arrays) - {tensor.name for tensor in found})
    if missing or unexpected:
        raise StateError(
            f"the tensors of {path!r} are not those of {type(model).__name__}: "
            f"missing {', '.join(missing) or 'nothing'}; unexpected {', '.join(unexpected) or 'nothing'}"
        )
    numbers = [_fitting(tensor, arrays[tensor.name], path) for tensor in found]
    for tensor, entries in zip(found, numbers, strict=True):
        tensor.assign(entries)


def _fitting(tensor: Tensor, entries: Any, path: str) -> Any:
    if np.shape(entries) != tensor.shape:
        raise ShapeError(
            f"{tensor.name} has shape {np.shape(entries)} in {path!r} and {tensor.shape} in the model, "
            "which is (outputs, inputs) for weights"
        )
    return real_array(entries, tensor.name)
