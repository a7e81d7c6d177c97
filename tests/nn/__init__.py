"""Tests of networks and their training, a file for each module of `nn`."""
