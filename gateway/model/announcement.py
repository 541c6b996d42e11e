"""What a calendar of announcements says of coming releases, as it was read at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from gateway.model.fault import Fault
from gateway.model.instant import in_utc
from gateway.model.release import ReleaseState

Kind = Literal["govuk", "ons", "icalendar", "csv", "sdmx"]
"""The forms of calendars."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """One entry; `key` names it in its calendar for good.

    `instant` is when it comes out, None where the calendar names no day. Where it names a day and
    no time, `since` is that day's beginning and `instant` its end. `changes` are instants for
    which it was announced before. `seen` is when the calendar last said so, None where it says so
    in the reading at hand: entries that are gone from a calendar are remembered.
    """

    key: str
    title: str
    instant: datetime | None
    state: ReleaseState
    changes: tuple[datetime, ...] = ()
    since: datetime | None = None
    seen: datetime | None = None

    def fits(self, instant: datetime) -> bool:
        """Whether a publication at this instant is what the calendar says."""
        if self.instant is None:
            return False
        end, at = in_utc(self.instant), in_utc(instant)
        return at == end if self.since is None else in_utc(self.since) <= at < end

    @property
    def suspended(self) -> bool:
        return self.state in ("postponed", "cancelled")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One calendar as it was last read. `read` is None where it never was, or nobody knows when.
    It may be relied on for `valid` after that. `faults` are what could not be read of it, and
    `notes` what was read as the later of several instants."""

    name: str
    valid: timedelta
    read: datetime | None = None
    announcements: tuple[Announcement, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """What a calendar and the register say differently of one release, for people to resolve."""

    release: str
    calendar: str
    sentence: str
