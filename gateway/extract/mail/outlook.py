"""MSG files ([MS-OXMSG]): a message, its recipients and attachments, and messages inside it.

A compound file of streams named after properties. Streams that the format does not know are
handed on as files: nothing in the container goes unread.
"""

from __future__ import annotations

import io
import re
import struct
from dataclasses import dataclass, replace
from typing import Any, Iterator

from gateway.extract.mail import mapi
from gateway.extract.mail.mapi import Bag, Property
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_VALUE = re.compile(r"__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})(?:-([0-9A-F]{8}))?", re.I)
_NAMED = "__nameid_version1.0"
_FIXED = "__properties_version1.0"
_EMBEDDED = "__substg1.0_3701000d"
_STRINGS = {mapi.TEXT8, mapi.TEXT16}
_NAMES_FROM = 0x8000
_FREE_SECTOR = 0xFFFFFFFF
Path = tuple[str, ...]


def read_outlook(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """The message and all that it embeds; damage of one piece costs that piece."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(part.content)) as file:
            tree = _Tree.of(file, limits.entries)
            if tree.more:
                yield Gap(part.location, "limit", f"more than {limits.entries} streams")
            yield from _Reader(file, tree, limits).item(part, (), limits.nested)
            yield from _behind(part, file)
            if file.parsing_issues:
                yield Gap(part.location, "unreadable", "the compound file is damaged")
    except (OSError, ValueError, struct.error, IndexError) as error:
        detail = f"a damaged Outlook message ({type(error).__name__})"
        yield Gap(part.location, "unreadable", detail)


def _behind(part: Part, file: Any) -> Iterator[Content]:
    """What stands behind the last sector that is in use."""
    sectors = [index for index, next in enumerate(file.fat) if next != _FREE_SECTOR]
    end = ((sectors[-1] if sectors else 0) + 2) * file.sector_size
    tail = part.content[end:].strip(b"\0\xff")
    if tail:
        number = f"{part.number}!behind"
        yield Part(number, "application/octet-stream", "attachment", tail, None, "", part.depth + 1)


@dataclass(frozen=True, slots=True)
class _Tree:
    """The names below each storage, streams and storages apart."""

    streams: dict[Path, list[str]]
    storages: dict[Path, list[str]]
    more: bool

    @staticmethod
    def of(file: Any, most: int) -> _Tree:
        streams: dict[Path, list[str]] = {}
        storages: dict[Path, list[str]] = {}
        listed = file.listdir(streams=True, storages=True)
        for path in listed[:most]:
            kind = streams if file.get_type(path) == 2 else storages
            kind.setdefault(tuple(path[:-1]), []).append(path[-1])
        return _Tree(streams, storages, len(listed) > most)


class _Reader:
    """One open file."""

    def __init__(self, file: Any, tree: _Tree, limits: ReadLimits) -> None:
        self._file, self._tree, self._limits = file, tree, limits
        self._left = limits.expanded_bytes
        self._faults: list[str] = []
        self._names = self._named()

    def item(self, part: Part, at: Path, nesting: int) -> Iterator[Content]:
        if nesting <= 0:
            yield Gap(part.location, "limit", "nested too deeply")
            return
        bag = self._bag(at, 32 if not at else 24)
        if not bag:
            yield Gap(part.location, "unreadable", "an Outlook message without properties")
        yield from mapi.read_item(part, bag, self._limits)
        people: Bag = []
        index = 0
        for storage in self._tree.storages.get(at, ()):
            here, lowered = (*at, storage), storage.lower()
            if lowered.startswith("__recip_version1.0"):
                people += self._bag(here, 8)
                yield from self._unknown(part, here)
            elif lowered.startswith("__attach_version1.0"):
                index += 1
                yield from self._attachment(part, here, index, nesting)
            elif lowered == _NAMED:
                yield from self._unknown(part, here)
            else:
                yield from self._strangers(part, here)
        yield from mapi.read_people(part, people, self._limits)
        yield from self._unknown(part, at)
        for fault in dict.fromkeys(self._faults):
            yield Gap(part.location, "unreadable", fault)
        self._faults.clear()

    def _attachment(self, part: Part, at: Path, index: int, nesting: int) -> Iterator[Content]:
        bag = self._bag(at, 8)
        inner = next((n for n in self._tree.storages.get(at, ()) if n.lower() == _EMBEDDED), "")
        yield from mapi.read_file(
            part,
            index,
            [*bag, Property(mapi.DATA, mapi.OBJECT, b"")] if inner else bag,
            self._limits,
        )
        name = mapi.text_of(bag, mapi.LONG_NAME) or mapi.text_of(bag, mapi.NAME) or None
        here = replace(part, number=f"{part.number}!{index}", name=name, depth=part.depth + 1)
        if inner:
            if _FIXED in self._tree.streams.get((*at, inner), ()):
                yield from self.item(here, (*at, inner), nesting - 1)
            else:
                yield from self._strangers(here, (*at, inner))  # an OLE object
        for storage in self._tree.storages.get(at, ()):
            if storage != inner:
                yield from self._strangers(here, (*at, storage))
        yield from self._unknown(here, at)

    def _unknown(self, part: Part, at: Path) -> Iterator[Content]:
        """Streams that hold no property."""
        for name in self._tree.streams.get(at, ()):
            if not _VALUE.fullmatch(name) and name != _FIXED:
                yield from self._file_of(part, (*at, name))

    def _strangers(self, part: Part, at: Path) -> Iterator[Content]:
        for name in self._tree.streams.get(at, ()):
            yield from self._file_of(part, (*at, name))
        for name in self._tree.storages.get(at, ()):
            yield from self._strangers(part, (*at, name))

    def _file_of(self, part: Part, path: Path) -> Iterator[Content]:
        content = self._stream(path)
        if content:
            name = "".join(c for c in path[-1] if c.isprintable())
            number = f"{part.number}!{name[:40]}"
            yield Part(
                number, "application/octet-stream", "attachment", content, name, "", part.depth + 1
            )

    def _stream(self, path: Path) -> bytes:
        try:
            size = self._file.get_size(list(path))
            if size > self._left:
                self._faults.append("more bytes than are unpacked")
                return b""
            self._left -= size
            content: bytes = self._file.openstream(list(path)).read()
        except (OSError, ValueError, struct.error, IndexError):
            self._faults.append("a stream of the message cannot be read")
            return b""
        if len(content) < size:
            self._faults.append("a stream of the message ends too early")
        return content

    def _bag(self, at: Path, header: int) -> Bag:
        streams = self._tree.streams.get(at, [])
        fixed = self._stream((*at, _FIXED)) if _FIXED in streams else b""
        bag: Bag = []
        expected: set[str] = set()
        for start in range(header, len(fixed) - 15, 16):
            kind, id, _, value = struct.unpack_from("<HHII", fixed, start)
            if kind in (2, 3, 11):
                bag.append(Property(id, kind, value))
            elif kind in (*_STRINGS, mapi.BINARY) and value > 2 and id < _NAMES_FROM:
                expected.add(f"__substg1.0_{id:04x}{kind:04x}")
        codepage = next((int(p.value) for p in bag if p.id in (0x3FFD, 0x3FDE)), 1252)
        for name in streams:
            expected.discard(name.lower())
            match = _VALUE.fullmatch(name)
            if not match:
                continue
            id, kind = int(match[1], 16), int(match[2], 16)
            if kind & 0x1000 and not match[3]:
                continue  # the lengths of a property of several values
            content = self._stream((*at, name))
            value = _value(content, kind & ~0x1000, codepage)
            bag.append(Property(id, kind & ~0x1000, value, self._names.get(id, "")))
        if expected:
            self._faults.append("a property of the message is missing")
        return bag

    def _named(self) -> dict[int, str]:
        """The names of named properties ([MS-OXMSG] section 2.2.3)."""
        names: dict[int, str] = {}
        if not self._tree.streams.get((_NAMED,)):
            return names
        entries = self._stream((_NAMED, "__substg1.0_00030102"))
        strings = self._stream((_NAMED, "__substg1.0_00040102"))
        for start in range(0, len(entries) - 7, 8):
            key, kind = struct.unpack_from("<II", entries, start)
            if kind & 1 and key + 4 <= len(strings):
                size = struct.unpack_from("<I", strings, key)[0]
                name = strings[key + 4 : key + 4 + size].decode("utf-16-le", "replace")
                names[_NAMES_FROM + (kind >> 16)] = name
        return names


def _value(content: bytes, kind: int, codepage: int) -> str | bytes:
    if kind == mapi.TEXT16:
        return content.decode("utf-16-le", "replace").rstrip("\0")
    if kind == mapi.TEXT8:
        return decode_codepage(content, codepage)
    return content


def decode_codepage(content: bytes, codepage: int) -> str:
    """Eight-bit text; UTF-8 where it is, whatever the code page says."""
    content = content.rstrip(b"\0")
    for name in ("utf-8", {20127: "ascii", 65001: "utf-8"}.get(codepage, f"cp{codepage}")):
        try:
            return content.decode(name)
        except (LookupError, UnicodeError):
            continue
    return content.decode("cp1252", "replace")
