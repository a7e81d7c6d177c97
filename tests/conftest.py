"""How many examples drawn tests take: few by default, all of their own with `--hypothesis-profile=long`.

`--hypothesis-profile=small` takes the fewest, for runs on further Pythons. Slow tests always take their own number.
"""

from __future__ import annotations

import pytest
from hypothesis import settings

FEW = {"default": 30, "small": 15}

settings.register_profile("small", deadline=None, derandomize=True)
settings.register_profile("long", deadline=None, derandomize=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Bound the number of examples that a test names for itself, as most do."""
    most = FEW.get(config.getoption("--hypothesis-profile") or "default")
    if most is None:
        return
    for item in items:
        function = getattr(item, "obj", None)
        own = getattr(function, "_hypothesis_internal_use_settings", None)
        if own is not None and not item.get_closest_marker("slow") and not item.get_closest_marker("peers"):
            function._hypothesis_internal_use_settings = settings(own, max_examples=min(own.max_examples, most))
