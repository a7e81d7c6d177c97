"""One sweep over a graph, kept in a table: the gradients that nodes hold stay as they are."""

from __future__ import annotations

from collections.abc import Sequence

from autodiff import Value, local_slopes


def one_sweep(order: Sequence[Value]) -> dict[Value, float]:
    """The gradient of the last node of `order` along every node.

    Unlike `autodiff.gradients` this reads stale graphs too, because a picture of one has to say that it is stale:
    the slopes are then those of the numbers as they stand.

    Parameters
    ----------
    order : sequence of Value
        A graph in topological order, the root last.

    Returns
    -------
    dict of Value to float
        An entry for each node of `order`.

    Examples
    --------
    >>> from autodiff import topological_order
    >>> x = Value(3.0)
    >>> y = x * x
    >>> one_sweep(topological_order(y))[x], x.grad
    (6.0, 0.0)
    """
    table = dict.fromkeys(order, 0.0)
    table[order[-1]] = 1.0
    for node in reversed(order):
        upstream = table[node]
        for operand, slope in zip(node.operands, local_slopes(node), strict=True):
            if slope is not None and isinstance(operand, Value):
                table[operand] += upstream * slope
    return table
