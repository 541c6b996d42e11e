"""Which messages must wait while the registered material cannot be read.

Nobody can then say what a message shares with it. What belongs to a release that has material must
wait, and while one of those is due soon whatever could carry figures or a document of it; letters
without either go on, or a lost key would stop everybody's mail.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from gateway.decide.embargo import embargoed, ties
from gateway.decide.fields import FIGURES_THAT_COUNT
from gateway.model.finding import PartFacts
from gateway.model.instant import in_utc
from gateway.model.register import Register
from gateway.model.trace import UNREAD_MATERIAL, MaterialSource, unread_material
from gateway.model.verdict import Case

_SOON = timedelta(days=7)
_NO_DOCUMENT = (
    "image/", "audio/", "video/", "font/", "text/calendar", "text/vcard", "application/ics",
    "application/pkcs7-signature", "application/pgp-signature",
)  # fmt: skip


def with_unread_material(
    case: Case, source: MaterialSource | None, register: Register, now: datetime
) -> Case:
    """Where the registered material could not be used, whether for all messages or while a part of
    this one was read, a gap says so, once, if this message is one that must wait."""
    fault = "" if source is None else source.fault
    told = [gap for gap in case.gaps if gap.location == UNREAD_MATERIAL]
    if not told and not fault:
        return case
    gaps = tuple(gap for gap in case.gaps if gap.location != UNREAD_MATERIAL)
    if concerned(case, frozenset() if source is None else source.releases, register, now):
        gaps += (unread_material(fault) if fault else told[0],)
    return replace(case, gaps=gaps)


def concerned(case: Case, releases: Collection[str], register: Register, now: datetime) -> bool:
    """`releases` are those that have material; none: nobody knows which. One that the register
    does not know counts as under embargo and due."""
    having = releases or register.releases.keys()
    waiting = {id for id in having if _embargoed(id, register, now)}
    if not waiting:
        return False
    if any(
        tie.embargoed and (tie.release is None or tie.release in waiting)
        for tie in ties(case, register, now)
    ):
        return True
    if not any(_due(id, register, now) for id in waiting):
        return False
    figures = case.message.figures + sum(part.figures for part in case.parts)
    return figures >= FIGURES_THAT_COUNT or any(map(_could_hold_it, case.parts))


def _embargoed(id: str, register: Register, now: datetime) -> bool:
    release = register.releases.get(id)
    return release is None or embargoed(release, now)


def _due(id: str, register: Register, now: datetime) -> bool:
    """Within a week, or overdue. What was cancelled has no date to be near to."""
    release = register.releases.get(id)
    if release is None:
        return True
    return release.state != "cancelled" and in_utc(release.instant) <= in_utc(now) + _SOON


def _could_hold_it(part: PartFacts) -> bool:
    """A table wherever it stands, and any file that is no picture, recording or appointment."""
    if part.verdict not in ("", "not-a-table"):
        return True
    return part.role == "attachment" and not part.detected_type.startswith(_NO_DOCUMENT)
