"""Modules: neurons, layers and networks, and what they are made of."""
