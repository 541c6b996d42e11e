"""What a document's figures yield when it is registered: keyed digests of every way to write them.

Registered are the figures of all tables, what can be worked out from them (changes, shares,
differences), and those of the sentences. Invariants: nothing that leaves here can be turned back
into a figure without the key; bounded: what is beyond `MOST_FIGURES` is said to be left out.
"""

from __future__ import annotations

import re
import struct
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from gateway.detect.material.claims import MOST_WAYS, Claim
from gateway.detect.material.claims_direction import direction_of
from gateway.detect.material.claims_sentences import sentence_of, sentences
from gateway.detect.material.figure_forms import Form, Ways, quotient, ways
from gateway.detect.material.figure_tables import Figure, Period, figures_of
from gateway.detect.material.figure_words import WordDigests, stems
from gateway.detect.material.numbers import MOST_CLAIMS, read_claims
from gateway.model.content import Table, Text
from gateway.model.material import FIGURE, Digesters
from gateway.model.message import Gap, Location

MOST_FIGURES = 50_000
"""Figures of one document, derived ones not counted."""
_WORDS_OF_STUB, _WORDS_OF_HEADS, _WORDS_OF_SENTENCE = 6, 6, 14
_TITLES = 8
_TITLE = 200
_ABOUT, _COUNTED = 20, 1_000_000
_LEAD = 12
"""Figures at the beginning of a text, where its findings stand."""
_CANON = struct.Struct("<BQb")
_FURNITURE = re.compile(
    r"property|file name|(hidden )?sheet names|header|markup|styles|(web)?settings|fonttable|theme"
    r"|numbering|customxml|meta|(slide|notes|handout)master|slidelayout",
    re.IGNORECASE,
)
"""Where programs write numbers and names of their own."""
PERCENT, NUMBER = 1, 0
Number = tuple[int, int]


def canonical(percent: bool, digits: int, exponent: int) -> bytes:
    """What is digested of a number: percentages and other numbers are never the same."""
    return _CANON.pack(PERCENT if percent else NUMBER, digits, max(-128, min(127, exponent)))


@dataclass(frozen=True, slots=True)
class FigurePrints:
    """Digests and `FIGURE` entries in the same order, `CONTEXT`, and the names of the places.

    The context of a figure is the count of what follows, then the table or text it stands in, its
    row or sentence, its column, and the digests of the words around it.
    """

    digests: bytes
    entries: bytes
    context: bytes
    places: tuple[str, ...]
    figures: int
    gaps: tuple[Gap, ...] = ()


def figure_prints(
    contents: Iterable[Text | Table], digesters: Digesters, first_place: int = 0
) -> FigurePrints:
    """The figures of what was read of one document; `first_place` is the number of their first
    place."""
    press = _Press(digesters, first_place)
    for order, content in enumerate(contents):
        if isinstance(content, Text) and content.location.where == "file name":
            press.named(content.text)
        if _FURNITURE.match(content.location.where):
            continue
        if isinstance(content, Table):
            press.table(order, content)
        else:
            press.text(order, content)
    press.about()
    return press.prints()


@dataclass(slots=True)
class _Series:
    """Figures of one table that differ in their period alone."""

    figures: dict[Period, Figure] = field(default_factory=dict)


class _Press:
    """Collects the prints of one document."""

    def __init__(self, digesters: Digesters, first_place: int) -> None:
        self._digesters = digesters
        self._first = first_place
        self._places: list[str] = []
        self._context = array("I")
        self._canonical: list[bytes] = []
        self._entries: list[tuple[int, int, int, int, int]] = []
        self._telling = WordDigests(digesters.context)
        self._often: Counter[int] = Counter()
        self._figures = 0
        self._left_out: Location | None = None

    def prints(self) -> FigurePrints:
        digests = self._digesters.figure.many(self._canonical)
        entries = np.array(self._entries, FIGURE)
        context = np.frombuffer(self._context, np.uint32).astype("<u4").tobytes()
        gaps: tuple[Gap, ...] = ()
        if self._left_out is not None:
            detail = f"more than {MOST_FIGURES:,} figures, or {MOST_CLAIMS:,} in one text: those that follow are not registered"
            gaps = (Gap(self._left_out, "limit", detail),)
        return FigurePrints(
            digests.tobytes(), entries.tobytes(), context, tuple(self._places), self._figures, gaps
        )

    def named(self, name: str) -> None:
        """What the name of its file says a document is about."""
        words = re.sub(r"[\W\d_]+", " ", name.rpartition(".")[0]).lower()
        self._count(f"{words}\n{words}")

    def about(self) -> None:
        """The words that the document has most often: what it is about."""
        often = [word for word, times in self._often.most_common(_ABOUT) if times > 1]
        if often and self._figures:
            context = self._words((0, 0, 0), often)
            self._canonical.append(canonical(False, 0, 0))
            self._entries.append((0, self._first, context, int(Form.ABOUT), 0))

    def text(self, order: int, text: Text) -> None:
        """The figures of the sentences of a text."""
        numbers = read_claims(text.text)
        if not text.hidden:
            self._count(numbers.text)
            self._count(numbers.text[:_TITLE])  # what a title says, it says of all
        if numbers.cut:
            self._left_out = self._left_out or text.location
        bounds = sentences(numbers.text)
        where = text.location.where or "text"
        within: dict[int, int] = {}
        words: dict[int, list[int]] = {}
        for number, claim in enumerate(numbers.claims):
            if self._full(text.location):
                return
            at = sentence_of(bounds, claim.start)
            within[at] = column = within.get(at, -1) + 1
            if at not in words:
                words[at] = self._telling.of(numbers.text[bounds[at] : bounds[at + 1]])
            moved = direction_of(numbers.text, claim.start, claim.end)
            told = [*self._telling.of_direction(moved), *words[at][:_WORDS_OF_SENTENCE]]
            context = self._words((order, at, column), told)
            self._figures += 1
            place = self._place(f"{where}, sentence {at + 1}")
            form = Form.LEAD if number < _LEAD else Form.SENTENCE
            self._add(_of_claim(claim), claim.percent, form, place, context)

    def table(self, order: int, table: Table) -> None:
        """The figures of a table and what can be worked out from them."""
        figures: list[Figure] = []
        for figure in figures_of(table.rows, table.location.where):
            if self._full(table.location):
                break
            if figure.digits:
                figures.append(figure)
                self._figures += 1
        top = [" ".join(row).lower() for row in table.rows[:_TITLES]]
        lines = [line for line in top if not any(map(str.isdigit, line))]
        self._count("\n".join([*top, *lines, table.location.where.lower()]))
        latest = max((f.period for f in figures if f.period is not None), default=None)
        where = f"{table.location.where or 'table'}"
        spots: dict[tuple[int, int], tuple[int, list[int]]] = {}
        for figure in figures:
            place = self._place(f"{where}, {_cell(figure)}")
            words = [
                *self._telling.of(f"{figure.stub} {figure.section}")[:_WORDS_OF_STUB],
                *self._telling.of(figure.heads)[:_WORDS_OF_HEADS],
            ]
            spots[figure.row, figure.column] = place, words
            context = self._words((order, figure.row, figure.column), words)
            form = Form.HEADLINE if figure.total else Form.CELL
            if latest is not None and figure.period is not None and figure.period < latest:
                form = Form.BACK
            self._figure(figure, form, place, context)
        for form, figure, percent, value in _derived(figures, latest):
            digits, exponent = quotient(value)
            place, words = spots[figure.row, figure.column]
            # Only of a change it is said that it rose.
            moved = (value > 0) - (value < 0) if form == Form.CHANGE else 0
            stand = (order, figure.row, figure.column)
            told = [*self._telling.of_direction(moved), *words]
            context = self._words(stand, told)
            self._add(_short(digits, exponent), percent, form, place, context)
            if figure.scale and not percent:
                scaled = exponent + figure.scale
                self._add(_short(digits, scaled), False, form, place, context)

    def _count(self, text: str) -> None:
        for line in text[:_COUNTED].split("\n"):
            self._often.update(word for word in self._telling.of(line) if word % 2 == 0)

    def _full(self, location: Location) -> bool:
        if self._figures < MOST_FIGURES:
            return False
        self._left_out = self._left_out or location
        return True

    def _figure(self, figure: Figure, form: Form, place: int, context: int) -> None:
        digits, exponent = figure.digits, figure.exponent
        small = digits < 200 * 10**-exponent if exponent <= 0 else False
        if not figure.percent:
            self._add(ways(digits, exponent), False, form, place, context)
        if figure.percent or (small and exponent < 0):
            percent = form if figure.percent else max(form, Form.CELL)
            self._add(ways(digits, exponent), True, percent, place, context)
        if small and exponent <= -2 and digits <= 10**-exponent:
            self._add(ways(digits, exponent + 2), True, form, place, context)
        if figure.scale and not figure.percent:
            self._add(ways(digits, exponent + figure.scale), False, form, place, context)

    def _add(self, written: Ways, percent: bool, form: Form, place: int, context: int) -> None:
        for (digits, exponent), shown in written.items():
            self._canonical.append(canonical(percent, digits, exponent))
            self._entries.append((0, place, context, int(form), shown))

    def _place(self, name: str) -> int:
        if not self._places or self._places[-1] != name:
            self._places.append(name)
        return self._first + len(self._places) - 1

    def _words(self, position: tuple[int, int, int], words: Sequence[int]) -> int:
        begin = len(self._context)
        unique = list(dict.fromkeys(words))
        self._context.append(3 + len(unique))
        self._context.extend(position)
        self._context.extend(unique)
        return begin


def _of_claim(claim: Claim) -> Ways:
    if claim.to is None:
        return ways(claim.digits, claim.exponent)
    return {way[:2]: way.shown for way in claim.ways()[:MOST_WAYS]}


def _short(digits: int, exponent: int) -> Ways:
    """A derived number is given with four digits at most, but for whole numbers."""
    whole = exponent >= 0 or digits % 10**-exponent == 0
    return {
        number: shown
        for number, shown in ways(digits, exponent).items()
        if whole or len(str(number[0])) <= 4
    }


def _cell(figure: Figure) -> str:
    letters, column = "", figure.column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{figure.row + 1}"


Derived = tuple[Form, Figure, bool, Fraction]


def _derived(figures: list[Figure], latest: Period | None) -> Iterator[Derived]:
    """What can be worked out from the figures of a table: the form, the figure that it is told of,
    whether it is a percentage, the number."""
    current = [f for f in figures if latest is None or f.period is None or f.period == latest]
    yield from _changes(figures, current)
    yield from _shares(current)
    yield from _differences(current, by_time=latest is not None)


def _changes(figures: list[Figure], current: list[Figure]) -> Iterator[Derived]:
    """Since the period before, and since the same period a year before."""
    rows: dict[object, _Series] = defaultdict(_Series)
    for figure in figures:
        if figure.period is not None:
            rows[_apart_from_period(figure)].figures.setdefault(figure.period, figure)
    for figure in current:
        if figure.period is None:
            continue
        series = rows[_apart_from_period(figure)].figures
        before = max((period for period in series if period < figure.period), default=None)
        year, within = figure.period
        for period in dict.fromkeys((before, (year - 1, within))):
            if period is not None and period in series:
                yield from _against(figure, series[period], Form.CHANGE)


def _apart_from_period(figure: Figure) -> object:
    if figure.across:
        return "row", figure.row, _no_digits(figure.heads)
    return "column", figure.column, _no_digits(figure.stub), figure.section


def _no_digits(label: str) -> str:
    """A label without its period."""
    return " ".join(stems("".join(sign for sign in label if not sign.isdigit())))


def _against(figure: Figure, other: Figure, form: Form) -> Iterator[Derived]:
    difference = figure.value - other.value
    if difference == 0:
        return
    yield form, figure, figure.percent, difference
    if not figure.percent and other.value:
        yield form, figure, True, 100 * difference / other.value


def _shares(current: list[Figure]) -> Iterator[Derived]:
    """Of the totals of their column and of their row, and of the largest of their row: a total often
    goes by a name of its own (GDP, claims)."""
    columns: dict[int, Figure] = {}
    rows: dict[int, Figure] = {}
    largest: dict[int, Figure] = {}
    for figure in current:
        if figure.percent:
            continue
        if figure.total:
            columns.setdefault(figure.column, figure)
            rows.setdefault(figure.row, figure)
        known = largest.get(figure.row)
        if known is None or abs(figure.value) > abs(known.value):
            largest[figure.row] = figure
    for figure in current:
        if figure.percent:
            if 0 < figure.value < 100:
                yield Form.DIFFERENCE, figure, True, 100 - figure.value
            continue
        wholes = (columns.get(figure.column), rows.get(figure.row), largest.get(figure.row))
        for total in dict.fromkeys(wholes):
            if total is not None and total is not figure and abs(total.value) > abs(figure.value):
                yield Form.SHARE, figure, True, 100 * figure.value / total.value


def _differences(current: list[Figure], by_time: bool) -> Iterator[Derived]:
    """Between neighbours of a row and of a column."""
    at = {(figure.row, figure.column): figure for figure in current}
    for figure in current:
        left = at.get((figure.row, figure.column - 1))
        if left is not None and left.percent == figure.percent:
            form = Form.DIFFERENCE if by_time else Form.CHANGE
            yield from _against(figure, left, form)
        above = at.get((figure.row - 1, figure.column))
        if above is not None and above.percent == figure.percent:
            difference = figure.value - above.value
            if difference:
                yield Form.DIFFERENCE, figure, figure.percent, difference
