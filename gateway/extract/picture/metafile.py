"""The words that Windows metafiles draw: tables pasted from Excel into documents often are one.

[MS-EMF] section 2.3.5 and [MS-WMF] section 2.3.3; one linear walk over the records.
"""

from __future__ import annotations

import struct

_SMALL_TEXT, _WIDE, _NARROW = 108, 84, 83
_COMMENT = 70
_END = 14
# BITBLT, STRETCHBLT, MASKBLT, PLGBLT, SETDIBITSTODEVICE, STRETCHDIBITS, ALPHABLEND, TRANSPARENTBLT
_PIXELS = frozenset((76, 77, 78, 79, 80, 81, 114, 116))
# Where a record of pixels says where the head of its bitmap is (sections 2.3.1.2 to 2.3.1.10).
_BITMAP_AT, _BITMAP_USUALLY_AT = {79: 96, 80: 48, 81: 48}, 84
# A button or a logo: fewer pixels than a legible line of a document takes.
_FEW_PIXELS = 20_000
# Where the string's length and place stand in an EXTTEXTOUT record, from its beginning.
_EMRTEXT = 36
_TEXT_OUT, _EXT_TEXT_OUT = 0x0521, 0x0A32


def metafile_text(content: bytes) -> str:
    """One line for each string drawn, in the order of drawing; what is damaged ends the walk."""
    if content[40:44] == b" EMF":
        return "\n".join(_enhanced(content))
    start = 22 if content[:4] == b"\xd7\xcd\xc6\x9a" else 0
    return "\n".join(_windows(content, start + 18))


def holds_pixels(content: bytes) -> bool:
    """Whether a picture of pixels, large enough to read in, is drawn among the words."""
    if content[40:44] != b" EMF":
        return True  # of the old format nobody asks so closely
    place = pixels = 0
    while place + 8 <= len(content):
        kind, size = struct.unpack_from("<II", content, place)
        if size < 8:
            return True
        if kind in _PIXELS:
            # All together: a picture may be drawn in strips.
            pixels += _pixels(content[place : place + size], kind)
        if pixels >= _FEW_PIXELS:
            return True
        if kind == _END:
            return False
        place += size
    return True


def _pixels(record: bytes, kind: int) -> int:
    """How many pixels the record's bitmap has; none where it only fills an area."""
    at = _BITMAP_AT.get(kind, _BITMAP_USUALLY_AT)
    try:
        start, length = struct.unpack_from("<II", record, at)
        if not length:
            return 0
        if length < 16:  # the head of OS/2 bitmaps
            return _FEW_PIXELS
        width, height = struct.unpack_from("<ii", record, start + 4)
    except struct.error:
        return _FEW_PIXELS
    return abs(int(width) * int(height))


def _enhanced(content: bytes) -> list[str]:
    found, place = [], 0
    while place + 8 <= len(content):
        kind, size = struct.unpack_from("<II", content, place)
        if size < 8 or place + size > len(content):
            break
        record = content[place : place + size]
        if kind in (_WIDE, _NARROW) and size >= _EMRTEXT + 16:
            count, offset = struct.unpack_from("<II", record, _EMRTEXT + 8)
            width = 2 if kind == _WIDE else 1
            found.append(_decoded(record[offset : offset + count * width], width))
        elif kind == _SMALL_TEXT and size >= 36:
            (count,), (options,) = (
                struct.unpack_from("<I", record, 16),
                struct.unpack_from("<I", record, 20),
            )
            width = 1 if options & 0x200 else 2
            offset = 36 if options & 0x100 else 52
            found.append(_decoded(record[offset : offset + count * width], width))
        elif kind == _COMMENT and record[12:16] == b"EMF+":
            found += _plus(record[16:])
        place += size
    return [text for text in found if text.strip()]


def _plus(records: bytes) -> list[str]:
    """EmfPlusDrawString ([MS-EMFPLUS] section 2.3.4.14) and DrawDriverString is glyphs."""
    found, place = [], 0
    while place + 12 <= len(records):
        kind, _, size, _ = struct.unpack_from("<HHII", records, place)
        if size < 12:
            break
        if kind == 0x401C and size >= 40:
            (count,) = struct.unpack_from("<I", records, place + 20)
            found.append(_decoded(records[place + 40 : place + 40 + 2 * count], 2))
        place += size
    return found


def _windows(content: bytes, place: int) -> list[str]:
    found = []
    while place + 6 <= len(content):
        words, kind = struct.unpack_from("<IH", content, place)
        if words < 3 or place + 2 * words > len(content):
            break
        body = content[place + 6 : place + 2 * words]
        if kind == _TEXT_OUT and len(body) >= 2:
            (count,) = struct.unpack_from("<H", body)
            found.append(_decoded(body[2 : 2 + count], 1))
        elif kind == _EXT_TEXT_OUT and len(body) >= 8:
            count, options = struct.unpack_from("<HH", body, 4)
            offset = 16 if options & 0x6 else 8
            found.append(_decoded(body[offset : offset + count], 1))
        place += 2 * words
    return [text for text in found if text.strip()]


def _decoded(raw: bytes, width: int) -> str:
    return raw.decode("utf-16-le" if width == 2 else "cp1252", "replace")
