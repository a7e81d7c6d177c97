"""Ratios of this project's time to its peers', measured side by side: `python -m benchmarks [row ...]`."""
