"""The kinds of values in a release file: strict to read, because a list is evidence.

Each converter gives the value or raises `Unfit` with a hint; none guesses.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from typing import Any, Callable, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway.model.address import is_usable, normalise_address, normalise_domain
from gateway.model.regime import Window, WorkingDays
from gateway.releases.entries import Unfit

C = TypeVar("C", bound=str)

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\s?(Z|[+-]\d\d:\d\d))?")
_DURATION = re.compile(r"P(?=.)(?:(\d{1,4})D)?(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,6})M)?)?")
_WORKING_DAYS = re.compile(r"(\d{1,2}) working days?")
_YEARS = range(1990, 2200)
_ADDRESS = re.compile(r"[^\s@<]@[^\s@.]+\.[^\s@]")
_LOCATION = re.compile(
    r"(?:(?:https?|ftps?|file|smb|davs?):)?//([^/:@?#\s]+)(?=[/:?#]|$)", re.IGNORECASE
)
_WEB_LINK = re.compile(r"https?://[!-;=?-~]{3,300}", re.IGNORECASE)
_MONTHS = range(1, 121)
_SHORTEST_WORDS = 4


def line(value: Any) -> str:
    """One line of text."""
    if not isinstance(value, str):
        raise Unfit("expected text", "put it in quotes if it is meant as text")
    text = value.strip()
    if not text:
        raise Unfit("empty text", "write a value, or leave the key out")
    if not text.isprintable():
        raise Unfit("expected one line of printable text")
    return text


def published(value: Any) -> str:
    """One line of the published list, where nobody's address may stand."""
    text = line(value)
    if "@" in text and _ADDRESS.search(text):
        raise Unfit(
            "an e-mail address, and this is published",
            "write the title here, and the address under 'appointments'",
        )
    return text


def phrase(value: Any) -> str:
    """Words that name a release: too few letters would be found in every message."""
    text = line(value)
    if sum(c.isalnum() for c in text) < _SHORTEST_WORDS:
        raise Unfit(
            f"shorter than {_SHORTEST_WORDS} letters, so it would be found everywhere",
            "write a phrase that only this release's mail would use",
        )
    return text


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit("expected true or false")
    return value


def count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1000:
        raise Unfit("expected a number of people from 1 to 1000")
    return value


def bits(value: Any) -> float:
    """How much of its registered material a message may share with a release."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 10 <= value <= 60:
        raise Unfit(
            "expected a number of bits from 10 to 60",
            "22 is usual; fewer find more leaks and more that is none",
        )
    return float(value)


def version(value: Any) -> int:
    """The number of a version, from 1."""
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1000:
        raise Unfit("expected the number of a version, such as 3")
    return value


def one_of(*allowed: C) -> Callable[[Any], C]:
    def choice(value: Any) -> C:
        for candidate in allowed:
            if value == candidate:
                return candidate
        raise Unfit("not one of the possible values", f"write one of: {', '.join(allowed)}")

    return choice


def address(value: Any) -> str:
    """A normalised address that can be compared with others."""
    normal = normalise_address(value) if isinstance(value, str) else ""
    if not is_usable(normal):
        raise Unfit("not an e-mail address", "write one such as a.person@dept.example")
    return normal


def authors(value: Any) -> tuple[str, ...]:
    """Who changed a list: one address, or several."""
    return tuple(map(address, value)) if isinstance(value, list) else (address(value),)


def mailbox(value: Any) -> str:
    """An address to write to: checked, and kept as it is spelt."""
    address(value)
    return str(value).strip()


def domain(value: Any) -> str:
    normal = normalise_domain(value) if isinstance(value, str) else ""
    if not normal or normal.startswith("["):
        raise Unfit("not a domain", "write one such as dept.example; its subdomains are included")
    return normal


def location(value: Any) -> str:
    """Where documents lie: an address of the web or of a file server, and whatever lies below."""
    text = line(value)
    host = _LOCATION.match(text.replace("\\", "/"))
    if not host or not normalise_domain(host[1]):
        raise Unfit(
            "not the address of a folder or page",
            r"write one such as https://files.dept.example/cla-2018/ or \\server.dept.example\cla-2018",
        )
    return text


def web_link(value: Any) -> str:
    """A link that people can be given, in any mail and in an SMTP reply."""
    text = line(value)
    if not _WEB_LINK.fullmatch(text):
        raise Unfit(
            "not a link that can be sent", "write one such as https://files.dept.example/cla-2018/"
        )
    return text


def zone(value: Any) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        raise Unfit("not a time zone", "write one such as Europe/London") from None
    return str(value)


def day(value: Any) -> date:
    """A calendar day, written 2018-01-08."""
    if isinstance(value, datetime):
        raise Unfit("a day has no time of day", "write it as 2018-01-08")
    if isinstance(value, str):
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise Unfit("not a date", "write it as 2018-01-08")
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise no_such_day(*map(int, value.split("-"))) from None
    if not isinstance(value, date):
        raise Unfit("not a date", "write it as 2018-01-08")
    if value.year not in _YEARS:
        raise Unfit("not a plausible year")
    return value


def no_such_day(year: int, month: int, day: int) -> Unfit:
    """The fault of a day that its month does not have, with the last one that it has as hint."""
    if not (1 <= month <= 12 and 1 <= year <= MAXYEAR) or 1 <= day <= (
        last := monthrange(year, month)[1]
    ):
        return Unfit("no such day in the calendar")
    written = f"{year:04}-{month:02}-{last}"
    name = date(year, month, 1).strftime("%B %Y")
    return Unfit("no such day in the calendar", f"the last day of {name} is {written}")


def window_in(calendar: WorkingDays | None) -> Callable[[Any], Window]:
    """A converter of windows: elapsed time (PT24H, P5D), or working days of a calendar."""

    def window(value: Any) -> Window:
        counted = _WORKING_DAYS.fullmatch(value) if isinstance(value, str) else None
        if counted is None:
            return _elapsed(value)
        if calendar is None:
            raise Unfit(
                "no calendar says which days are working days",
                "name a regime whose file has 'holidays', or write a length such as PT24H",
            )
        return replace(calendar, days=int(counted[1]))

    return window


def _elapsed(value: Any) -> timedelta:
    text = value if isinstance(value, str) else ""
    if text.startswith("-") or "-" in text:
        raise Unfit("a window cannot be negative", "write a length such as PT24H or P5D")
    found = _DURATION.fullmatch(text)
    if not found:
        raise Unfit("not a length of time", "write one such as PT24H, P5D or 5 working days")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    length = timedelta(days=days, hours=hours, minutes=minutes)
    if length > timedelta(days=366):
        raise Unfit("longer than a year", "write a length such as PT24H or P5D")
    return length


def time_of_day(value: Any) -> time:
    """A time of day, written 09:30."""
    if not isinstance(value, str) or not re.fullmatch(r"\d\d:\d\d", value):
        raise Unfit("not a time of day", "write it as 09:30")
    try:
        return time.fromisoformat(value)
    except ValueError:
        raise Unfit("no such time of day", "write it as 09:30") from None


def year(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value not in _YEARS:
        raise Unfit("not a plausible year", "write it as 2027")
    return value


def months(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value not in _MONTHS:
        raise Unfit("expected a number of months from 1 to 120")
    return value


def named_like(stem: str) -> Callable[[Any], str]:
    """An id that must be the file's own name."""

    def same(value: Any) -> str:
        if value != stem:
            raise Unfit(f"the file is named '{stem}'", "the file's name is the id; make them agree")
        return stem

    return same


def instant_in(zone_name: str) -> Callable[[Any], datetime]:
    """A converter of publication instants: wall-clock time of the zone, or with an offset."""

    def instant(value: Any) -> datetime:
        moment = _moment(value)
        if moment.year not in _YEARS:
            raise Unfit("not a plausible year")
        here = ZoneInfo(zone_name)
        if moment.tzinfo is not None:
            return moment.astimezone(here)
        return _on_the_wall(moment, here)

    return instant


def _moment(value: Any) -> datetime:
    hint = "write it as 2018-03-28T09:30:00, with an offset such as +01:00 where needed"
    if isinstance(value, str):
        if not _INSTANT.fullmatch(value.strip()):
            raise Unfit("not a date with a time", hint)
        text = value.strip().replace(" +", "+").replace(" -", "-")
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            parts = [int(part) for part in text[:10].split("-")]
            if (unfit := no_such_day(*parts)).hint:
                raise unfit from None
            raise Unfit("no such day or time", hint) from None
    if not isinstance(value, datetime):
        raise Unfit("not a date with a time", hint)
    return value


def _on_the_wall(moment: datetime, here: ZoneInfo) -> datetime:
    """The instant at which the clocks of a zone show this time, if there is exactly one."""
    local = moment.replace(tzinfo=here)
    if local.astimezone(UTC).astimezone(here).replace(tzinfo=None) != moment:
        raise Unfit(
            f"the clocks of {here.key} never show this time: they go forward over it",
            "write another time, or add the offset, such as +01:00",
        )
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise Unfit(
            f"the clocks of {here.key} show this time twice: they go back over it",
            "add the offset, such as +01:00",
        )
    return local
