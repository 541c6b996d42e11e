"""Compressed files one stream at a time: where each begins and ends, and what its header says.

A compressed file is one or more streams, end to end; programs unpack them all into one file.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Callable, Iterator

from gateway.extract.archive.entries import decode_name, decode_words
from gateway.extract.archive.expansion import Stream, open_codec
from gateway.extract.fault import ContainerFault

_SKIPPABLE = frozenset(range(0x184D2A50, 0x184D2A60))


@dataclass(frozen=True, slots=True)
class Member:
    """One stream: its bytes as they come out, then `end()`. `words` are its header's; `skipped`
    are bytes that unpacking programs pass over."""

    pieces: Iterator[bytes]
    end: Callable[[], int]
    words: tuple[str, ...] = ()
    skipped: bytes = b""


def gzip_member(content: bytes, at: int) -> Member | None:
    """RFC 1952 section 2.3."""
    if content[at : at + 3] != b"\x1f\x8b\x08":
        return None
    flags = content[at + 3] if at + 3 < len(content) else 0
    words: list[str] = []
    start, skipped = at + 10, b""
    if flags & 4:
        length = int.from_bytes(content[start : start + 2], "little")
        extra = content[start + 2 : start + 2 + length]
        said = decode_words(extra)
        if said:
            words.append(said)
        elif said is None:
            skipped = _without_lengths(extra, len(content))
        start += 2 + length
    for flag in (8, 16):
        if flags & flag:
            stop = content.find(b"\0", start)
            stop = len(content) if stop < 0 else stop
            words.append(decode_name(content[start:stop], "latin-1"))
            start = stop + 1
    start += 2 if flags & 2 else 0
    stream = Stream(open_codec("deflate"), content, start, len(content))
    return Member(_gzip_pieces(stream, content), lambda: stream.end + 8, tuple(words), skipped)


def _without_lengths(extra: bytes, most: int) -> bytes:
    """A header's extra field without the lengths of blocks that BGZF and dictzip write there."""
    at, left = 0, b""
    while at + 4 <= len(extra):
        stop = at + 4 + int.from_bytes(extra[at + 2 : at + 4], "little")
        if not _are_lengths(extra[at : at + 2], extra[at + 4 : stop], most):
            left += extra[at:stop]
        at = stop
    return left + extra[at:]


def _are_lengths(mark: bytes, body: bytes, most: int) -> bool:
    if mark == b"BC":
        return len(body) == 2
    if mark != b"RA" or len(body) < 6 or len(body) % 2:
        return False
    _, _, count, *lengths = struct.unpack(f"<{len(body) // 2}H", body)
    return bool(count == len(lengths) and sum(lengths) <= most)


def _gzip_pieces(stream: Stream, content: bytes) -> Iterator[bytes]:
    checksum = size = 0
    for piece in stream.pieces():
        checksum, size = zlib.crc32(piece, checksum), size + len(piece)
        yield piece
    trailer = content[stream.end : stream.end + 8]
    if trailer != struct.pack("<2I", checksum, size & 0xFFFFFFFF):
        raise ContainerFault("unreadable", "the checksum does not fit")


def bzip2_member(content: bytes, at: int) -> Member | None:
    return _plain("bzip2", content, at) if content[at : at + 3] == b"BZh" else None


def xz_member(content: bytes, at: int) -> Member | None:
    return _plain("xz", content, at) if content[at : at + 6] == b"\xfd7zXZ\0" else None


def lzma_member(content: bytes, at: int) -> Member | None:
    return _plain("lzma", content, at) if at == 0 else None


def _plain(codec: str, content: bytes, at: int) -> Member:
    stream = Stream(open_codec(codec), content, at, len(content))
    return Member(stream.pieces(), lambda: stream.end)


def lzip_member(content: bytes, at: int) -> Member | None:
    """Lzip manual, "File format": magic, version, dictionary, LZMA stream, trailer of 20 bytes."""
    if content[at : at + 4] != b"LZIP" or at + 6 > len(content):
        return None
    coded = content[at + 5]
    size = 1 << (coded & 0x1F)
    size -= size // 16 * (coded >> 5)
    head = b"\x5d" + struct.pack("<I", min(size, 1 << 29)) + b"\xff" * 8
    stream = Stream(open_codec("lzma", 1 << 30), content, at + 6, len(content), head)
    return Member(_lzip_pieces(stream, content), lambda: stream.end + 20)


def _lzip_pieces(stream: Stream, content: bytes) -> Iterator[bytes]:
    checksum = size = 0
    for piece in stream.pieces():
        checksum, size = zlib.crc32(piece, checksum), size + len(piece)
        yield piece
    if content[stream.end : stream.end + 12] != struct.pack("<IQ", checksum, size):
        raise ContainerFault("unreadable", "the checksum does not fit")


def zstd_member(content: bytes, at: int) -> Member | None:
    """RFC 8878 section 3.1: frames, and skippable frames between them."""
    skipped = _skippable(content, at)
    if skipped is not None:
        return skipped
    if content[at : at + 4] != b"\x28\xb5\x2f\xfd":
        return None
    descriptor = content[at + 4] if at + 4 < len(content) else 0
    window = 0 if descriptor & 0x20 else 1
    length = (0, 1, 2, 4)[descriptor & 3]
    if any(content[at + 5 + window : at + 5 + window + length]):
        raise ContainerFault("unreadable", "compressed with a dictionary that is not here")
    return _plain("zstd", content, at)


def lz4_member(content: bytes, at: int) -> Member | None:
    """LZ4 frame format 1.6: a header, blocks with their lengths, an end mark."""
    skipped = _skippable(content, at)
    if skipped is not None:
        return skipped
    if content[at : at + 4] != b"\x04\x22\x4d\x18" or at + 7 > len(content):
        return None
    flags = content[at + 4]
    end = at + 7 + (8 if flags & 8 else 0) + (4 if flags & 1 else 0)
    if flags & 1:
        raise ContainerFault("unreadable", "compressed with a dictionary that is not here")
    while True:
        if end + 4 > len(content):
            end = len(content) + 1  # cut off: the library says how far it goes
            break
        length = int.from_bytes(content[end : end + 4], "little")
        end += 4
        if not length:
            end += 4 if flags & 4 else 0
            break
        end += (length & 0x7FFFFFFF) + (4 if flags & 16 else 0)
    return library_member("lz4", content[at:end], end, end > len(content))


def compress_member(content: bytes, at: int) -> Member | None:
    """compress(1) marks no end: everything is data."""
    return library_member("compress", content, len(content), False) if at == 0 else None


def library_member(name: str, content: bytes, end: int, cut: bool) -> Member:
    """A stream that only libarchive unpacks."""
    return Member(_library_pieces(name, content, cut), lambda: end)


def _library_pieces(name: str, content: bytes, cut: bool) -> Iterator[bytes]:
    from gateway.extract.archive.libarchive import only_entry

    yield from only_entry(content, "raw", name)
    if cut:
        raise ContainerFault("unreadable", "compressed data that are cut off")


def _skippable(content: bytes, at: int) -> Member | None:
    if int.from_bytes(content[at : at + 4], "little") not in _SKIPPABLE:
        return None
    start = at + 8
    end = start + int.from_bytes(content[at + 4 : start], "little")
    return Member(iter(()), lambda: end, (), content[start:end] or b"")
