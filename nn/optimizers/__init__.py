"""Optimizers: update rules, each written once on vectors."""

from nn.optimizers.adam import Adam, AdamW
from nn.optimizers.optimizer import Optimizer
from nn.optimizers.sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer"]
