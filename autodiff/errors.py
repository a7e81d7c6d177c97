"""What can go wrong: one base class, and each error is also the builtin a caller would catch."""


class AutodiffError(Exception):
    """Base of every error that this distribution raises on purpose."""


class CoercionError(AutodiffError, TypeError):
    """Something that is not one real number was given where a scalar is needed."""


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
