"""Whatever a file does, reading it ends soon, in contents and gaps."""

from __future__ import annotations

import io
import random
import time
from typing import Any, Callable

import openpyxl
import pytest

from gateway.model.limits import ReadLimits

Read = Callable[..., Any]


@pytest.fixture(scope="module")
def small_workbook() -> bytes:
    book = openpyxl.Workbook()
    for index in range(40):
        book.active.append([index, f"unit {index}", index * 1.5])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_zip_bomb_stops_at_the_limit(read: Read, workbook_bytes: Any, sheet_xml: Any) -> None:
    bomb = sheet_xml("<row>" + " " * 60_000_000 + "</row>")
    reading = read(workbook_bytes({"S": bomb}), limits=ReadLimits(expanded_bytes=5_000_000))
    assert reading.reasons == {"limit"}


def test_too_many_entries_stop_before_they_are_listed(
    read: Read, workbook_bytes: Any, sheet_xml: Any
) -> None:
    content = workbook_bytes({"S": sheet_xml("")}, {f"a{i}.xml": "<a/>" for i in range(300)})
    assert read(content, limits=ReadLimits(entries=200)).reasons == {"limit"}


@pytest.mark.parametrize(
    "place",
    ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "docProps/core.xml", "xl/workbook.xml"],
)
def test_an_xml_bomb_is_refused(
    read: Read, workbook_bytes: Any, sheet_xml: Any, place: str
) -> None:
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><x>&e11;</x>'
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = workbook_bytes({"S": sheet_xml("")}, {place: bomb})
    assert "unreadable" in read(content).reasons


def test_a_truncated_workbook_is_a_gap(read: Read, small_workbook: bytes) -> None:
    for cut in range(1, 12):
        reading = read(small_workbook[: len(small_workbook) * cut // 12], name="a.xlsx")
        assert reading.gaps


def test_a_damaged_workbook_reads_the_same_or_has_a_gap(read: Read, small_workbook: bytes) -> None:
    whole = read(small_workbook)
    assert not whole.gaps
    dice = random.Random(20180328)
    for _ in range(200):
        damaged = bytearray(small_workbook)
        place = dice.randrange(len(damaged))
        damaged[place] ^= 1 << dice.randrange(8)
        reading = read(bytes(damaged), name="a.xlsx")
        same = [t.rows for t in reading.tables] == [t.rows for t in whole.tables]
        assert reading.gaps or same, place


def test_html_100000_deep_is_read_to_the_bottom(read: Read) -> None:
    page = b"<div>" * 100_000 + b"bottom" + b"</div>" * 100_000 + b"<p>after"
    reading = read(page, "text/html")
    assert "bottom" in reading.text and "after" in reading.text


@pytest.mark.parametrize(
    "page",
    [b"<" * 300_000, b"<table>" * 20_000, b"<!--" * 50_000, b"<a " + b"x=1 " * 50_000, b"&" * 300_000,
     b"<style>" + b"a{" * 50_000, b"\0" * 10 + b"<p>seen</p>", b"<td colspan=999999999>x" * 1000],
    ids=range(8),
)  # fmt: skip
def test_hostile_html_ends_soon(read: Read, page: bytes) -> None:
    start = time.process_time()
    read(b"<html>" + page, "text/html")
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "text",
    [b'"' * 300_000, b"a," * 300_000, b'"a\n' * 50_000, b",\n" * 100_000, b'x,"' + b"y" * 400_000],
    ids=range(5),
)
def test_hostile_csv_ends_soon_and_keeps_its_text(read: Read, text: bytes) -> None:
    start = time.process_time()
    reading = read(text, "text/csv")
    assert time.process_time() - start < 2
    assert reading.tables
