"""Unpacking within bounds: bytes are counted as they come out, and time is watched.

Nothing is believed that an archive says about itself. What lies beyond a limit is cut, and its
beginning is still handed on, so that a survey of two gigabytes is known for what it is.
"""

from __future__ import annotations

import bz2
import io
import lzma
import sys
import zlib
from dataclasses import dataclass
from time import monotonic
from typing import Any, Callable, Iterator, Protocol

from gateway.extract.fault import ContainerFault
from gateway.model.limits import ReadLimits

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHUNK = 1 << 20
# So much is read of what is too large.
HEAD = 1 << 20
_FED = 1 << 16
_DAMAGE = (zlib.error, lzma.LZMAError, zstd.ZstdError, OSError, EOFError, ValueError)


class Codec(Protocol):
    """The standard library's decompressors, one stream each."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Inflate:
    """Raw deflate with the interface of the other decompressors."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(-15)

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def needs_input(self) -> bool:
        return not self._stream.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._stream.decompress(self._stream.unconsumed_tail + data, max_length)


def open_codec(name: str, memory: int = 1 << 28) -> Codec:
    """A decompressor for one stream of `name`; no dictionary larger than `memory` bytes."""
    makers: dict[str, Callable[[], Any]] = {
        "deflate": Inflate,
        "bzip2": bz2.BZ2Decompressor,
        "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=memory),
        "lzma": lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=memory),
        "zstd": zstd.ZstdDecompressor,
    }
    codec: Codec = makers[name]()
    return codec


class Stream:
    """One compressed stream in `content[start:stop]`; `end` is where it ended, once it has."""

    def __init__(self, codec: Codec, content: bytes, start: int, stop: int, head: bytes = b""):
        self._codec = codec
        self._content = memoryview(content)
        self._start, self._stop = start, min(stop, len(content))
        self._head = head
        self.end = start

    def pieces(self) -> Iterator[bytes]:
        """Raises ContainerFault where the data are damaged or cut off."""
        codec, head, at = self._codec, self._head, self._start
        try:
            while not codec.eof:
                fed = b""
                if codec.needs_input:
                    fed = bytes(self._content[at : min(at + _FED, self._stop)])
                    at += len(fed)
                    fed, head = head + fed, b""
                piece = codec.decompress(fed, CHUNK)
                if piece:
                    yield piece
                elif not fed and not codec.eof and at >= self._stop:
                    raise ContainerFault("unreadable", "compressed data that are cut off")
            self.end = at - len(codec.unused_data)
        except _DAMAGE:
            raise ContainerFault("unreadable", "damaged compressed data") from None


def stored(content: bytes, start: int, stop: int) -> Iterator[bytes]:
    """Bytes that are not compressed."""
    view = memoryview(content)
    for at in range(start, min(stop, len(content)), CHUNK):
        yield bytes(view[at : min(at + CHUNK, stop)])
    if stop > len(content):
        raise ContainerFault("unreadable", "an entry that is cut off")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What came out, and why there is no more of it."""

    content: bytes
    fault: ContainerFault | None = None


class Expansion:
    """What one archive may still unpack. `limits` are those that are left."""

    def __init__(self, limits: ReadLimits) -> None:
        self._left = limits.expanded_bytes
        self._until = monotonic() + limits.seconds

    def gather(self, pieces: Iterator[bytes], declared: int = 0) -> Unpacked:
        """All pieces together, or their beginning and the fault that ended them."""
        # Nobody unpacks a gigabyte to learn that the second one is refused.
        most = min(HEAD, self._left) if declared > self._left else self._left
        out = io.BytesIO()
        fault = None
        try:
            if declared and not most:
                raise ContainerFault("limit", "nothing more may be unpacked")
            for piece in pieces:
                self._check_time()
                if out.tell() + len(piece) > most:
                    out.write(piece[: max(0, most - out.tell())])
                    raise ContainerFault("limit", "larger than what may still be unpacked")
                out.write(piece)
        except ContainerFault as caught:
            fault = caught
        except MemoryError:
            fault = ContainerFault("limit", "not enough memory")
        self._left = max(0, self._left - out.tell())
        if fault and fault.reason != "unreadable":
            out.truncate(HEAD)
        return Unpacked(out.getvalue(), fault)

    def _check_time(self) -> None:
        if monotonic() > self._until:
            raise ContainerFault("timeout", "took too long to unpack")
