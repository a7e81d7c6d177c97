"""What can go wrong: one base class, and each error is also the builtin a caller would catch."""

import pickle


class AutodiffError(Exception):
    """Base of every error that this distribution raises on purpose."""


class CoercionError(AutodiffError, TypeError):
    """Something else was given where a real number, or a Value, is needed."""


class RangeError(AutodiffError, OverflowError):
    """A number too large for a float was given."""


class GraphCutError(AutodiffError, TypeError):
    """A Value was about to be turned into a plain number, which would silently cut the graph."""


class UnknownUfuncError(AutodiffError, TypeError):
    """A NumPy function without a primitive, or an unsupported way of calling one, met a Value."""


class ShapeError(AutodiffError, ValueError):
    """Lengths or shapes do not fit together; the message names both."""


class StaleGraphError(AutodiffError, RuntimeError):
    """A Value's data was changed between its use and the sweep, so the slopes would be wrong."""


class AnomalyError(AutodiffError, ArithmeticError):
    """A nan or an infinity turned up while anomalies were being detected."""


class DefinitionError(AutodiffError, TypeError):
    """A primitive was defined with slopes that do not fit its operands."""


class UnknownPrimitiveError(AutodiffError, LookupError):
    """A pickle refers to a primitive that is not here."""


class PrimitivePicklingError(AutodiffError, pickle.PicklingError):
    """A graph to be pickled has a primitive that a pickle cannot refer to."""


class GraphFormatError(AutodiffError, ValueError):
    """A JSON text is not a graph of a known version, or a graph cannot be written as one; the message says where."""


class MissingExtraError(AutodiffError, ImportError):
    """A package is not installed that only an extra of this distribution brings; the message names the extra."""


class NotationError(AutodiffError, ValueError):
    """A graph cannot be written in the notation that was asked for."""


class TraceError(AutodiffError, TypeError):
    """A function that is being compiled asked for a number that only a replay has."""


class OptionError(AutodiffError, ValueError):
    """An option has a value that does not exist, lies outside its range, or does not fit the call."""


class OptionTypeError(AutodiffError, TypeError):
    """An argument or option is of a type that cannot serve."""
