"""The words in and about a picture are read; a picture nobody could read is a gap."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from support.pictures import BANNER, needs_recognition, picture, picture_of_table, saved

from gateway.extract.picture import reader
from gateway.extract.picture.recognition import RecognitionMissing


@pytest.fixture
def no_recognition(monkeypatch: Any) -> None:
    def missing(*pixels: object) -> None:
        raise RecognitionMissing("install the extra 'ocr'")

    monkeypatch.setattr(reader, "recognise_upright", missing)


@needs_recognition
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP"])
def test_a_banner_in_a_screenshot_is_recognised(read: Any, kind: str) -> None:
    reading = read(picture(kind=kind))
    assert BANNER in reading.text and not reading.gaps


@needs_recognition
def test_a_screenshot_of_unit_records_is_a_table(read: Any) -> None:
    rows = [
        ["ref", "name", "turnover", "staff"],
        *([f"49{i}11", f"Firm {i}", str(i * 7919 + 3), str(i + 12)] for i in range(12)),
    ]
    [table] = read(picture_of_table(rows)).tables
    assert len(table.rows) == len(rows) and {len(row) for row in table.rows} == {4}


@needs_recognition
def test_transparent_pixels_are_seen_as_white(read: Any) -> None:
    with Image.open(io.BytesIO(picture())) as image:
        clear = image.convert("RGBA")
        clear.putdata([(0, 0, 0, 255 - pixel[0]) for pixel in clear.get_flattened_data()])
    assert BANNER in read(saved(clear, "PNG")).text


@needs_recognition
def test_every_page_of_a_fax_is_read(read: Any) -> None:
    pages = [Image.open(io.BytesIO(picture((line,)))) for line in ("first page of two", BANNER)]
    content = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert BANNER in read(content).text


def test_without_recognition_a_picture_is_a_gap(read: Any, no_recognition: None) -> None:
    [gap] = read(picture()).gaps
    assert gap.reason == "no-reader" and "install" in gap.detail


def test_a_spacer_is_too_small_for_words(read: Any, no_recognition: None) -> None:
    assert not read(saved(Image.new("RGB", (600, 1)), "GIF")).gaps


def test_words_in_the_metadata_are_read(read: Any, no_recognition: None) -> None:
    notes = PngInfo()
    notes.add_text("Comment", BANNER, zip=True)
    reading = read(saved(Image.new("RGB", (50, 50)), "PNG", pnginfo=notes))
    assert BANNER in str([c for c in reading.contents if hasattr(c, "items")])


def test_a_picture_of_too_many_pixels_is_not_unpacked(read: Any) -> None:
    content = bytearray(saved(Image.new("1", (60, 60)), "PNG"))
    struct.pack_into(">II", content, 16, 60_000, 60_000)
    struct.pack_into(">I", content, 29, zlib.crc32(content[12:29]))
    assert read(bytes(content)).reasons == {"limit"}


def test_a_file_behind_a_picture_is_read(read: Any, no_recognition: None) -> None:
    [part] = read(picture() + b"id,age\n1,40\n2,41\n").parts
    assert part.content == b"id,age\n1,40\n2,41"


def _emf(text: str) -> bytes:
    raw = text.encode("utf-16-le")
    body = (
        struct.pack("<4iIffiiIII4iI", 0, 0, 9, 9, 1, 1, 1, 0, 0, len(text), 76, 0, 0, 0, 9, 9, 0)
        + raw
    )
    record = (
        struct.pack("<II", 84, 8 + len(body) + -len(body) % 4) + body + b"\0" * (-len(body) % 4)
    )
    end = struct.pack("<IIIII", 14, 20, 0, 0, 20)
    size = 108 + len(record) + len(end)
    head = struct.pack(
        "<II4i4iIIIIHHIIIiiii",
        1,
        108,
        0,
        0,
        9,
        9,
        0,
        0,
        9,
        9,
        0x464D4520,
        0x10000,
        size,
        3,
        1,
        0,
        0,
        0,
        0,
        9,
        9,
        9,
        9,
    )
    return head.ljust(108, b"\0") + record + end


def test_words_drawn_in_a_metafile_are_read(read: Any) -> None:
    reading = read(_emf(BANNER))
    assert BANNER in reading.text and not reading.gaps


def _with_bitmaps(drawing: bytes, count: int, width: int, height: int) -> bytes:
    """The drawing, and bitmaps that it stretches (EMR_STRETCHDIBITS)."""
    bitmap = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 1, 0, 0, 0, 0, 0, 0)
    record = struct.pack("<II", 81, 80 + len(bitmap)) + bytes(40) + struct.pack("<II", 80, 40)
    return drawing[:108] + (record.ljust(80, b"\0") + bitmap) * count + drawing[108:]


@pytest.mark.parametrize(
    "count, width, height, unread",
    [(1, 265, 31, False), (1, 800, 600, True), (10, 800, 20, True)],
    ids=["a button", "a page", "a page in strips"],
)
def test_only_a_drawing_with_a_large_bitmap_is_a_gap(
    read: Any, count: int, width: int, height: int, unread: bool
) -> None:
    reading = read(_with_bitmaps(_emf(BANNER), count, width, height))
    assert BANNER in reading.text and bool(reading.gaps) == unread


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP"])
def test_a_damaged_picture_is_a_gap(read: Any, kind: str, no_recognition: None) -> None:
    content = picture(kind=kind)
    assert read(content[: len(content) // 2]).gaps
