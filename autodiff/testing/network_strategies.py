"""Strategies for networks."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from autodiff.primitive import Primitive
from autodiff.rules import GELU, SIGMOID, SILU, SIN, SOFTPLUS, TANH
from autodiff.testing.network import Network
from autodiff.testing.strategies import Draw, safe_floats

SMOOTH_ACTIVATIONS: tuple[Primitive | None, ...] = (None, TANH, SIGMOID, SOFTPLUS, SILU, GELU, SIN)
"""Activations that are smooth, simplest first; None is a linear layer."""


@st.composite
def networks(
    draw: Draw,
    *,
    activations: Sequence[Primitive | None] = SMOOTH_ACTIVATIONS,
    max_features: int = 3,
    max_layers: int = 3,
    max_neurons: int = 3,
) -> Network:
    """Strategy for networks, with parameters from -1 to below 1 and features from -2 to below 2.

    Networks shrink towards one linear neuron with parameters of 0.

    Parameters
    ----------
    activations : sequence of Primitive or None, optional
        Those to choose from for each layer; None is a linear layer. Networks are smooth if these are. Parameters of 0
        put a function with a kink at 0 exactly on it.
    max_features : int, optional
    max_layers : int, optional
    max_neurons : int, optional
        Of each layer.

    Returns
    -------
    SearchStrategy of Network

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from autodiff import check_gradients
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(networks(max_layers=2, max_neurons=2))
    ... def test_gradients(network):
    ...     check_gradients(network, *network.parameters, order=1)
    >>> test_gradients()
    """
    neurons = draw(st.lists(st.integers(1, max_neurons), min_size=1, max_size=max_layers))
    sizes = (draw(st.integers(1, max_features)), *neurons)
    count = Network.parameter_count(sizes)
    return Network(
        sizes,
        tuple(draw(st.sampled_from(activations)) for _ in neurons),
        tuple(draw(st.lists(safe_floats(1), min_size=count, max_size=count))),
        tuple(draw(st.lists(safe_floats(), min_size=sizes[0], max_size=sizes[0]))),
    )
