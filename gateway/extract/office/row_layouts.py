"""Rows of one shape are taken apart alike: where values stand in one, they stand in all of them.

A layout is learnt from a row that was read cell by cell. It is used for rows of the same shape
(see `row_shapes`) that are the same byte by byte but for their values and their number; for any
other it gives nothing.
"""

from __future__ import annotations

import html
import re
from operator import itemgetter
from typing import Any, Callable, Sequence

from gateway.extract.office.row_shapes import NUMERALS, without_inline
from gateway.extract.office.sheet_columns import column_index
from gateway.extract.office.sheet_values import INLINE, NUMBER, SHARED, Values, unescaped

MAX_LAYOUTS = 64
MAX_PLACES = 1024
_KNOWN = re.compile(
    rb'<row(?: [\w:]+="[^"<>]*")*>(?:<c r="[A-Z]{1,3}[0-9]+"(?: (?:s|t)="\w*")*'
    rb"(?:/>|><v>-?[0-9]*(?:\.[0-9]+)?(?:[Ee][-+]?[0-9]+)?</v></c>))+"
)
_PLACE = re.compile(rb'<c r="([A-Z]+)([0-9]+)"([^<>/]*)(/?)')
_SETTING = re.compile(r'(\w)="(\w*)"')
_Pick = Callable[[Sequence[Any]], tuple[Any, ...]]


def _pick(places: Sequence[int]) -> _Pick:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: tuple(row[place] for place in places)


def _apart(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """The row's number, all that stands around its values, and these, each before a "</"."""
    body = raw[raw.find(b">") + 1 :]
    pieces = body.split(b"v>")
    number = body[7 : body.find(b'"', 7)].lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return number, b"".join(pieces[0::2]), b"".join(pieces[1::2])


class _Layout:
    """What stands around the values of a row, and what kind of value stands where."""

    def __init__(self, raw: bytes, values: Values) -> None:
        self.number, frame, _ = _apart(raw)
        found = _PLACE.findall(frame)
        letters = [name.decode("ascii") for name, _, _, _ in found]
        columns = [column_index(name) for name in letters]
        self.ordered = columns == sorted(set(columns))
        self.one_row = all(number == self.number for _, number, _, _ in found)
        ends = [match.span(2) for match in _PLACE.finditer(frame)]
        starts = [0, *(end for _, end in ends)]
        self._parts = [
            frame[a:b] for a, b in zip(starts, [*(s for s, _ in ends), len(frame)], strict=True)
        ]
        self.width = columns[-1] + 1
        self.places: list[int] = []
        kinds: dict[int, list[int]] = {NUMBER: [], SHARED: [], INLINE: []}
        self.others: list[tuple[int, int]] = []
        for column, (_, _, settings, blank) in zip(columns, found, strict=True):
            if blank:
                continue
            at = len(self.places)
            self.places.append(column)
            of_cell = dict(_SETTING.findall(settings.decode("ascii")))
            kind = values.kind(of_cell.get("t", ""), of_cell.get("s", ""))
            if kind in kinds:
                kinds[kind].append(at)
            else:
                self.others.append((at, kind))
        self.numbers, self.shared, self.inline = kinds[NUMBER], kinds[SHARED], kinds[INLINE]
        self.number_of = _pick(self.numbers)

    def fits(self, number: bytes, frame: bytes) -> bool:
        return number.join(self._parts) == frame


class Layouts:
    """The layouts of one sheet's rows."""

    def __init__(self, values: Values, columns: int) -> None:
        self._values, self._most = values, min(columns, MAX_PLACES)
        self._left = MAX_LAYOUTS
        self._known: dict[bytes, list[_Layout]] = {}

    def row(self, raw: bytes) -> list[str] | None:
        """The row's cells in their columns; None where its layout is not known."""
        words: list[bytes] = []
        if b"<is><t" in raw:
            found = without_inline(raw, True)
            if found is None:
                return None
            raw, words = found
        shape = raw.translate(None, NUMERALS)
        known = self._known.get(shape)
        if known is None:
            # Learnt from the second row of a shape on: there may be as many shapes as rows.
            if len(self._known) < 10_000:
                self._known[shape] = []
            return None
        number, frame, given = _apart(raw)
        if not number.isdigit():
            return None
        for layout in known:
            if layout.fits(number, frame):
                break
        else:
            learnt = self._learn(raw)
            if learnt is None:
                return None
            known.append(learnt)
            layout = learnt
        if len(layout.inline) != len(words):
            return None
        cells = self._shown(layout, given.decode("ascii"))
        for at, word in zip(layout.inline, words, strict=True):
            if cells[at]:
                return None
            text = word.decode("utf-8")
            cells[at] = unescaped(html.unescape(text) if "&" in text else text)
        if layout.width == len(cells):
            return cells
        row = [""] * layout.width
        for place, cell in zip(layout.places, cells, strict=True):
            row[place] = cell
        return row

    def _shown(self, layout: _Layout, joined: str) -> list[str]:
        values, cells = self._values, joined.split("</")
        cells.pop()
        shared, size = values.shared, len(values.shared)
        numbers = layout.number_of(cells)
        powers = "E" in joined or "e" in joined
        if powers or ".0" in joined or max(map(len, numbers), default=0) >= 15:
            for at, value in zip(layout.numbers, numbers, strict=True):
                if powers or len(value) >= 15 or value.endswith(".0"):
                    cells[at] = values.number(value)
        for at in layout.shared:
            value = cells[at]
            if value.isdecimal() and (index := int(value)) < size:
                cells[at] = shared[index]
            else:
                cells[at] = values.text(SHARED, value)
        for at, kind in layout.others:
            cells[at] = values.text(kind, cells[at])
        return cells

    def _learn(self, raw: bytes) -> _Layout | None:
        if not self._left or len(raw) >= 200_000:
            return None
        self._left -= 1
        if not _KNOWN.fullmatch(raw):
            return None
        layout = _Layout(raw, self._values)
        usual = layout.ordered and layout.one_row and layout.places and layout.width <= self._most
        return layout if usual else None
