"""Rows of a worksheet, streamed: a tokenizer for XML of the usual shape, lxml for any other.

The tokenizer counts what it sees: where cells were written differently from what it knows, the
sheet is read again by lxml, so that speed never costs a cell. Empty rows are left out; blank
cells keep their columns.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import Callable, Iterable

from gateway.extract.fault import ContainerFault
from gateway.extract.office.office_xml import parse_xml, words
from gateway.extract.office.row_cells import RowCells
from gateway.extract.office.row_shapes import (
    NUMERALS,
    NotSimple,
    Shapes,
    row_number,
    without_inline,
)
from gateway.extract.office.row_spelling import MAX_COLUMNS, Spelling
from gateway.extract.office.sheet_values import Values
from gateway.extract.office.sheet_walk import Sheet, walk
from gateway.extract.office.stored_rows import Store, StoredRows
from gateway.model.limits import ReadLimits

_WORD = re.compile(rb"<t(?: [^<>]*)?>[^<]")
_SHEET_DATA = re.compile(rb"<(\w{1,40}:)?sheetData(?:\s(?:[^<>]{0,999}[^<>/])?)?>")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_BLANK_ROWS = re.compile(rb"(?:\s*<(?:\w{1,40}:)?row(?:\s[^<>]*)?/>)*+\s*")
_COMMENT = re.compile(rb"<!--(?:(?!-->).)*-->", re.S)
_FALSE_START = re.compile(rb"<[!?]")
_USED = re.compile(rb't="s"(?: \w+="[0-9]*")*\s*>(?:<f[^<>]*(?:/>|>[^<]*</f>))?<v>([0-9]{1,9})</v>')
MAX_PENDING = 32 << 20
MAX_ROW = 1 << 20
MAX_TAG = 2000


def read_sheet(
    chunks: Callable[[], Iterable[bytes]], values: Values, limits: ReadLimits, cells_left: int
) -> Sheet:
    """All rows within limits. `chunks` gives the part's bytes from the start, each time anew."""
    try:
        return _tokenize(chunks(), values, limits, cells_left)
    except NotSimple:
        return walk(chunks(), values, limits, cells_left)


def _tokenize(
    chunks: Iterable[bytes], values: Values, limits: ReadLimits, cells_left: int
) -> Sheet:
    pending, looked = b"", 0
    held: list[bytes] = []
    reading: _Tokenizer | None = None
    prefix = row_end = b""
    far = False
    skeleton: list[bytes] = []
    for chunk in chain(chunks, (b"",)):
        # What is pending at least doubles before it is looked at again.
        held.append(chunk)
        if chunk and sum(map(len, held)) < len(pending):
            continue
        pending = b"".join((pending, *held))
        held.clear()
        if reading is None:
            start = _SHEET_DATA.search(pending, looked)
            looked = max(len(pending) - MAX_TAG, 0)
            if start is None:
                if len(pending) > MAX_PENDING:
                    raise NotSimple
                continue
            skeleton.append(pending[: start.end()])
            pending = pending[start.end() :]
            prefix = start[1] or b""
            row_end = b"</%brow>" % prefix
            reading = _Tokenizer(values, limits, cells_left, Spelling(prefix))
        cut = pending.rfind(row_end)
        if cut >= 0:
            begin = pending.find(row_end) + len(row_end) if far else 0
            if begin <= cut:
                reading.take(pending[begin:cut])
            pending, far = pending[cut + len(row_end) :], False
        elif far:
            pending = pending[1 - len(row_end) :]
        elif len(pending) > MAX_ROW:
            far = reading.take_wide(pending)
            if len(pending) > MAX_PENDING:
                raise NotSimple
    end = pending.find(b"</%bsheetData>" % prefix)
    inner = pending[:end]
    if reading is None or end < 0 or far or not _BLANK_ROWS.fullmatch(inner):
        raise NotSimple
    skeleton.append(pending[end:])
    sheet = reading.end()
    sheet.rest = _skeleton_words(skeleton)
    return sheet


class _Tokenizer:
    """Rows taken as they come, kept as they are, and made into cells when they are looked at."""

    def __init__(
        self, values: Values, limits: ReadLimits, cells_left: int, spelling: Spelling
    ) -> None:
        self._values, self._limits, self._left = values, limits, cells_left
        self._spelling, self._begun = spelling, False
        self._cells = RowCells(values, limits.columns)
        self._shapes = Shapes(self._cells.row, self._cells.own)
        self._store = Store(self._cells.row, values)
        self._sheet = Sheet()
        # Have rows words of their own (True: some with blanks at their ends)?
        self._inline: bool | None = None
        empty = [b"%d" % i for i, text in enumerate(values.shared) if not text]
        # Something that is not one of the empty strings; where these are too many to be told
        # apart, nothing.
        number = (
            b"<v>(?!</v>|0*(?:%s)</v>)" % b"|".join(empty) if 0 < len(empty) <= 50
            else b"(?!)" if empty else b"<v>(?!</v>)"
        )  # fmt: skip
        self._numbered = re.compile(number).search

    def take(self, text: bytes) -> None:
        """Whole rows; raises NotSimple."""
        if not self._begun:
            self._begun = True
            self._spelling.learn(text)
        try:
            self._take(self._spelling.usual(text))
        except NotSimple:
            if not self._spelling.learn(text):
                raise
            self._take(self._spelling.usual(text))

    def take_wide(self, text: bytes) -> bool:
        """The beginning of a row, as far as it is kept, where that is all of it that will be."""
        most = self._limits.columns
        cells = self._spelling.usual(text).split(b"<c", most + 1)
        if len(cells) < most + 2:
            return False
        self.take(b"<c".join(cells[: min(most, MAX_COLUMNS) + 1]))
        self._sheet.cut = self._sheet.cut or f"more than {self._limits.columns} columns"
        return True

    def _take(self, text: bytes) -> None:
        if not text.isascii():
            try:
                text.decode("utf-8")
            except UnicodeDecodeError:
                raise NotSimple from None
        # From the end: "<" is rarer than ">", and ends are found by their first character then.
        raws = text.rsplit(b"</row>")
        widths = self._widths(text, raws)
        if not all(map(self._numbered, raws)):
            for at, raw in enumerate(raws):
                filled = self._numbered(raw) or _WORD.search(raw)
                if widths[at] and not filled and not any(self._cells.row(raw)):
                    widths[at] = 0
        self._values.follow(text)
        self._keep(raws, widths)

    def _widths(self, text: bytes, raws: list[bytes]) -> list[int]:
        bare = raws
        if self._inline is not None:
            found = without_inline(text, self._inline)
            if found is not None:
                bare = found[0].split(b"</row>")
                self._shapes.note(found[1])
        shapes = [raw.translate(None, NUMERALS) for raw in bare]
        widths = self._known(shapes)
        if -1 in widths:
            if self._inline is not True:
                new = [raw for raw, width in zip(raws, widths, strict=True) if width < 0]
                spaced = any(b"<is><t " in raw for raw in new)
                if spaced or (self._inline is None and any(b"<is><t" in raw for raw in new)):
                    self._inline = spaced
                    return self._widths(text, raws)
            for at, width in enumerate(widths):
                if width < 0:
                    width = self._shapes.known.get(shapes[at], -1)
                    if width < 0:
                        width = self._shapes.width(raws[at], bare[at], shapes[at])
                    widths[at] = width
        return widths

    def _known(self, shapes: list[bytes]) -> list[int]:
        """Their widths, -1 for those that are new. Neighbours are alike, and compare faster than
        they are looked up."""
        known = self._shapes.known
        widths = []
        last, width = b"", -1
        for shape in shapes:
            if shape != last:
                last, width = shape, known.get(shape, -1)
            widths.append(width)
        return widths

    def _keep(self, raws: list[bytes], widths: list[int]) -> None:
        sheet, store = self._sheet, self._store
        total = sum(widths)
        sheet.total_rows += len(widths) - widths.count(0)
        if sheet.cut and not store.raw:
            return
        expected = map(b'<row r="%d"'.__mod__, range(sheet.last + 1, sheet.last + 1 + len(raws)))
        regular = (
            not sheet.cut and not self._shapes.doubled and 0 not in widths and sheet.cells + total <= self._left
            and max(widths) < self._limits.columns
            and all(map(bytes.startswith, raws, expected))
        )  # fmt: skip
        if regular:
            store.raw += raws
            store.widths += widths
            sheet.cells += total
            sheet.last += len(raws)
            return
        for raw, width in zip(raws, widths, strict=True):
            if not width or sheet.cut:
                continue
            sheet.row_at(row_number(raw), len(store.raw))
            sheet.cells += width
            if sheet.cells > self._left:
                sheet.cut = f"more than {self._limits.cells} cells"
                continue
            if width >= self._limits.columns:
                self._cells.row(raw)
                if self._cells.cut:
                    sheet.cut = f"more than {self._limits.columns} columns"
            store.raw.append(raw)
            store.widths.append(width)

    def end(self) -> Sheet:
        """What has come of it all."""
        values, store, sheet = self._values, self._store, self._sheet
        if values.following < len(values.shared):
            for raw in store.raw:
                values.used.update(map(int, _USED.findall(raw)))
        store.texts, store.ordered = self._shapes.texts(), self._shapes.ordered
        sheet.formulas, sheet.rows = self._shapes.formulas, StoredRows(store)
        return sheet


def _skeleton_words(skeleton: list[bytes]) -> str:
    """The words around the rows, among which there must be no other rows."""
    text = b"".join(skeleton)
    if len(text) > MAX_PENDING or _ROW.search(text) or text.count(b"sheetData") != 2:
        raise NotSimple
    # What looks like a tag may stand in something that is no element.
    if any(_FALSE_START.search(_COMMENT.sub(b"", piece), 5) for piece in skeleton):
        raise NotSimple
    try:
        return words(parse_xml(text))
    except ContainerFault:
        raise NotSimple from None  # rows up to the damage are for the exact reader
