"""Optimizers: update rules, each written once on vectors."""

from nn.optimizers.adagrad import Adagrad
from nn.optimizers.adam import Adam, AdamW
from nn.optimizers.clipping import ClipByNorm, ClipByValue
from nn.optimizers.optimizer import Optimizer
from nn.optimizers.rmsprop import RMSprop
from nn.optimizers.sgd import SGD

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "ClipByNorm", "ClipByValue", "Optimizer", "RMSprop"]
