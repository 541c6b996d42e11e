"""A regime: what one law or code asks of pre-release access, as data.

Sources are named in each file of rules/regimes. A window is elapsed time (2008 Orders: 24 hours)
or working days (Scotland), which are counted back on the wall clock of the release's zone.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Mapping
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """So many working days before an instant, at the same time of day. `weekend` are days of the
    week (Monday is 0); `holidays` are no working days either, and are known for `years` alone.
    `calendar` is the file that says so."""

    days: int
    holidays: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset((5, 6))
    years: range = range(0)
    calendar: str = ""

    def before(self, instant: datetime, zone: str) -> datetime:
        """The instant at which the window opens, in UTC. Where the clocks show that time of day
        twice or never on the opening day, it is the later reading: access is never lengthened."""
        here = ZoneInfo(zone)
        local = instant.astimezone(here)
        day, left = local.date(), self.days
        while left:
            day -= timedelta(days=1)
            if self.works(day):
                left -= 1
        moment = datetime.combine(day, local.time(), here)
        return max(moment.replace(fold=fold).astimezone(UTC) for fold in (0, 1))

    def works(self, day: date) -> bool:
        """Whether it is a working day."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def unknown_years(self, instant: datetime, zone: str) -> list[int]:
        """The years that the count touches and whose holidays nobody has written down."""
        here = ZoneInfo(zone)
        first, last = self.before(instant, zone).astimezone(here), instant.astimezone(here)
        return [year for year in range(first.year, last.year + 1) if year not in self.years]


Window = timedelta | WorkingDays


def opening(window: Window, instant: datetime, zone: str) -> datetime:
    """When a window before an instant opens, in UTC."""
    if isinstance(window, WorkingDays):
        return window.before(instant, zone)
    # Elapsed time (2008 Orders), so it is taken off in UTC, not on the wall clock.
    return instant.astimezone(UTC) - window


def in_words(window: Window) -> str:
    """A window as people say it: 24 hours, 5 working days."""
    if isinstance(window, WorkingDays):
        return _many(window.days, "working day")
    minutes = int(window.total_seconds() // 60)
    hours, minutes = divmod(minutes, 60)
    said = [_many(hours, "hour")] if hours else []
    return " and ".join(said + ([_many(minutes, "minute")] if minutes else [])) or "no time at all"


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Regime:
    """`windows` maps a kind of release to the longest access before publication; "" is any other.

    `recipients` says what a list names; `per_organisation` and `people` are the most it may name
    (None: no bound); `grant_months` is how long a place on it lasts at most. `markings` maps
    "market-sensitive" and "other" to the words that every mail with the material must carry;
    `wordings` are the notice that is asked for besides, the first the one to write, the others
    as good. `usual_time` is when such releases come out; `calendar` counts its working days.
    """

    id: str
    title: str
    source: str
    windows: Mapping[str, Window]
    recipients: Literal["titles", "individuals"] = "titles"
    per_organisation: int | None = None
    people: int | None = None
    grant_months: int | None = None
    declaration_required: bool = False
    guidance_required: bool = False
    exceptional_only: bool = False
    markings: Mapping[str, str] = field(default_factory=dict)
    wordings: tuple[str, ...] = ()
    usual_time: time | None = None
    calendar: WorkingDays | None = None

    def last_day(self, starts: date) -> date | None:
        """The last day of a grant that begins on `starts`; None where the regime sets none."""
        if self.grant_months is None:
            return None
        return _months_after(starts, self.grant_months) - timedelta(days=1)

    def window(self, kind: str) -> Window | None:
        """The longest access to a release of this kind; None where no such kind is known."""
        return self.windows.get(kind)

    def marking(self, market_sensitive: bool) -> str:
        """The words that mail with a release's material must carry; "" where none are asked."""
        return self.markings.get("market-sensitive" if market_sensitive else "other", "")


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
