import numpy as np
import pytest

from nn import OptionError, OptionTypeError
from nn.randomness import generator


@pytest.mark.parametrize("stream", [np.random.default_rng(3), np.random.RandomState(3)])
def test_a_stream_is_used_as_it_is(stream):
    assert generator(stream) is stream


@pytest.mark.parametrize("seed", [7, np.int64(7)])
def test_a_seed_makes_a_new_stream(seed):
    assert generator(seed).normal() == np.random.default_rng(7).normal()


def test_none_differs_each_time():
    assert generator(None).normal() != generator(None).normal()


@pytest.mark.parametrize(("wrong", "error"), [(1.5, OptionTypeError), ("7", OptionTypeError), (-1, OptionError)])
def test_anything_else_is_refused(wrong, error):
    with pytest.raises(error, match=r"seed.*got"):
        generator(wrong)
