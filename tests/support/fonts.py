"""Fonts of a few empty tables, as a file and as documents keep them."""

from __future__ import annotations

import struct

TABLES = ("OS/2", "cmap", "glyf", "head")


def font(extra: bytes = b"", tables: tuple[str, ...] = TABLES) -> bytes:
    """A directory and tables of control bytes; `extra` stands behind the last."""
    count = len(tables)
    last = count.bit_length() - 1
    search = (count, 16 << last, last, 16 * count - (16 << last))
    records, bodies = b"", b""
    for name in tables:
        body = b"\1\2\3\4" * 8
        start = 12 + 16 * count + len(bodies)
        records += struct.pack(">4s3I", name.encode(), 0, start, len(body))
        bodies += body
    return b"\0\1\0\0" + struct.pack(">4H", *search) + records + bodies + extra


def scrambled(content: bytes) -> bytes:
    """The first 32 bytes as Word writes them (ECMA-376 part 4, section 15.2.13)."""
    key = bytes(range(101, 117))
    head = bytes(byte ^ key[15 - at % 16] for at, byte in enumerate(content[:32]))
    return head + content[32:]
