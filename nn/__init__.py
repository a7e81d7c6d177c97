"""Neurons, layers and networks of Values, and what trains them."""

from nn.activations import ACTIVATIONS, linear
from nn.affine import Linear
from nn.arguments import Callback
from nn.batches import batches
from nn.dropout import Dropout
from nn.early_stopping import EarlyStopping
from nn.errors import (
    CheckpointError,
    DataError,
    DivergenceError,
    LossIncreaseWarning,
    OptionError,
    OptionTypeError,
    StateError,
    UnknownNameError,
)
from nn.history import History
from nn.initializers import (
    constant,
    glorot_normal,
    glorot_uniform,
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
    normal,
    uniform,
    zeros,
)
from nn.labels import one_hot
from nn.layer import Layer
from nn.layer_norm import LayerNorm
from nn.losses import LOSSES, cross_entropy, hinge, huber, log_loss, log_loss_from_logits, mae, mse, sse
from nn.metrics import METRICS, Metric
from nn.mlp import MLP
from nn.module import Module
from nn.neuron import Neuron
from nn.optimizers import (
    LBFGS,
    SGD,
    Adagrad,
    Adam,
    AdamW,
    ClipByNorm,
    ClipByValue,
    Driver,
    LevenbergMarquardt,
    Optimizer,
    RMSprop,
)
from nn.penalties import L1, L2
from nn.prediction import predict, predict_proba
from nn.saving import load, save
from nn.schedules import (
    ConstantRate,
    CosineDecay,
    ExponentialDecay,
    ReduceOnPlateau,
    Schedule,
    StepDecay,
    WarmUp,
)
from nn.sequential import Sequential
from nn.training import fit

__all__ = [
    "ACTIVATIONS",
    "L1",
    "L2",
    "LBFGS",
    "LOSSES",
    "METRICS",
    "MLP",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Callback",
    "CheckpointError",
    "ClipByNorm",
    "ClipByValue",
    "ConstantRate",
    "CosineDecay",
    "DataError",
    "DivergenceError",
    "Driver",
    "Dropout",
    "EarlyStopping",
    "ExponentialDecay",
    "History",
    "Layer",
    "LayerNorm",
    "LevenbergMarquardt",
    "Linear",
    "LossIncreaseWarning",
    "Metric",
    "Module",
    "Neuron",
    "Optimizer",
    "OptionError",
    "OptionTypeError",
    "RMSprop",
    "ReduceOnPlateau",
    "Schedule",
    "Sequential",
    "StateError",
    "StepDecay",
    "UnknownNameError",
    "WarmUp",
    "batches",
    "constant",
    "cross_entropy",
    "fit",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "hinge",
    "huber",
    "lecun_normal",
    "lecun_uniform",
    "linear",
    "load",
    "log_loss",
    "log_loss_from_logits",
    "mae",
    "mse",
    "normal",
    "one_hot",
    "predict",
    "predict_proba",
    "save",
    "sse",
    "uniform",
    "zeros",
]
