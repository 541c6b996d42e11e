"""Every entry of a zip is read or is a gap: also those that its directory does not list."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from typing import Any, Callable

import pytest
from backports import zstd
from support.archives import zip_end as end
from support.archives import zip_listed as listed
from support.archives import zip_local as local

from gateway.model.limits import ReadLimits

Whole = Callable[..., Any]
Zipped = Callable[..., bytes]
CSV = b"id,age,region\n1,44,North\n2,35,South\n"
BANNER = b"NOT FOR RELEASE before Wednesday"


def by_hand(packed: bytes, content: bytes, method: int, flags: int = 0) -> bytes:
    """An archive of one entry, a.csv."""
    body = local(b"a.csv", packed, content, method, flags)
    directory = listed(b"a.csv", packed, content, method, flags)
    return body + directory + end(1, len(directory), len(body))


@pytest.mark.parametrize("method", [0, 8, 12, 14])
def test_every_method_of_the_standard_library_is_read(
    whole: Whole, zipped: Zipped, method: int
) -> None:
    found = whole(zipped([("a.csv", CSV), ("sub/b.csv", CSV)], method))
    assert found.table_names == ["a.csv", "sub/b.csv"]
    assert not found.gaps


@pytest.mark.parametrize("method", [20, 93])
def test_zstd_is_read(whole: Whole, method: int) -> None:
    found = whole(by_hand(zstd.compress(CSV), CSV, method))
    assert found.table_names == ["a.csv"] and not found.gaps


def test_a_method_without_a_reader_is_a_gap(whole: Whole) -> None:
    found = whole(by_hand(b"x" * 20, CSV, 9))
    assert found.gaps_of("a.csv") == {"no-reader"}


@pytest.mark.parametrize(("method", "flags"), [(8, 1), (99, 1), (8, 0x41)])
def test_an_encrypted_entry_is_a_gap_and_its_name_is_read(
    whole: Whole, method: int, flags: int
) -> None:
    found = whole(by_hand(b"?" * 40, CSV, method, flags))
    assert found.gaps_of("a.csv") == {"encrypted"}
    assert "a.csv" in found.words


def test_entries_beside_an_encrypted_one_are_read(whole: Whole) -> None:
    first = local(b"locked", b"?" * 30, CSV, 8, 1)
    second = local(b"open.csv", CSV, CSV)
    directory = listed(b"locked", b"?" * 30, CSV, 8, 1) + listed(
        b"open.csv", CSV, CSV, offset=len(first)
    )
    body = first + second
    found = whole(body + directory + end(2, len(directory), len(body)))
    assert found.table_names == ["open.csv"]
    assert found.reasons == {"encrypted"}


def test_comments_names_and_folders_are_words(whole: Whole) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("../../etc/Ünits.txt")
        entry.comment = BANNER
        entry.extra = struct.pack("<2H", 0x6375, 5 + 12) + b"\1\0\0\0\0" + b"unicode talk"
        archive.writestr(entry, "x")
        archive.writestr("a secret folder/", "")
        archive.comment = b"said of it all"
    words = whole(out.getvalue()).words
    for expected in (
        "../../etc/Ünits.txt", BANNER.decode(), "said of it all", "unicode talk", "secret folder",
    ):  # fmt: skip
        assert expected in words


def test_two_entries_of_one_name_are_both_read(whole: Whole, zipped: Zipped) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped([("a.csv", CSV), ("a.csv", CSV.replace(b"North", b"Hidden"))])
    assert len(whole(content).tables) == 2


def test_an_entry_that_the_directory_does_not_list_is_read(whole: Whole) -> None:
    for order in (0, 1):
        shown, secret = local(b"a.txt", b"x", b"x"), local(b"b.csv", CSV, CSV)
        body = secret + shown if order else shown + secret
        offset = len(secret) if order else 0
        directory = listed(b"a.txt", b"x", b"x", offset=offset)
        found = whole(body + directory + end(1, len(directory), len(body)))
        assert found.table_names == ["b.csv"]


@pytest.mark.parametrize("where", ["front", "between", "behind"])
def test_words_outside_every_entry_are_read(whole: Whole, zipped: Zipped, where: str) -> None:
    content = zipped([("a.csv", CSV)], 0)
    if where == "front":
        found = whole(b"PK\3\4" + content)
        assert found.table_names == ["a.csv"]
        content = content.replace(b"PK\3\4", b"PK\7\x08PK\3\4", 1)
        assert whole(content).reasons == {"unreadable"}  # a piece of a split archive
        return
    at = content.index(b"PK\1\2") if where == "between" else len(content)
    found = whole(content[:at] + BANNER + content[at:])
    assert BANNER.decode() in found.words
    assert found.table_names == ["a.csv"]


def test_headers_that_disagree_are_a_gap(whole: Whole, zipped: Zipped) -> None:
    content = zipped([("a.csv", CSV)], 0)
    other_name = content.replace(b"a.csv", b"b.csv", 1)
    found = whole(other_name)
    assert "unreadable" in found.reasons and "b.csv" in found.words
    size = struct.pack("<I", len(CSV))
    assert "unreadable" in whole(content.replace(size * 2, struct.pack("<I", 3) * 2, 1)).reasons


def test_a_checksum_that_does_not_fit_is_a_gap_beside_what_came_out(
    whole: Whole, zipped: Zipped
) -> None:
    found = whole(zipped([("a.csv", CSV)], 0).replace(b"North", b"Nurth"))
    assert found.tables and found.gaps_of("a.csv") == {"unreadable"}


def test_a_truncated_archive_gives_what_is_there(whole: Whole, zipped: Zipped) -> None:
    content = zipped([(f"{i}.csv", CSV) for i in range(10)])
    for cut in range(1, 10):
        found = whole(content[: len(content) * cut // 10])
        assert "unreadable" in found.reasons
    assert len(whole(content[: content.index(b"PK\1\2")]).tables) == 10


@pytest.mark.parametrize("disk", [1, 3])
def test_one_piece_of_a_split_archive_is_a_gap(whole: Whole, disk: int) -> None:
    body = local(b"a.csv", CSV, CSV)
    directory = listed(b"a.csv", CSV, CSV)
    found = whole(body + directory + end(1, len(directory), len(body), disk))
    assert any("split" in gap.detail for gap in found.gaps)


def test_zip64_is_read(whole: Whole) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, archive.open("a.csv", "w", force_zip64=True) as f:
        f.write(CSV)
    found = whole(out.getvalue())
    assert found.table_names == ["a.csv"] and not found.gaps


def test_a_streamed_archive_is_read(whole: Whole) -> None:
    class Pipe(io.RawIOBase):
        written = b""

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.written += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", 8) as archive:
        archive.writestr("a.csv", CSV)
        archive.writestr("b.csv", CSV)
    found = whole(pipe.written)
    assert found.table_names == ["a.csv", "b.csv"] and not found.gaps
    assert len(whole(pipe.written[: pipe.written.index(b"PK\1\2")]).tables) == 2


def test_more_entries_than_allowed_are_a_gap_and_the_first_are_read(
    whole: Whole, zipped: Zipped
) -> None:
    content = zipped([(f"{i}.csv", CSV) for i in range(50)])
    found = whole(content, limits=ReadLimits(entries=20))
    assert len(found.tables) == 20 and found.reasons == {"limit"}


def test_a_workbook_inside_a_zip_makes_no_workbook_of_the_zip(whole: Whole, zipped: Zipped) -> None:
    inner = zipped([("xl/workbook.xml", "<workbook/>"), ("[Content_Types].xml", "<Types/>")], 0)
    found = whole(zipped([("book.xlsx", inner), ("a.csv", CSV)], 0))
    assert "a.csv" in found.table_names


def test_a_zip_that_claims_to_be_two_office_files_is_read_as_a_zip(
    whole: Whole, zipped: Zipped
) -> None:
    content = zipped([("xl/workbook.xml", "<a/>"), ("word/document.xml", "<a/>"), ("a.csv", CSV)])
    assert whole(content).table_names == ["a.csv"]


def test_a_damaged_archive_reads_the_same_or_has_a_gap(whole: Whole, zipped: Zipped) -> None:
    content = zipped([("a.csv", CSV * 5), ("b.txt", BANNER)], 8)
    rows = [table.rows for table in whole(content).tables]
    dice = random.Random(2018)
    for _ in range(300):
        damaged = bytearray(content)
        damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
        found = whole(bytes(damaged))
        same = [table.rows for table in found.tables] == rows and BANNER.decode() in found.words
        assert found.gaps or same
