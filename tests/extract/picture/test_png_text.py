"""Words in a PNG are read to its last chunk, also where its pixels cannot be."""

from __future__ import annotations

import struct
import zlib

import pytest

from gateway.extract import detect_type, read_nested, types
from gateway.extract.picture.png_text import MOST_CHUNKS, png_words
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

ROWS = b"id,age,region\n" + b"".join(b"%d,%d,North\n" % (n, n % 70) for n in range(40))


def chunk(name: bytes, content: bytes = b"") -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum


def contents(content: bytes) -> list[Content]:
    part = Part("2", "image/png", "attachment", content)
    return list(read_nested(part, ReadLimits()))


def png(*chunks: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(90)))
    return b"\x89PNG\r\n\x1a\n" + head + pixels + b"".join(chunks) + chunk(b"IEND")


KINDS = {
    "plain": chunk(b"tEXt", b"Comment\0" + ROWS),
    "packed": chunk(b"zTXt", b"Comment\0\0" + zlib.compress(ROWS)),
    "in any language": chunk(b"iTXt", b"Comment\0\0\0en\0\0" + ROWS),
    "packed in any language": chunk(b"iTXt", b"Comment\0\1\0en\0\0" + zlib.compress(ROWS)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_rows_in_the_last_of_many_chunks_are_read(kind: str) -> None:
    content = png(*[chunk(b"tEXt", b"a\0")] * 15_000, KINDS[kind])
    assert any(isinstance(c, Table) for c in contents(content))


def test_rows_behind_more_chunks_than_a_picture_has_are_read() -> None:
    content = png(*[chunk(b"tEXt")] * (MOST_CHUNKS + 1), KINDS["plain"])
    assert detect_type(Part("2", "image/png", "attachment", content)) == types.BROKEN_PICTURE
    found = contents(content)
    assert any(isinstance(c, Gap) and c.reason == "unreadable" for c in found)
    assert any(isinstance(c, Table) for c in found)


def test_what_is_not_unpacked_is_told() -> None:
    packed = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(10_000_000)))
    items, whole = png_words(png(packed), 1000)
    assert not whole and len(items[0][1]) == 1000
    items, whole = png_words(png(chunk(b"zTXt", b"Comment\0\0damage")), 1000)
    assert not whole
