"""The page in a browser: how long a change, an opened neuron, all records and a large page take, painting included."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

import nn
from benchmarks.figure import Figure

ROUNDS = 9

Measure = Callable[[Callable[[int], Any]], float]

# Time from a change to the end of the frame that shows it, in milliseconds.
TIMED = """async (change) => {
  const start = performance.now();
  change();
  cancelAnimationFrame(valuegraph.frame);
  valuegraph.frame = 0;
  valuegraph.draw();
  document.body.getBoundingClientRect();
  return performance.now() - start;
}"""


def _moons(records: int) -> Any:
    import viz

    rng = np.random.default_rng(0)
    return viz.page(nn.MLP(2, [16, 16, 1], rng=0), rng.normal(size=(records, 2)), rng.normal(size=records), loss=nn.mse)


def _admissions() -> Any:
    import viz

    rng = np.random.default_rng(0)
    model = nn.MLP(6, [2, 1], activation="sigmoid", output_activation="sigmoid", bias=False, rng=0)
    return viz.page(model, rng.normal(size=(360, 6)), rng.integers(0, 2, size=360), loss=nn.mse)


@contextmanager
def _opened(made: Any) -> Iterator[Any]:
    from tests.viz.page.browser import chromium

    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        tab = browser.new_page(viewport={"width": 1280, "height": 850})
        tab.goto(made.save(Path(folder) / "page.html").as_uri())
        yield tab


def _timed(make: Callable[[], Any], change: str, limit: float) -> Measure:
    """The median time of a change over the limit, both in milliseconds."""

    def measure(progress: Callable[[int], Any]) -> float:
        times = []
        with _opened(make()) as tab:
            for done in range(ROUNDS):
                times.append(tab.evaluate(f"(k) => ({TIMED})(() => {{ {change} }})", done))
                progress(done + 1)
        return median(times) / limit

    return measure


def _opening(make: Callable[[], Any], limit: float) -> Measure:
    """From the start of the navigation to the end of the script, over the limit."""

    def measure(progress: Callable[[int], Any]) -> float:
        with _opened(make()) as tab:
            progress(ROUNDS)
            return float(tab.evaluate("performance.timing.loadEventEnd - performance.timing.navigationStart")) / limit

    return measure


_DRAG = """const {network} = valuegraph.graph;
const leaf = valuegraph.state.selected;
valuegraph.assign(leaf, 0, network.base[leaf] + 0.01 * (k + 1));"""

ROWS = (
    Figure(
        "page-what-if",
        "50 ms",
        1.0,
        "a change of 2-16-16-1 with one record, 670 nodes, shown",
        _timed(lambda: _moons(1), _DRAG, 50.0),
        ROUNDS,
    ),
    Figure(
        "page-records",
        "50 ms",
        1.0,
        "360 records of 6-2-1 after a change, shown",
        _timed(_admissions, _DRAG, 50.0),
        ROUNDS,
    ),
    Figure(
        "page-open",
        "100 ms",
        1.0,
        "a neuron of 2-16-16-1 opened or closed",
        _timed(lambda: _moons(10), "valuegraph.toggle('layer 2/neuron 10');", 100.0),
        ROUNDS,
    ),
    Figure(
        "page-large",
        "3 s",
        1.0,
        "2-16-16-1 over 30 records, from the address to a page that can be used",
        _opening(lambda: _moons(30), 3000.0),
        ROUNDS,
    ),
)
