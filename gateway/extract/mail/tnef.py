"""TNEF streams (winmail.dat, [MS-OXTNEF]): attributes in a row, some of them lists of properties."""

from __future__ import annotations

import struct
from typing import Iterator

from gateway.extract import types
from gateway.extract.mail import mapi
from gateway.extract.mail.mapi import Bag, Property
from gateway.extract.mail.outlook import decode_codepage
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_SIGNATURE = b"\x78\x9f\x3e\x22"
_HEADER = struct.Struct("<BII")
# Attributes ([MS-OXTNEF] section 2.1.3.2), the lower sixteen bits of their identifiers.
_FROM, _SUBJECT, _BODY, _CLASS = 0x8000, 0x8004, 0x800C, 0x8008
_ATTACHED, _TITLE, _METAFILE, _RENDERING, _FILE = 0x800F, 0x8010, 0x8011, 0x9002, 0x9005
_PROPERTIES, _RECIPIENTS, _CODEPAGE, _TRANSPORT_NAME = 0x9003, 0x9004, 0x9007, 0x9001
_DRY = frozenset((0x8005, 0x8006, 0x8007, 0x8009, 0x800A, 0x800B, 0x800D, 0x8012, 0x8013, 0x8020,
                  0x9006, 0x9008, _CODEPAGE, 0x0006, 0x0007, 0x0008, 0x0009))  # fmt: skip
_SIZES = {0: 0, 1: 0, 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 0x40: 8, 0x48: 16}
_VARIABLE = frozenset((mapi.TEXT8, mapi.TEXT16, mapi.BINARY, mapi.OBJECT, 0xFB, 0xFD, 0xFE))
_INTERFACE = 16
_SHORT = 256
_MOST_PROPERTIES = 100_000


class _Damaged(Exception):
    """What follows cannot be told apart; what stands before it is kept."""


def read_tnef(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """The message, its attachments, and messages inside them; the sound part of a damaged one."""
    reader = _Reader(part, limits)
    yield from reader.read()


class _Reader:
    """One stream; attachments are gathered attribute by attribute."""

    def __init__(self, part: Part, limits: ReadLimits) -> None:
        self._part, self._limits = part, limits
        self._codepage = 1252
        self._message: Bag = []
        self._files: list[Bag] = []
        self._faults: list[str] = []
        self._people: Bag = []
        self._unknown: list[bytes] = []

    def read(self) -> Iterator[Content]:
        part = self._part
        self._attributes(part.content)
        yield from mapi.read_item(part, self._message, self._limits)
        yield from mapi.read_people(part, self._people, self._limits)
        for index, bag in enumerate(self._files[: self._limits.entries], 1):
            yield from self._embedded(index, bag)
        if len(self._files) > self._limits.entries:
            yield Gap(part.location, "limit", f"more than {self._limits.entries} attachments")
        for index, content in enumerate(self._unknown, 1):
            yield part.inside(f"attribute {index}", content)
        for fault in dict.fromkeys(self._faults):
            yield Gap(part.location, "unreadable", fault)

    def _embedded(self, index: int, bag: Bag) -> Iterator[Content]:
        """An object begins with the name of its interface; a message is a stream of its own."""
        objects = [p for p in bag if p.id == mapi.DATA and p.kind == mapi.OBJECT]
        bag = [p for p in bag if p not in objects]
        for found in objects:
            if isinstance(found.value, bytes):
                data = found.value[_INTERFACE:]
                bag.append(Property(mapi.DATA, mapi.OBJECT, data))
                if data.startswith(_SIGNATURE):
                    bag = [p for p in bag if p.id != mapi.MIME_TAG]
                    bag.append(Property(mapi.MIME_TAG, mapi.TEXT8, types.TNEF))
        yield from mapi.read_file(self._part, index, bag, self._limits)

    def _attributes(self, content: bytes) -> None:
        if not content.startswith(_SIGNATURE):
            self._faults.append("no TNEF stream")
            return
        position = 6
        while position < len(content):
            if position + _HEADER.size > len(content):
                if content[position:].strip(b"\0\r\n"):
                    self._faults.append("the TNEF stream ends too early")
                return
            level, id, length = _HEADER.unpack_from(content, position)
            if level not in (1, 2):
                if content[position:].strip(b"\0\r\n"):
                    self._faults.append("the TNEF stream is damaged")
                    self._unknown.append(content[position:])
                return
            start = position + _HEADER.size
            value = content[start : start + length]
            position = start + length + 2
            if len(value) < length:
                self._faults.append("the TNEF stream ends too early")
            elif position <= len(content):
                checksum = struct.unpack_from("<H", content, position - 2)[0]
                if sum(value) & 0xFFFF != checksum:
                    self._faults.append("a checksum of the TNEF stream does not fit")
            self._attribute(id & 0xFFFF, value)

    def _attribute(self, id: int, value: bytes) -> None:
        if id == _RENDERING or (
            id in (_ATTACHED, _TITLE, _FILE, _TRANSPORT_NAME, _METAFILE) and not self._files
        ):
            self._files.append([])
        if id == _CODEPAGE and len(value) >= 4:
            self._codepage = struct.unpack_from("<I", value)[0]
        elif id == _PROPERTIES:
            self._message += self._list(value)
        elif id == _FILE:
            self._files[-1] += self._list(value)
        elif id == _RECIPIENTS:
            self._rows(value)
        elif id in (_SUBJECT, _BODY, _CLASS):
            wanted = {_SUBJECT: mapi.SUBJECT, _BODY: mapi.BODY, _CLASS: mapi.MESSAGE_CLASS}[id]
            self._message.append(Property(wanted, mapi.TEXT8, self._text(value)))
        elif id == _FROM:
            sender = self._text(value[8:]).replace("\0", " ")
            self._people.append(Property(mapi.NAME, mapi.TEXT8, sender))
        elif id == _ATTACHED:
            self._files[-1].append(Property(mapi.DATA, mapi.BINARY, value))
        elif id in (_TITLE, _TRANSPORT_NAME):
            self._files[-1].append(Property(mapi.NAME, mapi.TEXT8, self._text(value)))
        elif id == _METAFILE:
            self._files[-1].append(Property(mapi.RENDERING, mapi.BINARY, value))
        elif (id not in _DRY and id != _RENDERING) or len(value) > _SHORT:
            self._unknown.append(value)

    def _text(self, value: bytes) -> str:
        return decode_codepage(value, self._codepage)

    def _rows(self, value: bytes) -> None:
        if len(value) < 4:
            return
        position, count = 4, struct.unpack_from("<I", value)[0]
        if count > self._limits.entries:
            self._faults.append(f"more than {self._limits.entries} recipients")
        for _ in range(min(count, self._limits.entries)):
            if position + 4 > len(value):
                self._faults.append("a list of the TNEF stream ends too early")
                return
            bag, position = self._bag(value, position)
            self._people += bag

    def _list(self, value: bytes) -> Bag:
        return self._bag(value, 0)[0]

    def _bag(self, value: bytes, position: int) -> tuple[Bag, int]:
        """A list of properties ([MS-OXTNEF] section 2.1.3.4), and where it ends."""
        bag: Bag = []
        try:
            count = struct.unpack_from("<I", value, position)[0]
            position += 4
            for _ in range(count):
                position = self._property(value, position, bag)
        except (struct.error, _Damaged):
            self._faults.append("a list of the TNEF stream ends too early")
            return bag, len(value)
        return bag, position

    def _property(self, value: bytes, position: int, bag: Bag) -> int:
        kind, id = struct.unpack_from("<HH", value, position)
        position += 4
        name = ""
        if id >= 0x8000:
            by_name, key = struct.unpack_from("<II", value, position + 16)
            position += 24
            if by_name:
                name = value[position : position + key].decode("utf-16-le", "replace").rstrip("\0")
                position += _padded(key)
        several, kind = kind & 0x1000, kind & 0xEFFF
        variable = kind in _VARIABLE
        if not variable and kind not in _SIZES:
            raise _Damaged
        count = 1
        if several or variable:
            count = struct.unpack_from("<I", value, position)[0]
            position += 4
        for _ in range(count):
            if len(bag) > _MOST_PROPERTIES:
                raise _Damaged
            size = _SIZES.get(kind, 0)
            if variable:
                size = struct.unpack_from("<I", value, position)[0]
                position += 4
            elif not size:
                break
            if position + size > len(value):
                bag.append(Property(id, kind, self._value(value[position:], kind), name))
                raise _Damaged
            bag.append(
                Property(id, kind, self._value(value[position : position + size], kind), name)
            )
            position += _padded(size)
        return position

    def _value(self, raw: bytes, kind: int) -> str | bytes | int:
        if kind == mapi.TEXT16:
            return raw.decode("utf-16-le", "replace").rstrip("\0")
        if kind == mapi.TEXT8:
            return self._text(raw)
        if kind not in _VARIABLE:
            return int.from_bytes(raw[:4], "little")
        return raw


def _padded(size: int) -> int:
    return (size + 3) & ~3
