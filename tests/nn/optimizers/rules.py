"""Every rule, in each of its forms."""

from nn import SGD, Adagrad, Adam, AdamW, ClipByNorm, ClipByValue, RMSprop

RULES = {
    "sgd": lambda: SGD(learning_rate=0.1),
    "sgd with weight decay": lambda: SGD(learning_rate=0.1, weight_decay=0.05),
    "sgd with momentum": lambda: SGD(learning_rate=0.1, momentum=0.8),
    "sgd with nesterov": lambda: SGD(learning_rate=0.1, momentum=0.8, nesterov=True, weight_decay=0.05),
    "adam": lambda: Adam(learning_rate=0.1),
    "adam with weight decay": lambda: Adam(learning_rate=0.02, betas=(0.8, 0.9), eps=0.1, weight_decay=0.05),
    "adamw": lambda: AdamW(learning_rate=0.1, weight_decay=0.05),
    "rmsprop": lambda: RMSprop(learning_rate=0.01),
    "rmsprop with weight decay": lambda: RMSprop(learning_rate=0.005, alpha=0.9, eps=0.1, weight_decay=0.05),
    "rmsprop with momentum, centered": lambda: RMSprop(learning_rate=0.01, momentum=0.7, centered=True),
    "adagrad": lambda: Adagrad(learning_rate=0.1),
    "adagrad with decay": lambda: Adagrad(
        learning_rate=0.1, lr_decay=0.01, weight_decay=0.05, initial_accumulator_value=0.1, eps=1e-4
    ),
    "clipped by value": lambda: ClipByValue(SGD(learning_rate=0.1, momentum=0.8), clip_value=0.3),
}
"""Makers of optimizers by name."""

OF_ALL_ENTRIES = {"clipped by norm": lambda: ClipByNorm(Adam(learning_rate=0.1), max_norm=0.5)}
"""Rules that are not elementwise, for they read all entries."""
