"""Whether bytes really are a sound, a film or a font, from their first byte to their last.

Nobody reads these, and rules ask less of them than of a data file: a signature of a few bytes
in front of something else must not make one. All walks are bounded.
"""

from __future__ import annotations

import struct
from typing import Callable

_MOST_PIECES = 20_000
# Frames and pages are seldom shorter: a longer file may have more of them.
_BYTES_A_PIECE = 96
_PADDING = b"\0\r\n\t "
_FILM_BOXES = frozenset((
    b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"moof", b"mfra", b"sidx",
    b"meta", b"pdin", b"styp", b"emsg", b"prft",
))  # fmt: skip
# kbit/s by the four bits of a frame's header (ISO 11172-3 section 2.4.2.3, ISO 13818-3).
_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
_HERTZ = (44_100, 48_000, 32_000, 0)
_FONTS = (b"\0\1\0\0", b"OTTO", b"true", b"ttcf", b"typ1")


def is_recording(content: bytes, kind: str) -> bool:
    """Is the whole of it what a type of sound, film or font says it is? Padding apart."""
    walk = _WALKS.get(kind)
    end = walk(content) if walk else -1
    return 0 < end <= len(content) and not content[end:].strip(_PADDING)


def _budget(content: bytes) -> range:
    return range(_MOST_PIECES + len(content) // _BYTES_A_PIECE)


def _mpeg(content: bytes) -> int:
    # ID3v2.4 section 3.1: tags in front, their size in sevens of bits; ID3v1 behind.
    at = 0
    for _ in range(9):
        if content[at : at + 3] != b"ID3":
            break
        sevens = content[at + 6 : at + 10]
        if len(sevens) < 4 or max(sevens) > 0x7F:
            return -1
        at += 10 + (sevens[0] << 21 | sevens[1] << 14 | sevens[2] << 7 | sevens[3])
    first = at
    for _ in _budget(content):
        length = _frame(content[at : at + 4])
        if not length:
            break
        at += length
    if at == first:
        return -1
    at = min(at, len(content))  # the last frame is often cut
    return at + 128 if content[at : at + 3] == b"TAG" else at


def _frame(head: bytes) -> int:
    """The length of a frame of layer III, or 0."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2 or head[1] & 0x18 == 0x08:
        return 0
    version = head[1] >> 3 & 3
    rate = (_RATES_1 if version == 3 else _RATES_2)[head[2] >> 4]
    hertz = _HERTZ[head[2] >> 2 & 3] // {3: 1, 2: 2, 0: 4}[version]
    if not rate or not hertz:
        return 0
    return (144 if version == 3 else 72) * rate * 1000 // hertz + (head[2] >> 1 & 1)


def _film(content: bytes) -> int:
    # ISO 14496-12 section 4.2; without its table of samples it shows nothing.
    at, shows = 0, False
    for _ in range(_MOST_PIECES):
        if at + 8 > len(content):
            return at if shows else -1
        size, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if name not in _FILM_BOXES:
            return at if shows else -1
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        size = size or len(content) - at
        if size < 8:
            return -1
        shows = shows or (name == b"moov" and content.find(b"mvhd", at, at + 200) > 0)
        at += size
    return -1


def _ogg(content: bytes) -> int:
    # RFC 3533 section 6: a table of lengths says how long each page is.
    at = 0
    for _ in _budget(content):
        if content[at : at + 5] != b"OggS\0" or at + 27 > len(content):
            break
        count = content[at + 26]
        at += 27 + count + sum(content[at + 27 : at + 27 + count])
    return at or -1


def _flac(content: bytes) -> int:
    # RFC 9639 section 8; frames do not say how long they are, and only the first is looked at.
    if content[4:5] not in (b"\0", b"\x80") or content[5:8] != b"\0\0\x22":
        return -1
    at = 4
    for _ in range(_MOST_PIECES):
        if at + 4 > len(content):
            return -1
        last = content[at] & 0x80
        at += 4 + int.from_bytes(content[at + 1 : at + 4], "big")
        if last:
            return len(content) if content[at : at + 2] in (b"\xff\xf8", b"\xff\xf9") else -1
    return -1


def _riff(content: bytes) -> int:
    """Chunks fill each RIFF, and a long film has several."""
    at = 0
    for _ in range(1000):
        if content[at : at + 4] != b"RIFF" or at + 12 > len(content):
            break
        end = at + 8 + int.from_bytes(content[at + 4 : at + 8], "little")
        inner = at + 12
        for _ in range(_MOST_PIECES):
            if inner + 8 > end:
                break
            if not content[inner : inner + 3].isalnum():
                return -1
            size = int.from_bytes(content[inner + 4 : inner + 8], "little")
            inner += 8 + size + (size & 1)
        if not end <= inner <= end + 1 or inner == at + 12:
            return -1
        at = end + (end & 1 if content[end : end + 1] == b"\0" else 0)
    return at or -1


def _woff(content: bytes) -> int:
    # W3C WOFF 1.0 section 3: tables, and blocks of words and private bytes, in the file's length.
    if len(content) < 44 or content[4:8] not in _FONTS:
        return -1
    length, count = struct.unpack_from(">IH", content, 8)
    if not 0 < count < 4096 or 44 + 20 * count > length or length > len(content):
        return -1
    for index in range(count):
        start, size = struct.unpack_from(">II", content, 48 + 20 * index)
        if start + size > length:
            return -1
    return int(length)


def _woff2(content: bytes) -> int:
    # W3C WOFF 2.0 section 4: one stream, compressed, in the file's length.
    if len(content) < 48 or content[4:8] not in _FONTS:
        return -1
    length, count = struct.unpack_from(">IH", content, 8)
    (packed,) = struct.unpack_from(">I", content, 20)
    words, private = (struct.unpack_from(">I", content, at)[0] for at in (32, 44))
    # What is neither the stream nor said to be something else: the directory, and padding.
    rest = length - 48 - packed - words - private
    return int(length) if count and packed and 0 <= rest <= 20 * count + 16 else -1


_WALKS: dict[str, Callable[[bytes], int]] = {
    "audio/mpeg": _mpeg, "audio/ogg": _ogg, "audio/flac": _flac, "audio/wav": _riff,
    "video/x-msvideo": _riff, "video/mp4": _film, "font/woff": _woff, "font/woff2": _woff2,
}  # fmt: skip
