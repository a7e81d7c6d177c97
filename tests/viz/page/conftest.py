"""One browser for all tests of a worker, and the pages that they look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, final

import pytest

from tests.viz.page.browser import chromium
from tests.viz.page.fixtures import MAKERS, Fixture


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@final
class Opened:
    """Pages opened in a browser, and what they complained of."""

    def __init__(self, browser: Any, folder: Path) -> None:
        self._browser = browser
        self._folder = folder
        self._pages: list[Any] = []
        self._fixtures: dict[str, Fixture] = {}
        self.complaints: list[str] = []

    def __call__(self, name: str | Fixture, fragment: str = "", **options: Any) -> tuple[Any, Fixture]:
        """A tab that shows a fixture, 1280×850 unless said otherwise, and the fixture."""
        fixture = name if isinstance(name, Fixture) else self._fixture(name)
        path = self._folder / f"{id(fixture)}.html"
        path.write_text(fixture.page.html, encoding="utf-8")
        tab = self._browser.new_page(**({"viewport": {"width": 1280, "height": 850}} | options))
        tab.on("console", lambda message: self.complaints.append(f"console {message.type}: {message.text}"))
        tab.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        tab.on("request", lambda request: self._requested(request.url, path))
        tab.goto(f"{path.as_uri()}{fragment}")
        self._pages.append(tab)
        return tab, fixture

    def _fixture(self, name: str) -> Fixture:
        if name not in FIXTURES:
            FIXTURES[name] = MAKERS[name]()
        return FIXTURES[name]

    def _requested(self, url: str, path: Path) -> None:
        if not url.startswith(path.as_uri()):
            self.complaints.append(f"request: {url}")

    def close(self) -> None:
        for tab in self._pages:
            tab.close()


FIXTURES: dict[str, Fixture] = {}
"""Pages are made once a worker."""


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Opened]:
    """Opens pages; fails the test where one has logged, failed or requested anything."""
    made = Opened(browser, tmp_path)
    yield made
    made.close()
    assert not made.complaints
