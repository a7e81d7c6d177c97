"""Culprits: what keeps gradients from being what they should be, worst first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from autodiff.errors import StaleGraphError
from viz.subject import Drawable, Loss, read_subject
from viz.why import naming
from viz.why.evidence import Evidence
from viz.why.faults.activations import dead, saturated
from viz.why.faults.bookkeeping import accumulated, sweep_not_run, unreachable
from viz.why.faults.finiteness import not_finite
from viz.why.faults.layers import vanishing_or_exploding
from viz.why.faults.records import records_cancel
from viz.why.finding import Finding, Findings
from viz.why.sweep import Sweep

_SEARCHES: tuple[Callable[[Evidence], Iterator[Finding]], ...] = (
    sweep_not_run,
    accumulated,
    unreachable,
    dead,
    saturated,
    vanishing_or_exploding,
    records_cancel,
)


def culprits(subject: Drawable, *data: Any, loss: Loss | None = None) -> Findings:
    """Find what is wrong with the gradients of a graph or a model, worst first.

    It looks for a nan or infinity, where it began; a graph whose numbers changed; a sweep that was not run; gradients
    of several sweeps; parameters that the root does not reach; dead ReLUs; saturated units; gradients that explode or
    vanish from layer to layer; records that cancel. It does not report what healthy networks do too: a ReLU that is off
    for some records, a flat sigmoid that is right, a gradient that is small because the model has learned.

    Parameters
    ----------
    subject : Value or callable
        A recorded graph, or a model that takes the list of one record's features.
    *data : array_like or data frame
        For a model the features, of shape (records, inputs) or (inputs,), and the targets.
    loss : callable, optional
        A function (predictions, targets) -> Value, such as `nn.mse`.

    Returns
    -------
    Findings
        A sequence of `Finding(kind, where, severity, message, remedy)`; empty where nothing is wrong.

    Raises
    ------
    CoercionError
        A TypeError, for anything but a Value, or a model with data.
    ShapeError
        A ValueError, if features, targets and outputs do not fit together.

    Examples
    --------
    >>> from autodiff import Value, log
    >>> x = Value(-1.0, label="x")
    >>> finding, _ = culprits(log(x) * 2.0)
    >>> finding.kind, finding.where
    ('nan', 'log')
    >>> finding.message
    'log = log(-1) is nan, the first not finite. 1 more nodes get it from there.'
    """
    seen = read_subject(subject, *data, loss=loss)
    try:
        evidence = Evidence(seen, Sweep(seen.root))
    except StaleGraphError as error:
        name = naming.title(seen.root)
        return Findings([Finding("stale", name, 0.97, f"{error}.", "record the graph again", (seen.root,))])
    alarming = [*not_finite(evidence)]
    if alarming:  # what else could be seen follows from it
        return Findings(
            [*sweep_not_run(evidence), *alarming] if not seen.has_own_graph and not seen.swept else alarming
        )
    return Findings([finding for search in _SEARCHES for finding in search(evidence)])
