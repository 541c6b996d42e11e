"""What is asked of the lists: one release at one instant, and what an answer looks like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from gateway.model.instant import in_utc
from gateway.model.people import Directory
from gateway.model.regime import Regime
from gateway.model.register import Register
from gateway.model.release import Release, Status
from gateway.model.roster import Roster


class Answer(NamedTuple):
    """A standing without its address. `barred` says that somebody who is excluded is reached."""

    status: Status
    sentence: str
    role: str | None = None
    barred: bool = False

    @property
    def allowed(self) -> bool:
        return self.status in ("listed", "production")


@dataclass(frozen=True, slots=True)
class Question:
    """`at` is in UTC, `day` is its date in the release's zone. `regime` is None where the release
    follows none. `onward` is whether it matters where mail to an address goes on to: of somebody
    who sends it does not."""

    register: Register
    release: Release
    at: datetime
    day: date
    regime: Regime | None
    onward: bool = True

    @property
    def roster(self) -> Roster:
        return self.release.roster

    @property
    def directory(self) -> Directory:
        return self.register.directory

    def title(self, role: str) -> str:
        """What the published list calls a role."""
        known = self.roster.roles.get(role)
        return known.title if known else role

    def stale(self, until: datetime | None) -> bool:
        """Whether something that counts until an instant (None: for good) no longer does."""
        return until is not None and self.at > until

    def moment(self, instant: datetime) -> str:
        """An instant as people of the release's zone write it."""
        local = instant.astimezone(ZoneInfo(self.release.zone))
        return f"{day_in_words(local.date())} at {local:%H:%M} ({self.release.zone})"


def question(register: Register, release: Release, at: datetime, onward: bool = True) -> Question:
    instant = in_utc(at)
    day = instant.astimezone(ZoneInfo(release.zone)).date()
    return Question(register, release, instant, day, register.regimes.get(release.regime), onward)


def day_in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
