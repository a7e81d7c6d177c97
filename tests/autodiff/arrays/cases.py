"""Functions of NumPy on one array: the same lambda runs on floats, on arrays of Values, and while compiling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

W = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.5]])
V = np.array([0.3, -0.7, 1.1])

VECTOR = np.array([0.7, -1.3, 2.1])
MATRIX = np.array([[0.7, -1.3, 2.1], [1.9, 0.4, -0.6]])
SQUARE = np.array([[0.2, -1.3, 2.1], [1.9, 0.4, -0.6], [0.8, 1.7, 3.2]])
CUBE = np.array([[[0.7, -1.3], [2.1, 0.4]], [[1.9, -0.6], [0.3, 1.2]]])

Function = Callable[[Any], Any]

ON_A_VECTOR: dict[str, Function] = {
    "exp": lambda x: np.exp(x),
    "hypot of floats and ours": lambda x: np.hypot(V, x),
    "float times ours": lambda x: V * x + x * V - V / x,
    "power": lambda x: (x * x) ** 1.5 + 2.0**x,
    "maximum": lambda x: np.maximum(x, V),
    "minimum": lambda x: np.minimum(x, 0.5),
    "fabs and sign": lambda x: np.fabs(x) * np.sign(x),
    "clip": lambda x: np.clip(x, -1.0, 1.0) + x.clip(0.0, None),
    "where": lambda x: np.where(x > 0.0, x * x, -x),
    "where of joined conditions": lambda x: np.where((x > 0.0) & ~(x > 1.0), x, 3.0 * x),
    "where of a logical ufunc": lambda x: np.where(np.logical_or(x > 1.0, np.isnan(x)), x, x * x),
    "select": lambda x: np.select([x > 1.0, x > 0.0], [x, x * x], -x),
    "truths as factors": lambda x: x * (x > 0.0),
    "any and all": lambda x: np.where(np.any(x > 2.0) & np.all(x < 3.0), x, 2.0 * x),
    "sum": lambda x: x.sum(),
    "mean": lambda x: np.mean(x),
    "prod": lambda x: np.prod(x),
    "max": lambda x: x.max(),
    "min": lambda x: np.min(x),
    "ptp": lambda x: np.ptp(x),
    "var": lambda x: x.var(ddof=1),
    "std": lambda x: np.std(x),
    "median": lambda x: np.median(x),
    "median of four": lambda x: np.median(np.append(x, 0.1)),
    "sort": lambda x: np.sort(x),
    "partition": lambda x: np.partition(x, 1)[1],
    "average by itself": lambda x: np.average(x, weights=x * x),
    "sinc": lambda x: np.sinc(x),
    "average": lambda x: np.average(x, weights=[1.0, 2.0, 3.0]),
    "add.reduce": lambda x: np.add.reduce(x),
    "maximum.reduce": lambda x: np.maximum.reduce(x),
    "maximum.accumulate": lambda x: np.maximum.accumulate(x),
    "logaddexp.reduce": lambda x: np.logaddexp.reduce(x),
    "multiply.outer": lambda x: np.multiply.outer(x, V),
    "dot": lambda x: np.dot(x, V) + V.dot(x),
    "dot with a matrix": lambda x: W @ x,
    "inner": lambda x: np.inner(W, x),
    "outer": lambda x: np.outer(x, V),
    "vdot": lambda x: np.vdot(x, x),
    "cumsum": lambda x: np.cumsum(x),
    "cumprod": lambda x: np.cumprod(x),
    "diff": lambda x: np.diff(x, prepend=0.0),
    "gradient": lambda x: np.gradient(x, 0.5),
    "trapezoid": lambda x: np.trapezoid(x, dx=0.5),
    "linspace": lambda x: np.linspace(x, 1.0, 4),
    "linspace of one": lambda x: np.linspace(x, 1.0, 1),
    "linspace without its end": lambda x: np.linspace(0.5, x, 3, endpoint=False),
    "concatenate": lambda x: np.concatenate([x, V, x[:1]]),
    "stack": lambda x: np.stack([x, V], axis=1),
    "hstack and vstack": lambda x: np.vstack([np.hstack([x, x]), np.hstack([V, V])]),
    "r_": lambda x: np.r_[x, 1.0, V],
    "reshape": lambda x: x.reshape(3, 1) * V,
    "take": lambda x: np.take(x, [2, 0]),
    "flip": lambda x: np.flip(x),
    "roll": lambda x: np.roll(x, 1),
    "repeat and tile": lambda x: np.repeat(x, 2) + np.tile(x, 2),
    "pad": lambda x: np.pad(x, 1),
    "diag": lambda x: np.diag(x),
    "convolve": lambda x: np.convolve(x, [1.0, -1.0]),
    "cross": lambda x: np.cross(x, V),
    "kron": lambda x: np.kron(x, V),
    "norm": lambda x: np.linalg.norm(x),
    "norm of order 1": lambda x: np.linalg.norm(x, 1),
    "norm of order 3": lambda x: np.linalg.norm(x, 3),
    "norm of order inf": lambda x: np.linalg.norm(x, np.inf) + np.linalg.norm(x, -np.inf),
    "nan_to_num": lambda x: np.nan_to_num(x),
    "polyval": lambda x: np.polyval([1.0, -2.0, 0.5], x),
    "an index": lambda x: x[0] * x[-1],
    "slices": lambda x: x[1:] * x[:-1],
    "indices": lambda x: x[[0, 0, 2]],
    "a new axis": lambda x: x[:, None] - x[None, :],
    "iteration": lambda x: [entry * entry for entry in x],
}
ON_A_MATRIX: dict[str, Function] = {
    "average of rows": lambda x: np.average(x, axis=1, weights=V),
    "average along an axis": lambda x: np.average(x, axis=0, weights=x * x, keepdims=True),
    "sum of weights": lambda x: np.average(x, axis=1, weights=V * V, returned=True)[1] + x[:, 0],
    "sum along axes": lambda a: np.sum(a, axis=0) + a.sum(axis=0),
    "sum with keepdims": lambda a: a / a.sum(axis=1, keepdims=True),
    "sum along both": lambda a: a.sum(axis=(0, 1)),
    "mean along an axis": lambda a: a.mean(axis=1),
    "max along an axis": lambda a: a.max(axis=0),
    "var along an axis": lambda a: np.var(a, axis=1),
    "transpose": lambda a: a.T @ a,
    "matmul": lambda a: np.matmul(W.T, a),
    "tensordot": lambda a: np.tensordot(a, W, axes=([0], [0])),
    "einsum": lambda a: np.einsum("ij,kj->ik", a, W),
    "einsum of three": lambda a: np.einsum("ij,kj,k->i", a, W, [1.0, 2.0]),
    "einsum of one": lambda a: np.einsum("ij->j", a),
    "einsum in lists": lambda a: np.einsum(a, [0, 1], W, [0, 1], [0]),
    "trace": lambda a: np.trace(a),
    "ravel": lambda a: a.ravel() ** 2,
    "squeeze": lambda a: np.squeeze(a[:1]),
    "moveaxis": lambda a: np.moveaxis(a, 0, 1),
    "rot90": lambda a: np.rot90(a),
    "tril and triu": lambda a: np.tril(a) - np.triu(a, 1),
    "cumsum along an axis": lambda a: np.cumsum(a, axis=1),
    "sort along an axis": lambda a: np.sort(a, axis=0),
    "split": lambda a: np.hsplit(a, 3)[1] * np.vsplit(a, 2)[0],
    "block": lambda a: np.block([[a, a], [W, W]]),
    "broadcasting": lambda a: a * V + V * a - a[0],
    "norm by rows": lambda a: np.linalg.norm(a, axis=1),
    "norm of the entries": lambda a: np.linalg.norm(a) + np.linalg.norm(a, "fro"),
    "norm of order 1": lambda a: np.linalg.norm(a, 1) + np.linalg.norm(a, np.inf),
    "apply_along_axis": lambda a: np.apply_along_axis(lambda row: row.sum() * row, 1, a),
}
ON_A_SQUARE: dict[str, Function] = {
    "det": lambda a: np.linalg.det(a),
    "inv": lambda a: np.linalg.inv(a),
    "solve": lambda a: np.linalg.solve(a, V),
    "solve of a matrix": lambda a: np.linalg.solve(a, W.T),
    "slogdet": lambda a: np.linalg.slogdet(a)[1],
    "cholesky": lambda a: np.linalg.cholesky(a @ a.T),
    "matrix_power": lambda a: np.linalg.matrix_power(a, 3),
    "diagonal": lambda a: np.diagonal(a) + np.diag(a),
    "einsum of a diagonal": lambda a: np.einsum("ii->i", a) * np.einsum("ii", a),
}
ON_A_CUBE: dict[str, Function] = {
    "det": lambda a: np.linalg.det(a),
    "inv": lambda a: np.linalg.inv(a),
    "solve": lambda a: np.linalg.solve(a, W[:, :1]),
    "matmul": lambda a: a @ a,
    "matmul with a vector": lambda a: a @ V[:2] + V[:2] @ a,
    "dot": lambda a: np.dot(a, W),
    "einsum with an ellipsis": lambda a: np.einsum("...ij,...jk->...ik", a, a),
    "tensordot": lambda a: np.tensordot(a, a, axes=[(1, 2), (0, 1)]),
    "mean along two axes": lambda a: a.mean(axis=(0, 2), keepdims=True),
}
CASES: dict[str, tuple[Function, Any]] = {
    f"{name} on {kind}": (function, x)
    for kind, x, table in (
        ("a vector", VECTOR, ON_A_VECTOR),
        ("a matrix", MATRIX, ON_A_MATRIX),
        ("a square matrix", SQUARE, ON_A_SQUARE),
        ("a cube", CUBE, ON_A_CUBE),
    )
    for name, function in table.items()
}
