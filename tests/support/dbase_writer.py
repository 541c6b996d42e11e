"""Writes dBase tables, true and untrue ones."""

from __future__ import annotations

import struct
from typing import Sequence

Field = tuple[str, str, int]
Record = tuple[bytes, Sequence[str]]


def dbase(
    fields: Sequence[Field], records: Sequence[Record], claimed: int | None = None,
    tail: bytes = b"\x1a", charset: int = 0x57, unnamed: int = 0,
) -> bytes:  # fmt: skip
    """`claimed` is the number of records that the header says; `unnamed` bytes end each record."""
    width = 1 + sum(field[2] for field in fields) + unnamed
    head = 32 + 32 * len(fields) + 1
    count = len(records) if claimed is None else claimed
    out = bytearray(struct.pack("<B3BIHH16xBBxx", 3, 126, 11, 21, count, head, width, 0, charset))
    for name, kind, size in fields:
        out += struct.pack("<11sc4xBB14x", name.encode(), kind.encode(), size, 0)
    out += b"\r"
    for mark, cells in records:
        out += mark
        for (_, kind, size), cell in zip(fields, cells, strict=False):
            raw = cell.encode("cp1252")
            out += raw.rjust(size) if kind == "N" else raw.ljust(size)
        if unnamed:
            out += cells[len(fields)].encode("cp1252").ljust(unnamed)
    return bytes(out) + tail
