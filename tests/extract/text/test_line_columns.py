"""What is joined or written as letters in the cells of a table is read as what it is."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from typing import Any, Callable

import openpyxl
import pytest

from gateway.extract.nested import read_nested
from gateway.model.content import Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

HEAD = ["person", "born", "postcode", "income"]
ROWS = [[f"P{i}", str(1950 + i), f"AB{i} 1CD", str(20000 + 37 * i)] for i in range(60)]
FILE = "\n".join(",".join(row) for row in [HEAD, *ROWS]).encode()
Write = Callable[[list[list[str]]], tuple[bytes, str]]


def as_workbook(rows: list[list[str]]) -> tuple[bytes, str]:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return (
        stream.getvalue(),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


def as_csv(rows: list[list[str]]) -> tuple[bytes, str]:
    return "\n".join(";".join(row) for row in rows).encode(), "text/csv"


def as_xml(rows: list[list[str]]) -> tuple[bytes, str]:
    records = "".join(f"<r><n>{n}</n><v>{v}</v></r>" for n, v in rows[1:])
    return f"<?xml version='1.0'?><a>{records}</a>".encode(), "application/xml"


def as_json(rows: list[list[str]]) -> tuple[bytes, str]:
    return json.dumps([{"n": n, "v": v} for n, v in rows[1:]]).encode(), "application/json"


def contents(content: bytes, kind: str) -> list[Any]:
    return list(read_nested(Part("1", kind, "attachment", content), ReadLimits()))


def found(content: bytes, kind: str) -> bool:
    tables = [item for item in contents(content, kind) if isinstance(item, Table)]
    return any([cell.strip() for cell in row] == ROWS[7] for table in tables for row in table.rows)


every_form = pytest.mark.parametrize("write", [as_workbook, as_csv, as_xml, as_json])


@every_form
@pytest.mark.parametrize("letters", [base64.b64encode(FILE).decode(), FILE.hex()])
@pytest.mark.parametrize("length", [76, 10_000])
def test_a_file_written_as_letters_down_a_column_or_in_one_cell_is_read(
    write: Write, letters: str, length: int
) -> None:
    pieces = [letters[at : at + length] for at in range(0, len(letters), length)]
    rows = [["n", "v"], ["0", "x"], *([str(at), piece] for at, piece in enumerate(pieces, 1))]
    assert found(*write([*rows, ["99", "y"]]))


@every_form
@pytest.mark.parametrize("sign", ["‖", " · ", "->", " - ", ","])
def test_a_column_of_rows_joined_by_a_sign_is_a_table(write: Write, sign: str) -> None:
    if write is as_xml and sign == "->":
        sign = "-&gt;"
    rows = [[str(at), sign.join(row)] for at, row in enumerate(ROWS)]
    assert found(*write([["n", "v"], *rows]))


@every_form
def test_long_pseudonyms_are_no_file(write: Write) -> None:
    rows = [[str(at), hashlib.sha256(b"%d" % at).hexdigest()] for at in range(300)]
    read = contents(*write([["n", "v"], *rows]))
    assert [item for item in read if isinstance(item, Gap)] == []
