"""An XLSB workbook holds what an XLSX one does, and every record of it is looked at."""

from __future__ import annotations

import io
import struct
from typing import Any, Callable

import python_calamine
from support.old_office import (
    binary_cell,
    binary_record,
    binary_sheet,
    binary_workbook,
    macro_project,
    wide,
)

from gateway.extract import detect_type
from gateway.extract.office.storage_file import write_compound
from gateway.extract.types import XLSB

Read = Callable[..., Any]


def real(value: float) -> bytes:
    return struct.pack("<d", value)


ROWS = {
    0: [binary_cell(7, 0, struct.pack("<I", 0)), binary_cell(7, 2, struct.pack("<I", 1))],
    1: [
        binary_cell(6, 0, wide("Ärger Москва")),
        binary_cell(5, 1, real(0.1 + 0.2)),
        binary_cell(2, 2, struct.pack("<I", 12 << 2 | 2)),
        binary_cell(4, 3, b"\1"),
        binary_cell(3, 4, b"\x2a"),
    ],
    4: [binary_cell(5, 0, real(43187), style=1), binary_cell(9, 1, real(7) + b"\0" * 10)],
}


def test_cells_become_texts_as_another_reader_sees_them(part: Any, read: Read) -> None:
    content = binary_workbook({"Data": (0, binary_sheet(ROWS))}, ["name", "count", "leftover"])
    assert detect_type(part(content)) == XLSB
    reading = read(content)
    [table] = reading.tables
    assert table.rows == [
        ["name", "", "count"],
        ["Ärger Москва", "0.3", "12", "TRUE", "#N/A"],
        ["2018-03-28", "7"],
    ]
    assert reading.gaps == []
    assert "leftover" in reading.hidden
    book = python_calamine.load_workbook(io.BytesIO(content))
    other = book.get_sheet_by_name("Data").to_python()
    assert other[1][0] == "Ärger Москва" and other[1][2] == 12 and str(other[4][0]) == "2018-03-28"


def test_hidden_sheets_and_sheets_without_a_tab_are_read(read: Read) -> None:
    sheets = {
        name: (state, binary_sheet({0: [binary_cell(6, 0, wide(f"marker {name}"))]}))
        for state, name in enumerate(("one", "two", "three"))
    }
    loose = binary_sheet({0: [binary_cell(6, 0, wide("marker loose"))]})
    reading = read(binary_workbook(sheets, entries={"xl/worksheets/sheet9.bin": loose}))
    assert [table.visibility for table in reading.tables] == [
        "visible", "hidden", "very-hidden", "very-hidden",
    ]  # fmt: skip
    assert reading.tables[3].rows == [["marker loose"]]
    assert "two" in reading.hidden


def test_headers_comments_names_caches_and_constants_in_formulas_are_read(read: Read) -> None:
    header = binary_record(479, b"\0\0" + wide("&Cmarker header") + b"\xff\xff\xff\xff" * 5)
    tokens = b"\x17" + struct.pack("<H", 14) + "marker formula".encode("utf-16-le")
    formula = binary_cell(8, 0, wide("shown") + b"\0\0" + struct.pack("<I", len(tokens)) + tokens)
    comments = binary_record(632, wide("Author")) + binary_record(637, b"\0" + wide("маркер"))
    name = binary_record(39, b"\0" * 9 + wide("marker_name") + b"\0" * 8)
    reading = read(
        binary_workbook(
            {"S": (0, binary_sheet({0: [formula]}, after=header))},
            entries={
                "xl/comments1.bin": comments,
                "xl/pivotCache/pivotCacheDefinition1.bin": binary_record(24, wide("marker cache")),
                "xl/pivotCache/pivotCacheRecords1.bin": binary_record(33, b"\0" * 8),
                "docProps/core.xml": b"<p><title>marker title</title></p>",
                "xl/vbaProject.bin": write_compound(macro_project(b"' marker macro")),
            },
            around=name,
        )
    )
    for marker in ("marker header", "marker formula", "маркер", "marker_name", "marker cache"):
        assert marker in reading.everything()
    assert [gap.reason for gap in reading.gaps] == ["no-reader"]  # the rows of the pivot cache
    assert len(reading.parts) == 1


def test_a_cell_far_out_costs_nothing(read: Read) -> None:
    far = {1_048_575: [binary_cell(6, 16_383, wide("far"))]}
    assert read(binary_workbook({"S": (0, binary_sheet(far))})).tables[0].rows == [["far"]]


def test_a_part_that_is_cut_off_or_damaged_is_a_gap(read: Read) -> None:
    sheet = binary_sheet(ROWS)
    cut = read(binary_workbook({"S": (0, sheet[: len(sheet) // 2])}, ["name", "count"]))
    assert cut.reasons == {"unreadable"} and cut.tables
    lost = read(binary_workbook({"S": (0, sheet)}, ["only one"]))
    assert lost.reasons == {"unreadable"}
