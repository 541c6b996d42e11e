"""The values in the cells of a list: read strictly, or refused with what to write instead."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Callable, TypeVar

from gateway.releases import values
from gateway.releases.entries import Unfit

T = TypeVar("T")
_NUMBERS = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-]([A-Za-z]{3,9})[ ,\-]+(\d{4})")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]00:00(?::00)?)?")
_PEOPLE = re.compile(r"(\d{1,4})(?:\.0+)?")
_FORMULA = ("=", "@", "+=", "-=", "\t", "|")


def line(cell: str) -> str:
    """One line of text that no program takes for a formula."""
    text = " ".join(cell.split())
    if text.startswith(_FORMULA):
        raise Unfit("looks like a formula", "write it as words")
    return values.line(text)


def published(cell: str) -> str:
    """What anybody may read."""
    return values.published(line(cell))


def address(cell: str) -> str:
    """One address; a cell with several is refused, because each needs an entry of its own."""
    text = cell.strip().removeprefix("mailto:").strip("<>")
    if any(sign in text for sign in ";,\n ") and text.count("@") > 1:
        raise Unfit("several addresses in one cell", "write one person a row")
    return values.address(text)


def people(cell: str) -> int:
    found = _PEOPLE.fullmatch(cell.strip())
    return values.count(int(found[1]) if found else cell)


def day(cell: str) -> date:
    """A day that can be read in one way only. Days before months, as in Europe; where a file can
    only have meant months first, it is refused."""
    text = cell.strip()
    if iso := _ISO.fullmatch(text):
        return values.day(iso[1])
    if numbers := _NUMBERS.fullmatch(text):
        first, second, year = (int(part) for part in numbers.groups())
        if second > 12 >= first:
            raise Unfit("a month after the day?", "write days as 2018-01-31, or day before month")
        return _made(year, second, first)
    if words := _WORDS.fullmatch(text):
        for form in ("%d %B %Y", "%d %b %Y"):
            try:
                found = datetime.strptime(f"{words[1]} {words[2]} {words[3]}", form).date()
            except ValueError:
                if month := _month(words[2], form):
                    return _made(int(words[3]), month, int(words[1]))
                continue
            return values.day(found)
    raise Unfit("not a day", "write it as 2018-01-31")


def _month(name: str, form: str) -> int:
    """The number of a month by its name; 0 for none."""
    try:
        return datetime.strptime(name, form.split()[1]).month
    except ValueError:
        return 0


def _made(year: int, month: int, number: int) -> date:
    try:
        return values.day(date(year, month, number))
    except ValueError as error:
        if isinstance(error, Unfit):
            raise
        found = values.no_such_day(year, month, number)
        raise Unfit(str(found), found.hint or "write it as 2018-01-31") from None


CELLS: dict[str, Callable[[str], Any]] = {
    "title": published,
    "organisation": published,
    "justification": published,
    "name": line,
    "count": people,
    "address": address,
    "starts": day,
    "ends": day,
    "signed": day,
    "version": people,
    "expires": day,
}
