"""Training: `fit`, its steps, and what watches it."""
