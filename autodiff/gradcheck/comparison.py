"""Claims against a reference and against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from autodiff.gradcheck.claims import Claim
from autodiff.gradcheck.diagnosis import remarks
from autodiff.gradcheck.mismatch import Disagreement, GradientMismatchError, UnresolvedGradientError
from autodiff.gradcheck.reference import Reference
from autodiff.gradcheck.subject import Evaluate, Floats, Subject

_POWERS = {1: "", 2: "²", 3: "³"}


@final
@dataclass(frozen=True)
class Comparison:
    """The claims on the derivatives of one order, and what they are held to."""

    subject: Subject
    order: int
    evaluate: Evaluate
    """The derivatives of the order below: what the reference took differences of."""
    claims: Sequence[Claim]
    reference: Reference
    tolerance: float
    """A relative error that is allowed on top of rounding and truncation."""

    def require_agreement(self) -> None:
        """Raise GradientMismatchError unless every claim agrees with the reference and with the first claim, and
        UnresolvedGradientError where a reference would have agreed with anything."""
        __tracebackhide__ = True
        wanted = self.reference.slopes
        for claim in self.claims:
            allowed = self.reference.errors + claim.rounding + self.tolerance * np.abs(wanted)
            excess = _excess(claim.slopes - wanted, allowed)
            self._require(claim, None, allowed, np.where(self.reference.resolves(claim.slopes), excess, np.inf))
        for claim in self.claims[1:]:
            allowed = claim.rounding + self.claims[0].rounding
            self._require(claim, self.claims[0], allowed, _excess(claim.slopes - self.claims[0].slopes, allowed))
        self._require_resolution(self.claims[0])

    def _require_resolution(self, claim: Claim) -> None:
        __tracebackhide__ = True
        drowned = self.reference.drowned(claim.slopes)
        if not drowned.any():
            return
        row, column = divmod(int(np.argmax(drowned)), drowned.shape[1])
        quantum = float(self.reference.steps_of_values[row, column])
        why = f"{self._name(row)} moves in steps of {quantum:.3g}, as if rounded" if quantum else "noise hides it"
        raise UnresolvedGradientError(
            f"{self._name(row, column)} cannot be checked: {why}, so differences say no more than "
            f"{self.reference.slopes[row, column]:.3g} ± {self.reference.errors[row, column]:.2g}, and "
            f"{claim.mode} says {claim.slopes[row, column]!r}; compute in double precision, or where it is steeper"
        )

    def errors(self) -> dict[str, float]:
        """The largest error of each claim, as a share of the largest derivative."""
        return {claim.mode: self._share(np.abs(claim.slopes - self.reference.slopes)) for claim in self.claims}

    def resolution(self) -> float:
        """The largest error of the reference, as a share of the largest derivative."""
        return self._share(self.reference.errors)

    def _share(self, errors: Floats) -> float:
        largest = np.max(np.abs(self.claims[0].slopes), initial=0.0)
        return float(np.max(errors, initial=0.0) / (largest or 1.0))

    def _require(self, claim: Claim, other: Claim | None, allowed: Floats, excess: Floats) -> None:
        """Raise for the worst of the entries that exceed what is allowed; without another claim, against the
        reference."""
        __tracebackhide__ = True
        if not (excess > 1.0).any():
            return
        row, column = divmod(int(np.argmax(excess)), excess.shape[1])
        source, step = (other.mode, None) if other else self._source(claim, row, column)
        raise GradientMismatchError(
            Disagreement(
                derivative=self._name(row, column),
                mode=claim.mode,
                found=float(claim.slopes[row, column]),
                source=source,
                expected=float((other or self.reference).slopes[row, column]),
                tolerance=float(allowed[row, column]),
                step=step,
                others={one.mode: float(one.slopes[row, column]) for one in self.claims if one not in (claim, other)},
                count=int((excess > 1.0).sum()),
                remarks=self._remarks(row, column),
            )
        )

    def _source(self, claim: Claim, row: int, column: int) -> tuple[str, float | None]:
        if self.reference.by_complex_step[row, column]:
            return "the complex step", None
        settled = self.reference.resolves(claim.slopes)[row, column]
        return f"central differences{'' if settled else ', which do not settle,'}", self.reference.steps[row, column]

    def _remarks(self, row: int, column: int) -> tuple[str, ...]:
        rungs = self.reference.ladders[column]
        noise = float(self.reference.noise[row])
        return tuple(remarks(self._name(row), self.evaluate, self.subject.point, rungs, row, noise))

    def _name(self, row: int, *columns: int) -> str:
        """The derivative of the order below that stands in a row, or one of its own derivatives, as it is written:
        `d² result / d args[0][0] d args[0][1]`."""
        size, outputs = len(self.subject.point), self.subject.outputs
        output, *rows = map(int, np.unravel_index(row, (len(outputs), *[size] * (self.order - 1))))
        along = [f"d {self.subject.inputs[place]}" for place in (*rows, *columns)]
        if not along:
            return outputs[output]
        return f"d{_POWERS.get(len(along), f'^{len(along)}')} {outputs[output]} / {' '.join(along)}"


def _excess(gaps: Floats, allowed: Floats) -> Floats:
    """How many times larger than allowed each gap is; infinite where that is not a number."""
    with np.errstate(all="ignore"):
        excess = np.where(gaps == 0.0, 0.0, np.abs(gaps) / allowed)
    return np.where(np.isnan(excess), np.inf, excess)
