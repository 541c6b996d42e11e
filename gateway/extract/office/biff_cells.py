"""Cell records of BIFF2 to BIFF8, as texts in a Grid ([MS-XLS] 2.4)."""

from __future__ import annotations

import struct
from typing import Callable

from gateway.extract.office.biff_records import counted_string
from gateway.extract.office.cell_grid import Grid, moment_text, number_text
from gateway.extract.office.sheet_values import NUMBER

_HEAD = struct.Struct("<HHHHH")
_CELL = struct.Struct("<HHH")
_PACKED = struct.Struct("<Hi")
_F64 = struct.Struct("<d")
_I32 = struct.Struct("<i")
_U32 = struct.Struct("<I")
_U16 = struct.Struct("<H")
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!",
           42: "#N/A"}  # fmt: skip
CELLS = frozenset((0xFD, 0x203, 0x27E, 0xBD, 0x204, 0xD6, 0x06, 0x206, 0x406, 0x205,
                   0x01, 0x02, 0x03, 0x04, 0x05, 0x07, 0x207))  # fmt: skip
BLANK = frozenset((0x201, 0xBE))


class Book:
    """What cells need from the rest of the workbook. `used` are shared strings met."""

    def __init__(self) -> None:
        self.version = 8
        self.charset = "cp1252"
        self.date_1904 = False
        self.strings: list[str] = []
        self.used: set[int] = set()
        # Per cell style: shown as NUMBER, DATE or TIME.
        self.styles: list[int] = []

    def number(self, value: float, style: int) -> str:
        if style < len(self.styles) and self.styles[style] != NUMBER:
            return moment_text(value, self.date_1904)
        return number_text(value)

    def string(self, body: bytes, offset: int, wide_count: bool = True) -> str:
        """A counted string as this version writes it."""
        if self.version >= 8:
            return counted_string(body, offset)[0]
        if wide_count:
            length, start = _U16.unpack_from(body, offset)[0], offset + 2
        else:
            length, start = body[offset], offset + 1
        return body[start : start + length].decode(self.charset, "replace")


class Cells:
    """Fills `grid` record by record; `formulas` are constants in them that no cell may show."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.grid = Grid()
        self.formulas: list[bytes] = []
        self.damaged = 0
        self._pending: tuple[int, int] | None = None
        self._by_kind: dict[int, Callable[[bytes], None]] = {
            0xFD: self._shared, 0x203: self._number, 0x27E: self._packed, 0xBD: self._many,
            0x204: self._label, 0xD6: self._label, 0x06: self._formula, 0x206: self._formula,
            0x406: self._formula, 0x205: self._boolean, 0x207: self._result, 0x07: self._result,
            0x02: self._old_integer, 0x03: self._old_number, 0x04: self._old_label,
            0x05: self._old_boolean,
        }  # fmt: skip

    def run(self, stream: bytes, at: int) -> int:
        """Take the plain cells from `at` on, at speed; where the first other record begins."""
        head, rows, strings = _HEAD.unpack_from, self.grid.rows, self.book.strings
        used, styles, end = self.book.used.add, self.book.styles, len(stream) - 18
        last, cells = -1, dict[int, str]()
        while at <= end:
            kind, size, row, column, style = head(stream, at)
            if kind == 0xBD and at + 4 + size <= end:
                self._many(stream[at + 4 : at + 4 + size])
                at += 4 + size
                continue
            if ((kind != 0xFD and kind != 0x27E) or size != 10) and (kind != 0x203 or size != 14):
                return at
            if kind == 0xFD:
                index = _U32.unpack_from(stream, at + 10)[0]
                if index >= len(strings):
                    return at
                used(index)
                text = strings[index]
            elif style < len(styles) and styles[style] != NUMBER:
                return self._one(kind, stream, at, size)
            elif kind == 0x203:
                text = number_text(_F64.unpack_from(stream, at + 10)[0])
            else:
                raw = _I32.unpack_from(stream, at + 10)[0]
                text = (
                    str(raw >> 2) if raw & 3 == 2 else number_text(packed_number(stream, at + 10))
                )
            if row != last:
                cells = rows.setdefault(row, {})
                last = row
            if text:
                cells[column] = text
            at += 4 + size
        return at

    def _one(self, kind: int, stream: bytes, at: int, size: int) -> int:
        self.take(kind, stream[at + 4 : at + 4 + size])
        return at + 4 + size

    def take(self, kind: int, body: bytes) -> None:
        try:
            self._by_kind[kind](body)
        except KeyError:
            return  # blank cells
        except (struct.error, IndexError, ValueError, OverflowError):
            self.damaged += 1

    def _shared(self, body: bytes) -> None:
        row, column, _ = _CELL.unpack_from(body)
        index = _U32.unpack_from(body, 6)[0]
        self.book.used.add(index)
        self.grid.put(row, column, self.book.strings[index])

    def _number(self, body: bytes) -> None:
        row, column, style = _CELL.unpack_from(body)
        self.grid.put(row, column, self.book.number(_F64.unpack_from(body, 6)[0], style))

    def _packed(self, body: bytes) -> None:
        row, column, style = _CELL.unpack_from(body)
        self.grid.put(row, column, self.book.number(packed_number(body, 6), style))

    def _many(self, body: bytes) -> None:
        row, column = struct.unpack_from("<HH", body)
        cells, styles = self.grid.rows.setdefault(row, {}), self.book.styles
        for style, raw in _PACKED.iter_unpack(body[4 : 4 + (len(body) - 6) // 6 * 6]):
            if raw & 3 == 2 and (style >= len(styles) or styles[style] == NUMBER):
                cells[column] = str(raw >> 2)
            else:
                cells[column] = self.book.number(unpacked_number(raw), style)
            column += 1

    def _label(self, body: bytes) -> None:
        row, column, _ = _CELL.unpack_from(body)
        self.grid.put(row, column, self.book.string(body, 6))

    def _boolean(self, body: bytes) -> None:
        row, column, _ = _CELL.unpack_from(body)
        self.grid.put(row, column, _flag(body[6], body[7]))

    def _formula(self, body: bytes) -> None:
        if self.book.version == 2:
            row, column = struct.unpack_from("<HH", body)
            style, at = 0, 7
        else:
            row, column, style = _CELL.unpack_from(body)
            at = 6
        result = body[at : at + 8]
        if result[6:8] != b"\xff\xff":
            self.grid.put(row, column, self.book.number(_F64.unpack(result)[0], style))
        elif result[0] == 0:
            self._pending = (row, column)
        elif result[0] in (1, 2):
            self.grid.put(row, column, _flag(result[2], result[0] - 1))
        self.constants(body[at + 10 :])

    def constants(self, tokens: bytes) -> None:
        """Keep a formula that may hold a string (ptgStr, 2.5.198.89)."""
        if b"\x17" in tokens and len(self.formulas) < 100_000:
            self.formulas.append(tokens)

    def _result(self, body: bytes) -> None:
        if self._pending is not None:
            row, column = self._pending
            self._pending = None
            self.grid.put(row, column, self.book.string(body, 0, self.book.version > 2))

    def _old_integer(self, body: bytes) -> None:
        row, column = struct.unpack_from("<HH", body)
        self.grid.put(row, column, str(_U16.unpack_from(body, 7)[0]))

    def _old_number(self, body: bytes) -> None:
        row, column = struct.unpack_from("<HH", body)
        self.grid.put(row, column, number_text(_F64.unpack_from(body, 7)[0]))

    def _old_label(self, body: bytes) -> None:
        row, column = struct.unpack_from("<HH", body)
        self.grid.put(row, column, self.book.string(body, 7, False))

    def _old_boolean(self, body: bytes) -> None:
        row, column = struct.unpack_from("<HH", body)
        self.grid.put(row, column, _flag(body[7], body[8]))


def packed_number(body: bytes, offset: int) -> float:
    """RkNumber (2.5.217): an integer, or the upper part of a double, perhaps in hundredths."""
    return unpacked_number(_I32.unpack_from(body, offset)[0])


def unpacked_number(raw: int) -> float:
    """The value of an RkNumber as it stands."""
    if raw & 2:
        value = float(raw >> 2)
    else:
        value = _F64.unpack(b"\0\0\0\0" + struct.pack("<I", raw & 0xFFFFFFFC))[0]
    return value / 100 if raw & 1 else value


def _flag(value: int, is_error: int) -> str:
    return _ERRORS.get(value, "#ERR") if is_error else "TRUE" if value else "FALSE"
