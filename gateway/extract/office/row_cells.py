"""The cells of one row of a worksheet's XML, in their columns."""

from __future__ import annotations

import html
import re
from typing import Sequence

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.fault import ContainerFault
from gateway.extract.office.office_xml import attribute, parse_xml
from gateway.extract.office.row_layouts import Layouts
from gateway.extract.office.sheet_columns import column_index, places_of
from gateway.extract.office.sheet_values import SHARED, Values, unescaped

# A cell as nearly all are written, and any that the tokenizer takes.
_USUAL = re.compile(r'<c r="([A-Z]{1,3})[0-9]+"([^<>/]*)(?:><v>([^<]*)</v></c>|/>)')
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})[0-9]+"([^>/]*)(?:/>|>(?:<f(?:[^>]*/>|[^>]*>[^<]*</f>))?'
    r"(?:<v[^>/]*>([^<]*)</v>|<v/>|<is/>|<is><t[^>/]*>([^<]*)</t></is>|<is>(.*?)</is>)?</c>)",
    re.S,
)
_RUN_TEXT = re.compile(r"<t(?:\s[^>/]*)?>([^<]*)</t>")
_BETWEEN_TAGS = re.compile("(?:^|>)([^<>]+)")
_LETTERS = re.compile("[A-Za-z]{1,3}")
# A row this wide is kept compactly: see `place`.
WIDE = 1024


class RowCells:
    """Makes cells of rows; `cut` says whether a row had more than `columns`."""

    def __init__(self, values: Values, columns: int) -> None:
        self._values, self._most = values, columns
        self._layouts = Layouts(values, columns)
        self._columns: list[str] = []
        self._places: list[int] | None = None
        self.cut = False

    def row(self, raw: bytes) -> list[str]:
        """The cells of a row."""
        cells = self._layouts.row(raw)
        return self._by_cell(raw) if cells is None else cells

    def _by_cell(self, raw: bytes) -> list[str]:
        text = raw.decode("utf-8")
        found = _USUAL.findall(text)
        if len(found) != text.count("<c"):
            return self._unusual(raw, text)
        values = self._values
        kinds, shared, size = values.kinds, values.shared, len(values.shared)
        out: list[str] = []
        add = out.append
        for _, attributes, value in found:
            kind = kinds[attributes]
            if value.isdecimal():
                if kind == 0:
                    add(value)
                    continue
                if kind == 1 and (index := int(value)) < size:
                    add(shared[index])
                    continue
            add(values.text(kind, html.unescape(value) if "&" in value else value))
        return self._placed([f[0] for f in found], out)

    def _unusual(self, raw: bytes, text: str) -> list[str]:
        """A row with formulas or words of its own."""
        found = _CELL.findall(text)
        if len(found) != text.count("<c"):
            return self._odd(raw)
        return self._placed([f[0] for f in found], [self._text(*f[1:]) for f in found])

    def _text(self, attributes: str, value: str, inline: str, rich: str) -> str:
        if inline or rich:
            return unescaped(html.unescape(inline or "".join(_RUN_TEXT.findall(rich))))
        return self._values.text(self._values.kinds[attributes], html.unescape(value))

    def own(self, raw: bytes) -> list[str]:
        """Texts of the row's cells that are not in the shared table."""
        text = raw.decode("utf-8")
        found = _CELL.findall(text)
        if len(found) != text.count("<c"):
            return self._odd(raw)
        kinds = self._values.kinds
        return [
            self._text(*f[1:])
            for f in found
            if kinds[f[1]] != SHARED or f[3] or f[4] or not f[2].isdecimal()
        ]

    def _odd(self, raw: bytes) -> list[str]:
        """A row whose shape only seemed known, by lxml; where it is no XML, all between its tags."""
        try:
            root = parse_xml(b"<d>" + raw + b"</row></d>")
        except ContainerFault:
            return [html.unescape(text) for text in _BETWEEN_TAGS.findall(raw.decode("utf-8"))]
        cells: list[str] = []
        places: list[int] = []
        for cell in root[-1]:
            if local(cell) == "c":
                read_cell(cell, self._values, set(), cells, places)
        return self._within(place(places, cells))

    def _placed(self, columns: list[str], cells: list[str]) -> list[str]:
        if columns != self._columns:
            self._columns, self._places = columns, places_of(columns)
        if self._places is None and len(cells) <= self._most:
            return cells
        places = range(len(cells)) if self._places is None else self._places
        return self._within(place(places, cells))

    def _within(self, row: list[str]) -> list[str]:
        self.cut = self.cut or len(row) > self._most
        return row[: self._most]


def place(places: Sequence[int], cells: list[str]) -> list[str]:
    """Blank cells filled in, so that columns align; a cell far out does not cost what lies between.

    Up to column ALF (1024) positions are true. Cells beyond follow in their order.
    """
    near = [i for i, at in enumerate(places) if at < WIDE]
    width = max((places[i] for i in near), default=-1) + 1
    row = [""] * width
    doubled = []
    for i in near:
        if row[places[i]]:
            doubled.append(cells[i])
        else:
            row[places[i]] = cells[i]
    row += filter(None, doubled)
    if len(near) < len(places):
        far = sorted((at, cells[i]) for i, at in enumerate(places) if at >= WIDE)
        row.extend(cell for _, cell in far)
    return row


def read_cell(
    cell: etree._Element, values: Values, formulas: set[str], cells: list[str], places: list[int]
) -> None:
    """Adds one cell and its place to those of its row."""
    match = _LETTERS.match(attribute(cell, "r"))
    if match:
        places.append(column_index(match[0].upper()))
    else:
        places.append(places[-1] + 1 if places else 0)
    kind = values.kind(attribute(cell, "t"), attribute(cell, "s"))
    value = inline = ""
    for child in cell:
        tag = local(child)
        if tag == "v":
            value = "".join(child.itertext())
        elif tag == "is":
            inline = "".join("".join(t.itertext()) for t in child.iter() if local(t) == "t")
        elif tag == "f":
            formula = "".join(child.itertext())
            if '"' in formula:
                formulas.add(formula)
    cells.append(unescaped(inline) if inline else values.text(kind, value))
