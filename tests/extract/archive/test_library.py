"""7z, RAR and the rarer archives: every entry is read or is a gap, encrypted ones above all."""

from __future__ import annotations

import io
import sys
from typing import Any, Callable

import py7zr
import pytest
from support.archives import LOCKED, block5, cabinet, file5, lzh, rar4, rar5, through_library

from gateway.model.limits import ReadLimits

Whole = Callable[..., Any]
CSV = b"id,age,region\n1,44,North\n2,35,South\n"
WRITTEN = ["7zip", "ar_bsd", "ar_svr4", "cpio", "cpio_newc", "iso9660", "xar"]


def written(form: str, count: int = 2) -> bytes:
    return through_library(form, {f"{index}.csv": CSV for index in range(count)})


def seven_zip(**options: Any) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", **options) as archive:
        archive.writestr(CSV, "a.csv")
        archive.writestr(b"words", "b.txt")
    return out.getvalue()


@pytest.mark.parametrize("form", WRITTEN[:-1])
def test_entries_are_read(whole: Whole, form: str) -> None:
    found = whole(written(form))
    assert sorted(found.table_names) == ["0.csv", "1.csv"] and not found.gaps


def test_the_first_entry_of_a_xar_is_read_and_no_entry_is_lost(whole: Whole) -> None:
    found = whole(written("xar"))
    assert found.table_names[0] == "0.csv"
    assert "1.csv" in found.words and (len(found.tables) == 2 or found.gaps)


@pytest.mark.parametrize("make", [cabinet, lzh])
def test_cabinets_and_lzh_are_read(whole: Whole, make: Callable[[bytes, bytes], bytes]) -> None:
    found = whole(make(b"a.csv", CSV))
    assert found.table_names == ["a.csv"] and not found.gaps


@pytest.mark.parametrize(
    "content",
    [*map(written, WRITTEN[:-1]), cabinet(b"a.csv", CSV), lzh(b"a.csv", CSV),
     rar5(file5(b"a.csv", CSV)), rar4(b"a.csv", CSV)],
    ids=[*WRITTEN[:-1], "cab", "lzh", "rar5", "rar4"],
)  # fmt: skip
def test_what_stands_behind_the_end_is_read(whole: Whole, content: bytes) -> None:
    found = whole(content + b"embargoed words behind the end")
    assert found.tables
    assert "embargoed" in found.words or "unreadable" in found.reasons


@pytest.mark.parametrize("form", WRITTEN)
def test_a_truncated_archive_is_a_gap(whole: Whole, form: str) -> None:
    content = written(form, 6)
    for cut in range(3, 10):
        assert whole(content[: len(content) * cut // 10]).gaps, cut


def test_an_encrypted_7z_is_a_gap_with_the_names(whole: Whole) -> None:
    found = whole(seven_zip(password="example"))
    assert found.gaps_of("a.csv") == found.gaps_of("b.txt") == {"encrypted"}
    assert "a.csv" in found.words


def test_a_7z_whose_list_is_encrypted_is_a_gap(whole: Whole) -> None:
    assert "encrypted" in whole(seven_zip(password="example", header_encryption=True)).reasons


def test_a_7z_of_another_method_is_read(whole: Whole) -> None:
    for method in (py7zr.FILTER_BZIP2, py7zr.FILTER_DEFLATE, py7zr.FILTER_COPY):
        assert whole(seven_zip(filters=[{"id": method}])).table_names == ["a.csv"]


def test_the_first_piece_of_a_split_7z_is_a_gap(whole: Whole) -> None:
    found = whole(written("7zip")[:100], "all.7z.001")
    assert any("split" in gap.detail for gap in found.gaps)


def test_rar_entries_are_read(whole: Whole) -> None:
    for content in (rar5(file5(b"a.csv", CSV), file5(b"b.csv", CSV)), rar4(b"a.csv", CSV)):
        found = whole(content)
        assert found.table_names[0] == "a.csv" and not found.gaps


def test_an_encrypted_entry_of_a_rar_is_a_gap_and_the_others_are_read(whole: Whole) -> None:
    found = whole(rar5(file5(b"secret.csv", CSV, LOCKED), file5(b"b.csv", CSV)))
    assert found.gaps_of("secret.csv") == {"encrypted"}
    assert found.table_names == ["b.csv"]
    assert whole(rar4(b"secret.csv", CSV, flags=4)).gaps_of("secret.csv") == {"encrypted"}


def test_a_rar_whose_list_is_encrypted_is_a_gap(whole: Whole) -> None:
    locked = b"Rar!\x1a\x07\x01\0" + block5(4, bytes(20)) + b"?" * 100
    assert whole(locked).reasons == {"encrypted"}
    assert whole(rar4(b"a.csv", CSV, main=0x80)).reasons == {"encrypted"}


def test_a_volume_of_a_rar_is_a_gap(whole: Whole) -> None:
    for content in (
        rar5(file5(b"a.csv", CSV), volume=1), rar5(file5(b"a.csv", CSV), last=1),
        rar5(file5(b"a.csv", CSV, flags=0x10)), rar4(b"a.csv", CSV, main=1),
        rar4(b"a.csv", CSV, last=1),
    ):  # fmt: skip
        assert any("split" in gap.detail for gap in whole(content).gaps)


def test_the_comment_of_a_rar_is_words(whole: Whole) -> None:
    content = rar5(file5(b"CMT", b"embargoed until noon", kind=3), file5(b"a.csv", CSV))
    assert "embargoed until noon" in whole(content).words


def test_a_second_stream_of_a_file_is_a_gap(whole: Whole) -> None:
    content = rar5(file5(b"a.csv", CSV), file5(b"STM", b"hidden", kind=3))
    assert "unreadable" in whole(content).reasons


def test_more_entries_than_allowed_are_a_gap(whole: Whole) -> None:
    found = whole(written("cpio", 30), limits=ReadLimits(entries=10))
    assert len(found.tables) == 10 and "limit" in found.reasons


def test_without_the_library_an_archive_is_a_gap_that_says_what_to_install(
    whole: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "libarchive", None)
    found = whole(written("7zip"))
    assert found.reasons == {"no-reader"}
    assert "libarchive" in found.gaps[0].detail
