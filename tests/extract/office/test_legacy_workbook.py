"""An old workbook is read in every record: hidden sheets, comments, leftovers, other workbooks."""

from __future__ import annotations

import datetime as dt
import io
import struct
from pathlib import Path
from typing import Any, Callable

import pytest
import xlwt
from support.corpus import TABLES
from support.old_office import biff_5_workbook, biff_record

from gateway.extract import detect_type
from gateway.extract.office.compound_file import Compound
from gateway.extract.office.storage_file import write_compound
from gateway.extract.types import XLS
from gateway.model.content import Properties
from gateway.model.limits import ReadLimits

FEATURES = Path(__file__).parent / "files" / "features.xls"
CORPUS = TABLES / "files"
Read = Callable[..., Any]


def saved(book: xlwt.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def stream(content: bytes) -> bytes:
    compound = Compound(content, ReadLimits())
    return compound.take(("Workbook",))


def test_cells_become_texts_and_blank_cells_keep_their_columns(part: Any, read: Read) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for column, value in enumerate(["name", None, "count", 0.1 + 0.2, True, -12.25, 1e20]):
        if value is not None:
            sheet.write(0, column, value)
    sheet.write(3, 0, dt.date(2018, 3, 28), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    sheet.write(3, 1, dt.datetime(2018, 3, 28, 9, 30), xlwt.easyxf(num_format_str="d/m/yy h:mm"))
    sheet.write(4, 0, "Москва ✓")
    content = saved(book)
    assert detect_type(part(content)) == XLS
    reading = read(content)
    assert reading.tables[0].rows == [
        ["name", "", "count", "0.3", "TRUE", "-12.25", "1e+20"],
        ["2018-03-28", "2018-03-28 09:30:00"],
        ["Москва ✓"],
    ]
    assert reading.gaps == []


def test_hidden_sheets_say_so(read: Read) -> None:
    book = xlwt.Workbook()
    for index, name in enumerate(("seen", "hidden", "very")):
        sheet = book.add_sheet(name)
        sheet.visibility = index
        sheet.write(0, 0, f"marker {name}")
    reading = read(saved(book))
    assert [t.visibility for t in reading.tables] == ["visible", "hidden", "very-hidden"]
    assert "very" in reading.hidden and "very" not in reading.text


def test_a_sheet_that_no_tab_shows_is_read(read: Read) -> None:
    book = xlwt.Workbook()
    book.add_sheet("One").write(0, 0, "marker")
    raw = stream(saved(book)).rstrip(b"\0")
    # The tab's record becomes one of no meaning; the sheet stays where it is.
    at = raw.index(struct.pack("<H", 0x85))
    loose = raw[:at] + struct.pack("<H", 0x1C0) + raw[at + 2 :]
    [table] = read(write_compound({("Workbook",): loose + b"\0" * 5000})).tables
    assert table.rows == [["marker"]] and table.visibility == "very-hidden"


def test_strings_over_several_records_are_whole(read: Read) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Long")
    texts = [f"{index} " + ("Жк" if index % 3 else "ab") * 4000 for index in range(20)]
    for row, text in enumerate(texts):
        sheet.write(row, 0, text)
    assert [row[0] for row in read(saved(book)).tables[0].rows] == texts


def test_strings_that_no_cell_shows_are_found(read: Read) -> None:
    book = xlwt.Workbook()
    book.add_sheet("One").write(0, 0, "shown")
    raw = stream(saved(book)).rstrip(b"\0")
    cell = struct.pack("<HH", 0xFD, 10)
    at = raw.index(cell)
    blanked = raw[:at] + struct.pack("<HH", 0x1C0, 10) + raw[at + 4 :]
    reading = read(write_compound({("Workbook",): blanked + b"\0" * 5000}))
    assert reading.tables == [] and "shown" in reading.hidden


def test_headers_footers_and_names_are_read(read: Read) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("One")
    sheet.header_str, sheet.footer_str = b"&Cmarker header", b"&Lmarker footer"
    sheet.write(0, 0, xlwt.Formula('IF(FALSE;"marker formula";"x")'))
    reading = read(saved(book))
    assert "marker header" in reading.text and "marker footer" in reading.text
    assert "marker formula" in reading.hidden


def test_every_place_of_a_workbook_made_by_an_office_program_is_read(read: Read) -> None:
    reading = read(FEATURES.read_bytes())
    for marker in (
        "comment",
        "header",
        "footer",
        "Hid",
        "Very",
        "name value",
        "chart title",
        "formula",
    ):
        assert f"marker {marker}" in reading.everything()
    assert "marker comment" in reading.hidden
    items = [item for c in reading.contents if isinstance(c, Properties) for item in c.items]
    assert ("title", "marker title") in items and ("MSIP_Label_1_Name", "Official") in items
    assert reading.gaps == []


def test_cells_kept_of_another_workbook_are_read(read: Read) -> None:
    cached = biff_record(0x59, struct.pack("<hH", 1, 0)) + biff_record(
        0x5A, struct.pack("<BBH", 1, 0, 0) + b"\2\6\0\0marker" + b"\1" + struct.pack("<d", 42)
    )
    begin = biff_record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    content = write_compound({("Workbook",): begin + cached + biff_record(0x0A)})
    [table] = read(content).tables
    assert table.rows == [["marker", "42"]] and table.visibility == "hidden"


def test_rows_kept_for_a_pivot_table_are_read(read: Read) -> None:
    def field(flags: int, name: str) -> bytes:
        return biff_record(
            0xC7,
            struct.pack("<HHHHHHHH", flags, 0, 0, 0, 0, 0, 0, len(name)) + b"\0" + name.encode(),
        )

    def text(value: str) -> bytes:
        return biff_record(0xCD, struct.pack("<H", len(value)) + b"\0" + value.encode())

    cache = (
        field(1, "region") + text("North") + text("South") + field(0, "pay")
        + b"".join(
            biff_record(0xC8, bytes((index,))) + biff_record(0xC9, struct.pack("<d", pay))
            for index, pay in ((0, 1200), (1, 950.5))
        )
        + biff_record(0x0A)
    )  # fmt: skip
    book = xlwt.Workbook()
    book.add_sheet("One")
    content = write_compound({("Workbook",): stream(saved(book)), ("_SX_DB_CUR", "0001"): cache})
    [table] = read(content).tables
    assert table.rows == [["region", "pay"], ["North", "1200"], ["South", "950.5"]]
    assert table.visibility == "hidden"


def test_excel_5_keeps_its_code_page_and_its_comments(read: Read) -> None:
    label = struct.pack("<HHHH", 0, 0, 0, 6) + "Москва".encode("cp1251")
    day = struct.pack("<HHHd", 1, 0, 1, 43187)
    note = struct.pack("<HHH", 0, 0, 14) + b"marker comment"
    cells = biff_record(0x204, label) + biff_record(0x203, day) + biff_record(0x1C, note)
    reading = read(write_compound({("Book",): biff_5_workbook(cells, charset=1251) + b"\0" * 5000}))
    assert reading.tables[0].rows == [["Москва"], ["2018-03-28"]]
    assert "marker comment" in reading.hidden


def test_a_bare_stream_of_excel_2_is_read(read: Read) -> None:
    content = (
        biff_record(0x09, struct.pack("<HH", 2, 0x10))
        + biff_record(0x04, struct.pack("<HH", 0, 0) + b"\0\0\0\6marker")
        + biff_record(0x02, struct.pack("<HH", 0, 1) + b"\0\0\0" + struct.pack("<H", 7))
        + biff_record(0x03, struct.pack("<HH", 1, 0) + b"\0\0\0" + struct.pack("<d", 1.5))
        + biff_record(0x0A)
    )
    assert read(content).tables[0].rows == [["marker", "7"], ["1.5"]]


def test_a_workbook_behind_a_password_is_a_gap(read: Read) -> None:
    begin = biff_record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    lock = biff_record(0x2F, struct.pack("<HHH", 1, 1, 1) + b"\x55" * 48)
    rest = biff_record(0x85, b"\x99" * 12) + biff_record(0x0A)
    assert read(write_compound({("Workbook",): begin + lock + rest})).reasons == {"encrypted"}


def test_a_stream_that_is_cut_off_is_a_gap_and_what_came_before_is_read(read: Read) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("One")
    for row in range(500):
        sheet.write(row, 0, row + 0.5)
    raw = stream(saved(book))
    reading = read(write_compound({("Workbook",): raw[: len(raw) // 2]}))
    assert reading.tables and reading.reasons == {"unreadable"}


@pytest.mark.skipif(not CORPUS.exists(), reason="no corpus here")
def test_real_workbooks_agree_with_another_reader(read: Read) -> None:
    import python_calamine

    for path in sorted(CORPUS.glob("*.xls")):
        try:
            book = python_calamine.load_workbook(str(path))
        except python_calamine.PasswordError:
            continue
        cells = sum(
            cell != "" for name in book.sheet_names
            for row in book.get_sheet_by_name(name).to_python() for cell in row
        )  # fmt: skip
        tables = [t for t in read(path.read_bytes()).tables if "part from" not in t.location.where]
        assert sum(cell != "" for t in tables for row in t.rows for cell in row) == cells
