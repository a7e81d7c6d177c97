"""Hypothesis strategies for gradients: random expressions, shared graphs, safe numbers and small networks.

They serve tests of any gradients: an `Expression` runs on floats, Values and arrays, and on the functions of another
library by their names. The extra `testing` installs Hypothesis; docs/testing.md shows their use.
"""

from autodiff.errors import MissingExtraError

try:
    import hypothesis as _hypothesis  # noqa: F401 - only whether it is there
except ImportError as error:
    raise MissingExtraError("autodiff.testing needs Hypothesis: pip install 'valuegraph[testing]'") from error

from autodiff.testing.expression import Expression, Step
from autodiff.testing.interpretation import Interpretation, interpretation
from autodiff.testing.network import Network
from autodiff.testing.network_strategies import SMOOTH_ACTIVATIONS, networks
from autodiff.testing.safety import is_safe
from autodiff.testing.strategies import ALL_PRIMITIVES, expressions, safe_floats, safe_operands, shared_graphs

__all__ = [
    "ALL_PRIMITIVES",
    "SMOOTH_ACTIVATIONS",
    "Expression",
    "Interpretation",
    "Network",
    "Step",
    "expressions",
    "interpretation",
    "is_safe",
    "networks",
    "safe_floats",
    "safe_operands",
    "shared_graphs",
]
