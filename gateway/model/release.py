"""What a statistical release is: its instant, its list of people, its words.

Instants are zone-aware; dates are whole days in the release's zone (DOMAIN section 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Mapping

from gateway.model.instant import in_utc
from gateway.model.regime import Window, opening
from gateway.model.roster import Roster
from gateway.model.trace import ORDINARY, Threshold

ReleaseState = Literal["provisional", "confirmed", "published", "postponed", "cancelled"]
Status = Literal[
    "listed", "production", "not-yet", "missing-declaration", "expired", "excluded", "not-listed"
]


_COURSE: Mapping[ReleaseState, tuple[ReleaseState, ...]] = {
    "provisional": ("confirmed", "published", "postponed", "cancelled"),
    "confirmed": ("published", "postponed", "cancelled"),
    "postponed": ("provisional", "confirmed", "cancelled"),
    "cancelled": ("provisional", "confirmed"),
    "published": (),
}


def follows(before: ReleaseState, after: ReleaseState) -> bool:
    """Whether a release in its ordinary course comes from one state to the other: what is published
    stays so, and a date that was confirmed is moved by postponing it."""
    return before == after or after in _COURSE[before]


@dataclass(frozen=True, slots=True)
class CalendarKey:
    """Where a release is announced: a calendar of the configuration, and its key there."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What a calendar of announcements says of a release. `read` is when it was fetched (None:
    never), `valid` for how long after that it may be relied on. `instant` is None where the
    calendar has none.

    `registered` is the instant of the register alone, where the calendar's is later. `doubt` is
    why the entry confirms no instant whatever its age, as the end of a sentence.
    """

    source: str
    instant: datetime | None
    state: ReleaseState
    read: datetime | None
    valid: timedelta
    registered: datetime | None = None
    doubt: str = ""

    def confirms(self, instant: datetime) -> bool:
        """Whether it was read late enough to be relied on at this instant. What is read after the
        instant tells of it too."""
        if self.doubt or self.read is None or self.instant is None:
            return False
        return in_utc(instant) <= in_utc(self.read) + self.valid


@dataclass(frozen=True, slots=True)
class Release:
    """One output. `lift` says whether the instant alone ends the embargo, or the instant and the
    state `published` together; `lifted` is when the Head of Profession lifted it early.

    `window` is how long before the instant the list counts, by `regime` ("" where none is named)
    and `kind` (such as "economic"). `subject_words` are phrases whose presence names the release;
    `banner` the wording its pack carries at the top. `marking` are the words that its regime asks
    for in every mail, `wordings` those for its pack: the first is the one to write.
    `locations` are addresses of the web where its documents lie: a link there counts as the
    material; `share_link` is the one to send instead of an attachment. `announced` is where its
    file says that it is announced, `calendar` what that calendar says; where it and the register
    disagree, the later instant is `instant` already.

    `threshold` is how much of its registered material a message may share before it counts.

    Of the list itself: `series` is what its releases have in common, `published` the file with the
    list of titles that is public, `reviewed` when somebody last went through it, `changed_by` who
    changed it since it was approved.
    """

    id: str
    title: str
    instant: datetime
    zone: str
    window: Window
    state: ReleaseState
    roster: Roster
    lift: Literal["instant", "instant-and-published"] = "instant"
    market_sensitive: bool = False
    delivery: Literal["attach", "links-only"] = "attach"
    contacts: tuple[str, ...] = ()
    head_of_profession: str = ""
    banner: str = ""
    subject_words: tuple[str, ...] = ()
    regime: str = ""
    kind: str = ""
    marking: str = ""
    wordings: tuple[str, ...] = ()
    lifted: datetime | None = None
    locations: tuple[str, ...] = ()
    share_link: str = ""
    announced: CalendarKey | None = None
    calendar: CalendarEntry | None = None
    series: str = ""
    published: str = ""
    reviewed: date | None = None
    changed_by: tuple[str, ...] = ()
    threshold: Threshold = ORDINARY

    @property
    def opens(self) -> datetime:
        """When pre-release access begins, in UTC."""
        return opening(self.window, in_utc(self.instant), self.zone)

    def opens_for(self, role: str) -> datetime:
        """When it begins for one role, in UTC: never before it does for the release."""
        known = self.roster.roles.get(role)
        if known is None or known.window is None:
            return self.opens
        return max(self.opens, opening(known.window, in_utc(self.instant), self.zone))

    @property
    def suspended(self) -> bool:
        """Whether it has no date to count a window back from: postponed or cancelled."""
        return self.state in ("postponed", "cancelled")

    @property
    def unpublished(self) -> bool:
        """Whether the instant alone does not end its embargo, and it is not published yet."""
        return self.lift == "instant-and-published" and self.state != "published"

    @property
    def unconfirmed(self) -> bool:
        """Whether the instant does not end its embargo, because its calendar was not read late
        enough to know that it was not moved."""
        return self.calendar is not None and not self.calendar.confirms(self.instant)


@dataclass(frozen=True, slots=True)
class ReleaseWords:
    """The words that name one release, and those that its mail is `required` to carry; all that
    leaves the register for the detectors."""

    release: str
    title: str
    subject_words: tuple[str, ...]
    banner: str
    locations: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """May this address have this release at this instant, and why, in one sentence. `near` says
    whom somebody who is not listed may have been taken for, a sentence each; `begins` when
    somebody who may not have it yet may have it, if that is before its publication."""

    address: str
    release: str
    status: Status
    sentence: str
    role: str | None = None
    near: tuple[str, ...] = ()
    begins: datetime | None = None

    @property
    def allowed(self) -> bool:
        return self.status in ("listed", "production")
