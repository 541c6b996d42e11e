"""The words that a PNG keeps beside its pixels (PNG sections 11.3.3 and 11.3.4), by a walk of our
own: libraries stop at the first chunk that they do not like.
"""

from __future__ import annotations

import zlib

MOST_CHUNKS = 20_000
_WORDS = (b"tEXt", b"zTXt", b"iTXt")


def png_words(content: bytes, most: int) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Keyword and text of each chunk, and whether that is all: neither more than `most` characters
    nor too many chunks, nor damage."""
    found: list[tuple[str, str]] = []
    at = 8
    for _ in range(MOST_CHUNKS):
        if at + 12 > len(content):
            return tuple(found), False
        length, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if name in _WORDS:
            item, whole = _item(name, content[at + 8 : at + 8 + length], most)
            found.append(item)
            most -= len(item[1])
            if not whole or most <= 0:
                return tuple(found), False
        at += 12 + length
        if name == b"IEND":
            return tuple(found), True
    return tuple(found), False


def _item(name: bytes, chunk: bytes, most: int) -> tuple[tuple[str, str], bool]:
    keyword, _, rest = chunk.partition(b"\0")
    packed = name == b"zTXt"
    if name == b"zTXt":
        rest = rest[1:]
    elif name == b"iTXt":
        packed, rest = rest[:1] == b"\1", rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    whole = True
    if packed:
        rest, whole = _unpacked(rest, most)
    text = rest[:most].decode("utf-8" if name == b"iTXt" else "latin-1", "replace")
    return (keyword[:79].decode("latin-1"), text), whole and len(rest) <= most


def _unpacked(packed: bytes, most: int) -> tuple[bytes, bool]:
    unpacking = zlib.decompressobj()
    try:
        words = unpacking.decompress(packed, most + 1)
    except zlib.error:
        return b"", False
    return words, unpacking.eof
