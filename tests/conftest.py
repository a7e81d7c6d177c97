"""The small profile of Hypothesis: `python -m pytest --hypothesis-profile=small`, for runs on further Pythons."""

from __future__ import annotations

import pytest
from hypothesis import settings

SMALL = 15

settings.register_profile("small", max_examples=SMALL, deadline=None, derandomize=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that say how many examples they take, as most do, take fewer under the profile."""
    if config.getoption("--hypothesis-profile") != "small":
        return
    for item in items:
        function = getattr(item, "obj", None)
        own = getattr(function, "_hypothesis_internal_use_settings", None)
        if own is not None:
            function._hypothesis_internal_use_settings = settings(own, max_examples=min(own.max_examples, SMALL))
