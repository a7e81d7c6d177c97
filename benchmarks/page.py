"""The page in a browser: how long a change, an opened neuron, all records and a large page take, painting included."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

import nn
from benchmarks.figure import Figure

ROUNDS = 15
WARMING = 10
"""Changes before those that count: a drag is many, and the browser compiles the script in the first."""

Measure = Callable[[Callable[[int], Any]], float]

# Time from a change to the end of the frame that paints it, in milliseconds. A message posted in a frame arrives
# after it.
TIMED = """(change) => new Promise((done) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  const start = performance.now();
  channel.port1.onmessage = () => done(performance.now() - start);
  change();
  cancelAnimationFrame(valuegraph.frame);
  valuegraph.frame = 0;
  valuegraph.draw();
  channel.port2.postMessage(0);
}))"""


def _network(width: int, records: int = 1) -> Any:
    """The page of 2-width-width-1; of one record about 300 nodes at 12, and 1,000 at 26."""
    import viz

    rng = np.random.default_rng(0)
    model = nn.MLP(2, [width, width, 1], rng=0)
    return viz.page(model, rng.normal(size=(records, 2)), rng.normal(size=records), loss=nn.mse)


def _chain(operations: int) -> Any:
    """The page of one expression, which is no network."""
    import viz
    from autodiff import Value, sin

    x, w = Value(0.5, label="x"), Value(0.7, label="w")
    out = x
    for _ in range(operations // 2):
        out = sin(out) * w
    return viz.page(out)


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
            for done in range(WARMING + ROUNDS):
                times.append(tab.evaluate(f"(k) => ({TIMED})(() => {{ {change} }})", done))
                progress(max(0, done + 1 - WARMING))
        return median(times[WARMING:]) / limit

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


def _film(progress: Callable[[int], Any]) -> float:
    """What a film adds to a run, over its limit: 2 % of the run or 10 µs an epoch, whichever is more."""
    import viz

    rng = np.random.default_rng(0)
    features, targets = rng.normal(size=(360, 6)), rng.integers(0, 2, size=360).astype(float)
    epochs, times = 2000, []
    for done in range(ROUNDS):
        model = nn.MLP(6, [2, 1], activation="sigmoid", output_activation="sigmoid", bias=False, rng=0)
        run = viz.film(model, features, targets, loss=nn.mse)
        spent = 0.0

        def timed(epoch: int, history: Any, run: Any = run) -> None:
            nonlocal spent
            began = time.perf_counter()
            run(epoch, history)
            spent += time.perf_counter() - began

        began = time.perf_counter()
        nn.fit(model, features, targets, optimizer=nn.SGD(learning_rate=0.1), epochs=epochs, callbacks=[timed],
               progress=False)  # fmt: skip
        rest = time.perf_counter() - began - spent
        times.append(spent / max(0.02 * rest, 10e-6 * epochs))
        progress(done + 1)
    return median(times)


def _figure(name: str, peer: str, about: str, measure: Measure) -> Figure:
    return Figure(name, peer, 1.0, about, measure, ROUNDS)


_OPEN = "valuegraph.toggle('layer 2/neuron 10');"

ROWS = (
    _figure("page-what-if-300", "16 ms", "a change of 300 nodes, painted", _timed(lambda: _network(12), _DRAG, 16.0)),
    _figure("page-what-if", "50 ms", "a change of 1,000 nodes, painted", _timed(lambda: _network(26), _DRAG, 50.0)),
    _figure("page-records", "50 ms", "360 records of 6-2-1 after a change, painted", _timed(_admissions, _DRAG, 50.0)),
    _figure(
        "page-open", "100 ms", "a neuron of 2-16-16-1 opened or closed", _timed(lambda: _network(16, 10), _OPEN, 100.0)
    ),
    _figure("page-film", "2 % or 10 us", "what a film adds to a run of 2,000 epochs of 6-2-1", _film),
    _figure("page-thousand", "2 s", "1,000 nodes, from the address to use", _opening(lambda: _network(26), 2e3)),
    _figure(
        "page-large", "3 s", "2-16-16-1 over 30 records, from the address to use",
        _opening(lambda: _network(16, 30), 3e3),
    ),
    _figure(
        "page-value", "3 s", "an expression of 20,000 nodes, from the address to use",
        _opening(lambda: _chain(20_000), 3e3),
    ),
)  # fmt: skip
