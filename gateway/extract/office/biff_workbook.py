"""The workbook stream of an XLS file, walked record by record: globals, sheets, charts, leftovers.

Substreams are taken as they lie in the stream, not as tabs point at them: a sheet that no tab
shows is read all the same, and is very hidden.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from typing import Iterator

from gateway.extract.office.biff_cells import BLANK, CELLS, Book, Cells
from gateway.extract.office.biff_records import (
    Cut,
    Record,
    SharedStrings,
    counted_string,
    records,
    wide_string,
)
from gateway.extract.office.cell_grid import Grid, Visibility, number_text
from gateway.extract.office.embedded_object import embedded
from gateway.extract.office.embedded_pictures import bitmap_file, drawn_pictures
from gateway.extract.office.sheet_values import shown_as
from gateway.extract.office.text_runs import narrow_runs, text_runs, wide_runs
from gateway.extract.office.workbook import without_codes
from gateway.extract.text.code_pages import charset_of
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_BOFS = frozenset((0x809, 0x409, 0x209, 0x009))
_EOF, _FILEPASS = 0x0A, 0x2F
_STATES: tuple[Visibility, ...] = ("visible", "hidden", "very-hidden", "very-hidden")
# Positions, sizes, colours, cell styles, checksums, and where rows begin: nothing to read.
_DRY = BLANK | {
    0x208, 0x20B, 0xD7, 0xE5, 0x7D, 0x92, 0xFF, 0x87C, 0x87D, 0x23E, 0x1D,
    0x200, 0x3D, 0x55, 0x225, 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x2A, 0x2B, 0x80, 0x82, 0x83,
    0x84, 0x26, 0x27, 0x28, 0x29, 0xA1, 0x1A, 0x1B, 0x13D, 0x1C0, 0x1C1, 0xC1, 0xE1, 0xE2, 0x9C,
    0x5F, 0x81, 0x8C, 0x866, 0x867,
}  # fmt: skip
# Drawings, pictures, device modes and themes: words in them are in UTF-16, the rest is picture.
_DRAWN = frozenset((0xEB, 0xEC, 0xED, 0xE9, 0x7F, 0x4D, 0x896))
# Where pictures of drawings are kept, a sheet's background, and pictures of older versions.
_DRAWINGS, _BITMAPS = 0xEB, frozenset((0xE9, 0x7F))
# What an OBJ record calls the shape of a comment (2.5.143).
_COMMENT = 0x19
_U16 = struct.Struct("<H")
# Words that a format shows in every cell.
_LITERAL = re.compile(r'"([^"]*\w\w[^"]*)"')


@dataclass(slots=True)
class _Sheet:
    """A substream while it is read: a sheet, or a chart in one."""

    name: str
    visibility: Visibility
    cells: Cells
    comments: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)
    around: dict[str, None] = field(default_factory=dict)


class BiffWorkbook:
    """One workbook stream; `encrypted` once a FILEPASS record was met."""

    def __init__(self, part: Part, stream: bytes, limits: ReadLimits, decrypted: bool) -> None:
        self.part, self.stream, self.limits = part, stream, limits
        self.book = Book()
        self.encrypted = False
        self._decrypted = decrypted
        self._gaps: list[Gap] = []
        self._tabs: dict[int, tuple[str, Visibility]] = {}
        self._formats: dict[str, str] = {}
        self._xfs: list[int] = []
        self._names: list[str] = []
        self._links: list[Grid] = []
        self._drawings = bytearray()
        self._images: list[bytes] = []
        self._shape = 0
        self._seen: set[int] = set()
        self._open: list[_Sheet] = []

    def contents(self) -> Iterator[Content]:
        yield from self._walk(0)
        while not self.encrypted:
            missed = [offset for offset in self._tabs if offset not in self._seen]
            if not missed:
                break
            self._seen.add(missed[0])
            yield from self._walk(missed[0])
        if self.encrypted:
            return
        yield from self._rest()

    def _walk(self, offset: int) -> Iterator[Content]:
        self._open = []
        try:
            for record in records(self.stream, offset, self._skip):
                kind, at, body, _ = record
                if kind in _BOFS:
                    self._begin(at, body)
                elif kind == _EOF and self._open:
                    yield from self._end()
                elif kind == _FILEPASS and not self._decrypted:
                    self.encrypted = True
                    return
                elif not self._open:
                    self._fault("a record outside the sheets", at)
                    return
                elif kind in CELLS:
                    self._open[-1].cells.take(kind, body)
                elif kind not in _DRY:
                    self._other(record)
        except Cut:
            self._fault("a record that is cut off", offset)
        except (struct.error, IndexError):
            self._fault("a damaged record", offset)
        if self._open:
            self._fault("a sheet without an end", offset)
        while self._open:
            yield from self._end()

    def _skip(self, stream: bytes, at: int) -> int:
        return self._open[-1].cells.run(stream, at) if self._open else at

    def _fault(self, sentence: str, offset: int) -> None:
        if not any(gap.detail == sentence for gap in self._gaps):
            self._gaps.append(Gap(self.part.location.at("workbook"), "unreadable", sentence))

    def _begin(self, offset: int, body: bytes) -> None:
        self._seen.add(offset)
        if (not self._open and offset == 0) or len(self._seen) == 1:
            version = _U16.unpack_from(body)[0] >> 8 if len(body) >= 2 else 6
            self.book.version = {0: 2, 2: 3 if version == 2 else 2, 3: 3, 4: 4, 5: 5}.get(
                version, 8
            )
        if not self.book.styles and self._xfs:
            self.book.styles = [shown_as(str(number), self._formats) for number in self._xfs]
        if len(self._open) >= 16:
            raise Cut
        if self._open:
            above = self._open[-1]
            name, visibility = f"{above.name} chart", above.visibility
        elif offset in self._tabs:
            name, visibility = self._tabs[offset]
            name = f"sheet {name}"
        elif body[2:4] == b"\5\0" or body[2:4] == b"\0\1":
            name, visibility = "workbook", "visible"
        elif offset == 0:
            name, visibility = "sheet", "visible"
        else:
            name, visibility = "sheet without a tab", "very-hidden"
        self._open.append(_Sheet(name, visibility, Cells(self.book)))

    def _end(self) -> Iterator[Content]:
        sheet = self._open.pop()
        hidden = sheet.visibility != "visible"
        location = self.part.location.at(sheet.name)
        yield from sheet.cells.grid.contents(location, sheet.visibility, self.limits)
        if sheet.cells.damaged:
            yield Gap(location, "unreadable", "cells that are damaged")
        formulas = "\n".join(dict.fromkeys(text_runs(t, True) for t in sheet.cells.formulas))
        margins = without_codes("\n".join(sheet.margins))
        for where, text, unseen in (
            ("comments", "\n".join(sheet.comments), True),
            ("text boxes", "\n".join(sheet.frames), hidden),
            ("headers and footers", margins, hidden),
            ("formulas", formulas, True),
            ("around", "\n".join(sheet.around), True),
        ):
            yield from bounded_text(
                self.part, text, f"{sheet.name} {where}", self.limits, hidden or unseen
            )

    def _other(self, record: Record) -> None:
        """Everything that is no cell."""
        kind, _, body, more = record
        book, sheet = self.book, self._open[-1]
        if kind == 0xFC:
            table = SharedStrings(body, more)
            book.strings = table.read()
            if not table.whole:
                self._fault("a table of strings that is cut off", 0)
        elif kind == 0x85:
            self._tab(body)
        elif kind == 0x41E and book.version >= 4:
            code = book.string(body, 2, book.version >= 8)
            self._formats[str(_U16.unpack_from(body)[0])] = code
        elif kind == 0xE0:
            self._xfs.append(_U16.unpack_from(body, 2)[0])
        elif kind in (0x243, 0x443):
            self._xfs.append(body[1])
        elif kind == 0x22:
            book.date_1904 = body[:1] == b"\1"
        elif kind == 0x42:
            book.charset = charset_of(_U16.unpack_from(body)[0])
        elif kind in (0x14, 0x15):
            if body:
                sheet.margins.append(book.string(body, 0, book.version >= 8))
        elif kind == 0x1B6:
            place = sheet.comments if self._shape == _COMMENT else sheet.frames
            place.append(_frame_text(body, more))
        elif kind == 0x1C:
            self._note(sheet, body)
        elif kind == 0x59:
            self._links.append(Grid())
        elif kind == 0x5A:
            self._cached(body)
        elif kind == 0x18:
            self._name(body)
        elif kind in (0x221, 0x21, 0x4BC):
            sheet.cells.constants(body[8:])
        elif kind == 0x100D:
            sheet.around[self._short(body, 2)] = None
        else:
            if kind == 0x5D and book.version >= 8:
                self._shape = _U16.unpack_from(body, 4)[0]
            self._words(sheet, kind, b"".join((body, *more)))

    def _words(self, sheet: _Sheet, kind: int, body: bytes) -> None:
        if kind in _DRAWN:
            if kind == _DRAWINGS:
                self._drawings += body
            elif kind in _BITMAPS and body[:2] == b"\x09\0":
                self._images.append(bitmap_file(body[8:]))
            found = wide_runs(body)
        else:
            found = [*narrow_runs(body, len(body) <= 8224), *wide_runs(body)]
        for run in found:
            if any(map(str.isalnum, run)):
                sheet.around[run] = None

    def _short(self, body: bytes, offset: int) -> str:
        """A string behind an 8-bit count."""
        if self.book.version >= 8:
            return wide_string(body, offset + 1, body[offset])[0]
        return self.book.string(body, offset, False)

    def _tab(self, body: bytes) -> None:
        offset, state = struct.unpack_from("<IB", body)
        self._tabs[offset] = (self._short(body, 6), _STATES[state & 3])

    def _name(self, body: bytes) -> None:
        if self.book.version >= 8:
            name, after = wide_string(body, 14, body[3])
        else:
            after = 14 + body[3]
            name = body[14:after].decode(self.book.charset, "replace")
        if not _U16.unpack_from(body)[0] & 0x20:  # not one of Excel's own
            self._names.append(name)
        self._names.append(text_runs(body[after:], True))

    def _note(self, sheet: _Sheet, body: bytes) -> None:
        if self.book.version >= 8:
            sheet.comments.append(counted_string(body, 8)[0])  # who wrote it; the text is a frame
        else:
            sheet.comments.append(body[6:].decode(self.book.charset, "replace"))

    def _cached(self, body: bytes) -> None:
        """Cells kept from another workbook (CRN, 2.4.65)."""
        last, first, row = struct.unpack_from("<BBH", body)
        grid = self._links[-1] if self._links else Grid()
        if not self._links:
            self._links.append(grid)
        at = 4
        for column in range(first, last + 1):
            kind = body[at]
            if kind == 2:
                text, at = counted_string(body, at + 1)
                if self.book.version < 8:
                    text, at = "", len(body)
                    self._names.append(text_runs(body, True))
                grid.put(row, column, text)
            else:
                value = body[at + 1 : at + 9]
                if kind == 1:
                    grid.put(row, column, number_text(struct.unpack("<d", value)[0]))
                elif kind == 4:
                    grid.put(row, column, "TRUE" if value[0] else "FALSE")
                at += 9
            if at >= len(body):
                break

    def _rest(self) -> Iterator[Content]:
        location = self.part.location
        shown = [name for name, state in self._tabs.values() if state == "visible"]
        unseen = [name for name, state in self._tabs.values() if state != "visible"]
        yield from bounded_text(self.part, "\n".join(shown), "sheet names", self.limits)
        yield from bounded_text(
            self.part, "\n".join(unseen), "hidden sheet names", self.limits, True
        )
        formats = "\n".join(w for code in self._formats.values() for w in _LITERAL.findall(code))
        yield from bounded_text(self.part, formats, "number formats", self.limits)
        names = "\n".join(filter(None, self._names))
        yield from bounded_text(self.part, names, "defined names", self.limits, True)
        for index, grid in enumerate(self._links, 1):
            place = location.at(f"cells of linked workbook {index}")
            yield from grid.contents(place, "hidden", self.limits)
        unused = [s for i, s in enumerate(self.book.strings) if i not in self.book.used]
        yield from bounded_text(self.part, "\n".join(unused), "unused strings", self.limits, True)
        for number, image in enumerate([*drawn_pictures(bytes(self._drawings)), *self._images], 1):
            yield embedded(self.part, f"picture{number}", image, None)
        yield from self._gaps


def _frame_text(body: bytes, more: list[bytes]) -> str:
    """The text of a shape or comment (TXO, 2.4.329): each piece begins with its own flags."""
    left = _U16.unpack_from(body, 10)[0] if len(body) >= 12 else 0
    out: list[str] = []
    for piece in more:
        if left <= 0 or not piece:
            break
        wide = piece[0] & 1
        raw = piece[1 : 1 + (left * 2 if wide else left)]
        out.append(raw.decode("utf-16-le" if wide else "latin-1", "replace"))
        left -= len(out[-1])
    return "".join(out)
