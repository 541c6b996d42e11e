"""However an archive is nested or lies, it ends in time, in memory, and with a gap; and what came
before the limit was read."""

from __future__ import annotations

import bz2
import gzip
import struct
import time
import tracemalloc
import zlib
from typing import Any, Callable, Iterator

import pytest

from gateway.extract import nested
from gateway.model.limits import ReadLimits

Whole = Callable[..., Any]
Zipped = Callable[..., bytes]
CSV = b"id,age,region\n1,44,North\n2,35,South\n"
SMALL = ReadLimits(expanded_bytes=20_000_000)


@pytest.fixture
def in_time() -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < 10


@pytest.mark.usefixtures("in_time")
def test_a_bomb_of_bombs_ends_at_the_limit(whole: Whole, zipped: Zipped) -> None:
    """16 x 16 x 16 archives, each the same, above a file of zeros."""
    inner = zipped([("0.dll", bytes(4_000_000))])
    for _ in range(3):
        inner = zipped([(f"lib {i}.zip", inner) for i in range(16)])
    found = whole(zipped([("first.csv", CSV), ("bomb.zip", inner)]), limits=SMALL)
    assert "limit" in found.reasons
    assert found.table_names == ["first.csv"]


@pytest.mark.usefixtures("in_time")
def test_a_bomb_takes_no_more_memory_than_it_may(whole: Whole) -> None:
    bomb = gzip.compress(bytes(200_000_000))
    tracemalloc.start()
    try:
        found = whole(bomb, "a.gz", SMALL)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "limit" in found.reasons
    assert peak < 100_000_000


@pytest.mark.usefixtures("in_time")
def test_archives_eight_deep_are_read_and_the_ninth_is_a_gap(whole: Whole, zipped: Zipped) -> None:
    for depth, expected in ((8, set()), (9, {"limit"})):
        content = CSV
        name = "a.csv"
        for level in range(depth):
            content = zipped([(f"{level}-{i}.txt", "words") for i in range(99)] + [(name, content)])
            name = "next.zip"
        found = whole(content)
        assert found.reasons == expected
        assert "0-98.txt" in found.words or depth > 8
        assert "1-98.txt" in found.words


@pytest.mark.usefixtures("in_time")
def test_an_archive_that_holds_itself_ends(whole: Whole) -> None:
    """A stored entry that is its own archive, by overlap: what a quine does with more art."""
    body = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 200, 200, 1, 0) + b"q"
    directory = struct.pack(
        "<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 200, 200, 1, 0, 0, 0, 0, 0, 0
    ) + b"q"  # fmt: skip
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(directory), len(body), 0)
    assert whole(body + directory + end).gaps


@pytest.mark.usefixtures("in_time")
def test_entries_that_share_one_kernel_are_a_gap_and_end_at_the_limit(whole: Whole) -> None:
    raw = bytes(1 << 22)
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = squeeze.compress(raw) + squeeze.flush()
    facts = (0, 8, 0, 0, zlib.crc32(raw), len(kernel), len(raw), 1, 0)
    body = struct.pack("<4sH4H3I2H", b"PK\3\4", 20, *facts) + b"a" + kernel
    record = struct.pack("<4s2H4H3I2H", b"PK\1\2", 20, 20, *facts) + bytes(14) + b"a"
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 3000, 3000, len(record) * 3000, len(body), 0)
    found = whole(body + record * 3000 + end, limits=SMALL)
    assert {"unreadable", "limit"} <= found.reasons


@pytest.mark.usefixtures("in_time")
def test_ten_thousand_small_files_of_mixed_types_are_read(whole: Whole, zipped: Zipped) -> None:
    kinds = (
        ("{}.csv", CSV), ("{}.txt", b"words"), ("{}.json", b'{"a": [1, 2]}'),
        ("{}.html", b"<html><body><p>words</p></body></html>"),
        ("{}.csv.gz", gzip.compress(CSV)),
    )  # fmt: skip
    entries = [(name.format(i), content) for i in range(1600) for name, content in kinds]
    found = whole(zipped(entries))
    assert len(found.tables) >= 3200
    assert not found.gaps


def test_when_time_is_up_what_was_found_stays_and_the_rest_is_one_gap(
    whole: Whole, zipped: Zipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(10_000))
    monkeypatch.setattr(nested, "monotonic", lambda: float(next(ticks)))
    content = zipped([(f"{i}.csv", CSV) for i in range(100)])
    found = whole(content, limits=ReadLimits(seconds=40.0))
    assert 0 < len(found.tables) < 100
    assert [gap.reason for gap in found.gaps] == ["timeout"]


def test_unpacking_stops_when_time_is_up(whole: Whole) -> None:
    found = whole(bz2.compress(bytes(50_000_000)), "a.bz2", ReadLimits(seconds=0.0))
    assert "timeout" in found.reasons


def test_a_claim_of_three_gigabytes_costs_nothing(whole: Whole, zipped: Zipped) -> None:
    content = bytearray(zipped([("a.csv", CSV), ("b.csv", CSV)], 0))
    for mark, at in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        place = content.index(mark) + at
        content[place : place + 4] = struct.pack("<I", 3 << 30)
    found = whole(bytes(content))
    assert found.gaps_of("a.csv") and found.table_names == ["a.csv", "b.csv"]
