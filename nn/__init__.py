"""Neurons, layers and networks of Values, and what trains them."""

from nn.data.batches import batches
from nn.data.stream import BatchStream
from nn.errors import (
    CheckpointError,
    CoercionError,
    DataError,
    DivergenceError,
    LossIncreaseWarning,
    MissingExtraError,
    OptionError,
    OptionTypeError,
    ShapeError,
    StateError,
    TraceError,
)
from nn.files.saving import load, save
from nn.losses.functions import LOSSES, cross_entropy, hinge, huber, log_loss, log_loss_from_logits, mae, mse, sse
from nn.losses.labels import one_hot
from nn.losses.penalties import L1, L2
from nn.modules.activations import ACTIVATIONS, linear
from nn.modules.affine import Linear
from nn.modules.dropout import Dropout
from nn.modules.initializers import (
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
from nn.modules.layer import Layer
from nn.modules.layer_norm import LayerNorm
from nn.modules.mlp import MLP
from nn.modules.module import Module
from nn.modules.neuron import Neuron
from nn.modules.sequential import Sequential
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
from nn.prediction import predict, predict_proba
from nn.training.arguments import Callback
from nn.training.early_stopping import EarlyStopping
from nn.training.fit import fit
from nn.training.history import History
from nn.training.metrics import METRICS, Metric
from nn.training.schedules import (
    ConstantRate,
    CosineDecay,
    ExponentialDecay,
    ReduceOnPlateau,
    Schedule,
    StepDecay,
    WarmUp,
)
from nn.uncertainty import Uncertainty, uncertainty

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
    "BatchStream",
    "Callback",
    "CheckpointError",
    "ClipByNorm",
    "ClipByValue",
    "CoercionError",
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
    "MissingExtraError",
    "Module",
    "Neuron",
    "Optimizer",
    "OptionError",
    "OptionTypeError",
    "RMSprop",
    "ReduceOnPlateau",
    "Schedule",
    "Sequential",
    "ShapeError",
    "StateError",
    "StepDecay",
    "TraceError",
    "Uncertainty",
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
    "uncertainty",
    "uniform",
    "zeros",
]
