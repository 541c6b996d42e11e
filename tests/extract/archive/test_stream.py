"""A compressed file is the file that it holds, and nothing beside it is passed over."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zlib
from typing import Any, Callable

import pytest
from backports import zstd

from gateway.extract.archive.stream import inner_name
from gateway.model.limits import ReadLimits

Whole = Callable[..., Any]
CSV = b"id,age,region\n1,44,North\n2,35,South\n" * 20
LZ4_MAGIC = b"\x04\x22\x4d\x18"


def lzip(content: bytes) -> bytes:
    raw = lzma.compress(content, lzma.FORMAT_ALONE)[13:]
    coder = lzma.LZMACompressor(
        lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 20}]
    )
    raw = coder.compress(content) + coder.flush()
    facts = struct.pack("<IQQ", zlib.crc32(content), len(content), len(raw) + 26)
    return b"LZIP\1\x14" + raw + facts


def lz4(content: bytes) -> bytes:
    """A frame of one uncompressed block; the header's checksum is not looked at."""
    block = struct.pack("<I", len(content) | 0x80000000) + content
    return LZ4_MAGIC + b"\x60\x40\x82" + block + bytes(4)


FORMS = {
    "gz": gzip.compress(CSV),
    "bz2": bz2.compress(CSV),
    "xz": lzma.compress(CSV),
    "zst": zstd.compress(CSV),
    "lz": lzip(CSV),
    "lz4": lz4(CSV),
}
ALONE = lzma.compress(CSV, lzma.FORMAT_ALONE)


@pytest.mark.parametrize("form", [*FORMS, "lzma"])
def test_the_file_inside_is_read_under_its_own_name(whole: Whole, form: str) -> None:
    found = whole(FORMS.get(form, ALONE), f"data.csv.{form}")
    assert found.table_names == ["data.csv"] and not found.gaps


@pytest.mark.parametrize("form", FORMS)
def test_further_streams_belong_to_the_file(whole: Whole, form: str) -> None:
    found = whole(FORMS[form] * 3, f"data.csv.{form}")
    assert [len(table.rows) for table in found.tables] == [60 * 3]
    assert not found.gaps


@pytest.mark.parametrize("form", FORMS)
def test_what_stands_behind_the_end_is_read(whole: Whole, form: str) -> None:
    found = whole(FORMS[form] + b"embargoed words behind", f"data.csv.{form}")
    assert found.tables and "embargoed words behind" in found.words


@pytest.mark.parametrize("form", [*FORMS, "lzma"])
def test_a_truncated_file_is_a_gap(whole: Whole, form: str) -> None:
    content = FORMS.get(form, ALONE)
    for cut in range(1, 10):
        assert whole(content[: len(content) * cut // 10], f"data.csv.{form}").gaps


def test_what_came_out_of_a_truncated_file_is_read(whole: Whole) -> None:
    found = whole(gzip.compress(CSV)[:-9], "data.csv.gz")
    assert found.tables and found.reasons == {"unreadable"}


def test_what_a_gzip_header_says_is_words(whole: Whole) -> None:
    body = gzip.compress(CSV)[10:]
    extra = b"XX\5\0banner in the extra field"
    head = b"\x1f\x8b\x08\x1c" + bytes(6) + struct.pack("<H", len(extra)) + extra
    words = whole(head + b"hidden name.csv\0" + b"a remark\0" + body, "a.gz").words
    for expected in ("hidden name.csv", "a remark", "banner in the extra field"):
        assert expected in words


@pytest.mark.parametrize("form", ["zst", "lz4"])
def test_a_frame_that_is_passed_over_is_read(whole: Whole, form: str) -> None:
    secret = b"embargoed words in a frame that nobody shows"
    frame = b"\x50\x2a\x4d\x18" + struct.pack("<I", len(secret)) + secret
    found = whole(FORMS[form] + frame + FORMS[form], f"a.csv.{form}")
    assert secret.decode() in found.words and found.tables


def test_a_dictionary_that_is_not_here_is_a_gap(whole: Whole) -> None:
    dictionary = zstd.train_dict([CSV[i : i + 200] for i in range(0, 600, 3)], 1000)
    packed = zstd.compress(CSV, zstd_dict=dictionary)
    assert whole(packed, "a.csv.zst").reasons == {"unreadable"}


def test_padding_between_streams_is_passed_over(whole: Whole) -> None:
    found = whole(FORMS["xz"] + bytes(8) + FORMS["xz"] + bytes(4), "a.csv.xz")
    assert len(found.tables[0].rows) == 120 and not found.gaps


def test_a_compressed_tar_is_read_to_its_entries(whole: Whole) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        entry = tarfile.TarInfo("deep/data.csv")
        entry.size = len(CSV)
        archive.addfile(entry, io.BytesIO(CSV))
    found = whole(out.getvalue(), "all.tgz")
    assert found.table_names == ["deep/data.csv"] and not found.gaps


def test_what_is_too_large_is_a_gap_and_its_beginning_is_read(whole: Whole) -> None:
    found = whole(gzip.compress(CSV * 2000), "a.csv.gz", ReadLimits(expanded_bytes=1_000_000))
    assert found.tables and found.reasons == {"limit"}


@pytest.mark.parametrize(
    ("name", "inner"),
    [("a.csv.gz", "a.csv"), ("a.tgz", "a.tar"), ("a.svgz", "a.svg"), ("a.rds", "a.rds"), ("", "")],
)
def test_the_name_inside_is_the_name_without_its_suffix(name: str, inner: str) -> None:
    assert inner_name(name) == inner
