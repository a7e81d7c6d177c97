"""The NumPy back end: steps as calls on views of arrays."""
