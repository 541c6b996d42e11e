"""Property sets of compound files: title, author, and what people and label tools add ([MS-OLEPS])."""

from __future__ import annotations

import struct
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import prod

from gateway.extract.fault import ContainerFault
from gateway.extract.office.embedded_pictures import clipboard_picture
from gateway.extract.office.text_runs import wide_runs
from gateway.extract.text.code_pages import charset_of

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
_VECTOR, _ARRAY = 0x1000, 0x2000
# Kinds of values (2.15): strings and names of streams; single bytes; bytes with their length.
_STRINGS, _BYTES, _BLOBS = (30, 31, 8, 66, 67, 68, 69, 73), (16, 17), (65, 70, 71)
MAX_PROPERTIES = 10_000


@dataclass(slots=True)
class Properties:
    """(name, value) pairs; `blobs` are bytes among the values, `damaged` says that some were lost."""

    items: list[tuple[str, str]] = field(default_factory=list)
    blobs: list[bytes] = field(default_factory=list)
    damaged: bool = False


def read_property_sets(stream: bytes) -> Properties:
    """What every set in the stream holds. Raises ContainerFault where nothing can be read."""
    try:
        if struct.unpack_from("<H", stream)[0] != 0xFFFE:
            raise ContainerFault("unreadable", "damaged document properties")
        count = struct.unpack_from("<I", stream, 24)[0]
        found = Properties(damaged=count > 16)
        for index in range(min(count, 16)):
            kind, offset = struct.unpack_from("<16sI", stream, 28 + index * 20)
            _read_set(stream, uuid.UUID(bytes_le=kind), offset, found)
        return found
    except (struct.error, IndexError, ValueError, OverflowError):
        raise ContainerFault("unreadable", "damaged document properties") from None


def _read_set(stream: bytes, kind: uuid.UUID, start: int, found: Properties) -> None:
    count = struct.unpack_from("<I", stream, start + 4)[0]
    if count > MAX_PROPERTIES:
        raise ContainerFault("limit", f"more than {MAX_PROPERTIES} document properties")
    places = dict(struct.unpack_from("<II", stream, start + 8 + i * 8) for i in range(count))
    charset = "cp1252"
    if 1 in places:
        number = struct.unpack_from("<H", stream, start + places[1] + 4)[0]
        charset = "utf-16-le" if number == 1200 else charset_of(number)
    names = dict(_NAMES.get(kind, {}))
    if 0 in places:
        names |= _dictionary(stream, start + places[0], charset)
    for number, offset in places.items():
        if number in (0, 1, 0x80000000):
            continue
        try:
            type_ = struct.unpack_from("<I", stream, start + offset)[0]
            value = _Value(stream, start + offset + 4, charset, found.blobs).read(type_ & 0xFFFF)
        except (struct.error, ValueError, OverflowError):
            found.damaged = True
            continue
        if value:
            found.items.append((names.get(number, f"property {number}"), value))


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

    def __init__(self, stream: bytes, at: int, charset: str, blobs: list[bytes]) -> None:
        self.stream, self.at, self.charset, self.blobs = stream, at, charset, blobs

    def read(self, kind: int) -> str:
        if not kind & (_VECTOR | _ARRAY):
            return self._item(kind)
        if kind & _VECTOR:
            count = self._take("<I")
        else:
            kind = self._take("<I") & 0xFFFF
            count = prod([self._take("<I4x") for _ in range(min(self._take("<I"), 31))])
        kind &= ~(_VECTOR | _ARRAY)
        if kind in _BYTES:
            self.blobs.append(self._bytes(count))
            return ""
        if count > MAX_PROPERTIES:
            raise ContainerFault("limit", "a document property of too many values")
        return "\n".join(filter(None, (self._item(kind) for _ in range(count))))

    def _item(self, kind: int) -> str:
        if kind == 12:
            kind = self._take("<I") & 0xFFFF
        if kind == 73:  # a stream's version before its name
            self.at += 16
        if kind in _STRINGS:
            length = self._take("<I")
            size = length * 2 if kind == 31 else length
            raw = self.stream[self.at : self.at + size]
            # Strings of bytes stand side by side in lists, whatever 2.11 says of padding.
            self.at += size + (-size % 4 if kind == 31 else 0)
            charset = "utf-16-le" if kind == 31 else self.charset
            text, _, behind = raw.decode(charset, "replace").partition("\0")
            return "\n".join(filter(None, (text, behind.strip("\0"))))
        if kind in _BLOBS:
            content = self._bytes(self._take("<I"))
            if kind == 71:
                content = clipboard_picture(content) or content
            self.blobs.append(content)
            # Links are a list of strings in UTF-16.
            return "\n".join(wide_runs(content)) if kind == 65 else ""
        if kind == 64:
            ticks = self._take("<Q")
            if ticks > 94_354_848_000_000_000:  # after 1900; less is a span of time
                return (datetime(1601, 1, 1) + timedelta(microseconds=ticks // 10)).isoformat(" ")
            return str(ticks // 10_000_000) if ticks else ""
        if kind == 72:  # a class's number
            self.at += 16
        if kind in (0, 1, 72):
            return ""
        form = {6: "<q", 7: "<d", 10: "<I", 16: "<b3x", 17: "<B3x", 2: "<h2x", 18: "<H2x", 3: "<i", 22: "<i", 19: "<I", 23: "<I", 11: "<H2x",
                4: "<f", 5: "<d", 20: "<q", 21: "<Q"}.get(kind)  # fmt: skip
        if form is None:
            raise ValueError("a value of an unknown kind")
        value = self._take(form)
        return ("true" if value else "false") if kind == 11 else f"{value:.15g}"

    def _bytes(self, size: int) -> bytes:
        content = self.stream[self.at : self.at + size]
        if len(content) < size:
            raise ValueError("a value that is cut off")
        self.at += size
        return content

    def _take(self, form: str) -> int:
        found = struct.unpack_from(form, self.stream, self.at)[0]
        self.at += struct.calcsize(form)
        return found  # type: ignore[no-any-return]
