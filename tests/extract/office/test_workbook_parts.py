"""Entries of a workbook are found by what the package says of them, not by their usual names."""

from __future__ import annotations

import io
import struct
import zipfile

import xlsxwriter

from gateway.extract import read_part
from gateway.extract.office.macro_signature import is_macro_signature
from gateway.extract.types import XLSX
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Part

SIGNED = b"\x30\x82\x01\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" + bytes(range(200))


def workbook() -> dict[str, bytes]:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Persons").write_row(0, 0, ["name", "age"])
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read(entries: dict[str, bytes]) -> list[Content | Part]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return list(read_part(Part("1", XLSX, "attachment", out.getvalue()), ReadLimits()))


def signature(certificates: bytes = b"\x30\x03\x02\x01\x05", after: bytes = b"") -> bytes:
    head = (len(SIGNED), 44, len(certificates), 44 + len(SIGNED), 0, 0, 0, 0, 0)
    return struct.pack("<9I", *head) + SIGNED + certificates + after


def test_a_workbook_is_read_whatever_its_main_part_is_called() -> None:
    entries = workbook()
    renamed = {
        name.replace("workbook.xml", "book1.xml"): content.replace(b"workbook.xml", b"book1.xml")
        for name, content in entries.items()
    }
    [table] = [content for content in read(renamed) if isinstance(content, Table)]
    assert table.location.where == "sheet Persons"
    assert table.visibility == "visible"
    assert list(table.rows[0]) == ["name", "age"]


def test_the_table_of_strings_is_found_by_the_workbooks_relationships() -> None:
    entries = workbook()
    renamed = {
        name.replace("sharedStrings", "words"): content.replace(b"sharedStrings.xml", b"words.xml")
        for name, content in entries.items()
    }
    [table] = [content for content in read(renamed) if isinstance(content, Table)]
    assert list(table.rows[0]) == ["name", "age"]


def test_a_second_table_of_strings_that_nothing_names_is_read() -> None:
    entries = workbook()
    renamed = {
        name.replace("sharedStrings", "words"): content.replace(b"sharedStrings.xml", b"words.xml")
        for name, content in entries.items()
    }
    renamed["xl/sharedStrings.xml"] = b"<sst><si><t>marker</t></si></sst>"
    assert "marker" in str(read(renamed))


def test_a_signature_of_macros_is_no_gap() -> None:
    entries = workbook() | {"xl/vbaProjectSignature.bin": signature()}
    assert not [content for content in read(entries) if isinstance(content, Part)]


def test_what_stands_in_a_signatures_place_is_a_file_of_its_own() -> None:
    assert is_macro_signature(signature())
    for other in (signature(after=b"name,age\n" * 20), b"name,age\n" * 50, signature()[:100], b""):
        assert not is_macro_signature(other)
    entries = workbook() | {"xl/vbaProjectSignature.bin": b"name,age\nAda Carr,44\n" * 20}
    assert [content for content in read(entries) if isinstance(content, Part)]
