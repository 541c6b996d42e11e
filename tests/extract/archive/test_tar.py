"""Every block of a tar is an entry, words, or a gap."""

from __future__ import annotations

import io
import random
import tarfile
from typing import Any, Callable

import pytest

from gateway.model.limits import ReadLimits

Whole = Callable[..., Any]
CSV = b"id,age,region\n1,44,North\n2,35,South\n"
FORMATS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]


def tarred(form: int, names: tuple[str, ...] = ("a.csv", "b.csv"), **fields: Any) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name in names:
            entry = tarfile.TarInfo(name)
            for key, value in fields.items():
                setattr(entry, key, value)
            entry.size = len(CSV)
            archive.addfile(entry, io.BytesIO(CSV))
    return out.getvalue()


def with_checksum(block: bytes) -> bytes:
    total = sum(block[:148]) + 8 * 32 + sum(block[156:])
    return block[:148] + b"%06o\0 " % total + block[156:]


@pytest.mark.parametrize("form", FORMATS)
def test_entries_are_read(whole: Whole, form: int) -> None:
    found = whole(tarred(form, uname="anna.example"))
    assert found.table_names == ["a.csv", "b.csv"] and not found.gaps
    assert "anna.example" in found.words


def test_an_old_tar_without_a_magic_is_read(whole: Whole) -> None:
    content = tarred(tarfile.USTAR_FORMAT, ("a.csv",))
    head = with_checksum(content[:257] + bytes(255))
    found = whole(head + content[512:])
    assert found.table_names == ["a.csv"] and not found.gaps


@pytest.mark.parametrize("form", FORMATS[1:])
def test_long_names_are_whole(whole: Whole, form: int) -> None:
    name = "a long way to go/" * 20 + "ü.csv"
    assert whole(tarred(form, (name,))).table_names == [name]


def test_pax_comments_are_words(whole: Whole) -> None:
    found = whole(tarred(tarfile.PAX_FORMAT, pax_headers={"comment": "embargoed until noon"}))
    assert "embargoed until noon" in found.words and len(found.tables) == 2


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE])
def test_links_and_folders_are_words(whole: Whole, kind: bytes) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo("name of it")
        entry.type, entry.linkname = kind, "target of it"
        archive.addfile(entry)
    words = whole(out.getvalue()).words
    assert "name of it" in words
    assert kind == tarfile.DIRTYPE or "target of it" in words


def test_words_behind_the_end_are_read(whole: Whole) -> None:
    assert "embargoed" in whole(tarred(0) + b"embargoed words").words


def test_a_second_tar_behind_the_end_is_read(whole: Whole) -> None:
    assert len(whole(tarred(0) + tarred(0, ("hidden.csv",))).tables) == 3


def test_words_in_the_padding_of_an_entry_are_read(whole: Whole) -> None:
    content = bytearray(tarred(0))
    at = 512 + len(CSV) + 20
    content[at : at + 9] = b"embargoed"
    assert "embargoed" in whole(bytes(content)).words


def test_a_truncated_tar_is_a_gap_and_what_is_there_is_read(whole: Whole) -> None:
    content = tarred(0, tuple(f"{i}.csv" for i in range(8)))[: 8 * 1024]
    for cut in (700, 1024, 1500, 4096, 8192):
        found = whole(content[:cut])
        assert "unreadable" in found.reasons
        assert len(found.tables) >= cut // 1024


def test_a_size_that_nobody_can_believe_is_a_gap(whole: Whole) -> None:
    content = tarred(0, ("a.csv",))
    head = with_checksum(content[:124] + b"77777777777\0" + content[136:512])
    assert "unreadable" in whole(head + content[512:]).reasons


def test_a_negative_size_is_a_gap(whole: Whole) -> None:
    content = tarred(0, ("a.csv",))
    head = with_checksum(content[:124] + b"\xff" * 12 + content[136:512])
    assert whole(head + content[512:]).gaps


def test_a_sparse_file_of_a_terabyte_costs_nothing(whole: Whole) -> None:
    """Old GNU sparse: one stretch at the start, and a size of a terabyte."""
    head = bytearray(tarred(tarfile.GNU_FORMAT, ("a.csv",)))
    block = bytearray(head[:512])
    block[156:157] = b"S"
    block[386:410] = b"%011o\0%011o\0" % (0, len(CSV))
    block[483:495] = b"\x80" + (1 << 40).to_bytes(11, "big")
    found = whole(with_checksum(bytes(block)) + bytes(head[512:]))
    assert found.table_names == ["a.csv"]


def test_a_piece_of_a_split_tar_is_a_gap(whole: Whole) -> None:
    content = tarred(tarfile.GNU_FORMAT, ("a.csv",))
    head = with_checksum(content[:156] + b"M" + content[157:512])
    assert "unreadable" in whole(head + content[512:]).reasons


def test_more_entries_than_allowed_are_a_gap(whole: Whole) -> None:
    found = whole(tarred(0, tuple(f"{i}.csv" for i in range(50))), limits=ReadLimits(entries=20))
    assert len(found.tables) == 20 and "limit" in found.reasons


def test_a_damaged_tar_reads_the_same_or_has_a_gap(whole: Whole) -> None:
    """Contents have no checksum in a tar; only headers are damaged here."""
    content = tarred(tarfile.PAX_FORMAT)[:4096] + bytes(1024)
    whole_tables = [table.rows for table in whole(content).tables]
    dice = random.Random(2018)
    for _ in range(300):
        damaged = bytearray(content)
        at = dice.choice((0, 1024)) + dice.randrange(512)
        damaged[at] ^= 1 << dice.randrange(8)
        found = whole(bytes(damaged))
        assert found.gaps or [table.rows for table in found.tables] == whole_tables
