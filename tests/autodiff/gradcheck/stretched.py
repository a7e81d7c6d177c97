"""Functions of moderate slope, to be stretched along both axes, and the draws to do it with."""

from __future__ import annotations

from hypothesis import strategies as st

from autodiff import atan, cosh, erf, exp, sin, tanh

STRETCHED = {"sin": sin, "exp": exp, "tanh": tanh, "cosh": cosh, "erf": erf, "atan": atan, "cube": lambda x: x * x * x}
scales = st.integers(-8, 8).map(lambda power: 10.0**power)
arguments = st.floats(0.1, 2.0).flatmap(lambda x: st.sampled_from((x, -x)))
