"""Stop-gradient: the operation of a trace for what is computed within no_grad() or detached."""

from __future__ import annotations

import operator

import numpy as np

from autodiff.primitive import Primitive, no_edge

# An attribute of this module, so that programs pickle.
DETACH = Primitive("detach", operator.pos, np.positive, (no_edge,))
