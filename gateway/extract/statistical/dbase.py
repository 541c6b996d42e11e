"""dBase and FoxPro tables (DBF), deleted records and all: deletion only marks a record.

Memo fields keep their text in a second file, which is a gap where a record points to it.
"""

from __future__ import annotations

import datetime
import re
import struct
from dataclasses import dataclass
from typing import Iterator

from gateway.extract.readable_runs import readable_runs
from gateway.extract.statistical.column_text import cell_text, date_after, number_text
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_SEVEN = frozenset((0x04, 0x8C))
_FOXPRO = frozenset((0x30, 0x31, 0x32))
_DELETED, _LIVE = 0x2A, 0x20
_LOGICAL = {"T": "TRUE", "Y": "TRUE", "F": "FALSE", "N": "FALSE"}
# The widths of what points into a memo file: four bytes, or ten digits.
_POINTERS = (4, 10)
_END = b"\x1a"
# Language drivers: "dBASE Table File Format", appendix; those not listed are taken for western.
_CHARSETS = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x04: "mac-roman", 0x08: "cp865", 0x09: "cp437",
    0x0A: "cp850", 0x0B: "cp437", 0x0D: "cp437", 0x0E: "cp850", 0x0F: "cp437", 0x10: "cp850",
    0x11: "cp437", 0x12: "cp850", 0x13: "cp932", 0x14: "cp850", 0x15: "cp437", 0x16: "cp850",
    0x17: "cp865", 0x18: "cp437", 0x19: "cp437", 0x1A: "cp850", 0x1B: "cp437", 0x1C: "cp863",
    0x1D: "cp850", 0x1F: "cp852", 0x22: "cp852", 0x23: "cp852", 0x24: "cp860", 0x25: "cp850",
    0x26: "cp866", 0x37: "cp850", 0x40: "cp852", 0x4D: "cp936", 0x4E: "cp949", 0x4F: "cp950",
    0x50: "cp874", 0x57: "cp1252", 0x58: "cp1252", 0x59: "cp1252", 0x64: "cp852", 0x65: "cp866",
    0x66: "cp865", 0x67: "cp861", 0x6A: "cp737", 0x6B: "cp857", 0x78: "cp950", 0x79: "cp949",
    0x7A: "cp936", 0x7B: "cp932", 0x7C: "cp874", 0x7D: "cp1255", 0x7E: "cp1256", 0x86: "cp737",
    0x87: "cp852", 0x88: "cp857", 0x96: "mac-cyrillic", 0x97: "mac-latin2", 0x98: "mac-greek",
    0xC8: "cp1250", 0xC9: "cp1251", 0xCA: "cp1254", 0xCB: "cp1253", 0xCC: "cp1257",
}  # fmt: skip
_DAY = re.compile(rb"(\d{4})(\d\d)(\d\d)")
# Julian day number 1721425 is 1 January of the year 1.
_FIRST_DAY = 1721425
_ORIGIN = datetime.datetime(1, 1, 1)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    kind: str
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the header says. `slack` is what stands in it behind the fields."""

    claimed: int
    header: int
    width: int
    fields: tuple[_Field, ...]
    charset: str
    foxpro: bool
    slack: bytes


def read_dbase(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Live records as one Table, deleted ones as a hidden one."""
    content, location = part.content, part.location
    layout = _layout(content)
    if layout is None or not layout.fields:
        yield Gap(location, "unreadable", "the header cannot be read")
        return
    if content[15] == 1:
        yield Gap(location, "encrypted", "an encrypted dBase table")
        return
    yield from readable_runs(location.at("header"), layout.slack, limits)
    names = [field.name for field in layout.fields][: limits.columns]
    most = limits.cells // len(names)
    records = _Records(content, layout, len(names))
    live: list[list[str]] = []
    deleted: list[list[str]] = []
    beyond: list[list[str]] = []
    for index, (mark, cells) in enumerate(records):
        if index >= most:
            yield Gap(location, "limit", f"more than {limits.cells} cells")
            break
        (beyond if index >= layout.claimed else deleted if mark == _DELETED else live).append(cells)
    total = len(live) + 1
    yield Table(location, [names, *live], total_rows=total, form="database")
    for where, rows in (("deleted records", deleted), ("records beyond the count", beyond)):
        if rows:
            yield Table(
                location.at(where), [names, *rows], "hidden",
                total_rows=len(rows) + 1, form="database",
            )  # fmt: skip
    yield from _faults(part, layout, records, limits)


def _faults(
    part: Part, layout: _Layout, records: _Records, limits: ReadLimits
) -> Iterator[Content]:
    location = part.location
    if records.memos:
        yield Gap(location, "unreadable", f"{records.memos} memo texts are in a file of their own")
    if len(layout.fields) > limits.columns:
        yield Gap(location, "limit", f"more than {limits.columns} columns")
    if not records.finished:
        return
    if records.count < layout.claimed:
        missing = layout.claimed - records.count
        yield Gap(location, "unreadable", f"{missing} of {layout.claimed} records are missing")
    tail = part.content[records.end :]
    if tail.strip(b"\0\x1a \r\n"):
        yield Part(
            f"{part.number}!1", "application/octet-stream", "attachment", tail,
            "data after the end", "", part.depth + 1,
        )  # fmt: skip


def _layout(content: bytes) -> _Layout | None:
    if len(content) < 65:
        return None
    claimed, header, width = struct.unpack_from("<IHH", content, 4)
    version = content[0]
    size, at = (
        (48, 68) if version in _SEVEN and content[64:68] != b"" and _is_seven(content) else (32, 32)
    )
    charset = _CHARSETS.get(content[29], "")
    fields, start = [], 1
    while at + size <= min(header, len(content)) and content[at] not in (0x0D, 0):
        entry = content[at : at + size]
        head = 32 if size == 48 else 11
        name = entry[:head].split(b"\0")[0].decode(charset or "cp1252", "replace").strip()
        kind = chr(entry[head])
        length = entry[head + 1] if size == 48 else entry[16]
        if kind == "C" and size == 32:
            length += entry[17] << 8
        if not length or start + length > width:
            break
        fields.append(_Field(name, kind, start, length))
        start += length
        at += size
    if start < width:
        # What no field covers may be hidden there.
        fields.append(_Field("", "C", start, width - start))
    if width < 2 or header < 33:
        return None
    slack = content[at : min(header, len(content))]
    return _Layout(claimed, header, width, tuple(fields), charset, version in _FOXPRO, slack)


def _is_seven(content: bytes) -> bool:
    """dBase 7 describes fields from byte 68 on, 48 bytes each, under names of up to 32."""
    return content[32:64].strip(b"\0 ").isascii() and content[68 + 32 : 68 + 33].isalpha()


class _Records:
    """The records one by one, as (mark, cells)."""

    def __init__(self, content: bytes, layout: _Layout, columns: int) -> None:
        self._content, self._layout = content, layout
        self._fields = layout.fields[:columns]
        # Whether a field is empty and how long it is: two bits for each at most.
        self._flags = (2 * len(layout.fields) + 7) // 8
        self.memos = self.count = 0
        self.end = layout.header
        self.finished = False

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        content, layout = self._content, self._layout
        while self.end + layout.width <= len(content):
            mark = content[self.end]
            if mark not in (_DELETED, _LIVE) and self.count >= layout.claimed:
                break
            if content[self.end : self.end + 1] == _END:
                break
            record = content[self.end : self.end + layout.width]
            self.end += layout.width
            self.count += 1
            yield mark, [self._cell(field, record) for field in self._fields]
        self.finished = True

    def _cell(self, field: _Field, record: bytes) -> str:
        raw = record[field.start : field.start + field.width]
        kind = field.kind
        if kind in "CV":
            return self._text(raw)
        if kind in "NF":
            return _number(self._text(raw.strip(b" \0*")))
        if kind == "D":
            match = _DAY.fullmatch(raw)
            return b"-".join(match.groups()).decode("ascii") if match else self._text(raw)
        if kind == "L":
            letter = self._text(raw).strip(" ?")
            return _LOGICAL.get(letter.upper(), letter)
        if kind in "MGPW" or (kind == "B" and not self._layout.foxpro):
            if len(raw) not in _POINTERS:
                return self._text(raw)
            if len(raw) == 10 and raw.strip(b" \0").translate(None, b"0123456789"):
                return self._text(raw)
            if raw.strip(b" \x000"):
                self.memos += 1
            return ""
        return self._binary(kind, raw)

    def _binary(self, kind: str, raw: bytes) -> str:
        if kind in "I+" and len(raw) == 4:
            if self._layout.foxpro:
                return str(struct.unpack("<i", raw)[0])
            # dBase 7 turns the sign over, so that numbers sort as their bytes do.
            return str(struct.unpack(">I", raw)[0] - 0x80000000)
        if kind == "B" and len(raw) == 8:
            return number_text(struct.unpack("<d", raw)[0])
        if kind == "Y" and len(raw) == 8:
            return number_text(struct.unpack("<q", raw)[0] / 10_000)
        if kind in "T@" and len(raw) == 8:
            days, milliseconds = struct.unpack("<Ii", raw)
            if not days:
                return ""
            day = date_after(_ORIGIN, days - _FIRST_DAY)
            clock = datetime.timedelta(milliseconds=milliseconds)
            return f"{day} {clock}" if milliseconds else day
        if kind == "0" and len(raw) <= self._flags:
            return ""
        return self._text(raw) or cell_text(raw.hex() if raw.strip(b"\0") else "")

    def _text(self, raw: bytes) -> str:
        raw = raw.rstrip(b" \0")
        if raw.isascii():
            return raw.decode("ascii").replace("\0", "")
        if not self._layout.charset:
            try:
                return raw.decode("utf-8")
            except UnicodeDecodeError:
                return raw.decode("cp1252", "replace")
        return raw.decode(self._layout.charset, "replace")


def _number(text: str) -> str:
    """As written, without zeros that only fill the field."""
    try:
        return number_text(float(text)) if "." in text or "e" in text.lower() else text.lstrip("+")
    except ValueError:
        return text
