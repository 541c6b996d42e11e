"""Tar archives: v7, ustar, pax and GNU, walked header by header so that nothing between is missed.

Sparse files are read without their holes, so that a terabyte of nothing costs nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Iterator

from gateway.extract.archive.entries import Entries, decode_name, decode_words
from gateway.extract.archive.expansion import Expansion, stored
from gateway.extract.fault import ContainerFault
from gateway.extract.magic import is_tar_header
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Part

BLOCK = 512
_FILES = frozenset((b"0", b"\0", b"7", b"S"))
_LINKS = frozenset((b"1", b"2"))
_BARE = frozenset((b"3", b"4", b"5", b"6"))
_MOST_RECORDS = 1000
# What Linux allows for a path.
_LONGEST_NAME = 4096
# Pax records that describe the file (POSIX.1-2001, pax, "Extended Header"); others are words.
_FACTS = frozenset(("atime", "ctime", "mtime", "uid", "gid", "size", "charset", "hdrcharset"))
_SPARSE = re.compile(r"GNU\.sparse\.(?!name)")


@dataclass(slots=True)
class _Pending:
    """What headers have said about the entry that follows them."""

    name: str = ""
    target: str = ""
    size: int | None = None
    words: list[str] = field(default_factory=list)
    real_size: int | None = None
    map_in_data: bool = False


def read_tar(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Entries as Parts; folders, links and remarks as Text; what is behind the end, too."""
    yield from _Walk(part, limits).read()


class _Walk:
    def __init__(self, part: Part, limits: ReadLimits) -> None:
        self._content = part.content
        self._most = limits.entries
        self._entries = Entries(part)
        self._expansion = Expansion(limits)
        self._at = 0
        self._others: list[str] = []
        self._words: dict[str, None] = {}

    def read(self) -> Iterator[Content]:
        content, pending, count = self._content, _Pending(), 0
        while self._at + BLOCK <= len(content):
            head = content[self._at : self._at + BLOCK]
            if not head.strip(b"\0"):
                break
            if count >= self._most:
                yield self._entries.gap("", "limit", f"more than {self._most} entries")
                break
            if not is_tar_header(head):
                yield self._entries.gap("", "unreadable", "the archive is damaged")
                break
            count += 1
            try:
                yield from self._entry(head, pending)
            except ContainerFault as fault:
                yield self._entries.gap("", fault.reason, fault.detail)
                break
            if head[156:157] not in (b"x", b"X", b"L", b"K"):
                pending = _Pending()
        else:
            yield self._entries.gap("", "unreadable", "the archive has no end: it may be cut off")
        # Names that no entry followed.
        self._say(pending.name)
        self._say(pending.target)
        yield from self._entries.words("names of folders and links", "\n".join(self._others))
        yield from self._entries.words("what is said about entries", "\n".join(self._words))
        # A tar ends with two empty blocks, filled up to a record; what follows is no part of it.
        yield from self._entries.stray("behind the end of the archive", content[self._at :])

    def _entry(self, head: bytes, pending: _Pending) -> Iterator[Content]:
        kind = head[156:157]
        size = pending.size if pending.size is not None else _number(head[124:136])
        start = self._at + BLOCK
        if kind in _LINKS or kind in _BARE:
            size = 0 if kind != b"1" or not pending.size else size
        if kind == b"S":
            start, pieces_of = self._old_map(head, start)
        else:
            pieces_of = []
        stop = start + size
        self._at = start + -(-size // BLOCK) * BLOCK
        self._strange_padding(stop)
        if kind in (b"x", b"X", b"g"):
            self._records(self._content[start:stop], pending, kind == b"g")
        elif kind in (b"L", b"K"):
            yield from self._long_name(kind, self._content[start:stop].rstrip(b"\0"), pending)
        else:
            yield from self._described(head, kind, pending, start, stop, pieces_of)
        if stop > len(self._content) and kind in (b"x", b"X", b"g", b"L", b"K"):
            raise ContainerFault("unreadable", "the archive is cut off")

    def _long_name(self, kind: bytes, raw: bytes, pending: _Pending) -> Iterator[Content]:
        """Programs go by the last name that is given; the others are words."""
        if len(raw) > _LONGEST_NAME or decode_words(raw) is None:
            yield from self._entries.stray("in place of a name", raw)
            raw = raw[:_LONGEST_NAME]
        name = decode_name(raw, "cp1252")
        if kind == b"L":
            self._say(pending.name)
            pending.name = name
        else:
            self._say(pending.target)
            pending.target = name

    def _names(self, head: bytes, pending: _Pending) -> tuple[str, str]:
        """Name and target; what the header calls them is the beginning of a longer one."""
        short = (_header_name(head), decode_name(head[157:257].split(b"\0")[0], "cp1252"))
        for own, given in zip(short, (pending.name, pending.target), strict=True):
            if given and not given.startswith(own):
                self._say(own)
        return pending.name or short[0], pending.target or short[1]

    def _described(
        self, head: bytes, kind: bytes, pending: _Pending, start: int, stop: int,
        old_map: list[tuple[int, int]],
    ) -> Iterator[Content]:  # fmt: skip
        name, target = self._names(head, pending)
        for raw in (head[265:297], head[297:329]) if head[257:262] == b"ustar" else ():
            self._say(decode_name(raw.split(b"\0")[0], "cp1252"))
        if kind in _LINKS or kind in _BARE or (name.endswith("/") and start == stop):
            self._others.append(f"{name} {target}".strip())
            return
        if kind == b"M":
            detail = "the rest of a file that began in another piece of a split archive"
            yield self._entries.gap("", "unreadable", detail)
        if kind == b"V":
            self._say(name)
            return
        if pending.map_in_data:
            start = self._map_in_data(start, stop)
        holes = bool(old_map) or pending.real_size is not None
        found = self._expansion.gather(stored(self._content, start, stop), stop - start)
        if holes and found.content:
            self._say("a sparse file, read without its holes")
        yield from self._entries.unpacked(name, found)

    def _old_map(self, head: bytes, start: int) -> tuple[int, list[tuple[int, int]]]:
        """Old GNU sparse: pairs of offset and length, in further blocks where there are many."""
        pairs = [(_number(head[at : at + 12]), _number(head[at + 12 : at + 24]))
                 for at in range(386, 482, 24)]  # fmt: skip
        more = head[482]
        while more and start + BLOCK <= len(self._content):
            more = self._content[start + 504]
            start += BLOCK
        return start, pairs

    def _map_in_data(self, start: int, stop: int) -> int:
        """GNU sparse 1.0: the map stands in front of the data, in whole blocks of digits."""
        at = start
        while at + BLOCK <= stop and not self._content[at : at + BLOCK].strip(b"0123456789\n\0"):
            at += BLOCK
            if self._content[at - 1 : at] == b"\0":
                break
        return at

    def _strange_padding(self, stop: int) -> None:
        """An entry is filled up with zeros to whole blocks."""
        if any(self._content[stop : self._at]):
            self._say(decode_name(self._content[stop : self._at].strip(b"\0"), "cp1252"))

    def _records(self, body: bytes, pending: _Pending, for_all: bool) -> None:
        """Length, key, value (pax, "Extended Header")."""
        at = count = 0
        while at < len(body) and count < _MOST_RECORDS:
            count += 1
            space = body.find(b" ", at, at + 20)
            length = int(body[at:space]) if space > at and body[at:space].isdigit() else 0
            if length <= space - at or at + length > len(body):
                break
            key, _, raw = body[space + 1 : at + length].partition(b"=")
            at += length
            self._record(
                decode_name(key), decode_name(raw.rstrip(b"\n"), "cp1252"), pending, for_all
            )
        rest = body[at:].strip(b"\0")
        if rest:
            self._say(decode_name(rest, "cp1252"))
            raise ContainerFault("unreadable", "a damaged extended header")

    def _record(self, key: str, value: str, pending: _Pending, for_all: bool) -> None:
        if for_all or key not in ("path", "linkpath", "GNU.sparse.name"):
            if key not in _FACTS and not _SPARSE.match(key):
                self._say(f"{key} {value}")
        elif key == "linkpath":
            pending.target = value
        else:
            pending.name = value
        if key == "size" and value.isdigit() and len(value) < 19 and not for_all:
            pending.size = int(value)
        elif key in ("GNU.sparse.realsize", "GNU.sparse.size"):
            pending.real_size = 0
        elif key == "GNU.sparse.major" and value == "1":
            pending.map_in_data = True

    def _say(self, words: str) -> None:
        if words:
            self._words[words] = None


def _header_name(head: bytes) -> str:
    name = head[:100].split(b"\0")[0]
    prefix = head[345:500].split(b"\0")[0] if head[257:263] == b"ustar\0" else b""
    return decode_name(prefix + b"/" + name if prefix else name, "cp1252")


def _number(raw: bytes) -> int:
    """Octal digits, or GNU's big-endian binary."""
    if raw[0] & 0x80:
        return int.from_bytes(raw[1:], "big") if raw[0] == 0x80 else 0
    try:
        return int(raw.strip(b"\0 ") or b"0", 8)
    except ValueError:
        raise ContainerFault("unreadable", "an entry without a size") from None
