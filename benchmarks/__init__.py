"""Ratios of this project's time to its peers', measured side by side: `python -m benchmarks [row ...]`."""

from benchmarks import single_thread as single_thread  # first: libraries read these limits when they are loaded
