"""Pictures that drawings of old formats hold come out as files; previews of a page do not."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image
from support.pictures import picture, saved

from gateway.extract.office.embedded_pictures import (
    bitmap_file,
    drawn_pictures,
    is_preview,
    presentation_picture,
)


def blip(kind: int, instance: int, body: bytes) -> bytes:
    return struct.pack("<HHI", instance << 4, kind, len(body)) + body


def test_pictures_of_every_kind_are_found_among_other_bytes() -> None:
    png, emf = picture(), b"\1\0\0\0" + bytes(36) + b" EMF" + bytes(60)
    header = struct.pack("<I4iiiIBB", len(emf), 0, 0, 9, 9, 9, 9, 99, 0, 254)
    stream = (
        b"\x1e\xf0 not one " + blip(0xF01E, 0x6E0, bytes(17) + png)
        + blip(0xF01A, 0x3D5, bytes(32) + header + zlib.compress(emf)) + b"\x1e\xf0"
    )  # fmt: skip
    assert list(drawn_pictures(stream)) == [png, emf]


def test_a_picture_that_is_cut_off_is_none() -> None:
    assert list(drawn_pictures(blip(0xF01E, 0x6E0, bytes(17) + picture())[:-1])) == []


def test_bitmaps_get_the_head_of_a_file() -> None:
    for mode in ("RGB", "P", "1"):
        whole = saved(Image.new(mode, (40, 30)), "BMP")
        with Image.open(io.BytesIO(bitmap_file(whole[14:]))) as image:
            assert image.size == (40, 30)
    dib = saved(Image.new("RGB", (40, 30)), "BMP")[14:]
    head = struct.pack("<iIIIIIIIII", -1, 8, 4, 1, 0xFFFFFFFF, 2, 0, 900, 90, len(dib))
    assert presentation_picture(head + dib) == bitmap_file(dib)
    assert presentation_picture(b"") == presentation_picture(head[:20]) == b""


def test_only_small_bitmaps_are_previews() -> None:
    assert is_preview(saved(Image.new("RGB", (256, 144)), "JPEG"))
    assert not is_preview(saved(Image.new("RGB", (257, 144)), "JPEG"))
    assert not is_preview(b"\x89PNG\r\n\x1a\n")
