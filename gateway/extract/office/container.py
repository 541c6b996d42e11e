"""A zip container read within bounds: entries counted, bytes counted while they are inflated.

Nothing is believed that the archive says about itself: sizes and checksums are compared with what
comes out, and overlapping, doubled or unlisted entries are faults (a second program might read
the other one).
"""

from __future__ import annotations

import importlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any, Iterator

from gateway.extract.fault import ContainerFault
from gateway.model.limits import ReadLimits

try:  # the extra `fast`: the same interface at twice the speed
    _zlib: Any = importlib.import_module("isal.isal_zlib")
except ImportError:
    _zlib = zlib

# Small enough for a processor's cache, and not to be mapped afresh by the allocator each time.
CHUNK = 100_000
PACKED = 1 << 14
_LOCAL = b"PK\3\4"


@dataclass(frozen=True, slots=True)
class Entry:
    """`start` is where the compressed bytes begin."""

    name: str
    start: int
    packed: int
    size: int
    checksum: int
    method: int
    encrypted: bool


class Container:
    """`entries` by lower-case name, in archive order; `faults` are sentences about the whole."""

    def __init__(self, content: bytes, limits: ReadLimits) -> None:
        self._content = memoryview(content)
        self._left = limits.expanded_bytes
        self._limit = limits.expanded_bytes
        self.entries: dict[str, Entry] = {}
        self.faults: list[str] = []
        self._index(content, limits.entries)

    def _index(self, content: bytes, most: int) -> None:
        # The directory of a zip is one record of 46 bytes or more an entry; refuse before parsing.
        if content.count(b"PK\1\2") > most:
            raise ContainerFault("limit", f"more than {most} entries")
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                infos = archive.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError,
                UnicodeError, IndexError) as error:  # fmt: skip
            raise ContainerFault(
                "unreadable", f"not a readable zip ({type(error).__name__})"
            ) from None
        if len(infos) > most:
            raise ContainerFault("limit", f"more than {most} entries")
        end = 0
        for info in sorted(infos, key=lambda i: i.header_offset):
            offset = info.header_offset
            if content[offset : offset + 4] != _LOCAL:
                raise ContainerFault("unreadable", "an entry without a local header")
            if offset < end:
                self._fault("entries that overlap")
            elif offset > end and _LOCAL in content[end:offset]:
                self._fault("entries outside the directory")
            start = offset + 30 + _u16(content, offset + 26) + _u16(content, offset + 28)
            local = content[offset + 30 : offset + 30 + _u16(content, offset + 26)]
            if local.lower() != info.orig_filename.encode("cp437", "replace").lower() and (
                local.lower() != info.orig_filename.encode("utf-8", "replace").lower()
            ):
                self._fault("an entry with two names")
            end = start + info.compress_size
            if info.filename.endswith("/") and not info.file_size:
                continue
            key = info.filename.replace("\\", "/").lstrip("/").lower()
            if key in self.entries:
                self._fault("entries with the same name")
                key = f"{key}#{offset}"
            self.entries[key] = Entry(
                info.filename, start, info.compress_size, info.file_size, info.CRC,
                info.compress_type, bool(info.flag_bits & 1),
            )  # fmt: skip
        if end > len(content):
            self._fault("an entry that is cut off")

    def _fault(self, sentence: str) -> None:
        if sentence not in self.faults:
            self.faults.append(sentence)

    def read(self, name: str, most: int = 1 << 62) -> bytes:
        """A whole entry. Raises ContainerFault where it is damaged or larger than `most`."""
        out = bytearray()
        for chunk in self.chunks(name):
            out += chunk
            if len(out) > most:
                raise ContainerFault("limit", f"more than {most} bytes")
        return bytes(out)

    def chunks(self, name: str) -> Iterator[bytes]:
        """An entry's bytes as they are inflated; damage shows at the latest at the end."""
        entry = self.entries[name]
        if entry.encrypted:
            raise ContainerFault("encrypted", "an encrypted entry")
        packed = self._content[entry.start : entry.start + entry.packed]
        if len(packed) < entry.packed:
            raise ContainerFault("unreadable", "an entry that is cut off")
        if entry.method == zipfile.ZIP_STORED:
            pieces: Iterator[bytes] = (
                bytes(packed[i : i + CHUNK]) for i in range(0, len(packed), CHUNK)
            )
        elif entry.method == zipfile.ZIP_DEFLATED:
            pieces = _inflate(packed)
        else:
            raise ContainerFault("no-reader", f"compression method {entry.method}")
        checksum = size = 0
        for piece in pieces:
            size += len(piece)
            self._left -= len(piece)
            if self._left < 0:
                raise ContainerFault("limit", f"expands to more than {self._limit} bytes")
            checksum = _zlib.crc32(piece, checksum)
            yield piece
        if size != entry.size or checksum != entry.checksum:
            raise ContainerFault("unreadable", "an entry whose checksum does not fit")


def _inflate(packed: memoryview) -> Iterator[bytes]:
    stream: Any = _zlib.decompressobj(-15)
    try:
        # Given little by little: what is not consumed is copied each time.
        for start in range(0, len(packed), PACKED):
            pending: Any = packed[start : start + PACKED]
            while pending:
                piece = stream.decompress(pending, CHUNK)
                if piece:
                    yield piece
                if stream.eof:
                    return
                pending = stream.unconsumed_tail
        while piece := stream.decompress(b"", CHUNK):
            yield piece
        if not stream.eof:
            raise ContainerFault("unreadable", "compressed data that is cut off")
    except (zlib.error, _zlib.error):
        raise ContainerFault("unreadable", "damaged compressed data") from None


def _u16(content: bytes, offset: int) -> int:
    return int.from_bytes(content[offset : offset + 2], "little")
