"""Rows and columns that nobody sees on the page are named where something stands in them."""

from __future__ import annotations

import io
import zipfile
from typing import Any, Callable

import pytest
from openpyxl import Workbook

from gateway.extract import types
from gateway.extract.office.hidden_lines import HiddenLines, hidden_lines
from gateway.model.limits import ReadLimits
from gateway.model.message import Part

ROWS = (("Role", "Email", "Note"), ("Media Officer", "a@dept.example", "x"), ("Editor", "", ""))
FORMULA = '=CONCAT("a","@dept.example")'
SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def part(content: bytes) -> Part:
    return Part("1", "application/octet-stream", "attachment", content, "list")


def workbook(hide: Callable[[Any], Any]) -> dict[str, HiddenLines]:
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    hide(book.active)
    out = io.BytesIO()
    book.save(out)
    return hidden_lines(part(out.getvalue()), types.XLSX, ReadLimits())


@pytest.mark.parametrize(
    ("hide", "rows", "columns"),
    [
        (lambda sheet: setattr(sheet.row_dimensions[3], "hidden", True), (3,), ()),
        (lambda sheet: setattr(sheet.row_dimensions[2], "height", 0.0001), (2,), ()),
        (lambda sheet: sheet.row_dimensions.group(2, 3, hidden=True), (2, 3), ()),
        (lambda sheet: setattr(sheet.column_dimensions["B"], "hidden", True), (), ("B",)),
        (lambda sheet: sheet.column_dimensions.group("B", "C", hidden=True), (), ("B", "C")),
    ],
)
def test_a_workbook(hide: Any, rows: tuple[int, ...], columns: tuple[str, ...]) -> None:
    assert workbook(hide) == {"Sheet": HiddenLines(rows, columns)}


@pytest.mark.parametrize(
    "hide",
    [
        lambda sheet: None,
        lambda sheet: setattr(sheet.row_dimensions[9], "hidden", True),
        lambda sheet: sheet.column_dimensions.group("D", "XFD", hidden=True),
        lambda sheet: setattr(sheet.row_dimensions[2], "height", 60),
    ],
)
def test_what_hides_nothing_is_nothing(hide: Any) -> None:
    assert workbook(hide) == {}


def test_a_formula_whose_result_is_not_in_the_file_is_named() -> None:
    found = workbook(lambda sheet: sheet.append(("Role", FORMULA)))
    assert found == {"Sheet": HiddenLines((), (), ("B4",))}


def sheet(columns: str, rows: str, flat: bool = False) -> dict[str, HiddenLines]:
    body = (
        f"<office:body><office:spreadsheet><table:table table:name='List'>{columns}{rows}"
        "</table:table></office:spreadsheet></office:body>"
    )
    if flat:
        whole = f"<office:document {SPACES}>{body}</office:document>".encode()
        return hidden_lines(part(whole), types.FLAT_ODF, ReadLimits())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        content = f"<office:document-content {SPACES}>{body}</office:document-content>"
        packed.writestr("content.xml", content)
    return hidden_lines(part(out.getvalue()), types.ODS, ReadLimits())


CELL = "<table:table-cell><text:p>x</text:p></table:table-cell>"


def row(visibility: str = "", repeated: int = 1, cells: str = CELL * 2) -> str:
    seen = f" table:visibility='{visibility}'" if visibility else ""
    return (
        f"<table:table-row{seen} table:number-rows-repeated='{repeated}'>{cells}</table:table-row>"
    )


@pytest.mark.parametrize("flat", [False, True])
def test_an_open_document(flat: bool) -> None:
    plain = "<table:table-column table:number-columns-repeated='2'/>"
    unseen = (
        "<table:table-column/><table:table-column table:visibility='collapse'"
        " table:number-columns-repeated='9'/>"
    )
    assert sheet(plain, row() + row("collapse", 2) + row("filter"), flat) == {
        "List": HiddenLines((2, 3, 4), ())
    }
    assert sheet(unseen, row(), flat) == {"List": HiddenLines((), ("B",))}
    folded = f"<table:table-row-group table:display='false'>{row()}</table:table-row-group>"
    assert sheet(plain, row() + folded, flat) == {"List": HiddenLines((2,), ())}
    empty = row("collapse", 1_000_000, "<table:table-cell/>")
    assert sheet(plain, row() + empty, flat) == {}
    formula = "<table:table-cell table:formula='of:=[.A1]'%s/>"
    assert sheet(plain, row(cells=CELL + formula % ""), flat) == {
        "List": HiddenLines((), (), ("B1",))
    }
    stored = formula % " office:value-type='float' office:value='1'"
    assert sheet(plain, row(cells=CELL + stored), flat) == {}
