"""Fonts inside office files, told from whatever else may stand in their place.

A font is a directory of tables (OpenType 1.9, "Organization of an OpenType Font"): only where
known tables account for every byte is it nothing but a font.
"""

from __future__ import annotations

import struct
from operator import xor

_TABLES = frozenset(
    (
        "BASE CBDT CBLC CFF CFF2 COLR CPAL DSIG EBDT EBLC EBSC FFTM GDEF GPOS GSUB HVAR JSTF LTSH "
        "MATH MERG MVAR OS/2 PCLT STAT SVG VDMX VORG VVAR avar bdat bloc cmap cvar cvt feat fpgm "
        "fvar gasp glyf gvar hdmx head hhea hmtx kern loca maxp meta morx name post prep sbix "
        "trak vhea vmtx webf Feat Glat Gloc Silf Sill mort bsln just lcar opbd prop TeX Zapf"
    ).split()
)
_PLAIN_HEADS = (b"\0\1\0\0", b"OTTO", b"true")
_WEB_HEADS = (b"wOFF", b"wOF2")
_MOST_TABLES, _PADDING = 100, 3
# The names that an embedded OpenType font has of its own stand in front of it.
_MOST_HEAD = 4096
_COMPRESSED, _XORED = 4, 0x1000_0000


def is_font(key: str, content: bytes) -> bool:
    """Is the entry of that name a font, and nothing besides?"""
    if key.endswith(".odttf"):
        return _is_scrambled(content)
    if key.endswith(".fntdata"):
        return _is_embedded(content)
    if content[:4] in _WEB_HEADS:
        return _is_web_font(content)
    if content[:4] == b"ttcf":
        return _is_collection(content)
    return content[:4] in _PLAIN_HEADS and _accounts(content, _directory(content, 0))


def _directory(content: bytes, at: int) -> list[tuple[str, int, int]]:
    """Name, place and length of each table; nothing where there is no such directory."""
    if at + 12 > len(content):
        return []
    count = int.from_bytes(content[at + 4 : at + 6], "big")
    if not 0 < count <= _MOST_TABLES or at + 12 + 16 * count > len(content):
        return []
    return [_record(content, at + 12 + 16 * index) for index in range(count)]


def _record(content: bytes, at: int) -> tuple[str, int, int]:
    tag, start, size = struct.unpack_from(">4s4xII", content, at)
    return tag.decode("latin-1").rstrip(" "), start, size


def _accounts(content: bytes, tables: list[tuple[str, int, int]], head: int = 0) -> bool:
    """Known tables, one behind the other, from the directory to the end of the file."""
    if not tables or any(tag not in _TABLES for tag, _, _ in tables):
        return False
    return _is_gapless(content, tables, head or 12 + 16 * len(tables))


def _is_gapless(content: bytes, tables: list[tuple[str, int, int]], end: int) -> bool:
    """Nothing but padding between tables and behind them."""
    for _, start, size in sorted(tables, key=lambda table: table[1]):
        if start > end + _PADDING or any(content[end:start]):
            return False
        end = max(end, start + size)
    return end <= len(content) <= end + _PADDING and not any(content[end:])


def _is_scrambled(content: bytes) -> bool:
    """A document's font, its first 32 bytes scrambled (ECMA-376 part 4, section 15.2.13).

    How many tables there are says what the head was, and that the key: sixteen bytes that are
    used twice, so that the first table's place is known, too.
    """
    for count in range(2, min(_MOST_TABLES, (len(content) - 12) // 16) + 1):
        last = count.bit_length() - 1
        head = struct.pack(">4H", count, 16 << last, last, 16 * count - (16 << last))
        key = bytes(map(xor, content[4:12], head))
        start, size = struct.unpack(">II", bytes(map(xor, content[20:28], key)))
        known = [_record(content, 12 + 16 * index) for index in range(2, count)]
        second = struct.unpack_from(">II", content, 36)
        tables = [("head", start, size), ("head", *second), *known]
        if _accounts(content, tables):
            return True
        if any(tag not in _TABLES for tag, _, _ in known):
            return False
    return False


def _is_embedded(content: bytes) -> bool:
    """Embedded OpenType (W3C submission of 2008, section 4.1)."""
    if len(content) < 82 or content[34:36] != b"LP":
        return False
    size, inner, _, flags = struct.unpack_from("<4I", content)
    if size != len(content) or not 0 < inner <= size or size - inner > _MOST_HEAD:
        return False
    font = content[size - inner :]
    if flags & _XORED:
        font = bytes(byte ^ 0x50 for byte in font)
    if flags & _COMPRESSED:
        # MicroType Express, section 3: a version, then where its second and third block begin.
        limit, second, third = (int.from_bytes(font[at : at + 3], "big") for at in (1, 4, 7))
        return font[0] in (1, 2, 3) and 10 <= second <= third <= inner and limit > 0
    return _accounts(font, _directory(font, 0))


def _is_web_font(content: bytes) -> bool:
    """WOFF, without metadata and a maker's own bytes; of WOFF 2 the lengths alone are read."""
    if len(content) < 48 or int.from_bytes(content[8:12], "big") != len(content):
        return False
    count = int.from_bytes(content[12:14], "big")
    second = content[:4] == b"wOF2"
    if any(struct.unpack_from(">5I", content, 28 if second else 24)):
        return False
    if second:
        packed = int.from_bytes(content[20:24], "big")
        return 0 < count <= _MOST_TABLES and 0 <= len(content) - packed - 48 <= 24 * count
    if not 0 < count <= _MOST_TABLES or 44 + 20 * count > len(content):
        return False
    records = [struct.unpack_from(">4sII", content, 44 + 20 * i) for i in range(count)]
    tables = [(tag.decode("latin-1").rstrip(" "), start, size) for tag, start, size in records]
    return _accounts(content, tables, 44 + 20 * count)


def _is_collection(content: bytes) -> bool:
    """Several fonts that share tables."""
    count = int.from_bytes(content[8:12], "big")
    if not 0 < count <= _MOST_TABLES or 12 + 4 * count > len(content):
        return False
    tables = [("head", 0, 12 + 4 * count)]
    for at in struct.unpack_from(f">{count}I", content, 12):
        found = _directory(content, at)
        if not found:
            return False
        tables += [("head", at, 12 + 16 * len(found)), *found]
    if content[4:6] == b"\0\2":
        tables.append(("DSIG", 12 + 4 * count, 12))
    return _accounts(content, tables, 12)
