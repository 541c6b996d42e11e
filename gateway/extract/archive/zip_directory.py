"""The map of a zip archive: what its directory lists, what stands there without being listed.

APPNOTE.TXT 6.3.10 is what the section numbers refer to. Two programs that unpack a zip may see
two different archives; this map has everything that either could see.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from itertools import pairwise

from gateway.extract.archive.entries import decode_name, decode_words

_LOCAL, _LISTED, _END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_END_64, _LOCATOR_64 = b"PK\6\6", b"PK\6\7"
_SPANNED = (b"PK\7\x08", b"PK00")
_NEXT = re.compile(rb"PK(?:\x03\x04|\x07\x08|\x01\x02)")
_MOST_ENDS = 64
# Extra fields whose contents are numbers, and how long they may be (section 4.5, Info-ZIP's list).
_NUMBERS = {
    0x0001: 28, 0x000A: 32, 0x5455: 13, 0x7875: 24, 0x5855: 12, 0x7855: 4, 0x9901: 7, 0xCAFE: 0,
    0x000D: 12, 0x0014: 64, 0x756E: 14,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """`start` to `stop` are the packed bytes; `size` and `checksum` are None where unknown.
    `words` are what comments and extra fields say."""

    name: str
    offset: int
    start: int
    stop: int
    size: int | None
    checksum: int | None
    method: int
    flags: int
    words: tuple[str, ...] = ()
    listed: bool = True

    @property
    def encrypted(self) -> bool:
        return bool(self.flags & 1) or self.method == 99


@dataclass(slots=True)
class ZipMap:
    """`strays` are (where, start, stop) of bytes that belong to nothing."""

    entries: list[ZipEntry] = field(default_factory=list)
    strays: list[tuple[str, int, int]] = field(default_factory=list)
    faults: dict[str, None] = field(default_factory=dict)
    comment: str = ""
    split: bool = False
    masked: bool = False
    too_many: bool = False


@dataclass(frozen=True, slots=True)
class _End:
    """The end record: where it begins and ends, and the directory it points to."""

    start: int
    stop: int
    directory: int
    size: int
    shift: int
    comment: bytes
    disks: bool


def map_zip(content: bytes, most: int) -> ZipMap:
    """Everything in the archive, at most `most` entries of it. Never raises."""
    found = ZipMap()
    end = _find_end(content)
    covered: list[tuple[int, int]] = []
    if content.startswith(_SPANNED[0]):
        found.split = True
    if content.startswith(_SPANNED):
        covered.append((0, 4))
    if end is None:
        found.faults["the archive's directory is missing: it is cut off or a piece of one"] = None
    else:
        found.split = found.split or end.disks
        found.comment = decode_name(end.comment)
        covered += [(end.directory, end.directory + end.size), (end.start, end.stop)]
        _directory(content, end, most, found, covered)
    _between(content, most, found, covered)
    return found


def _find_end(content: bytes) -> _End | None:
    at = len(content)
    for _ in range(_MOST_ENDS):
        at = content.rfind(_END, 0, at)
        if at < 0:
            return None
        end = _end_at(content, at)
        if end is not None:
            return end
    return None


def _end_at(content: bytes, at: int) -> _End | None:
    if at + 22 > len(content):
        return None
    disk, first, here, total, size, offset, length = struct.unpack_from("<4H2IH", content, at + 4)
    start, disks = at, bool((disk, first) not in ((0, 0), (0xFFFF, 0xFFFF)) or here != total)
    if content[at - 20 : at - 16] == _LOCATOR_64 and at >= 20:
        # Section 4.3.14: the record itself, looked for where it must be and where it is said to be.
        disks = disks or struct.unpack_from("<I", content, at - 4)[0] > 1
        record = content.rfind(_END_64, 0, at - 20)
        if record >= 0 and record + 56 <= at - 20:
            size, offset = struct.unpack_from("<2Q", content, record + 40)
            start = record
    for directory in (start - size, offset):
        if 0 <= directory <= start and (
            content[directory : directory + 4] == _LISTED or (not size and not total)
        ):
            stop = min(at + 22 + length, len(content))
            size = min(size, start - directory)
            return _End(start, stop, directory, size, directory - offset,
                        content[at + 22 : stop], disks)  # fmt: skip
    return None


def _directory(
    content: bytes, end: _End, most: int, found: ZipMap, covered: list[tuple[int, int]]
) -> None:
    at, stop = end.directory, end.directory + end.size
    while at + 46 <= stop and content[at : at + 4] == _LISTED:
        if len(found.entries) >= most:
            found.too_many = True
            return
        flags, method = struct.unpack_from("<2H", content, at + 8)
        checksum, packed, size = struct.unpack_from("<3I", content, at + 16)
        name, extra, comment, disk = struct.unpack_from("<4H", content, at + 28)
        offset = struct.unpack_from("<I", content, at + 42)[0]
        raw = content[at + 46 : at + 46 + name]
        fields = content[at + 46 + name : at + 46 + name + extra]
        remark = content[at + 46 + name + extra : at + 46 + name + extra + comment]
        size, packed, offset = _wide(fields, size, packed, offset)
        found.split = found.split or disk not in (0, 0xFFFF)
        found.masked = found.masked or bool(flags & 0x2000)
        words = _extra_words(fields, found) + ([decode_name(remark)] if remark else [])
        at += 46 + name + extra + comment
        offset += end.shift
        entry = _listed(content, offset, raw, (flags, method, checksum, packed, size), found, words)
        if entry:
            found.entries.append(entry)
            covered.append((offset, _behind(content, entry)))
    if at != stop and content[at : at + 4] != b"PK\5\5":  # a signature of the directory
        found.faults["the archive's directory is damaged"] = None
        covered[:] = [c for c in covered if c[0] != end.directory]
        covered.append((end.directory, at))


def _listed(
    content: bytes, offset: int, raw: bytes, facts: tuple[int, int, int, int, int],
    found: ZipMap, words: list[str],
) -> ZipEntry | None:  # fmt: skip
    """One listed entry, compared with what stands at its place."""
    flags, method, checksum, packed, size = facts
    name = decode_name(raw)
    if offset < 0 or content[offset : offset + 4] != _LOCAL or offset + 30 > len(content):
        found.faults["entries of the directory that are not there"] = None
        words.append(name)
        found.entries.append(ZipEntry(name, -1, 0, 0, size, checksum, method, flags, tuple(words)))
        return None
    own_flags, own_method = struct.unpack_from("<2H", content, offset + 6)
    own_checksum, own_packed, own_size = struct.unpack_from("<3I", content, offset + 14)
    length, extra = struct.unpack_from("<2H", content, offset + 26)
    own_raw = content[offset + 30 : offset + 30 + length]
    fields = content[offset + 30 + length : offset + 30 + length + extra]
    own_size, own_packed, _ = _wide(fields, own_size, own_packed, 0)
    words += _extra_words(fields, found)
    same = own_method == method and not (own_flags ^ flags) & 1
    if not own_flags & 8 and not flags & 0x2000:
        same = same and (own_checksum, own_packed, own_size) == (checksum, packed, size)
    if own_raw != raw:
        words.append(decode_name(own_raw))
        same = same and decode_name(own_raw).replace("\\", "/") == name.replace("\\", "/")
    if not same:
        found.faults["entries that the archive describes in two ways"] = None
    start = offset + 30 + length + extra
    return ZipEntry(
        name, offset, start, start + packed, size, checksum, method, flags, tuple(dict.fromkeys(words))
    )  # fmt: skip


def _behind(content: bytes, entry: ZipEntry) -> int:
    """Where the entry ends, with its data descriptor (section 4.3.9)."""
    at = entry.stop
    if entry.flags & 8 and entry.checksum is not None:
        checksum = struct.pack("<I", entry.checksum)
        for mark in (b"PK\7\x08", b""):
            if content[at : at + len(mark) + 4] == mark + checksum:
                at += len(mark) + 4
                wide = struct.pack("<2Q", entry.stop - entry.start, entry.size or 0)
                return at + (16 if content[at : at + 16] == wide else 8)
    return at


def _between(content: bytes, most: int, found: ZipMap, covered: list[tuple[int, int]]) -> None:
    """What no record covers: entries that the directory does not list, and strays."""
    at = 0
    spans = sorted(covered)
    # The directory and the end record may touch anything; entries may not touch one another.
    files = sorted((e.offset, e.stop) for e in found.entries if e.offset >= 0)
    if any(later[0] < earlier[1] for earlier, later in pairwise(files)):
        found.faults["entries that overlap"] = None
    for start, stop in [*spans, (len(content), len(content))]:
        if start > at:
            _unlisted(content, at, start, most, found)
        at = max(at, stop)


def _unlisted(content: bytes, at: int, stop: int, most: int, found: ZipMap) -> None:
    while at < stop:
        place = content.find(_LOCAL, at, stop)
        # Four letters prove nothing: an entry has a version and a method that exist.
        while place >= 0 and not _is_header(content, place, stop):
            place = content.find(_LOCAL, place + 4, stop)
        end = stop if place < 0 else place
        if end > at:
            where = "in front of the archive" if at == 0 else (
                "behind the end of the archive" if end == len(content) else "between the entries"
            )  # fmt: skip
            found.strays.append((where, at, end))
        if place < 0:
            return
        if len(found.entries) + len(found.strays) >= most:
            found.too_many = True
            return
        entry = _unlisted_at(content, place, stop, found)
        found.entries.append(entry)
        at = max(_behind(content, entry), entry.start)
        if content[at : at + 4] == b"PK\7\x08" and entry.flags & 8:
            at += 16


def _is_header(content: bytes, at: int, stop: int) -> bool:
    if at + 30 > stop:
        return False
    version, method = content[at + 4], int.from_bytes(content[at + 8 : at + 10], "little")
    return version <= 100 and method <= 99


def _unlisted_at(content: bytes, at: int, stop: int, found: ZipMap) -> ZipEntry:
    flags, method = struct.unpack_from("<2H", content, at + 6)
    checksum, packed, size = struct.unpack_from("<3I", content, at + 14)
    length, extra = struct.unpack_from("<2H", content, at + 26)
    start = at + 30 + length + extra
    fields = content[at + 30 + length : start]
    size, packed, _ = _wide(fields, size, packed, 0)
    name = decode_name(content[at + 30 : at + 30 + length])
    words = tuple(_extra_words(fields, found))
    if flags & 8 and not packed:
        following = _NEXT.search(content, start, stop)
        end = following.start() if following else stop
        return ZipEntry(name, at, start, end, None, None, method, flags, words, False)
    stop = start + packed
    return ZipEntry(name, at, start, stop, size, checksum, method, flags, words, False)


def _wide(fields: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Section 4.5.3: numbers that do not fit stand in an extra field, in this order."""
    values = [size, packed, offset]
    for kind, body in _fields(fields):
        if kind == 1:
            at = 0
            for index in range(3):
                if values[index] == 0xFFFFFFFF and at + 8 <= len(body):
                    values[index] = struct.unpack_from("<Q", body, at)[0]
                    at += 8
    return values[0], values[1], values[2]


def _fields(extra: bytes) -> list[tuple[int, bytes]]:
    out, at = [], 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        out.append((kind, extra[at + 4 : at + 4 + length]))
        at += 4 + length
    if at < len(extra):
        out.append((0xFFFF, extra[at:]))
    return out


def _extra_words(extra: bytes, found: ZipMap) -> list[str]:
    words = []
    for kind, body in _fields(extra):
        if kind in (0x7075, 0x6375):  # Unicode path and comment: version, checksum, UTF-8
            words.append(body[5:].decode("utf-8", "replace"))
        elif len(body.strip(b"\0")) > _NUMBERS.get(kind, 8):
            text = decode_words(body)
            if text is None:
                found.faults["extra fields that nobody can read"] = None
            elif text:
                words.append(text)
    return words
