"""Columns of values as the texts that a person would see: plain decimals, ISO dates, no padding."""

from __future__ import annotations

import datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any, Iterable, Sequence

# Beyond this a double no longer holds every integer.
_EXACT = 1e15
_SHARED = 10_000


def number_text(value: float) -> str:
    """A number in plain decimals; "" for NaN."""
    if value != value:
        return ""
    if -_EXACT < value < _EXACT and value == (whole := int(value)):
        return str(whole)
    text = repr(value)
    if "e" in text:
        return format(Decimal(text), "f") if abs(value) < 1e40 else text
    return text


def cell_text(value: Any) -> str:
    """The text of one value, whatever its type; "" for a missing one."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.rstrip(" \0")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime.datetime):
        return moment_text(value)
    if isinstance(value, Decimal):
        return format(value.normalize() if value == value.to_integral() else value, "f")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def column_texts(values: Iterable[Any]) -> list[str]:
    """The texts of a column; values that occur often share one, which keeps large columns small."""
    known: dict[Any, str] = {}
    texts = []
    for value in values:
        text = known.get(value)
        if text is None:
            text = cell_text(value)
            if len(known) < _SHARED:
                known[value] = text
        texts.append(text)
    return texts


def moment_text(moment: datetime.datetime) -> str:
    """An ISO date and time; seconds and their parts only as far as they are there."""
    return moment.isoformat(sep=" ", timespec="auto")


def after(origin: datetime.datetime, **passed: float) -> str:
    """The moment so long after `origin`; "" where the calendar has none."""
    try:
        return moment_text(origin + datetime.timedelta(**passed))
    except OverflowError:
        return ""


def date_after(origin: datetime.datetime, days: float) -> str:
    """The day so many days after `origin`; "" where the calendar has none."""
    try:
        return (origin + datetime.timedelta(days=days)).date().isoformat()
    except OverflowError:
        return ""


def duration_text(seconds: float) -> str:
    """Hours, minutes and seconds, as long as it may be."""
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    if not seconds < 1e12:
        return number_text(seconds)
    whole = int(seconds)
    text = f"{sign}{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    part = f"{seconds - whole:.6f}".rstrip("0")[1:]
    return text + part if len(part) > 1 else text


def rows_of(names: Sequence[str], columns: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The names of the columns as the first row, then the rows; short columns are filled up."""
    rows: list[Sequence[str]] = [list(names)]
    if columns:
        rows.extend(zip_longest(*columns, fillvalue=""))
    return rows
