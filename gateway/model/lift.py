"""An early lift: the Head of Profession ends the embargo of one release before its instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.model.release import ReleaseState


@dataclass(frozen=True, slots=True)
class Lift:
    """From `at` on the release may be seen by everyone. It was granted for the publication at
    `instant`, and counts for no other date: a release that slips is under embargo again."""

    release: str
    instant: datetime
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How long an embargo was to run when the register was last read.

    `held_back` is whether the instant alone does not end it (postponed, cancelled, not published
    yet); `lengthened` when it last became longer than it had been.
    """

    release: str
    instant: datetime
    state: ReleaseState
    held_back: bool
    lifted: bool
    lengthened: datetime | None = None

    def longer_than(self, other: Reading) -> bool:
        return (
            self.instant > other.instant
            or (self.held_back and not other.held_back)
            or (other.lifted and not self.lifted)
        )
