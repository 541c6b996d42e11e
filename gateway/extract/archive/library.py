"""7z, RAR, cpio, ar, cabinets, disc images, lzh and xar, through the system's libarchive."""

from __future__ import annotations

import struct
import zlib
from typing import Iterator

from gateway.extract import types
from gateway.extract.archive.entries import Entries, decode_name
from gateway.extract.archive.expansion import Expansion, Unpacked
from gateway.extract.archive.libarchive import (
    ABSENT,
    LibraryAbsent,
    LibraryArchive,
    LibraryEntry,
)
from gateway.extract.archive.rar_headers import RarFile, RarHeaders, read_headers
from gateway.extract.archive.zip import SPLIT
from gateway.extract.fault import ContainerFault
from gateway.extract.readable_runs import printable_runs
from gateway.extract.signatures import detect_type
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import GapReason, Part

_FORMATS = {
    types.SEVEN_ZIP: ("7zip",),
    types.RAR: ("rar", "rar5"),
    "application/x-cpio": ("cpio",),
    "application/x-archive": ("ar",),
    "application/vnd.ms-cab-compressed": ("cab",),
    "application/x-iso9660-image": ("iso9660",),
    "application/x-lzh": ("lha",),
    "application/x-xar": ("xar",),
}
# The first sixteen blocks, which belong to nobody, and the descriptors of the volume.
_IMAGE_HEAD = 0x8000 + 16 * 2048
_LONG_RUN = 24
# Formats that libarchive reads to their end: where it stops, the archive ends.
_SEQUENTIAL = frozenset(("application/x-cpio", "application/x-lzh"))


def read_archive(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Entries as Parts; names of folders and links as Text; a Gap for whatever is not read."""
    kind = detect_type(part)
    entries = Entries(part)
    try:
        archive = LibraryArchive(part.content, _FORMATS[kind])
    except LibraryAbsent:
        yield entries.gap("", "no-reader", ABSENT)
        return
    rar = read_headers(part.content) if kind == types.RAR else None
    if rar:
        yield from _about_rar(rar, entries)
        if rar.locked:
            return
    with archive:
        yield from _Reading(archive, entries, limits, rar).contents()
        end = _end(part.content, kind, archive, rar)
    yield from entries.words("beside the entries", _beside(part.content, kind))
    if end > len(part.content):
        yield entries.gap("", "unreadable", f"cut off, or {SPLIT}")
    yield from entries.stray("behind the end of the archive", part.content[end:])


def _beside(content: bytes, kind: str) -> str:
    """Words that no entry covers: in front of a disc image and in what it says of itself, and
    between the packed entries of a 7z and its list, where only longer ones stand by intent."""
    if kind == "application/x-iso9660-image":
        runs = printable_runs(content[:_IMAGE_HEAD], _IMAGE_HEAD)
        # Its dates are sixteen digits each.
        return "\n".join(run for run in runs.split("\n") if not run.isdigit())
    if kind == types.SEVEN_ZIP:
        packed = content[32 : _end(content, kind, None, None)]
        runs = printable_runs(packed, len(packed))
        return "\n".join(run for run in runs.split("\n") if len(run) >= _LONG_RUN)
    return ""


class _Reading:
    def __init__(
        self, archive: LibraryArchive, entries: Entries, limits: ReadLimits, rar: RarHeaders | None
    ) -> None:
        self._archive, self._entries = archive, entries
        self._most = limits.entries
        self._expansion = Expansion(limits)
        self._rar = rar
        self._others: list[str] = []

    def contents(self) -> Iterator[Content]:
        """Up to the first fault from which libarchive does not recover."""
        count = 0
        try:
            self._archive.open()
            for count, entry in enumerate(self._archive.entries(), 1):
                if count > self._most:
                    yield self._entries.gap("", "limit", f"more than {self._most} entries")
                    break
                yield from self._entry(entry, count - 1)
        except ContainerFault as fault:
            yield self._entries.gap("", fault.reason, fault.detail)
        else:
            if not count:
                yield self._entries.gap("", "unreadable", "an archive in which nothing was found")
        yield from self._missing(count)
        yield from self._entries.words("names of folders and links", "\n".join(self._others))

    def _entry(self, entry: LibraryEntry, index: int) -> Iterator[Content]:
        if entry.kind != "file" or entry.target:
            self._others.append(f"{entry.name} {entry.target}".strip())
            if entry.kind == "folder" or entry.target:
                # Of several names of one file the last may have its bytes (cpio(5)).
                found = self._expansion.gather(self._archive.pieces())
                if found.content:
                    yield from self._entries.unpacked(entry.name, found)
                return
        described = self._described(entry, index)
        if entry.encrypted or self._is_encrypted(described):
            yield from self._entries.unread(entry.name, "encrypted", "an encrypted entry")
            return
        found = self._expansion.gather(self._archive.pieces(), entry.size)
        if found.fault is None and len(found.content) < entry.size:
            less = ContainerFault("unreadable", "an entry that is shorter than it should be")
            found = Unpacked(found.content, less)
        # Libarchive does not look at the checksums of what is only stored in a RAR.
        checksum = described.checksum if described else None
        if found.fault is None and checksum not in (None, zlib.crc32(found.content)):
            wrong = ContainerFault("unreadable", "an entry whose checksum does not fit")
            found = Unpacked(found.content, wrong)
        yield from self._entries.unpacked(entry.name, found)

    def _described(self, entry: LibraryEntry, index: int) -> RarFile | None:
        """The entry's own header, by place and by name."""
        files = self._rar.files if self._rar else ()
        return files[index] if index < len(files) and files[index].name == entry.name else None

    def _is_encrypted(self, described: RarFile | None) -> bool:
        """Libarchive may have passed over entries: then any that is encrypted may be this one."""
        if described or self._rar is None:
            return described is not None and described.encrypted
        return any(file.encrypted for file in self._rar.files)

    def _missing(self, count: int) -> Iterator[Content]:
        """Entries that the headers describe and libarchive never came to."""
        for file in self._rar.files[count:] if self._rar else ():
            reason: GapReason = "encrypted" if file.encrypted else "unreadable"
            detail = (
                "an encrypted entry" if file.encrypted else "an entry that could not be reached"
            )
            yield from self._entries.unread(file.name, reason, detail)


def _about_rar(rar: RarHeaders, entries: Entries) -> Iterator[Content]:
    if rar.locked:
        yield entries.gap("", "encrypted", "the archive's list is encrypted")
    if rar.split:
        yield entries.gap("", "unreadable", SPLIT)
    if rar.damaged or not (rar.complete or rar.locked):
        yield entries.gap("", "unreadable", "the archive is damaged or cut off")
    for comment in rar.comments:
        yield from entries.words(
            "comment of the archive", decode_name(comment.strip(b"\0"), "cp1252")
        )
    for sentence in rar.unread:
        yield entries.gap("", "unreadable", sentence)


def _end(content: bytes, kind: str, archive: LibraryArchive | None, rar: RarHeaders | None) -> int:
    """Where the archive ends by its own account."""
    if rar:
        return rar.end if rar.complete else len(content)
    if kind == types.SEVEN_ZIP:
        # Signature header: where the last header begins behind these 32 bytes, and its length.
        offset, size = struct.unpack_from("<2Q", content.ljust(32, b"\0"), 12)
        return 32 + int(offset) + int(size)
    if kind == "application/vnd.ms-cab-compressed":
        return int(struct.unpack_from("<I", content.ljust(12, b"\0"), 8)[0])
    if kind == "application/x-iso9660-image":
        # ECMA-119 section 8.4: logical blocks of the volume, and their size.
        blocks = struct.unpack_from("<I", content, 0x8050)[0]
        size = struct.unpack_from("<H", content, 0x8080)[0]
        return int(blocks * size) if blocks * size > 0x8800 else len(content)
    if kind == "application/x-archive":
        return _end_of_ar(content)
    return archive.position if archive and kind in _SEQUENTIAL else len(content)


def _end_of_ar(content: bytes) -> int:
    """Headers of 60 bytes, ended by a mark; contents filled up to an even length (ar(5))."""
    at = 8
    while content[at + 58 : at + 60] == b"`\n" and content[at + 48 : at + 58].strip().isdigit():
        at += 60 + int(content[at + 48 : at + 58])
        at += at & 1 if at < len(content) else 0
    # Less than a header, and more than nothing: where the archive was cut.
    return len(content) + 1 if 0 < len(content) - at < 60 else at
