"""MSG files ([MS-OXMSG]): a message, its recipients and attachments, and messages inside it.

A compound file of streams named after properties. Streams that the format does not know are
handed on as files: nothing in the container goes unread.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, replace
from typing import Iterator

from gateway.extract.fault import ContainerFault
from gateway.extract.magic import type_of_bytes
from gateway.extract.mail import mapi
from gateway.extract.mail.mapi import Bag, Property
from gateway.extract.office.compound_file import Compound, Path
from gateway.extract.office.text_runs import text_runs
from gateway.extract.text.code_pages import charset_of
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_VALUE = re.compile(r"__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})(?:-([0-9A-F]{8}))?", re.I)
_NAMED = "__nameid_version1.0"
_FIXED = "__properties_version1.0"
_EMBEDDED = "__substg1.0_3701000d"
_STRINGS = {mapi.TEXT8, mapi.TEXT16}
_NAMES_FROM = 0x8000


def read_outlook(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """The message and all that it embeds; damage of one piece costs that piece."""
    try:
        compound = Compound(part.content, limits)
    except ContainerFault as fault:
        yield Gap(part.location, fault.reason, fault.detail)
        return
    reader = _Reader(compound, limits)
    yield from reader.item(part, (), limits.nested)
    yield from reader.rest(part)
    inside, behind = compound.unused()
    yield from bounded_text(part, text_runs(inside), "unused sectors", limits, True)
    if behind:
        yield part.inside("behind", behind)
    for sentence in compound.faults:
        yield Gap(part.location, "unreadable", sentence)


@dataclass(frozen=True, slots=True)
class _Tree:
    """The names below each storage, streams and storages apart."""

    streams: dict[Path, list[str]]
    storages: dict[Path, list[str]]

    @staticmethod
    def of(compound: Compound) -> _Tree:
        streams: dict[Path, list[str]] = {}
        storages: dict[Path, list[str]] = {}
        for path in compound.streams:
            streams.setdefault(path[:-1], []).append(path[-1])
        for path in sorted(compound.storages):
            storages.setdefault(path[:-1], []).append(path[-1])
        return _Tree(streams, storages)


class _Reader:
    """One open file."""

    def __init__(self, compound: Compound, limits: ReadLimits) -> None:
        self._compound, self._limits = compound, limits
        self._tree = _Tree.of(compound)
        self._faults: list[str] = []
        self._words: dict[str, None] = {}
        self._names = self._named()

    def item(self, part: Part, at: Path, nesting: int) -> Iterator[Content]:
        if nesting <= 0:
            yield Gap(part.location, "limit", "nested too deeply")
            self._compound.taken.update(self._compound.below(at))
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
            elif lowered != _NAMED:
                yield from self._strangers(part, here)
        yield from mapi.read_people(part, people, self._limits)
        yield from self._unknown(part, at)

    def rest(self, part: Part) -> Iterator[Content]:
        """What no property, attachment or recipient has to do with; words in tables of numbers."""
        for path in self._compound.streams:
            if path not in self._compound.taken:
                name = _VALUE.fullmatch(path[-1])
                lengths = name and not name[3] and int(name[2], 16) & 0x1000
                if lengths or (path[0].lower() == _NAMED and len(path) == 2):
                    yield from self._numbers(part, path)
                else:
                    yield from self._file_of(part, path)
        yield from bounded_text(
            part, "\n".join(self._words), "names of properties", self._limits, True
        )
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
            yield part.inside(name[:40], content, name)

    def _numbers(self, part: Part, path: Path) -> Iterator[Content]:
        """A table of lengths, places or identifiers: nothing to read, unless it is none."""
        content = self._stream(path)
        if content and type_of_bytes(content):
            yield part.inside(path[-1][:40], content)
        elif words := mapi.written(content):
            self._words[words] = None

    def _stream(self, path: Path) -> bytes:
        try:
            return self._compound.take(path)
        except ContainerFault as fault:
            self._faults.append(fault.detail)
            return b""

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
                continue  # the lengths of a property of several values: see `rest`
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
        entries = self._named_stream("__substg1.0_00030102")
        strings = self._named_stream("__substg1.0_00040102")
        if strings:
            self._words[strings.decode("utf-16-le", "ignore").replace("\0", " ")] = None
        for start in range(0, len(entries) - 7, 8):
            key, kind = struct.unpack_from("<II", entries, start)
            if kind & 1 and key + 4 <= len(strings):
                size = struct.unpack_from("<I", strings, key)[0]
                name = strings[key + 4 : key + 4 + size].decode("utf-16-le", "replace")
                names[_NAMES_FROM + (kind >> 16)] = name
        return names

    def _named_stream(self, name: str) -> bytes:
        path = (_NAMED, name)
        return self._stream(path) if path in self._compound.streams else b""


def _value(content: bytes, kind: int, codepage: int) -> str | bytes:
    if kind == mapi.TEXT16:
        return content.decode("utf-16-le", "replace").rstrip("\0")
    if kind == mapi.TEXT8:
        return decode_codepage(content, codepage)
    return content


def decode_codepage(content: bytes, codepage: int) -> str:
    """Eight-bit text; UTF-8 where it is, whatever the code page says."""
    content = content.rstrip(b"\0")
    for name in ("utf-8", charset_of(codepage)):
        try:
            return content.decode(name)
        except UnicodeError:
            continue
    return content.decode("cp1252", "replace")
