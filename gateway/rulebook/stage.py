"""The stage on which inline tests play: two coming releases, a published one, and who is who.

It is made up and never changes with the department's register, so that a rule's tests say the
same everywhere. docs/rules.md describes it for whoever writes tests.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.model.people import Declaration
from gateway.model.register import Register, SyntheticFile
from gateway.model.release import Release
from gateway.model.roster import Appointment, Exclusion, Role, Roster

ZONE = "Europe/London"
INSTANT = datetime(2018, 3, 28, 9, 30, tzinfo=ZoneInfo(ZONE))
RELEASE = "example-release"
_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_RELATIVE = re.compile(r"(\d{1,6}) (second|minute|hour|day)s? (before|after)")
MOMENT_HINT = "write 30 minutes before, 1 second after, the instant, or 2018-03-28T09:29:59+01:00"


def moment(text: str) -> datetime | None:
    """A moment by the example release's instant, or an ISO instant with its zone."""
    if text == "the instant":
        return INSTANT
    match = _RELATIVE.fullmatch(text)
    if match:
        elapsed = timedelta(seconds=int(match[1]) * _UNITS[match[2]])
        utc = INSTANT.astimezone(ZoneInfo("UTC"))
        return (utc - elapsed if match[3] == "before" else utc + elapsed).astimezone(ZoneInfo(ZONE))
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def _appointment(
    name: str, starts: date | None = None, ends: date | None = None, declared: bool = True
) -> Appointment:
    declaration = Declaration(date(2018, 1, 8)) if declared else None
    return Appointment("press", f"{name}@dept.example", starts, ends, declaration)


_GUESTS = ("minister@gov.example", "adviser@council.example", "adviser@webmail.example")


def _roster(*appointments: Appointment) -> Roster:
    declaration = Declaration(date(2018, 1, 8))
    guests = [Appointment("press", guest, declaration=declaration) for guest in _GUESTS]
    return Roster(
        {"press": Role("press", "Media Officer", "Department of Examples", 10)},
        (*appointments, *guests),
        frozenset({"producer@dept.example"}),
        declaration_required=True,
    )  # fmt: skip


_LISTED = _appointment("listed")
_RELEASES = (
    Release(
        RELEASE, "Example quarterly statistics", INSTANT, ZONE, timedelta(hours=24), "confirmed",
        _roster(
            _LISTED,
            _appointment("second"),
            _appointment("expired", ends=date(2018, 2, 28)),
            _appointment("not-yet", starts=date(2018, 4, 2)),
            _appointment("undeclared", declared=False),
            _appointment("excluded"),
        ),
        contacts=("producer@dept.example",),
        subject_words=("example quarterly",),
        locations=("https://files.dept.example/example/",),
    ),
    Release(
        "other-release", "Other monthly index", INSTANT + timedelta(days=1), ZONE,
        timedelta(hours=24), "confirmed", _roster(_LISTED, _appointment("other")),
        market_sensitive=True, delivery="links-only", subject_words=("other monthly",),
        marking="Confidential Statistics",
        wordings=("If you were not expecting this, contact us at once", "If this is not for you"),
        share_link="https://files.dept.example/other/",
    ),
    Release(
        "published-release", "Published yearly survey", INSTANT - timedelta(days=28), ZONE,
        timedelta(hours=24), "published", _roster(_LISTED), subject_words=("published yearly",),
    ),
)  # fmt: skip


def _synthetic(name: str, expires: date) -> SyntheticFile:
    """A sketch's attachment has the digest of its name."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return SyntheticFile(digest, "invented firms", "producer@dept.example", expires)


STAGE = Register(
    {release.id: release for release in _RELEASES},
    (Exclusion("excluded@dept.example", date(2018, 2, 1), date(2018, 8, 1), "INC-1"),),
    {
        "dept.example": "internal", "gov.example": "government", "partner.example": "partner",
        "news.example": "media", "webmail.example": "webmail",
    },
    "the stage",
    {
        file.sha256: file
        for file in (_synthetic("synthetic.csv", date(2018, 12, 31)),
                     _synthetic("expired-synthetic.csv", date(2018, 2, 28)))
    },
)  # fmt: skip
