"""Strategies for networks."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from autodiff.primitive import Primitive
from autodiff.rules import GELU, SIGMOID, SILU, SIN, SOFTPLUS, TANH
from autodiff.testing.network import Network
from autodiff.testing.strategies import Draw, safe_floats

SMOOTH_ACTIVATIONS: tuple[Primitive | None, ...] = (None, TANH, SIGMOID, SOFTPLUS, SILU, GELU, SIN)
"""None is a layer without one. A network shrinks towards these."""


@st.composite
def networks(
    draw: Draw,
    *,
    activations: Sequence[Primitive | None] = SMOOTH_ACTIVATIONS,
    max_features: int = 3,
    max_layers: int = 3,
    max_neurons: int = 3,
) -> Network:
    """Networks of up to `max_layers` layers, with parameters from -1 to below 1 and features from -2 to below 2.

    They are smooth unless `activations` has functions with kinks, which parameters of 0 then sit on. They
    shrink towards one linear neuron with parameters of 0.
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
