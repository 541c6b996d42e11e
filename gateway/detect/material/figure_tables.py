"""The figures of a table, each with what names it: stub, headings, section, period.

No table is like another: what is above the first row of figures is heading, what is left of the
first figure of a row is stub; a period may stand in either. Nothing is left out that looks like a
number, hidden sheets included.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from gateway.detect.material.numbers_tokens import values_of
from gateway.detect.normalise import fold

_CELL = re.compile(
    r"[-+~<>(]?[ ]?(?:[£$€]|gbp|eur)?[ ]?[-+]?(\d[\d.,' ]*)[ ]?(%|k|m|mn|bn|million|billion|thousand)?[ ]?\)?"
    r"(?:[ ]?(?:[*†‡]|\[[a-z]{1,4}\]|\([a-z]\)|[prebcuz]))?"
)
_FLOAT = re.compile(r"[-+]?(\d)(?:\.(\d+))?e([-+]?\d{1,2})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TWO = re.compile(r"(?<=[a-z'\- ])\d\d$")
_MONTH = re.compile(r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)")
_QUARTER = re.compile(r"\bq(?:uarter|tr)? ?([1-4])|\b([1-4])(?:st|nd|rd|th) quarter")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_PERCENT = re.compile(r"%|\bper ?cent|\brates?\b|\bproportion|\bshare\b|\bpoints?\b")
_SCALE = (
    (re.compile(r"\btwh\b"), 12),
    (re.compile(r"\bgwh?\b"), 9),
    (re.compile(r"\bmwh?\b"), 6),
    (re.compile(r"\bkwh?\b|\bkt\b"), 3),
    (re.compile(r"\b(?:billions?|bn)\b|[£$€]\s?b(?:n|illion)"), 9),
    (re.compile(r"\b(?:millions?|mn|m)\b|[£$€]\s?m(?:n|illion)?\b"), 6),
    (re.compile(r"\bpence\b|\(p\)|, p$"), -2),
    (re.compile(r"\bthousands?\b|\b000'?s?\b|'000"), 3),
)
_TOTAL = re.compile(
    r"\b(?:total|all|overall|england|uk|united kingdom|great britain|headline|everyone|persons)\b"
)
_SCALES = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9}
_HEADS = 6
_SEEN = 200
_SPAN = 12
_LONGEST = 40
Period = tuple[int, int]
_Read = tuple[int, int, bool, bool]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a table: `digits` × 10**`exponent`, its position from 0, and what names it.

    `scale` is the power of ten that its headings give ("£ million": 6), `percent` whether cell or
    headings say so. `period` is (year, month or quarter) where stub or heading has one.
    """

    digits: int
    exponent: int
    negative: bool
    percent: bool
    scale: int
    row: int
    column: int
    stub: str
    heads: str
    section: str
    period: Period | None
    across: bool
    total: bool

    @property
    def value(self) -> Fraction:
        value = Fraction(self.digits) * Fraction(10) ** self.exponent
        return -value if self.negative else value


@dataclass(slots=True)
class _Layout:
    """What has been seen so far while a table is walked from the top."""

    title: str = ""
    line: str = ""
    heads: list[list[str]] = field(default_factory=list)
    section: str = ""
    carried: dict[int, str] = field(default_factory=dict)
    begun: bool = False
    years: frozenset[int] = frozenset()


def number_in(cell: str) -> _Read | None:
    """The number that is all a cell holds: digits, exponent, whether it is negative, whether it is
    a percentage."""
    text = cell.strip()
    if not text or len(text) > _LONGEST:
        return None
    if not text.isascii():
        text = fold(text)
    text = text.lower()
    found = _CELL.fullmatch(text)
    if found is None:
        power = _FLOAT.fullmatch(text)
        if power is None:
            return None
        rest = (power[2] or "")[:14]
        return int(power[1] + rest), int(power[3]) - len(rest), text[0] == "-", False
    token = found[1].strip()
    if " " in token:
        groups = token.split(" ")
        if len(groups[0]) > 3 or any(len(group.partition(".")[0]) != 3 for group in groups[1:]):
            return None
        token = "".join(groups)
    if token.isdigit() and (len(token) > 12 or (token[0] == "0" and len(token) > 1)):
        return None
    read = [(int(token), 0, False)] if token.isdigit() else values_of(token[:24])
    if not read:
        return None
    digits, exponent, _ = read[0]
    sign = text.lstrip("£$€ ")[:1]
    unit = found[2] or ""
    return digits, exponent + _SCALES.get(unit, 0), sign in ("-", "("), unit == "%"


def figures_of(rows: Sequence[Sequence[str]], title: str = "") -> Iterator[Figure]:
    """Every figure of a table, row by row."""
    layout = _Layout(title.lower(), years=_year_columns(rows))
    for number, row in enumerate(rows):
        yield from _row(number, row, layout)


def _row(number: int, row: Sequence[str], layout: _Layout) -> Iterator[Figure]:
    numbers: dict[int, _Read] = {}
    words: dict[int, str] = {}
    for column, cell in enumerate(row):
        if not cell:
            continue
        read = number_in(cell) if any(sign.isdigit() for sign in cell[:_LONGEST]) else None
        if read is not None:
            numbers[column] = read
        elif text := fold(cell[:200]).lower().strip():
            words[column] = text
    for column in _years(numbers, words, layout):
        words[column] = str(numbers.pop(column)[0])
    if not numbers:
        _heading(words, layout)
        return
    layout.begun = True
    first = min(numbers)
    for column in range(first):
        if column in words:
            layout.carried[column] = words[column]
            for right in [c for c in layout.carried if c > column]:
                del layout.carried[right]
    stub = " ".join(text for column, text in sorted(layout.carried.items()) if column < first)
    corner = " ".join(text for head in layout.heads for text in head[:first])
    for column, (digits, exponent, negative, percent) in numbers.items():
        heads = _heads(column, layout)
        own = period_of(heads)
        named = f"{stub} {heads} {layout.section}"
        yield Figure(
            digits, exponent, negative, percent or bool(_PERCENT.search(f"{named} {corner}")),
            _scale(f"{named} {corner} {layout.title}"), number, column, stub, heads, layout.section,
            own or period_of(stub), own is not None, bool(_TOTAL.search(named)),
        )  # fmt: skip


def _year_columns(rows: Sequence[Sequence[str]]) -> frozenset[int]:
    """The columns in which years stand and hardly anything else, left of all other numbers."""
    numbers: Counter[int] = Counter()
    years: Counter[int] = Counter()
    for row in rows[:_SEEN]:
        for column, cell in enumerate(row):
            read = number_in(cell) if cell and any(map(str.isdigit, cell[:_LONGEST])) else None
            if read is not None:
                numbers[column] += 1
                years[column] += _is_year(read)
    mostly = {column for column, count in numbers.items() if years[column] >= 0.8 * count}
    first = min((column for column in numbers if column not in mostly), default=None)
    return frozenset(c for c in mostly if years[c] > 1 and (first is None or c < first))


def _years(numbers: dict[int, _Read], words: dict[int, str], layout: _Layout) -> list[int]:
    """The columns of a row whose numbers are years: those of years, or all in a heading."""
    years = [column for column, read in numbers.items() if _is_year(read)]
    if len(years) == len(numbers) and years:
        values = [numbers[column][0] for column in years]
        in_order = all(abs(one - other) == 1 for one, other in itertools.pairwise(values))
        named = any(column < years[0] for column in words)
        if not layout.begun or not named or (in_order and len(years) > 1):
            return years
    return [column for column in years if column in layout.years]


def _heading(words: dict[int, str], layout: _Layout) -> None:
    """A row without figures: a title, a row of headings, or the name of a section below them."""
    if not words:
        return
    if len(words) == 1:
        text = next(iter(words.values()))
        if layout.begun or layout.heads:
            layout.section = text
        else:
            layout.title = f"{layout.title} {text}"[-400:]
            layout.line = text
        return
    if layout.begun:
        layout.heads, layout.begun, layout.section = [], False, ""
        layout.carried = {}
    width = max(words) + 1
    layout.heads.append([words.get(column, "") for column in range(width)])
    del layout.heads[:-_HEADS]


def _heads(column: int, layout: _Layout) -> str:
    found = []
    for head in layout.heads:
        near = range(min(column, len(head) - 1), max(-1, column - _SPAN), -1)
        text = next((head[at] for at in near if head[at]), "")
        if text:
            found.append(text)
    return " ".join(found) if layout.heads else layout.line


def _is_year(read: _Read) -> bool:
    return read[1] == 0 and not read[3] and 1950 <= read[0] <= 2040


def _scale(named: str) -> int:
    return next((power for words, power in _SCALE if words.search(named)), 0)


def period_of(label: str) -> Period | None:
    """The period that a label names: the year, and the month, the quarter (as its last month) or
    nothing in it."""
    found = _YEAR.findall(label)
    month = _MONTH.findall(label)
    quarter = _QUARTER.search(label)
    year = int(found[-1]) if found else 0
    if not found and month and (two := _TWO.search(label)):
        year = 2000 + int(two[0])
    if not year:
        return None
    if quarter is not None:
        return year, 3 * int(quarter[1] or quarter[2])
    return year, _MONTHS.index(month[-1]) + 1 if month else 0
