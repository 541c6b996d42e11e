"""Writes R's serialisation (XDR, version 2): enough for the tests' objects, hostile ones too."""

from __future__ import annotations

import struct
from typing import Any, Sequence

HEAD = b"X\n" + struct.pack(">iii", 2, 0x30500, 0x20300)
NULL = struct.pack(">i", 254)


def string(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">ii", 0x8009, len(raw)) + raw


def symbol(name: str) -> bytes:
    return struct.pack(">i", 1) + string(name)


def pairs(items: Sequence[tuple[str, bytes]]) -> bytes:
    return b"".join(struct.pack(">i", 0x402) + symbol(n) + v for n, v in items) + NULL


def vector(kind: int, values: bytes, count: int, **attributes: bytes) -> bytes:
    named = [(name.replace("_", "."), value) for name, value in attributes.items()]
    flags = kind | (0x300 if named else 0)
    return struct.pack(">ii", flags, count) + values + (pairs(named) if named else b"")


def strings(*values: str, **attributes: bytes) -> bytes:
    return vector(16, b"".join(map(string, values)), len(values), **attributes)


def integers(*values: int, **attributes: bytes) -> bytes:
    return vector(13, struct.pack(f">{len(values)}i", *values), len(values), **attributes)


def reals(*values: float, **attributes: bytes) -> bytes:
    return vector(14, struct.pack(f">{len(values)}d", *values), len(values), **attributes)


def raws(values: bytes) -> bytes:
    return vector(24, values, len(values))


def listed(*values: bytes, **attributes: bytes) -> bytes:
    return vector(19, b"".join(values), len(values), **attributes)


def frame(columns: dict[str, bytes], **attributes: bytes) -> bytes:
    return listed(
        *columns.values(), names=strings(*columns), **{"class": strings("data.frame")}, **attributes
    )


def compact(name: str, state: bytes) -> bytes:
    about = struct.pack(">i", 2) + symbol(name) + NULL
    return struct.pack(">i", 238) + about + state + NULL


def rds(value: bytes) -> bytes:
    return HEAD + value


def rdata(objects: dict[str, Any]) -> bytes:
    return b"RDX2\n" + HEAD + pairs(list(objects.items()))
