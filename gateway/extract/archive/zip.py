"""Zip archives: every entry that any program could see, and everything that belongs to none."""

from __future__ import annotations

import struct
import zlib
from typing import Iterator

from gateway.extract.archive.entries import Entries
from gateway.extract.archive.expansion import Expansion, Stream, open_codec, stored
from gateway.extract.archive.zip_directory import ZipEntry, ZipMap, map_zip
from gateway.extract.fault import ContainerFault
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Part

SPLIT = "one piece of a split archive"
_METHODS = {8: "deflate", 12: "bzip2", 20: "zstd", 93: "zstd", 95: "xz"}
_NAMES = {
    1: "shrink", 6: "implode", 9: "deflate64", 10: "PKWARE's implode", 18: "TERSE", 19: "LZ77",
    94: "MP3", 96: "JPEG", 97: "WavPack",
}  # fmt: skip


def read_zip(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Entries as Parts, names and remarks as Text, and a Gap for whatever is not read."""
    found = map_zip(part.content, limits.entries)
    entries = Entries(part)
    expansion = Expansion(limits)
    yield from _about(found, entries, limits)
    folders = []
    for entry in found.entries:
        for words in entry.words:
            yield from entries.words("what is said about an entry", words)
        if entry.name.endswith(("/", "\\")) and entry.stop - entry.start <= 2:
            folders.append(entry.name)
        else:
            yield from _entry(part.content, entry, entries, expansion)
    yield from entries.words("names of folders", "\n".join(folders))
    for where, start, stop in found.strays:
        yield from entries.stray(where, part.content[start:stop])


def read_beside(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """What a zip holds beside the entries that its directory lists: for the formats that are zips,
    whose own readers read those."""
    found = map_zip(part.content, limits.entries)
    entries = Entries(part, "0.")
    expansion = Expansion(limits)
    yield from _about(found, entries, limits)
    for entry in found.entries:
        for words in entry.words:
            yield from entries.words("what is said about an entry", words)
        if not entry.listed:
            yield from _entry(part.content, entry, entries, expansion)
    for where, start, stop in found.strays:
        yield from entries.stray(where, part.content[start:stop])


def _about(found: ZipMap, entries: Entries, limits: ReadLimits) -> Iterator[Content]:
    yield from entries.words("comment of the archive", found.comment)
    if found.split:
        yield entries.gap("", "unreadable", SPLIT)
    if found.masked:
        yield entries.gap("", "encrypted", "the archive's directory is encrypted")
    if found.too_many:
        yield entries.gap("", "limit", f"more than {limits.entries} entries")
    for fault in found.faults:
        yield entries.gap("", "unreadable", fault)


def _entry(
    content: bytes, entry: ZipEntry, entries: Entries, expansion: Expansion
) -> Iterator[Content]:
    if entry.encrypted:
        yield from entries.unread(entry.name, "encrypted", "an encrypted entry")
    elif entry.offset < 0:
        yield from entries.unread(entry.name, "unreadable", "an entry that is not there")
    else:
        try:
            pieces = _checked(_pieces(content, entry), entry)
        except ContainerFault as fault:
            yield from entries.unread(entry.name, fault.reason, fault.detail)
        else:
            found = expansion.gather(pieces, entry.size or 0)
            if found.content or found.fault or entry.name:
                yield from entries.unpacked(entry.name, found)


def _pieces(content: bytes, entry: ZipEntry) -> Iterator[bytes]:
    if entry.method == 0:
        return stored(content, entry.start, entry.stop)
    if entry.method == 14:
        return _lzma(content, entry)
    if entry.method == 98:
        return _through_library(content, entry)
    if entry.method not in _METHODS:
        name = _NAMES.get(entry.method, str(entry.method))
        raise ContainerFault("no-reader", f"compression method {name}")
    codec = open_codec(_METHODS[entry.method])
    return Stream(codec, content, entry.start, entry.stop).pieces()


def _lzma(content: bytes, entry: ZipEntry) -> Iterator[bytes]:
    """Section 5.8.8: version, length of the properties, properties; here as an .lzma file."""
    length = int.from_bytes(content[entry.start + 2 : entry.start + 4], "little")
    start = entry.start + 4 + length
    ends_by_itself = entry.flags & 2 or entry.size is None
    size = b"\xff" * 8 if ends_by_itself else struct.pack("<Q", entry.size)
    head = content[entry.start + 4 : start] + size
    return Stream(open_codec("lzma"), content, start, entry.stop, head).pieces()


def _through_library(content: bytes, entry: ZipEntry) -> Iterator[bytes]:
    """PPMd: the entry as an archive of its own, for libarchive."""
    from gateway.extract.archive.libarchive import only_entry

    packed = content[entry.start : entry.stop]
    facts = struct.pack(
        "<5H3I2H", 20, 0, entry.method, 0, 0, entry.checksum or 0, len(packed), entry.size or 0, 1, 0
    )  # fmt: skip
    end = 31 + len(packed)
    archive = (
        b"PK\3\4" + facts + b"x" + packed + b"PK\1\2\x14\0" + facts + b"\0" * 14 + b"x"
        + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, 47, end, 0)
    )  # fmt: skip
    return only_entry(archive, "zip")


def _checked(pieces: Iterator[bytes], entry: ZipEntry) -> Iterator[bytes]:
    """What comes out is compared with what the archive says of it."""
    checksum = size = 0
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
        size += len(piece)
        yield piece
    if entry.size is not None and (size, checksum) != (entry.size, entry.checksum):
        raise ContainerFault("unreadable", "an entry whose size or checksum does not fit")
