"""Modules: neurons, layers, networks and their parts."""
