"""How many random examples the long runs take: `VALUEGRAPH_EXAMPLES=100000 python -m pytest -m slow`."""

from __future__ import annotations

import os

TOTAL = int(os.environ.get("VALUEGRAPH_EXAMPLES", "2000"))
_A_BATCH = 2500  # Hypothesis remembers what it drew, so one test with all of them would fill the memory

BATCHES = [min(_A_BATCH, TOTAL - start) for start in range(0, TOTAL, _A_BATCH)]
"""The sizes of the batches, each a test of its own, that add up to the total."""
