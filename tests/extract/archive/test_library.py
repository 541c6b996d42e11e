"""7z, RAR and the rarer archives: every entry is read or is a gap, encrypted ones above all."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from typing import Any, Callable

import libarchive
import py7zr
import pytest

from gateway.model.limits import ReadLimits

Whole = Callable[..., Any]
CSV = b"id,age,region\n1,44,North\n2,35,South\n"
WRITTEN = ["7zip", "ar_bsd", "ar_svr4", "cpio", "cpio_newc", "iso9660", "xar"]


def written(form: str, count: int = 2) -> bytes:
    pieces: list[bytes] = []

    def keep(data: Any) -> int:
        pieces.append(bytes(data))
        return len(pieces[-1])

    with libarchive.custom_writer(keep, form) as archive:
        for index in range(count):
            archive.add_file_from_memory(f"{index}.csv", len(CSV), CSV)
    return b"".join(pieces)


def seven_zip(**options: Any) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", **options) as archive:
        archive.writestr(CSV, "a.csv")
        archive.writestr(b"words", "b.txt")
    return out.getvalue()


def cabinet(name: bytes, content: bytes) -> bytes:
    """[MS-CAB]: one folder, not compressed."""
    record = struct.pack("<2I4H", len(content), 0, 0, 0, 0, 32) + name + b"\0"
    block = struct.pack("<I2H", 0, len(content), len(content)) + content
    start = 44 + len(record)
    head = struct.pack("<4s5I2B5H", b"MSCF", 0, start + len(block), 0, 44, 0, 3, 1, 1, 1, 0, 0, 0)
    return head + struct.pack("<I2H", start, 1, 0) + record + block


def lzh(name: bytes, content: bytes) -> bytes:
    checksum = 0
    for byte in content:
        checksum ^= byte
        for _ in range(8):
            checksum = (checksum >> 1) ^ 0xA001 if checksum & 1 else checksum >> 1
    size = len(content)
    head = b"-lh0-" + struct.pack("<3I2B", size, size, 0, 0x20, 0)
    head += bytes([len(name)]) + name + struct.pack("<H", checksum)
    return bytes([len(head), sum(head) & 255]) + head + content + b"\0"


def vint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def block5(kind: int, body: bytes, data: bytes = b"", extra: bytes = b"", flags: int = 0) -> bytes:
    flags |= (1 if extra else 0) | (2 if data else 0)
    head = vint(kind) + vint(flags)
    head += (vint(len(extra)) if extra else b"") + (vint(len(data)) if data else b"")
    head += body + extra
    head = vint(len(head)) + head
    return struct.pack("<I", zlib.crc32(head)) + head + data


def file5(name: bytes, content: bytes, extra: bytes = b"", kind: int = 2, flags: int = 0) -> bytes:
    facts = vint(4) + vint(len(content)) + vint(0) + struct.pack("<I", zlib.crc32(content))
    facts += vint(0) + vint(1) + vint(len(name)) + name
    return block5(kind, facts, content, extra, flags)


def rar5(*blocks: bytes, volume: int = 0, last: int = 0) -> bytes:
    return (
        b"Rar!\x1a\x07\x01\0" + block5(1, vint(volume)) + b"".join(blocks) + block5(5, vint(last))
    )


# A record of extra area: size, type 1, and what an encrypted entry says of its key.
LOCKED = vint(36) + vint(1) + bytes(35)


def rar4(name: bytes, content: bytes, flags: int = 0, main: int = 0, last: int = 0) -> bytes:
    def block(kind: int, flag: int, body: bytes) -> bytes:
        head = struct.pack("<BHH", kind, flag, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head

    facts = struct.pack("<2IB2I2BHI", len(content), len(content), 3, zlib.crc32(content), 0, 20,
                        0x30, len(name), 32)  # fmt: skip
    return (
        b"Rar!\x1a\x07\0" + block(0x73, main, bytes(6))
        + block(0x74, 0x8000 | flags, facts + name) + content + block(0x7B, last, b"")
    )  # fmt: skip


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
