"""A font is a font to its last byte; what only begins like one is a file to be read."""

from __future__ import annotations

import struct
import zlib

import pytest
from support.fonts import TABLES, font, scrambled

from gateway.extract.office.embedded_font import is_font

PACKED = zlib.compress(b"name,age,marker\n" * 300)


def web_font(second: bytes = b"", metadata: int = 0) -> bytes:
    size = 44 + 20 + 4 + len(second)
    head = struct.pack(">4sIIHHIHH5I", b"wOFF", 0, size, 1, 0, 0, 1, 0, 0, metadata, 0, 0, 0)
    return head + struct.pack(">4s4I", b"head", 64, 4, 4, 0) + b"\1\2\3\4" + second


def embedded(inner: bytes) -> bytes:
    size = 90 + len(inner)
    head = struct.pack("<4I", size, len(inner), 0x20001, 0).ljust(34, b"\0") + b"LP"
    return head.ljust(90, b"\0") + inner


@pytest.mark.parametrize(
    "name, content",
    [
        ("a.ttf", font()), ("a.odttf", scrambled(font())), ("a.fntdata", embedded(font())),
        ("a.woff", web_font()),
    ],
)  # fmt: skip
def test_a_font_is_a_font(name: str, content: bytes) -> None:
    assert is_font(name, content)


@pytest.mark.parametrize(
    "name, content",
    [
        ("a.ttf", b"\0\1\0\0" + PACKED),
        ("a.otf", b"OTTO" + bytes(10) + PACKED),
        ("a.ttf", font(PACKED)),
        ("a.ttf", font(tables=(*TABLES, "rows"))),
        ("a.odttf", scrambled(font(PACKED))),
        ("a.odttf", bytes(44) + b"OS/2" + bytes(4) + struct.pack(">II", 64, 8) + PACKED),
        ("a.fntdata", embedded(PACKED)),
        ("a.woff", web_font(PACKED)),
        ("a.woff", web_font(metadata=64)),
        ("a.ttc", b"ttcf\0\1\0\0" + struct.pack(">I", 1) + PACKED),
    ],
)
def test_what_only_begins_like_a_font_is_none(name: str, content: bytes) -> None:
    assert not is_font(name, content)
