"""One browser for all tests of a worker, its tabs, and the pages that they look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, final

import pytest

from tests.viz.page.browser import chromium
from tests.viz.page.fixtures import Fixture, fixture
from viz.page import Page


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def blank(browser: Any) -> Any:
    """A tab without a page, for functions of a script."""
    return browser.new_page()


@final
class Tabs:
    """Tabs of a browser, used again by the next test: a new one takes longer than most tests."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._free: dict[str, list[Any]] = {}
        self.complaints: list[str] = []

    def take(self, **options: Any) -> Any:
        """A tab with these options, 1280×850 unless said otherwise."""
        free = self._free.setdefault(repr(options), [])
        if free:
            return free.pop()
        tab = self._browser.new_page(**({"viewport": {"width": 1280, "height": 850}} | options))
        tab.on("console", lambda message: self.complaints.append(f"console {message.type}: {message.text}"))
        tab.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        tab.on("request", lambda request: self.complaints.append(f"request: {request.url}"))
        tab.on("dialog", self._dismiss)
        return tab

    def give_back(self, tab: Any, **options: Any) -> None:
        """Empty a tab and keep it."""
        tab.goto("about:blank")
        tab.mouse.move(0, 0)
        self._free[repr(options)].append(tab)

    def _dismiss(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture(scope="session")
def tabs(browser: Any) -> Tabs:
    return Tabs(browser)


@final
class Opened:
    """Pages opened in tabs, and what they complained of."""

    def __init__(self, tabs: Tabs, folder: Path) -> None:
        self._tabs = tabs
        self._folder = folder
        self._taken: list[tuple[Any, dict[str, Any]]] = []
        self._asked: list[str] = []

    def __call__(self, shown: str | Fixture | Page, fragment: str = "", **options: Any) -> tuple[Any, Any]:
        """A tab that shows a fixture, known by its name, or a page; and the fixture, or the page."""
        given = fixture(shown) if isinstance(shown, str) else shown
        made = given.page if isinstance(given, Fixture) else given
        return self.show(made.html, fragment, **options), given

    def show(self, html: str, fragment: str = "", **options: Any) -> Any:
        """A tab that shows a document."""
        path = self._folder / f"{len(self._taken)}.html"
        path.write_text(html, encoding="utf-8")
        tab = self._tabs.take(**options)
        self._taken.append((tab, options))
        self._asked.append(f"request: {path.as_uri()}")
        tab.goto(f"{path.as_uri()}{fragment}")
        return tab

    @property
    def complaints(self) -> list[str]:
        """All that was logged, raised or requested, but for the pages themselves."""
        return [said for said in self._tabs.complaints if said.split("#")[0] not in self._asked]

    def close(self) -> None:
        for tab, options in self._taken:
            self._tabs.give_back(tab, **options)


@pytest.fixture
def opened(tabs: Tabs, tmp_path: Path) -> Iterator[Opened]:
    """Opens pages; fails the test where one has logged, failed, asked or requested anything."""
    tabs.complaints.clear()
    made = Opened(tabs, tmp_path)
    yield made
    complaints = made.complaints
    made.close()
    assert not complaints
