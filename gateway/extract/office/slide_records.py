"""Records of the PowerPoint Document stream ([MS-PPT] 2.3.1), walked without recursion."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from typing import Iterator

from gateway.extract.fault import ContainerFault

_HEAD = struct.Struct("<HHI")
# Atoms by their flags that hold records all the same: blobs of later versions.
_BLOBS = frozenset((0x138B,))
MAX_DEPTH = 1_000


@dataclass(slots=True)
class Record:
    """A record as it opens; `body` is b"" for containers. A container ends with `closes`."""

    kind: int
    instance: int
    body: bytes = b""
    container: bool = False
    closes: bool = False


@dataclass(slots=True)
class Walk:
    """`damaged` once the stream is walked: some of it could not be taken apart."""

    stream: bytes
    damaged: bool = False
    _ends: list[tuple[int, int]] = field(default_factory=list)

    def records(self) -> Iterator[Record]:
        at, stream, ends = 0, self.stream, self._ends
        while True:
            while ends and at >= ends[-1][0]:
                yield Record(ends.pop()[1], 0, container=True, closes=True)
            limit = ends[-1][0] if ends else len(stream)
            if at + 8 > limit:
                if stream[at:limit].strip(b"\0"):
                    self.damaged = True
                if not ends:
                    return
                at = limit
                continue
            flags, kind, size = _HEAD.unpack_from(stream, at)
            end = at + 8 + size
            if end > limit:
                self.damaged, end = True, limit
            if flags & 15 == 15 or kind in _BLOBS:
                if len(ends) > MAX_DEPTH:
                    raise ContainerFault("limit", f"records nested more than {MAX_DEPTH} deep")
                ends.append((end, kind))
                yield Record(kind, flags >> 4, container=True)
                at += 8
            else:
                yield Record(kind, flags >> 4, stream[at + 8 : end])
                at = end


def unpacked(record: Record, most: int) -> bytes:
    """An embedded object's storage (ExOleObjStg, 2.10.34). Raises ContainerFault."""
    if record.instance != 1:
        return record.body
    stream = zlib.decompressobj()
    try:
        out = stream.decompress(record.body[4:], most + 1)
    except zlib.error:
        raise ContainerFault("unreadable", "a damaged embedded object") from None
    if len(out) > most:
        raise ContainerFault("limit", f"expands to more than {most} bytes")
    if not stream.eof:
        raise ContainerFault("unreadable", "an embedded object that is cut off")
    return out
