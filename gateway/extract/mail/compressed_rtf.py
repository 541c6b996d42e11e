"""Undoes the compression of RTF bodies in Outlook's messages ([MS-OXRTFCP])."""

from __future__ import annotations

import struct
import zlib

_HEADER = struct.Struct("<IIII")
_COMPRESSED, _STORED = 0x75465A4C, 0x414C454D
_WINDOW = 4096
# The dictionary that every stream begins with ([MS-OXRTFCP] section 2.1.3.1).
_INITIAL = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def decompress_rtf(content: bytes, most: int) -> tuple[bytes, str]:
    """The RTF, at most `most` bytes of it, and what is wrong with it ("" for nothing)."""
    if len(content) < _HEADER.size:
        return b"", "compressed text without a header"
    size, raw_size, kind, checksum = _HEADER.unpack_from(content)
    body = content[_HEADER.size : size + 4]
    if kind == _STORED:
        return body[:most], "" if len(body) >= raw_size else "the text ends too early"
    if kind != _COMPRESSED:
        return b"", "compressed text of an unknown kind"
    fault = ""
    if zlib.crc32(body, 0xFFFFFFFF) ^ 0xFFFFFFFF != checksum:
        fault = "the checksum of the compressed text does not fit"
    rtf, ended = _expand(body, min(most, raw_size + 2))
    if not ended and len(rtf) < raw_size:
        fault = (
            "the compressed text ends too early" if len(rtf) < most else "more text than is read"
        )
    return rtf[:raw_size], fault


def _expand(body: bytes, most: int) -> tuple[bytes, bool]:
    """The text, and whether the stream says that this is all of it."""
    out = bytearray(_INITIAL)
    begin = len(out)
    most += begin
    position, length = 0, len(body)
    while position < length and len(out) < most:
        control = body[position]
        position += 1
        for bit in range(8):
            if not control >> bit & 1:
                if position >= length:
                    return bytes(out[begin:]), False
                out.append(body[position])
                position += 1
                continue
            if position + 2 > length:
                return bytes(out[begin:]), False
            token = body[position] << 8 | body[position + 1]
            position += 2
            back = (len(out) - (token >> 4)) % _WINDOW
            if not back:
                return bytes(out[begin:]), True  # a reference to the write position ends it
            _copy(out, back, (token & 15) + 2)
    return bytes(out[begin:]), False


def _copy(out: bytearray, back: int, count: int) -> None:
    start = len(out) - back
    if start < 0:  # never written: blanks, as the window is before it is filled
        missing = min(count, -start)
        out += b" " * missing
        count, start = count - missing, 0
    for index in range(start, start + count):
        out.append(out[index])
