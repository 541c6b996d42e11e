"""Which reference periods the rows of a table are about, wherever the table says so.

A period stands in the head of a column, in a column of dates (or of years beside one of months), or
above the table, in the name of its sheet or of its file. Only rows with a number other than 0 count:
a form that is not filled in yet says nothing. Invariants: bounded by the rows and columns that are
looked at; equal cells are read once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.detect.material.periods import in_prose, whole
from gateway.detect.material.periods_read import Found
from gateway.detect.normalise import fold
from gateway.model.period import Period, months

ROWS = 100_000
COLUMNS = 300
_HEAD_ROWS = 40
_SAMPLE = 60
_ENOUGH = 0.6
_NUMBER = re.compile(
    r"\s{0,9}[-+(]?\s?[£$€]?\d[\d,' ]{0,30}(?:\.\d{0,20})?\s?(?:%|[kmb]n?)?\)?\s{0,9}"
)
_YEAR = re.compile(r"\s*(?:19|20)\d\d\s*")
_OF_TIME = re.compile(
    r"year|month|mth|period|date|quarter|qtr|week|time|ending|\bfy\b|\byr\b|\bwk\b"
    r"|annee|mois|trimestre|jahr|monat|quartal|jaar|maand|kwartaal|blwyddyn|mis\b|mes\b|periodo"
)
_OF_THE_FILE = re.compile(
    r"extract|\brun\b|creat|updat|modif|refresh|load|print|generat|publi|release|\bdue\b|submit"
    r"|receiv|stamp|birth|\bdob\b|valid|version|export|produc|issued|as shown|downloaded"
)
_OF_A_UNIT = re.compile(r"\b(?:codes?|id|ref|key|ukprn|urn|number|no)$")
_SAID_OF_A_FILE = re.compile(
    r"(?:extracted|exported|created|updated|refreshed|printed|generated|published|released?|produced"
    r"|downloaded|issued|due|run|as shown|date|next)[\w\s:,-]{0,20}$"
)
_SERIALS = range(25_000, 75_000)
_SERIAL_0 = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Dated:
    """How many rows there are of each period, and how many with numbers of which nobody says when.
    `relative`: some period depends on the day on which the message was written."""

    rows: dict[Period, int]
    undated: int = 0
    relative: bool = False


def dated_rows(
    rows: Sequence[Sequence[str]], head: int, titles: Sequence[str], written: date
) -> Dated:
    """The periods of a table whose column heads stand in row `head` (-1: nobody knows where).
    `titles` are what names it: its sheet, its file."""
    if head < 0:
        head = guess_head(rows)
    above = [" ".join(row[:COLUMNS]) for row in rows[:head]]
    named = _named([*titles[:1], *above, *titles[1:]], written)
    return _Reading(rows, head, named, written).dated()


def guess_head(rows: Sequence[Sequence[str]]) -> int:
    """The last row of several cells before the first that holds a value; -1 without one."""
    for is_value in (_is_no_year, _is_number):
        head = _above_values(rows, is_value)
        if head is not None:
            return head
    return -1


def _above_values(rows: Sequence[Sequence[str]], is_value: Callable[[str], bool]) -> int | None:
    head = -1
    for index, row in enumerate(rows[:_HEAD_ROWS]):
        filled = [cell for cell in row[:COLUMNS] if cell.strip()]
        if any(map(is_value, filled)):
            return head
        if len(filled) > 1:
            head = index
    return None


def _named(titles: Sequence[str], written: date) -> list[Found]:
    """The periods that the first title which has any names; the days of a file are not its figures'."""
    for title in titles:
        text = fold(title).lower().replace("_", " ")
        found = [
            one
            for one in in_prose(text, written)
            if one.period.kind != "day"
            and not _SAID_OF_A_FILE.search(text, max(0, one.start - 36), one.start)
        ]
        if found:
            return found
    return []


class _Reading:
    """One table while it is read."""

    def __init__(
        self, rows: Sequence[Sequence[str]], head: int, named: list[Found], written: date
    ) -> None:
        self._named = named
        years = [one for one in named if one.period.kind in ("year", "financial-year")]
        self._year = years[-1].period if years else None
        self._written = written
        self._known: dict[tuple[str, Period | None], Found | None] = {}
        heads = rows[head][:COLUMNS] if head >= 0 else []
        self._heads = [fold(cell).lower().replace("_", " ").strip() for cell in heads]
        self._over = rows[head - 1][:COLUMNS] if head > 0 else []
        self._body = rows[head + 1 :]

    def dated(self) -> Dated:
        columns = self._column_periods()
        dates, years, units = self._date_columns(columns)
        counts: Counter[Period] = Counter()
        undated, relative = 0, False
        for row in self._body:
            values = [
                index
                for index, cell in enumerate(row[:COLUMNS])
                if index not in dates and index not in years and index not in units
                and _is_number(cell) and any(digit in cell for digit in "123456789")
            ]  # fmt: skip
            if not values:
                continue
            found = self._of_row(row, columns, dates, years, values)
            relative = relative or any(one.relative for one in found)
            counts.update({one.period for one in found})
            undated += not found
        if undated and not counts and self._named:
            last = max(self._named, key=lambda one: one.period.end)
            return Dated({last.period: undated}, 0, last.relative)
        return Dated(_as_months(counts), undated, relative)

    def _of_row(
        self, row: Sequence[str], columns: dict[int, Found], dates: set[int], years: set[int],
        values: list[int],
    ) -> list[Found]:  # fmt: skip
        """By its columns where these are periods, by its own cells otherwise."""
        year = self._year
        for index in years:
            named = self._read(row[index]) if index < len(row) else None
            year = named.period if named else year
        if columns:
            return [
                self._read(self._heads[index], year) or columns[index]
                if years and columns[index].month
                else columns[index]
                for index in values
                if index in columns
            ]
        found = [
            one
            for index in dates
            if index < len(row) and (one := self._date(row[index], index, year)) is not None
        ]
        if found:
            return [max(found, key=lambda one: one.period.end)]
        if years and year is not None:
            return [Found(year, 0, 0)]
        return []

    def _column_periods(self) -> dict[int, Found]:
        """The columns whose heads are periods; the year may stand once above several months."""
        found: dict[int, Found] = {}
        above: Period | None = None
        for index, text in enumerate(self._heads):
            over = self._over[index] if index < len(self._over) else ""
            if over.strip():
                named = self._read(fold(over).lower().strip())
                above = named.period if named else None
            one = self._read(text, above or self._year)
            if one is not None:
                found[index] = one
        return found

    def _date_columns(self, columns: dict[int, Found]) -> tuple[set[int], set[int], set[int]]:
        """Columns of periods, columns of years that others complete, and columns of codes."""
        dates: set[int] = set()
        years: set[int] = set()
        units: set[int] = set()
        width = max((len(row) for row in self._body[:_SAMPLE]), default=0)
        for index in range(min(width, COLUMNS)):
            head = self._heads[index] if index < len(self._heads) else ""
            if index in columns:
                continue
            if _OF_A_UNIT.search(head):
                units.add(index)
            cells = [
                row[index]
                for row in self._body[:_SAMPLE]
                if index < len(row) and row[index].strip()
            ]
            found = [one for cell in cells if (one := self._date(cell, index, None)) is not None]
            if not cells or len(found) < _ENOUGH * len(cells):
                continue
            plain = all(_is_number(cell) for cell in cells)
            if plain and not _OF_TIME.search(head):
                continue
            if _OF_THE_FILE.search(head):
                units.add(index)
                continue
            whole_years = all(one.period.kind in ("year", "financial-year") for one in found)
            (years if whole_years else dates).add(index)
        return dates, years, units

    def _date(self, cell: str, index: int, year: Period | None) -> Found | None:
        head = self._heads[index] if index < len(self._heads) else ""
        text = fold(cell).lower().strip()
        if text.isdigit():
            of_time = bool(_OF_TIME.search(head))
            period = _in_digits(text, of_time, year if "month" in head or "mth" in head else None)
            if period is not None:
                return Found(period, 0, 0)
            if of_time and len(text) <= 2 and ("month" in head or "mth" in head):
                return Found(months(self._written.year, 1), 0, 0)  # the year stands elsewhere
        return self._read(text, year or self._year)

    def _read(self, text: str, year: Period | None = None) -> Found | None:
        key = text, year
        if key not in self._known:
            if len(self._known) > 20_000:
                self._known.clear()
            self._known[key] = whole(fold(text).lower().strip(), self._written, year)
        return self._known[key]


def _as_months(counts: Counter[Period]) -> dict[Period, int]:
    """Worksheets keep a month as its first day: where all days are such, they are months."""
    if any(period.kind == "day" and period.start.day != 1 for period in counts):
        return dict(counts)
    found: Counter[Period] = Counter()
    for period, rows in counts.items():
        of_a_month = period.kind == "day"
        found[months(period.start.year, period.start.month) if of_a_month else period] += rows
    return dict(found)


def _in_digits(text: str, of_time: bool, year: Period | None) -> Period | None:
    """201608, 20160812, the number of a month beside its year, or a day as worksheets count them."""
    try:
        if len(text) == 6 and text[:2] in ("19", "20"):
            return months(int(text[:4]), int(text[4:]))
        if len(text) == 8 and text[:2] in ("19", "20"):
            on = date(int(text[:4]), int(text[4:6]), int(text[6:]))
            return Period(on, on, "day")
        if year is not None and len(text) <= 2:
            month = int(text)
            return months(year.start.year + (month < year.start.month), month)
        if of_time and len(text) == 5 and int(text) in _SERIALS:
            on = _SERIAL_0 + timedelta(days=int(text))
            return Period(on, on, "day")
    except ValueError:
        return None
    return None


def _is_no_year(cell: str) -> bool:
    return _is_number(cell) and not _YEAR.fullmatch(cell)


def _is_number(cell: str) -> bool:
    return len(cell) < 50 and _NUMBER.fullmatch(cell) is not None
