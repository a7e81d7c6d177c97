"""Functions of NumPy that move entries, or are written in others that are known: they run as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

STRUCTURAL: frozenset[Callable[..., Any]] = frozenset(
    {
        *(np.concatenate, np.stack, np.vstack, np.hstack, np.dstack, np.column_stack, np.block, np.append, np.insert),
        *(np.delete, np.split, np.array_split, np.vsplit, np.hsplit, np.dsplit, np.reshape, np.ravel, np.transpose),
        *(np.matrix_transpose, np.swapaxes, np.moveaxis, np.rollaxis, np.squeeze, np.expand_dims, np.atleast_1d),
        *(np.atleast_2d, np.atleast_3d, np.broadcast_to, np.broadcast_arrays, np.take, np.take_along_axis, np.repeat),
        *(np.tile, np.flip, np.flipud, np.fliplr, np.rot90, np.roll, np.pad, np.resize, np.copy, np.compress),
        *(np.diag, np.diagonal, np.diagflat, np.tril, np.triu, np.meshgrid, np.ix_, np.extract),
        *(np.put, np.place, np.putmask, np.copyto, np.fill_diagonal, np.put_along_axis),
        *(np.shape, np.ndim, np.size, np.iscomplexobj, np.isrealobj, np.result_type, np.can_cast, np.may_share_memory),
        *(np.shares_memory, np.array_repr, np.array_str, np.array2string, np.apply_along_axis, np.apply_over_axes),
        *(np.real, np.real_if_close, np.convolve, np.cross, np.diff, np.ediff1d, np.kron, np.polyval),
        *(np.trapezoid, np.common_type),
    }
)
