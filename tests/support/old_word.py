"""Word documents of the binary format, piece by piece, without any formats."""

from __future__ import annotations

import struct
from typing import Mapping

from gateway.extract.office.storage_file import write_compound


def word_document(
    pieces: list[tuple[bytes, bool]], lengths: tuple[int, ...] = (), flags: int = 0x200,
    left_over: bytes = b"", table: bytes = b"",
    streams: Mapping[tuple[str, ...], bytes] | None = None,
) -> bytes:  # fmt: skip
    """A document of these pieces (bytes, is it UTF-16); `lengths` of its stories, in characters."""
    fib = bytearray(0x600)
    struct.pack_into("<HH", fib, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", fib, 10, flags)
    counts = [len(body) // (2 if wide else 1) for body, wide in pieces]
    struct.pack_into(f"<{len(lengths or (1,))}I", fib, 0x4C, *(lengths or (sum(counts),)))
    body, places, entries = bytearray(), [0], b""
    for (content, wide), count in zip(pieces, counts, strict=True):
        start = len(fib) + len(body)
        entries += struct.pack("<HIH", 0, start if wide else start * 2 | 0x40000000, 0)
        body += content + b"\0" * (len(content) % 2)
        places.append(places[-1] + count)
    plc = struct.pack(f"<{len(places)}I", *places) + entries
    clx = b"\2" + struct.pack("<I", len(plc)) + plc
    struct.pack_into("<II", fib, 0x1A2, 0, len(clx))
    stream = bytes(fib) + bytes(body) + left_over
    return write_compound(
        {
            ("WordDocument",): stream + b"\0" * 4096,
            ("1Table",): clx + table + b"\0" * 4096,
            **(streams or {}),
        }
    )
