"""Every rule, in each of its forms."""

from nn import SGD, Adam, AdamW

RULES = {
    "sgd": lambda: SGD(learning_rate=0.1),
    "sgd with weight decay": lambda: SGD(learning_rate=0.1, weight_decay=0.05),
    "sgd with momentum": lambda: SGD(learning_rate=0.1, momentum=0.8),
    "sgd with nesterov": lambda: SGD(learning_rate=0.1, momentum=0.8, nesterov=True, weight_decay=0.05),
    "adam": lambda: Adam(learning_rate=0.1),
    "adam with weight decay": lambda: Adam(learning_rate=0.1, betas=(0.8, 0.9), eps=1e-4, weight_decay=0.05),
    "adamw": lambda: AdamW(learning_rate=0.1, weight_decay=0.05),
}
"""Makers of optimizers by name."""
