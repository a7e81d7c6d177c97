"""Losses: what a training run makes small, and what weighs and penalizes it."""
