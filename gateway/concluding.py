"""What the parts of a message say together, judged by the register and the clock: more findings.

A part is read without a clock and without the others, so that it may be read anywhere and its
report remembered; what follows from all of them is concluded here, once a message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from gateway.decide.embargo import embargoed
from gateway.decide.roster import standing
from gateway.detect.material import indication_now, unpublished_now
from gateway.detect.material.conclude import conclude
from gateway.model.address import normalise_address
from gateway.model.indication import Hint
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.model.series import SeriesShown
from gateway.model.sign import Sign
from gateway.model.trace import Trace
from gateway.model.verdict import Case


def named(signs: Iterable[Sign]) -> frozenset[str]:
    """The releases and series that subject or text name: what follows may go on about them."""
    return frozenset(
        sign.target for sign in signs if isinstance(sign, Hint) and sign.direction is None
    )


def with_material(case: Case, traces: Sequence[Trace], register: Register) -> Case:
    """With what all its parts together share with registered material."""
    if not traces:
        return case
    thresholds = {release.id: release.threshold for release in register.releases.values()}
    return replace(case, findings=case.findings + conclude(traces, thresholds))


def with_signs(case: Case, signs: Iterable[Sign], register: Register, now: datetime) -> Case:
    """With findings `unpublished-period` and `indication`, and the parts marked of whose tables
    everything is out."""
    found = tuple(signs)
    if not found:
        return case
    shown = [sign for sign in found if isinstance(sign, SeriesShown)]
    series = unpublished_now.conclude(shown, register, now, embargoed)
    hints = [sign for sign in found if isinstance(sign, Hint) and sign.direction]
    sender = normalise_address(case.envelope.sender)

    def knows(release: Release) -> bool:
        return standing(register, release, sender, now).allowed

    hinted = indication_now.conclude(hints, register, now, embargoed, knows)
    parts = tuple(
        replace(part, all_published=True) if part.number in series.published else part
        for part in case.parts
    )
    return replace(case, findings=case.findings + series.findings + hinted, parts=parts)
