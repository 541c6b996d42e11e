"""Whose structure is walked, is walked in a bounded number of steps: a picture of millions of empty
pieces is none, and costs next to nothing."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image

from gateway.extract import detect_type, types
from gateway.model.message import Part
from gateway.model.picture import is_picture

SIZE = 30_000_000
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0" + bytes(4)
IEND = b"\0\0\0\0IEND\xae\x42\x60\x82"
GIF = b"GIF89a\1\0\1\0\0\0\0"
BOX = b"\0\0\0\x18ftypheic" + bytes(12)
HOSTILE = {
    "empty comments": b"\xff\xd8\xff\xe0\0\2" + b"\xff\xfe\0\2" * (SIZE // 4),
    "fill bytes": b"\xff\xd8\xff" + b"\xff" * SIZE,
    "fill bytes in the scan": b"\xff\xd8\xff\xda\0\2" + b"\xff" * SIZE + b"\0",
    "comments of one byte": GIF + b"!\xfe\1a\0" * (SIZE // 5) + b";",
    "one comment in steps of one byte": GIF + b"!\xfe" + b"\1a" * (SIZE // 2) + b"\0;",
    "blocks of nothing": GIF + bytes(SIZE) + b";",
    "empty chunks": PNG + (bytes(4) + b"teXt" + bytes(4)) * (SIZE // 12) + IEND,
    "empty boxes": BOX + b"\0\0\0\x08free" * (SIZE // 8),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_picture_of_millions_of_pieces_is_none(name: str) -> None:
    content = HOSTILE[name]
    start = time.process_time()
    kind = detect_type(Part("2", "image/png", "attachment", content))
    assert time.process_time() - start < 0.8
    # What holds no control characters is read as text.
    assert kind in (types.BROKEN_PICTURE, "text/plain") and not is_picture(content)


@pytest.mark.parametrize("blank", [b"\n", b" ", b"\t", b"\r\n"])
@pytest.mark.parametrize("front", [b"", b"{", b"[", b"<?xml version='1.0'?>", b"<!-- -->"])
def test_blanks_are_told_at_once(front: bytes, blank: bytes) -> None:
    content = front + blank * (SIZE // len(blank))
    for declared in ("text/plain", "application/octet-stream"):
        start = time.process_time()
        kind = detect_type(Part("2", declared, "attachment", content))
        assert time.process_time() - start < 0.3
        assert kind in ("text/plain", types.XML)


def test_names_of_members_that_are_none_are_soon_left() -> None:
    content = b"PK\3\4" + bytes(30) + b"xl/workbook.xml" * (SIZE // 15)
    start = time.process_time()
    assert detect_type(Part("2", "", "attachment", content)) == types.ZIP
    assert time.process_time() - start < 0.8


def test_words_behind_many_blanks_are_what_they_are() -> None:
    blanks = b"\n" * 50_000
    for front in (blanks, b"\xef\xbb\xbf" + blanks, blanks + b"\xef\xbb\xbf"):
        for words, kind in (
            (b"<html><body>x</body></html>", "text/html"),
            (b'[{"a": 1}, {"a": 2}]', types.JSON),
            (b'{"a": 1}\n{"a": 2}\n', types.NDJSON),
            (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", types.CALENDAR),
        ):
            part = Part("2", "application/octet-stream", "attachment", front + words)
            assert detect_type(part) == kind


@pytest.mark.parametrize(
    ("kind", "options"),
    [("JPEG", {"progressive": True}), ("JPEG", {"quality": 100}), ("PNG", {"compress_level": 0}),
     ("GIF", {}), ("TIFF", {}), ("BMP", {}), ("WEBP", {}), ("ICO", {})],
)  # fmt: skip
def test_large_pictures_are_walked_to_their_end(kind: str, options: dict[str, object]) -> None:
    image = Image.effect_noise((1600, 1200), 90)
    out = io.BytesIO()
    image.save(out, kind, **options)
    assert is_picture(out.getvalue())


def test_fill_bytes_stand_in_front_of_markers() -> None:
    out = io.BytesIO()
    Image.new("L", (9, 9)).save(out, "JPEG")
    content = out.getvalue()
    filled = content[:2] + b"\xff" * 9 + content[2:-2] + b"\xff" * 9 + content[-2:]
    assert is_picture(filled)
