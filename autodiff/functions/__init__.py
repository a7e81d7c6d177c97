"""The documented functions, by family; each family lists its own."""

from autodiff.functions import activations, exponential, reductions, selection, trigonometric
from autodiff.functions.activations import *
from autodiff.functions.exponential import *
from autodiff.functions.reductions import *
from autodiff.functions.selection import *
from autodiff.functions.trigonometric import *

__all__: list[str] = []
__all__ += activations.__all__
__all__ += exponential.__all__
__all__ += reductions.__all__
__all__ += selection.__all__
__all__ += trigonometric.__all__
