"""What the headers of a RAR archive say, read on our own: libarchive does not tell an encrypted
entry of RAR 5 from others, nor a volume from an archive.

RAR 5.0 archive format (rarlab.com/technote.htm), and RAR 4's block headers.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from typing import Iterator

from gateway.extract.archive.entries import decode_name

RAR_4, RAR_5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
_MOST_BLOCKS = 100_000


@dataclass(frozen=True, slots=True)
class RarFile:
    """A file entry as its header describes it."""

    name: str
    encrypted: bool
    split: bool
    checksum: int | None = None


@dataclass(slots=True)
class RarHeaders:
    """`end` is behind the last block; `complete` where an end block was seen."""

    files: list[RarFile] = field(default_factory=list)
    comments: list[bytes] = field(default_factory=list)
    locked: bool = False
    split: bool = False
    complete: bool = False
    damaged: bool = False
    unread: dict[str, None] = field(default_factory=dict)
    end: int = 0


def read_headers(content: bytes) -> RarHeaders:
    """Never raises."""
    found = RarHeaders()
    walk = _rar5 if content.startswith(RAR_5) else _rar4
    try:
        for count, _ in enumerate(walk(content, found)):
            if count > _MOST_BLOCKS:
                break
    except (IndexError, struct.error):
        found.damaged = True
    return found


def _rar5(content: bytes, found: RarHeaders) -> Iterator[None]:
    at = len(RAR_5)
    while at < len(content):
        found.end = at
        size, start = _vint(content, at + 4)
        stop = start + size
        if zlib.crc32(content[at + 4 : stop]) != struct.unpack_from("<I", content, at)[0]:
            found.damaged = True
            return
        kind, place = _vint(content, start)
        flags, place = _vint(content, place)
        extra, place = _vint(content, place) if flags & 1 else (0, place)
        packed, place = _vint(content, place) if flags & 2 else (0, place)
        if kind == 4:
            found.locked = True
            return
        if kind == 1:
            found.split = found.split or bool(_vint(content, place)[0] & 1)
        elif kind in (2, 3):
            _file5(content, kind, flags, place, (stop - extra, stop, packed), found)
        elif kind == 5:
            found.split = found.split or bool(_vint(content, place)[0] & 1)
            found.complete, found.end = True, stop + packed
            return
        else:
            found.unread["a block of an unknown kind"] = None
        at = stop + packed
        yield
    found.end = min(at, len(content))


def _file5(
    content: bytes, kind: int, flags: int, at: int, ends: tuple[int, int, int], found: RarHeaders
) -> None:
    extra, stop, packed = ends
    own, at = _vint(content, at)
    _, at = _vint(content, at)
    _, at = _vint(content, at)
    at += 4 if own & 2 else 0
    checksum = struct.unpack_from("<I", content, at)[0] if own & 4 else None
    at += 4 if own & 4 else 0
    method, at = _vint(content, at)
    _, at = _vint(content, at)
    length, at = _vint(content, at)
    name = decode_name(content[at : at + length], "cp1252")
    records = set(_records5(content, extra, stop))
    encrypted = 1 in records
    split = bool(flags & 0x18)
    # What only refers to another file, or is one piece of it, has no contents to be summed up.
    if 5 in records or split:
        checksum = None
    if kind == 2:
        found.files.append(RarFile(name, encrypted, split, checksum))
        found.split = found.split or split
    else:
        _service(name, content[stop : stop + packed], encrypted, not method >> 7 & 7, found)


def _records5(content: bytes, at: int, stop: int) -> Iterator[int]:
    while at < stop:
        size, start = _vint(content, at)
        yield _vint(content, start)[0]
        at = start + size


def _vint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 70:
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            break
        shift += 7
    return value, at


def _service(name: str, body: bytes, encrypted: bool, is_stored: bool, found: RarHeaders) -> None:
    """Comments are words; streams of other file systems hold anything; the rest are numbers."""
    if name == "CMT":
        if encrypted or not is_stored:
            found.unread["the archive's comment is encrypted or compressed"] = None
        else:
            found.comments.append(body)
    elif name == "STM":
        found.unread["a second stream of a file"] = None
    elif name not in ("QO", "ACL", "RR", "UOW"):
        found.unread["a record of an unknown kind"] = None


def _rar4(content: bytes, found: RarHeaders) -> Iterator[None]:
    at = len(RAR_4)
    while at + 7 <= len(content):
        found.end = at
        checksum, kind, flags, size = struct.unpack_from("<HBHH", content, at)
        if size < 7 or not 0x72 <= kind <= 0x7B:
            found.damaged = True
            return
        # The checksum covers the header, without what old versions put behind it.
        packed = (
            struct.unpack_from("<I", content, at + 7)[0]
            if flags & 0x8000 or kind in (0x74, 0x7A)
            else 0
        )
        if kind == 0x73:
            found.split = found.split or bool(flags & 1)
            if flags & 2:
                found.unread["the archive's old comment"] = None
            if flags & 0x80:
                found.locked = True
                return
        elif kind in (0x74, 0x7A):
            if zlib.crc32(content[at + 2 : at + size]) & 0xFFFF != checksum and not flags & 8:
                found.damaged = True
                return
            if flags & 0x100:
                packed |= struct.unpack_from("<I", content, at + 32)[0] << 32
            _file4(content, at, kind, flags, size, packed, found)
        elif kind == 0x7B:
            found.split = found.split or bool(flags & 1)
            found.complete, found.end = True, at + size
            return
        elif kind in (0x75, 0x77):
            found.unread["an old comment or a stream of another file system"] = None
        at += size + packed
        yield
    found.end = min(at, len(content))


def _file4(
    content: bytes, at: int, kind: int, flags: int, size: int, packed: int, found: RarHeaders
) -> None:
    method, length = content[at + 25], struct.unpack_from("<H", content, at + 26)[0]
    start = at + (40 if flags & 0x100 else 32)
    raw = content[start : start + length]
    name = decode_name(raw.split(b"\0")[0], "cp1252")
    encrypted = bool(flags & 4)
    if kind == 0x7A:
        body = content[at + size : at + size + packed]
        _service(name, body, encrypted, method == 0x30, found)
        return
    if flags & 8:
        found.unread["an entry's old comment"] = None
    checksum = None if flags & 3 else struct.unpack_from("<I", content, at + 16)[0]
    found.files.append(RarFile(name, encrypted, bool(flags & 3), checksum))
    found.split = found.split or bool(flags & 3)
