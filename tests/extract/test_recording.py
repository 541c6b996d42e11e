"""The head of a sound, a film or a font makes none: what stands behind it is told and read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import time
import wave
from typing import Any

import pytest

from gateway.extract import detect_type, read_nested, reads_in_worker
from gateway.extract.second_nature import archive_within
from gateway.model.content import Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Part

ROWS = b"id,age,region\n" + b"".join(b"%d,%d,North\n" % (n, n % 70) for n in range(300))


def _sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(1000))
    return out.getvalue()


def _box(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


FRAME = b"\xff\xfb\x90\x00" + bytes(413)
FILM = _box(b"ftyp", b"isom" + bytes(4)) + _box(b"moov", _box(b"mvhd", bytes(100)))
PAGE = b"OggS\0\2" + bytes(20) + b"\1\4abcd"
FONT = struct.pack(">4sIIHH", b"wOFF", 0x10000, 64, 1, 0).ljust(44, b"\0") + b"cmap" + bytes(16)
WHOLE = {
    "audio/mpeg": b"ID3\4\0\0\0\0\0\x0a" + bytes(10) + FRAME * 9 + b"TAG".ljust(128, b"\0"),
    "audio/ogg": PAGE * 3,
    "audio/flac": b"fLaC\x80\0\0\x22" + bytes(34) + b"\xff\xf8" + bytes(90),
    "audio/wav": _sound(),
    "video/mp4": FILM + _box(b"mdat", bytes(range(1, 200))),
    "font/woff": FONT,
    "font/woff2": struct.pack(">4sIIHHII", b"wOF2", 0x10000, 148, 1, 0, 200, 90).ljust(148, b"\0"),
}
HEADS = {
    "audio/mpeg": b"ID3\4\0\0\0\0\0\x0a" + bytes(10), "audio/ogg": b"OggS\0\2",
    "audio/flac": b"fLaC\0\0\0\x22" + bytes(34), "audio/wav": b"RIFF\0\0\0\0WAVEfmt ",
    "video/mp4": b"\0\0\0\x18ftypisom" + bytes(12), "font/woff": b"wOFF\0\1\0\0",
    "font/woff2": b"wOF2\0\1\0\0",
}  # fmt: skip
PACKED = {"gzip": gzip.compress(ROWS), "bzip2": bz2.compress(ROWS), "xz": lzma.compress(ROWS)}


def attached(content: bytes) -> Part:
    return Part("2", "audio/mpeg", "attachment", content, "a.mp3")


@pytest.mark.parametrize("kind", WHOLE)
def test_what_is_whole_is_what_it_says(kind: str) -> None:
    assert detect_type(attached(WHOLE[kind])) == kind
    assert detect_type(attached(WHOLE[kind] + bytes(9))) == kind


@pytest.mark.parametrize("kind", sorted(set(WHOLE) - {"audio/flac"}))
def test_what_stands_behind_the_end_is_not_passed_over(kind: str) -> None:
    assert detect_type(attached(WHOLE[kind] + ROWS + b"\1\2")) == "application/octet-stream"


@pytest.mark.parametrize("kind", HEADS)
@pytest.mark.parametrize("packing", PACKED)
def test_a_file_behind_a_head_is_read(kind: str, packing: str) -> None:
    part = attached(HEADS[kind] + PACKED[packing])
    assert detect_type(part) == "application/octet-stream"
    assert not reads_in_worker(part, ReadLimits())
    assert any(isinstance(c, Table) for c in read_nested(part, ReadLimits()))


def test_a_file_among_the_samples_of_a_film_is_read() -> None:
    part = attached(FILM + _box(b"mdat", b"\1" + PACKED["gzip"] + bytes(99)))
    assert detect_type(part) == "video/mp4"
    assert any(isinstance(c, Table) for c in read_nested(part, ReadLimits()))


def test_three_bytes_of_gzip_are_none() -> None:
    content = (b"\1\x1f\x8b\x08\0" + bytes(range(1, 60))) * 50
    assert not archive_within(content, "application/octet-stream")


@pytest.mark.parametrize(
    "content",
    [PAGE[:26] + bytes(30_000_000), (b"OggS\0\2" + bytes(21)) * 1_000_000, FRAME[:4] * 7_000_000,
     FILM + _box(b"free") * 3_000_000, b"RIFF\4\0\0\0WAVE" * 2_000_000,
     b"\1\x1f\x8b\x08" * 7_000_000],
)  # fmt: skip
def test_pieces_without_number_cost_little(content: Any) -> None:
    start = time.process_time()
    kind = detect_type(attached(content))
    archive_within(content, kind)
    assert time.process_time() - start < 1.5


def test_large_bytes_that_nobody_reads_are_no_business_of_the_worker() -> None:
    limits = ReadLimits()
    assert reads_in_worker(attached(bytes(limits.inline_bytes)), limits)
    assert not reads_in_worker(attached(bytes(limits.inline_bytes + 1)), limits)
