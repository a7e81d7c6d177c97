"""Optimizers: update rules, each written once on vectors, and drivers, which run SciPy's iterations."""

from nn.optimizers.adagrad import Adagrad
from nn.optimizers.adam import Adam, AdamW
from nn.optimizers.clipping import ClipByNorm, ClipByValue
from nn.optimizers.driver import Driver
from nn.optimizers.lbfgs import LBFGS
from nn.optimizers.levenberg_marquardt import LevenbergMarquardt
from nn.optimizers.optimizer import Optimizer
from nn.optimizers.rmsprop import RMSprop
from nn.optimizers.sgd import SGD

__all__ = [
    "LBFGS",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "ClipByNorm",
    "ClipByValue",
    "Driver",
    "LevenbergMarquardt",
    "Optimizer",
    "RMSprop",
]
