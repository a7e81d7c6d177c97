"""Records whose gradients cancel while the model explains nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator

from viz.why import naming
from viz.why.evidence import Evidence
from viz.why.finding import Finding
from viz.why.naming import number

CANCELED = 0.01
EXACTLY = 1e-9
EXPLAINS_NOTHING = 0.02


def records_cancel(evidence: Evidence) -> Iterator[Finding]:
    """Parameters that every record pulls, and whose pulls add up to nothing.

    At a minimum they cancel too, so a model that has learned is left alone, and a graph without targets is only
    reported where the pulls cancel exactly.
    """
    sweep, explained = evidence.sweep, evidence.explained
    net = gross = 0.0
    most = 0
    for leaf in evidence.parameters.values():
        place = sweep.place.get(leaf)
        if place is not None:
            pulls = [slope * sweep.gradients[head] for head, _, slope in sweep.uses[place]]
            net += abs(math.fsum(pulls))
            gross += math.fsum(map(abs, pulls))
            most = max(most, sum(pull != 0.0 for pull in pulls))
    if not math.isfinite(gross) or gross == 0.0 or most < 2:
        return
    share = net / gross
    learned_nothing = share < CANCELED and explained < EXPLAINS_NOTHING
    if learned_nothing or (math.isnan(explained) and not evidence.learned and share < EXACTLY):
        yield Finding(
            "records cancel", f"{most} records", 0.4,
            f"They pull the parameters with {number(gross)} in all, of which {number(net)} is left: "
            f"{naming.percent(1.0 - share)} cancels, and the model does not explain its targets.",
            "other initial weights, to break the symmetry; look for equal records with different targets",
        )  # fmt: skip
