"""A headless Chromium for tests of the page, and its answers to scripts."""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def executable() -> str | None:
    """The browser of the system: $CHROMIUM, or one on PATH."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser, ended afterwards; skips the test where the machine has none."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = executable()
    if path is None:
        pytest.skip("no chromium on PATH; apt-get install chromium")
    with playwright.sync_playwright() as session:
        browser = session.chromium.launch(executable_path=path, args=[*OPTIONS])
        yield browser
        browser.close()


def answers(blank: Any, script: str, given: Any) -> Any:
    """What a script makes of `given`, in a blank tab: `script` is the text of a function body that reads `given`."""
    text = blank.evaluate(f"(text) => {{ const given = JSON.parse(text);\n{script}\n}}", json.dumps(_plain(given)))
    return _numbers(json.loads(text))


ANSWER = """return JSON.stringify(out, (_, x) => {
  if (typeof x === 'number' && !Number.isFinite(x)) return String(x);
  return Object.is(x, -0) ? 'minus zero' : x;
});"""
"""The end of a script: it sends `out` back with numbers that JSON has no word for."""

READ = "const number = (x) => typeof x === 'string' ? Number(x) : x;"


def _plain(given: Any) -> Any:
    if isinstance(given, dict):
        return {key: _plain(entry) for key, entry in given.items()}
    if isinstance(given, (list, tuple)):
        return [_plain(entry) for entry in given]
    if isinstance(given, float) and not math.isfinite(given):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(given, "NaN")
    return given


def _numbers(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {key: _numbers(entry) for key, entry in answer.items()}
    if isinstance(answer, list):
        return [_numbers(entry) for entry in answer]
    special = {"Infinity": math.inf, "-Infinity": -math.inf, "NaN": math.nan, "minus zero": -0.0}
    return special.get(answer, answer) if isinstance(answer, str) else answer


def settle(tab: Any) -> None:
    """Wait until the page has shown its last change; its policy forbids the strings that Playwright would wait by."""
    tab.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
