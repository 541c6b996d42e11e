"""Numbers, days and lists of things as people read them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Sequence
from zoneinfo import ZoneInfo

_NUMBERS = (
    "nobody", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip


def day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def moment(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"


def length(seconds: float) -> str:
    """The two largest units of a length of time."""
    left, told = round(seconds), []
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        many, left = divmod(left, size)
        # A day of a window is 24 hours by law, and is called so.
        if unit == "day" and many == 1:
            left += size
        elif many:
            told.append(f"{many} {unit}{'s' if many > 1 else ''}")
    return " and ".join(told[:2]) or "nothing"


def people(many: int) -> str:
    """`One person is`, `Two people are`."""
    if many == 1:
        return "One person is"
    return f"{_NUMBERS[many].capitalize() if many < len(_NUMBERS) else many} people are"


def quoted(text: str) -> str:
    return f"“{text}”"


def listed(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
