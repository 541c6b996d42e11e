"""XLSB workbooks: sheets as Tables, strings of every other binary part, and the package's rest.

Values come from records of our own reading: the library at hand ends the process on a legal
workbook with one cell far out.
"""

from __future__ import annotations

import posixpath
import re
import struct
from typing import Callable, Iterator

from gateway.extract.fault import ContainerFault
from gateway.extract.office.biff_cells import packed_number
from gateway.extract.office.binary_records import records, string, strings
from gateway.extract.office.cell_grid import Grid, Visibility, moment_text, number_text
from gateway.extract.office.package import Package
from gateway.extract.office.sheet_values import NUMBER, shown_as
from gateway.extract.office.workbook import without_codes
from gateway.extract.office.workbook_package import read_packaged
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_BOOK, _STRINGS, _STYLES = "xl/workbook.bin", "xl/sharedstrings.bin", "xl/styles.bin"
_SHEETS = re.compile(r"xl/(?:work|macro|dialog|chart)sheets/[^/]+\.bin$")
_RECORDS = re.compile(r"xl/pivotcache/pivotcacherecords[^/]*\.bin$")
_INDEX = re.compile(r"xl/worksheets/binaryindex[^/]*\.bin$")
_STATES: tuple[Visibility, ...] = ("visible", "hidden", "very-hidden")
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!",
           42: "#N/A", 43: "#GETTING_DATA"}  # fmt: skip
_ROW, _ITEM, _NAME, _FORMAT, _XF, _PROPERTIES, _SHEET = 0, 19, 39, 44, 47, 153, 156
_BEGIN_STYLES, _END_STYLES, _MARGINS, _COMMENT = 617, 618, 479, 637
_F64 = struct.Struct("<d")
_CELL = struct.Struct("<II")


def read_binary_workbook(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Contents in reading order; damage of one entry costs that entry."""
    yield from read_packaged(part, limits, lambda package: _Workbook(package).contents())


class _Workbook:
    """One workbook while it is read."""

    def __init__(self, package: Package) -> None:
        self.package, self.limits = package, package.limits
        self.gaps: list[Gap] = []
        self.shared: list[str] = []
        self.used: set[int] = set()
        self.styles: list[int] = []
        self.formats: dict[str, str] = {}
        self.date_1904 = False
        self.tabs: list[tuple[str, str, Visibility]] = []
        self._cells: dict[int, Callable[[bytes, int], str]] = {
            2: lambda b, s: self._number(packed_number(b, 8), s),
            3: lambda b, s: _ERRORS.get(b[8], "#ERR"), 4: lambda b, s: _flag(b[8]),
            5: lambda b, s: self._number(_F64.unpack_from(b, 8)[0], s),
            6: lambda b, s: string(b, 8)[0], 7: self._shared,
            8: lambda b, s: string(b, 8)[0],
            9: lambda b, s: self._number(_F64.unpack_from(b, 8)[0], s),
            10: lambda b, s: _flag(b[8]), 11: lambda b, s: _ERRORS.get(b[8], "#ERR"),
            62: lambda b, s: string(b, 9)[0],
        }  # fmt: skip

    def contents(self) -> Iterator[Content]:
        yield from self._book()
        self._load(_STYLES, self._style)
        self._load(_STRINGS, self._string)
        for name, entry, visibility in self.tabs:
            yield from self._sheet(name, entry, visibility)
        for key in self.package.left:
            if _SHEETS.match(key) and not _INDEX.match(key):
                name = posixpath.basename(key)
                yield from self._sheet(f"{name} without a tab", key, "very-hidden")
        unused = [text for i, text in enumerate(self.shared) if i not in self.used]
        yield from self.package.text("\n".join(unused), "unused strings")
        for key in self.package.left:
            if key.endswith(".bin") and self._is_records(key):
                yield from self._words(key)
        yield from self.gaps

    def _is_records(self, key: str) -> bool:
        """Macros, printers' settings and embedded files have readers elsewhere."""
        other = (
            "vbaproject",
            "printersettings",
            "/embeddings/",
            "/media/",
            "/activex/",
            "/ctrlprops/",
        )
        return not any(word in key for word in other)

    def _fault(self, key: str, fault: ContainerFault) -> None:
        self.gaps.append(self.package.gap(key, fault.reason, fault.detail))

    def _records(self, key: str) -> Iterator[tuple[int, bytes]]:
        """The records of an entry; damage is noted, and ends them."""
        try:
            yield from records(self.package.read(key))
        except ContainerFault as fault:
            self._fault(key, fault)

    def _load(self, key: str, take: Callable[[int, bytes], None]) -> None:
        if key not in self.package.container.entries:
            return
        for kind, body in self._records(key):
            try:
                take(kind, body)
            except (struct.error, IndexError):
                self._fault(key, ContainerFault("unreadable", "a damaged record"))
                return

    def _book(self) -> Iterator[Content]:
        targets = self.package.targets(_BOOK)
        names: list[str] = []
        if _BOOK not in self.package.container.entries:
            self._fault(_BOOK, ContainerFault("unreadable", "no workbook part"))
        else:
            for kind, body in self._records(_BOOK):
                if kind == _SHEET and len(body) >= 12:
                    state = int.from_bytes(body[:4], "little")
                    identifier, after = string(body, 8)
                    name, _ = string(body, after)
                    entry = targets.get(identifier, ("", ""))[1]
                    self.tabs.append((name, entry, _STATES[min(state, 2)]))
                elif kind == _PROPERTIES and body:
                    self.date_1904 = bool(body[0] & 1)
                    names += strings(body)
                else:
                    names += strings(body)
        for states, where in ((("visible",), "sheet names"), (_STATES[1:], "hidden sheet names")):
            shown = "\n".join(name for name, _, state in self.tabs if state in states)
            yield from self.package.text(shown, where, hidden=states != ("visible",))
        yield from self.package.text("\n".join(dict.fromkeys(names)), "workbook")

    def _style(self, kind: int, body: bytes) -> None:
        if kind == _FORMAT:
            self.formats[str(struct.unpack_from("<H", body)[0])] = string(body, 2)[0]
        elif kind == _BEGIN_STYLES:
            self.styles = []
        elif kind == _XF:
            # Those of named styles come first, and are forgotten where those of cells begin.
            self.styles.append(shown_as(str(struct.unpack_from("<H", body, 2)[0]), self.formats))

    def _string(self, kind: int, body: bytes) -> None:
        if kind == _ITEM:
            self.shared.append(string(body, 1)[0])

    def _number(self, value: float, style: int) -> str:
        if style < len(self.styles) and self.styles[style] != NUMBER:
            return moment_text(value, self.date_1904)
        return number_text(value)

    def _shared(self, body: bytes, style: int) -> str:
        index = struct.unpack_from("<I", body, 8)[0]
        self.used.add(index)
        text: str = self.shared[index]
        return text

    def _sheet(self, name: str, key: str, visibility: Visibility) -> Iterator[Content]:
        where, hidden = f"sheet {name}", visibility != "visible"
        location = self.package.part.location.at(where)
        if key not in self.package.container.entries:
            yield Gap(location, "unreadable", "a sheet whose part is missing")
            return
        grid, row, damaged = Grid(), 0, 0
        margins: list[str] = []
        around: dict[str, None] = {}
        cells = self._cells
        for kind, body in self._records(key):
            try:
                if kind == _ROW:
                    row = struct.unpack_from("<I", body)[0]
                elif kind in cells:
                    column, style = _CELL.unpack_from(body)
                    grid.put(row, column, cells[kind](body, style & 0xFFFFFF))
                    if kind in (8, 9, 10, 11) and len(body) > 16:
                        around.update(dict.fromkeys(_constants(kind, body)))
                elif kind == _MARGINS:
                    margins += strings(body[2:])
                elif kind != 1:
                    around.update(dict.fromkeys(strings(body)))
            except (struct.error, IndexError):
                damaged += 1
        yield from grid.contents(location, visibility, self.limits)
        if damaged:
            yield Gap(location, "unreadable", "cells that are damaged")
        text = without_codes("\n".join(margins))
        yield from self.package.text(text, f"{where} headers and footers", hidden)
        yield from self.package.text("\n".join(around), f"{where} around")

    def _words(self, key: str) -> Iterator[Content]:
        """Comments, tables, links, connections, queries and caches: every string in the part."""
        found: list[str] = []
        for kind, body in self._records(key):
            if kind == _COMMENT:
                found.append(string(body, 1)[0])
            else:
                found += strings(body)
        yield from self.package.text("\n".join(found), key)
        if _RECORDS.match(key):
            yield self.package.gap(key, "no-reader", "no reader for rows of a pivot cache")


def _constants(kind: int, body: bytes) -> list[str]:
    """Strings in a formula (ptgStr): a 16-bit length before them."""
    start = string(body, 8)[1] if kind == 8 else 16 if kind == 9 else 9
    tokens = body[start + 6 :]
    out: list[str] = []
    at = tokens.find(b"\x17")
    while 0 <= at <= len(tokens) - 3:
        length = tokens[at + 1] | tokens[at + 2] << 8
        end = at + 3 + length * 2
        text = tokens[at + 3 : end].decode("utf-16-le", "replace") if end <= len(tokens) else ""
        if text and text.isprintable():
            out.append(text)
            at = end - 1
        at = tokens.find(b"\x17", at + 1)
    return out


def _flag(value: int) -> str:
    return "TRUE" if value else "FALSE"
