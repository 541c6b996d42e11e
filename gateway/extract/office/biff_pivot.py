"""Pivot cache streams of XLS: the source rows that a pivot table keeps ([MS-XLS] 2.1.7.20.7)."""

from __future__ import annotations

import struct
from typing import Iterator

from gateway.extract.office.biff_records import Cut, counted_string, records
from gateway.extract.office.cell_grid import number_text
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Location, Part

_FIELD, _ROW, _FILEPASS = 0xC7, 0xC8, 0x2F
_VALUES = frozenset((0xC9, 0xCA, 0xCB, 0xCC, 0xCD, 0xCE, 0xCF))
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!",
           42: "#N/A"}  # fmt: skip


class _Field:
    """A column of the cache; `shared` are its values where rows refer to them by number."""

    def __init__(self, body: bytes) -> None:
        flags = struct.unpack_from("<H", body)[0]
        self.listed = bool(flags & 1)
        self.long = bool(flags & 0x200)
        self.name = counted_string(body, 14)[0]
        self.shared: list[str] = []
        self.derived = bool(flags & 0x10)  # grouped or calculated: not in the rows


def read_pivot_stream(
    part: Part, location: Location, stream: bytes, limits: ReadLimits
) -> Iterator[Content]:
    """One hidden Table: names of the columns, then the rows."""
    fields: list[_Field] = []
    rows: list[list[str]] = []
    waiting: list[int] = []
    cells, cut, damaged = 0, "", False
    try:
        for kind, _, body, _ in records(stream):
            if kind == _FILEPASS:
                yield Gap(location, "encrypted", "a pivot cache that needs a password")
                return
            if kind == _FIELD:
                fields.append(_Field(body))
            elif kind == _ROW:
                row, waiting = _row(body, fields)
                rows.append(row)
                cells += len(row)
            elif kind in _VALUES:
                if rows:
                    if not waiting:  # no field has values listed: a row begins with its first value
                        rows.append([""] * len(fields))
                        cells += len(fields)
                        waiting = [i for i, f in enumerate(fields) if not f.derived]
                    rows[-1][waiting.pop(0)] = _value(kind, body)
                elif fields and len(fields[-1].shared) < limits.cells:
                    fields[-1].shared.append(_value(kind, body))
            if cells > limits.cells:
                cut = f"more than {limits.cells} cells"
                break
    except (Cut, struct.error, IndexError):
        damaged = True
    names = [field.name for field in fields]
    if not rows and fields and not any(field.shared or field.listed for field in fields[:-1]):
        # No field has values listed: all of them are rows, one after the other.
        flat, width = fields[-1].shared, len(fields)
        rows = [flat[at : at + width] for at in range(0, len(flat), width)]
    elif not rows and fields:
        width = max(len(field.shared) for field in fields)
        columns = [field.shared + [""] * (width - len(field.shared)) for field in fields]
        rows = [list(row) for row in zip(*columns, strict=True)]
    if fields:
        yield Table(location, [names, *rows], "hidden", len(rows) + 1, "workbook")
    if cut:
        yield Gap(location, "limit", cut)
    if damaged or not fields:
        yield Gap(location, "unreadable", "a damaged pivot cache")


def _row(body: bytes, fields: list[_Field]) -> tuple[list[str], list[int]]:
    """The values given by number, and the columns whose values follow (SXDBB, 2.4.276)."""
    row = [""] * len(fields)
    at, waiting = 0, []
    for index, field in enumerate(fields):
        if field.derived:
            continue
        if not (field.listed and field.shared):
            waiting.append(index)
            continue
        number = struct.unpack_from("<H", body, at)[0] if field.long else body[at]
        at += 2 if field.long else 1
        row[index] = field.shared[number] if number < len(field.shared) else ""
    return row, waiting


def _value(kind: int, body: bytes) -> str:
    if kind == 0xC9:
        return number_text(struct.unpack_from("<d", body)[0])
    if kind == 0xCA:
        return "TRUE" if body[0] else "FALSE"
    if kind == 0xCB:
        return _ERRORS.get(body[0], "#ERR")
    if kind == 0xCC:
        return str(struct.unpack_from("<h", body)[0])
    if kind == 0xCD:
        return counted_string(body, 0)[0]
    if kind == 0xCE:
        year, month, day, hour, minute, second = struct.unpack_from("<HHBBBB", body)
        time = f" {hour:02}:{minute:02}:{second:02}" if hour or minute or second else ""
        return f"{year:04}-{month:02}-{day:02}{time}"
    return ""
