"""Checking gradients against differences, against the complex step, and every mode against every other."""

from autodiff.gradcheck.check import check_gradients
from autodiff.gradcheck.mismatch import GradientMismatchError, UnresolvedGradientError
from autodiff.gradcheck.report import GradientReport

__all__ = ["GradientMismatchError", "GradientReport", "UnresolvedGradientError", "check_gradients"]
