"""Rows of one shape are taken apart alike: where values stand in one, they stand in all of them.

A layout is learnt from a row that was read cell by cell. It is used for rows of the same shape
(see `row_shapes`) whose tags, names and places are the same byte by byte; else it gives nothing.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
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
_NEXT = b"</v></c><c r="
_BETWEEN = "</v></c><c r=><v>"
_Pick = Callable[[Sequence[Any]], tuple[Any, ...]]


def _pick(places: Sequence[int]) -> _Pick:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: tuple(row[place] for place in places)


@dataclass(slots=True)
class _Kinds:
    """Where, among a row's values, numbers, strings of the table, own strings and others stand."""

    numbers: list[int] = field(default_factory=list)
    shared: list[int] = field(default_factory=list)
    inline: list[int] = field(default_factory=list)
    others: list[tuple[int, int]] = field(default_factory=list)


class _Layout:
    """What stands between the quotation marks of a row's XML."""

    def __init__(self, parts: list[bytes]) -> None:
        references: list[int] = []
        valued: list[int] = []
        frame: list[int] = []
        self.settings: list[tuple[int, bytes, int]] = []
        self.columns: list[int] = []
        for at, part in enumerate(parts):
            if at % 2:
                continue
            if part.startswith(b"><v>"):
                valued.append(at)
                self.columns.append(len(references) - 1)
            else:
                frame.append(at)
            if part.endswith(b"<c r="):
                references.append(at + 1)
            elif references and at + 1 < len(parts):
                self.settings.append((len(references) - 1, part.strip(b" ="), at + 1))
        self.references, self.valued, self.frame = _pick(references), _pick(valued), _pick(frame)
        self.setting = _pick([at for _, _, at in self.settings])
        self.fixed = self.frame(parts)
        self.letters = [name.rstrip(b"0123456789") for name in self.references(parts)]
        places = [column_index(name.decode("ascii")) for name in self.letters]
        self.ordered = places == sorted(set(places))
        self.width, self.places = places[-1] + 1, [places[cell] for cell in self.columns]
        self.closed = b"</v></c>" if valued and valued[-1] == len(parts) - 1 else _NEXT
        self.kinds: dict[tuple[bytes, ...], _Kinds] = {}

    def values(self, parts: list[bytes]) -> tuple[bytes, list[str]] | None:
        """What stands in the row's cells; None where anything else differs from the layout."""
        references = self.references(parts)
        number = references[0][len(self.letters[0]) :]
        if self.frame(parts) != self.fixed or not number.isdigit():
            return None
        if number.join((*self.letters, b"")) != b"".join(references):
            return None
        joined = b"".join(self.valued(parts))
        if not joined.startswith(b"><v>") or not joined.endswith(self.closed):
            return None
        values = joined[4 : -len(self.closed)].decode("ascii").split(_BETWEEN)
        return (joined, values) if len(values) == len(self.places) else None

    def kinds_of(self, parts: list[bytes], values: Values) -> _Kinds:
        key = self.setting(parts)
        found = self.kinds.get(key)
        if found is None:
            found = _Kinds()
            for at, cell in enumerate(self.columns):
                of_cell = {name: parts[i].decode() for c, name, i in self.settings if c == cell}
                kind = values.kind(of_cell.get(b"t", ""), of_cell.get(b"s", ""))
                if kind in (NUMBER, SHARED, INLINE):
                    {NUMBER: found.numbers, SHARED: found.shared, INLINE: found.inline}[
                        kind
                    ].append(at)
                else:
                    found.others.append((at, kind))
            if len(self.kinds) < MAX_LAYOUTS:
                self.kinds[key] = found
        return found


class Layouts:
    """The layouts of one sheet's rows."""

    def __init__(self, values: Values, columns: int) -> None:
        self._values, self._most = values, min(columns, MAX_PLACES)
        self._seen: set[bytes] = set()
        self._known: dict[bytes, _Layout | None] = {}

    def row(self, raw: bytes) -> list[str] | None:
        """The row's cells in their columns; None where its layout is not known."""
        words: list[bytes] = []
        if b"<is><t" in raw:
            found = without_inline(raw, True)
            if found is None:
                return None
            raw, words = found
        shape = raw.translate(None, NUMERALS)
        layout = self._known.get(shape)
        if layout is None:
            layout = self._learn(shape, raw)
            if layout is None:
                return None
        parts = raw.split(b'"')
        given = layout.values(parts)
        if given is None:
            return None
        kinds = layout.kinds_of(parts, self._values)
        if len(kinds.inline) != len(words):
            return None
        cells = self._shown(*given, kinds)
        for at, word in zip(kinds.inline, words, strict=True):
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

    def _shown(self, joined: bytes, cells: list[str], kinds: _Kinds) -> list[str]:
        values, shared = self._values, self._values.shared
        size = len(shared)
        numbers = [cells[at] for at in kinds.numbers]
        powers = b"E" in joined or b"e" in joined
        if powers or b".0<" in joined or max(map(len, numbers), default=0) >= 15:
            for at, value in zip(kinds.numbers, numbers, strict=True):
                if powers or len(value) >= 15 or value.endswith(".0"):
                    cells[at] = values.number(value)
        for at in kinds.shared:
            value = cells[at]
            if value.isdecimal() and (index := int(value)) < size:
                cells[at] = shared[index]
            else:
                cells[at] = values.text(SHARED, value)
        for at, kind in kinds.others:
            cells[at] = values.text(kind, cells[at])
        return cells

    def _learn(self, shape: bytes, raw: bytes) -> _Layout | None:
        """From the second row of a shape on: there may be as many shapes as rows."""
        if shape in self._known or len(self._known) >= MAX_LAYOUTS:
            return None
        if shape not in self._seen:
            if len(self._seen) < 10_000:
                self._seen.add(shape)
            return None
        self._known[shape] = None
        if len(raw) < 200_000 and _KNOWN.fullmatch(raw):
            layout = _Layout(raw.split(b'"'))
            usual = layout.ordered and layout.places and layout.width <= self._most
            self._known[shape] = layout if usual else None
        return self._known[shape]
