"""Silence: nan and infinity without a warning within, NumPy's settings as they were around it."""

from __future__ import annotations

from contextvars import ContextVar
from functools import partial
from typing import Literal

import numpy as np
import pytest

from autodiff.compilation.execute.numpy.quiet import quiet_context, run_calls


def test_calls_are_made_in_their_order() -> None:
    made: list[int] = []
    run_calls(partial(made.append, number) for number in (3, 1, 2))
    assert made == [3, 1, 2]


@pytest.mark.parametrize("around", ["ignore", "raise", "warn"])
def test_nothing_is_said_within(around: Literal["ignore", "raise", "warn"]) -> None:
    zeros, huge = np.zeros(2), np.full(2, 1e308)
    out = np.empty((4, 2))
    calls = [
        partial(np.divide, zeros, zeros, out[0]),
        partial(np.divide, huge, zeros, out[1]),
        partial(np.multiply, huge, huge, out[2]),
        partial(np.divide, 1.0 / huge, huge, out[3]),
    ]
    with np.errstate(all=around):
        before = np.geterr(), np.getbufsize()
        silent = quiet_context()
        for _ in range(2):  # it can be entered again and again
            silent.run(run_calls, calls)
        assert (np.geterr(), np.getbufsize()) == before
    np.testing.assert_array_equal(out, [[np.nan] * 2, [np.inf] * 2, [np.inf] * 2, [0.0] * 2])


def test_long_rows_are_read_where_they_are() -> None:
    """Through a buffer that holds fewer numbers than NumPy's own."""
    before = np.getbufsize()
    assert quiet_context().run(np.getbufsize) < before == np.getbufsize()


def test_it_sees_the_context_that_it_was_made_in() -> None:
    variable: ContextVar[str] = ContextVar("variable", default="none")
    token = variable.set("here")
    silent = quiet_context()
    variable.reset(token)
    assert (silent.run(variable.get), variable.get()) == ("here", "none")
