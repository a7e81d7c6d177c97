"""Neurons, layers and networks of Values, and what trains them."""

from nn.activations import ACTIVATIONS, linear
from nn.batches import batches
from nn.errors import (
    DataError,
    LossIncreaseWarning,
    OptionError,
    OptionTypeError,
    StateError,
    UnknownNameError,
)
from nn.history import History
from nn.initializers import constant, he, normal, scaled_normal, uniform, xavier, zeros
from nn.labels import one_hot
from nn.layer import Layer
from nn.losses import LOSSES, cross_entropy, hinge, huber, log_loss, log_loss_from_logits, mae, mse, sse
from nn.mlp import MLP
from nn.module import Module
from nn.neuron import Neuron
from nn.optimizers import SGD, Adagrad, Adam, AdamW, ClipByNorm, ClipByValue, Optimizer, RMSprop
from nn.prediction import predict
from nn.training import fit

__all__ = [
    "ACTIVATIONS",
    "LOSSES",
    "MLP",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "ClipByNorm",
    "ClipByValue",
    "DataError",
    "History",
    "Layer",
    "LossIncreaseWarning",
    "Module",
    "Neuron",
    "Optimizer",
    "OptionError",
    "OptionTypeError",
    "RMSprop",
    "StateError",
    "UnknownNameError",
    "batches",
    "constant",
    "cross_entropy",
    "fit",
    "he",
    "hinge",
    "huber",
    "linear",
    "log_loss",
    "log_loss_from_logits",
    "mae",
    "mse",
    "normal",
    "one_hot",
    "predict",
    "scaled_normal",
    "sse",
    "uniform",
    "xavier",
    "zeros",
]
