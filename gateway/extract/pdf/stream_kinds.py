"""What a PDF's streams are for: a closed list of kinds, and whatever is none of them is a file.

Pages, fonts, pictures, colours and tables of objects are the business of whoever draws the page
(ISO 32000-2 section 7.3.8 and where it says what is a stream); their bytes are looked at, because
the label on a stream proves nothing.
"""

from __future__ import annotations

import pikepdf

from gateway.extract.magic import type_of_bytes
from gateway.extract.signatures import looks_like_text

_STRUCTURE = frozenset(("/ObjStm", "/XRef"))
_DRAWN = frozenset(("/Image", "/Form"))
_NUMBERS = ("/FunctionType", "/ShadingType", "/HalftoneType", "/Width", "/S")
# What refers to streams of numbers: glyphs of characters. `/S` is where the hints lie for showing
# the first page first.
_TABLES = frozenset(("/CIDToGIDMap", "/CIDSet"))
_FONT_FILES = frozenset(("/FontFile", "/FontFile2", "/FontFile3"))
_OUTLINES = (b"\0\1\0\0", b"true", b"OTTO")
_OTHER_FONTS = (b"%!", b"\x80\x01", b"\1\0", b"ttcf")
_PADDING = 64
# Palettes of colours, four bytes each.
_PALETTE = 1_024


def draws(stream: pikepdf.Stream) -> bool:
    """Is it a picture, a form, a pattern, or a table of the file's own objects?"""
    kind, form = str(stream.get("/Type", "")), str(stream.get("/Subtype", ""))
    if kind in _STRUCTURE:
        return True
    if kind in ("", "/XObject") and form in _DRAWN:
        return True
    return kind in ("", "/Pattern") and "/PatternType" in stream


def is_equipment(stream: pikepdf.Stream, keys: frozenset[str], data: bytes) -> bool:
    """Is it a font, a colour profile, a map of characters, a function or a palette, by its bytes?
    `keys` are the names under which other objects refer to it."""
    if str(stream.get("/Type", "")) not in ("", "/CMap", "/Halftone"):
        return False
    if not data.strip(b"\0\r\n\t "):
        return True
    if b"begincmap" in data or b"usecmap" in data:
        return True
    if data[36:40] == b"acsp":
        return int.from_bytes(data[:4], "big") >= len(data) - _PADDING
    if keys & _FONT_FILES or "/Length1" in stream:
        return _is_font(data)
    if stream.get("/FunctionType") == 4:
        return data.lstrip().startswith(b"{")
    numbers = bool(keys & _TABLES) or any(name in stream for name in _NUMBERS)
    if (numbers or len(data) <= _PALETTE) and not (type_of_bytes(data) or looks_like_text(data)):
        return True
    # A glyph of a drawn font says its width first (section 9.6.4).
    return b" d0" in data[:300] or b" d1" in data[:300]


def _is_font(data: bytes) -> bool:
    if data[:4] not in _OUTLINES:
        return data.startswith(_OTHER_FONTS)
    count = int.from_bytes(data[4:6], "big")
    records = [data[at : at + 16] for at in range(12, 12 + 16 * count, 16)]
    ends = [
        int.from_bytes(record[8:12], "big") + int.from_bytes(record[12:16], "big")
        for record in records
    ]
    return len(data) <= max(ends, default=0) + _PADDING
