"""Property sets of compound files: title, author, and what people and label tools add ([MS-OLEPS])."""

from __future__ import annotations

import struct
import uuid
from datetime import datetime, timedelta

from gateway.extract.office.container import ContainerFault
from gateway.extract.office.text_runs import wide_runs

_SUMMARY = uuid.UUID("f29f85e0-4ff9-1068-ab91-08002b27b3d9")
_DOCUMENT = uuid.UUID("d5cdd502-2e9c-101b-9397-08002b2cf9ae")
_NAMES = {
    _SUMMARY: {2: "title", 3: "subject", 4: "author", 5: "keywords", 6: "comments", 7: "template",
               8: "last author", 9: "revision", 10: "editing time", 11: "printed", 12: "created",
               13: "saved", 14: "pages", 15: "words", 16: "characters", 18: "application"},
    _DOCUMENT: {2: "category", 3: "presentation format", 13: "titles of parts", 14: "manager",
                15: "company", 26: "content type", 27: "content status", 28: "language",
                29: "document version"},
}  # fmt: skip
_VECTOR = 0x1000
MAX_PROPERTIES = 10_000


def read_property_sets(stream: bytes) -> tuple[list[tuple[str, str]], bool]:
    """(name, value) pairs of every set in the stream, and whether there are damaged ones besides.
    Raises ContainerFault where nothing can be read."""
    try:
        if struct.unpack_from("<H", stream)[0] != 0xFFFE:
            raise ContainerFault("unreadable", "damaged document properties")
        count = struct.unpack_from("<I", stream, 24)[0]
        out: list[tuple[str, str]] = []
        damaged = count > 16
        for index in range(min(count, 16)):
            kind, offset = struct.unpack_from("<16sI", stream, 28 + index * 20)
            items, lost = _read_set(stream, uuid.UUID(bytes_le=kind), offset)
            out += items
            damaged |= lost
        return out, damaged
    except (struct.error, IndexError, ValueError, OverflowError):
        raise ContainerFault("unreadable", "damaged document properties") from None


def _read_set(stream: bytes, kind: uuid.UUID, start: int) -> tuple[list[tuple[str, str]], bool]:
    count = struct.unpack_from("<I", stream, start + 4)[0]
    if count > MAX_PROPERTIES:
        raise ContainerFault("limit", f"more than {MAX_PROPERTIES} document properties")
    places = dict(struct.unpack_from("<II", stream, start + 8 + i * 8) for i in range(count))
    charset = "cp1252"
    if 1 in places:
        charset = _charset(struct.unpack_from("<H", stream, start + places[1] + 4)[0])
    names = dict(_NAMES.get(kind, {}))
    if 0 in places:
        names |= _dictionary(stream, start + places[0], charset)
    out: list[tuple[str, str]] = []
    damaged = False
    for number, offset in places.items():
        if number in (0, 1, 0x80000000):
            continue
        try:
            type_ = struct.unpack_from("<I", stream, start + offset)[0]
            value = _Value(stream, start + offset + 4, charset).read(type_ & 0xFFFF)
        except (struct.error, ValueError, OverflowError):
            damaged = True
            continue
        if value:
            out.append((names.get(number, f"property {number}"), value))
    return out, damaged


def _charset(number: int) -> str:
    if number == 1200:
        return "utf-16-le"
    name = "utf-8" if number == 65001 else "mac-roman" if number == 10000 else f"cp{number}"
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name


def _dictionary(stream: bytes, at: int, charset: str) -> dict[int, str]:
    names: dict[int, str] = {}
    count = struct.unpack_from("<I", stream, at)[0]
    at += 4
    for _ in range(min(count, MAX_PROPERTIES)):
        number, length = struct.unpack_from("<II", stream, at)
        size = length * 2 if charset == "utf-16-le" else length
        names[number] = stream[at + 8 : at + 8 + size].decode(charset, "replace").rstrip("\0")
        at += 8 + size + (-size % 4 if charset == "utf-16-le" else 0)
    return names


class _Value:
    """One typed value, read from `at` on (2.15)."""

    def __init__(self, stream: bytes, at: int, charset: str) -> None:
        self.stream, self.at, self.charset = stream, at, charset

    def read(self, kind: int) -> str:
        if kind & _VECTOR:
            count = self._take("<I")
            kind &= ~_VECTOR
            if count > MAX_PROPERTIES:
                raise ContainerFault("limit", "a document property of too many values")
            return "\n".join(filter(None, (self._item(kind) for _ in range(count))))
        return self._item(kind)

    def _item(self, kind: int) -> str:
        if kind == 12:
            kind = self._take("<I") & 0xFFFF
        if kind in (30, 31, 8):
            length = self._take("<I")
            size = length * 2 if kind == 31 else length
            raw = self.stream[self.at : self.at + size]
            # Strings of bytes stand side by side in lists, whatever 2.11 says of padding.
            self.at += size + (-size % 4 if kind == 31 else 0)
            charset = "utf-16-le" if kind == 31 else self.charset
            return raw.decode(charset, "replace").partition("\0")[0]
        if kind == 65:  # links, as a list of strings in UTF-16
            length = self._take("<I")
            return "\n".join(wide_runs(self.stream[self.at : self.at + length]))
        if kind == 64:
            ticks = self._take("<Q")
            if ticks > 94_354_848_000_000_000:  # after 1900; less is a span of time
                return (datetime(1601, 1, 1) + timedelta(microseconds=ticks // 10)).isoformat(" ")
            return str(ticks // 10_000_000) if ticks else ""
        form = {2: "<h2x", 18: "<H2x", 3: "<i", 22: "<i", 19: "<I", 23: "<I", 11: "<H2x",
                4: "<f", 5: "<d", 20: "<q", 21: "<Q"}.get(kind)  # fmt: skip
        if form is None:
            return ""  # a preview picture, or bytes of no meaning to people
        value = self._take(form)
        return ("true" if value else "false") if kind == 11 else f"{value:.15g}"

    def _take(self, form: str) -> int:
        found = struct.unpack_from(form, self.stream, self.at)[0]
        self.at += struct.calcsize(form)
        return found  # type: ignore[no-any-return]
