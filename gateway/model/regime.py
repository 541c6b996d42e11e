"""A regime: what one law or code asks of pre-release access, as data.

Sources are named in each file of rules/regimes. A window is elapsed time (2008 Orders: 24 hours)
or working days (Scotland), which are counted back on the wall clock of the release's zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal, Mapping
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """So many working days before an instant, at the same time of day. `weekend` are days of the
    week (Monday is 0); `holidays` are no working days either."""

    days: int
    holidays: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset((5, 6))

    def before(self, instant: datetime, zone: str) -> datetime:
        """The instant at which the window opens, in UTC."""
        local = instant.astimezone(ZoneInfo(zone))
        day, left = local.date(), self.days
        while left:
            day -= timedelta(days=1)
            if day.weekday() not in self.weekend and day not in self.holidays:
                left -= 1
        return datetime.combine(day, local.timetz().replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


Window = timedelta | WorkingDays


@dataclass(frozen=True, slots=True)
class Regime:
    """`windows` maps a kind of release to the longest access before publication; "" is any other.

    `recipients` says what a list names; `per_organisation` and `people` are the most it may name
    (None: no bound); `grant_months` is how long a place on it lasts at most. `markings` maps
    "market-sensitive" and "other" to the words that every mail with the material must carry;
    `wording` is the notice that is asked for besides.
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
    wording: str = ""
