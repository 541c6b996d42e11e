"""Whether bytes really are a picture, and whether anything hides behind its end.

A signature of a few bytes proves nothing (law 3): the structure is walked to the picture's end.
Nothing here decodes a pixel; all scans are linear, and who makes a picture of more pieces than
any program writes has made none: a walk of millions of steps would keep the gateway from its mail.
"""

from __future__ import annotations

import re
from typing import Callable

_PADDING = b"\0\r\n\t "
_MOST_PIECES = 20_000
# A picture of so many bytes may have another piece: sub-blocks of GIF have at most 255.
_BYTES_A_PIECE = 128
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_JPEG_FILL = re.compile(rb"\xff*+")
_BITMAP_HEADERS = frozenset((12, 40, 52, 56, 64, 108, 124))
_BOXES = frozenset(
    (b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"iloc", b"idat", b"uuid", b"mpvd")
)
_HEIF_BRANDS = frozenset((b"heic", b"heix", b"mif1", b"avif", b"heim", b"hevc", b"msf1"))


def picture_type(content: bytes) -> str:
    """The type that the first bytes claim, or ""."""
    head = content[:48]
    if head.startswith(b"\x89PNG\r\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head.startswith((b"II*\0", b"MM\0*")):
        return "image/tiff"
    if head.startswith(b"\0\0\1\0"):
        return "image/vnd.microsoft.icon"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0" and len(content) > 26:
        return "image/bmp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "image/heif"
    if head.startswith(b"\1\0\0\0") and head[40:44] == b" EMF":
        return "image/emf"
    return ""


def picture_end(content: bytes, kind: str) -> int:
    """Where the picture ends; -1 where its structure is not that of `kind`."""
    walk = _WALKS.get(kind)
    return walk(content) if walk else -1


def is_picture(content: bytes) -> bool:
    """A picture from its first byte to its last."""
    end = picture_end(content, picture_type(content))
    return end >= 0 and not _behind(content, end)


def picture_tail(content: bytes) -> bytes:
    """What stands behind the end of the picture, padding apart."""
    return _behind(content, picture_end(content, picture_type(content)))


def _behind(content: bytes, end: int) -> bytes:
    return content[end:].strip(_PADDING) if 0 <= end < len(content) else b""


def _number(content: bytes, at: int, size: int, big: bool = False) -> int:
    return int.from_bytes(content[at : at + size], "big" if big else "little")


def _png(content: bytes) -> int:
    # PNG section 5.3: length, type, data, checksum; IHDR first, IEND last.
    if content[6:8] != b"\x1a\n" or content[8:16] != b"\0\0\0\rIHDR":
        return -1
    at = 8
    for _ in range(_MOST_PIECES):
        if at + 12 > len(content):
            return -1 if at < len(content) else len(content)
        length, name = _number(content, at, 4, True), content[at + 4 : at + 8]
        if not name.isalpha():
            return -1
        at += 12 + length
        if name == b"IEND":
            return at
    return -1


def _gif(content: bytes) -> int:
    # GIF89a: screen descriptor, then blocks of at most 255 bytes, then a semicolon.
    if len(content) < 14 or not _number(content, 6, 2) or not _number(content, 8, 2):
        return -1
    at = 13 + (3 << (content[10] & 7) + 1 if content[10] & 0x80 else 0)
    left = _MOST_PIECES + len(content) // _BYTES_A_PIECE
    while at < len(content) and left > 0:
        left -= 1
        mark = content[at]
        if mark == 0x3B:
            return at + 1
        if mark == 0x21:
            at += 2
        elif mark == 0x2C:
            flags = content[at + 9] if at + 9 < len(content) else 0
            at += 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
        elif mark == 0:
            at += 1
            continue
        else:
            return -1
        while at < len(content) and content[at] and left > 0:
            at += 1 + content[at]
            left -= 1
        at += 1
    return -1


def _jpeg(content: bytes) -> int:
    # ITU-T T.81 annex B: segments with lengths up to the scan, then markers up to EOI.
    at = 2
    for _ in range(_MOST_PIECES):
        # Any number of fill bytes may stand in front of a marker.
        at = max(at, _JPEG_FILL.match(content, at).end() - 1)  # type: ignore[union-attr]
        if at + 4 > len(content):
            return at + 2 if content[at : at + 2] == b"\xff\xd9" else -1
        if content[at] != 0xFF:
            return -1
        mark = content[at + 1]
        if mark == 0xD9:
            return at + 2
        elif mark == 0x01 or 0xD0 <= mark <= 0xD7:
            at += 2
        else:
            length = _number(content, at + 2, 2, True)
            if mark < 0xC0 or length < 2:
                return -1
            at += 2 + length
            if mark == 0xDA:
                found = _JPEG_MARKER.search(content, at)
                if found is None:
                    return -1
                at = found.start()
    return -1


def _bitmap(content: bytes) -> int:
    size = _number(content, 2, 4)
    header = _number(content, 14, 4)
    fits = header in _BITMAP_HEADERS and 26 <= _number(content, 10, 4) <= len(content)
    return (size if 26 < size <= len(content) else len(content)) if fits else -1


def _tiff(content: bytes) -> int:
    # TIFF 6.0 section 2; a TIFF has no end, its directory points anywhere.
    big = content[:2] == b"MM"
    at = _number(content, 4, 4, big)
    count = _number(content, at, 2, big)
    if not 8 <= at < len(content) or not 1 <= count <= 200 or at + 2 + 12 * count > len(content):
        return -1
    kinds = (_number(content, at + 4 + 12 * index, 2, big) for index in range(count))
    return len(content) if all(1 <= kind <= 18 for kind in kinds) else -1


def _icon(content: bytes) -> int:
    count, end = _number(content, 4, 2), 0
    if not 1 <= count <= 256 or len(content) < 6 + 16 * count:
        return -1
    for index in range(count):
        size, at = _number(content, 14 + 16 * index, 4), _number(content, 18 + 16 * index, 4)
        if at < 6 + 16 * count or at + size > len(content):
            return -1
        end = max(end, at + size)
    return end


def _webp(content: bytes) -> int:
    end = _number(content, 4, 4) + 8
    return end if content[12:15] == b"VP8" and 20 <= end <= len(content) else -1


def _heif(content: bytes) -> int:
    at = 0
    for _ in range(_MOST_PIECES):
        if at + 8 > len(content):
            return at if at <= len(content) else -1
        size, name = _number(content, at, 4, True), content[at + 4 : at + 8]
        if name not in _BOXES:
            return at or -1
        if size == 1:
            size = _number(content, at + 8, 8, True)
        if size == 0:
            return len(content)
        if size < 8:
            return -1
        at += size
    return -1


def _emf(content: bytes) -> int:
    end = _number(content, 48, 4)
    return end if 88 <= end <= len(content) else -1


_WALKS: dict[str, Callable[[bytes], int]] = {
    "image/png": _png, "image/gif": _gif, "image/jpeg": _jpeg, "image/bmp": _bitmap,
    "image/tiff": _tiff, "image/vnd.microsoft.icon": _icon, "image/webp": _webp,
    "image/heif": _heif, "image/emf": _emf,
}  # fmt: skip
