"""Where a workbook of binary parts can hold something: XLSB."""

from __future__ import annotations

import struct
from typing import Callable

from formats.planting import INNOCENT, INNOCENT_ROWS, Holds, Rows, pasted, place
from formats.workbook_places import remarks, xml_rows
from support.old_office import (
    binary_cell,
    binary_record,
    binary_sheet,
    binary_workbook,
    macro_project,
    wide,
)
from support.open_packages import DRAWING, chart, document, drawn, paragraphs
from support.pictures import picture

from gateway.extract.office.storage_file import write_compound

# A place a line.
# fmt: off

def binary_rows(text: str, rows: Rows) -> dict[int, list[bytes]]:
    table = ([[text]] if text else []) + [list(row) for row in rows]

    def cell(at: int, value: str) -> bytes:
        if value.removeprefix("-").isdecimal():
            return binary_cell(5, at, struct.pack("<d", int(value)))
        return binary_cell(6, at, wide(value))

    return {
        number: [cell(at, value) for at, value in enumerate(row) if value]
        for number, row in enumerate(table or INNOCENT_ROWS)
    }


BINARY = binary_sheet(binary_rows("", ()))


def binary(where: str, build: Callable[[str, Rows], bytes], holds: Holds = "both") -> None:
    place("XLSB", where, "book.xlsb", holds=holds)(build)


def binary_entry(where: str, key: str, make: Callable[[str, Rows], bytes], holds: Holds = "both") -> None:
    binary(where, lambda t, r: binary_workbook({"Data": (0, BINARY)}, entries={key: make(t, r)}), holds)


def after(kind: int, skip: bytes) -> Callable[[str, Rows], bytes]:
    """A record behind the cells."""

    def build(text: str, rows: Rows) -> bytes:
        record = binary_record(kind, skip + wide(pasted(text, rows)))
        return binary_workbook({"Data": (0, binary_sheet(binary_rows("", ()), after=record))})

    return build


def shared_cells(text: str, rows: Rows) -> bytes:
    table = ([[text]] if text else []) + [list(row) for row in rows]
    strings = [value for row in table for value in row]
    places = iter(range(len(strings)))
    numbered = {
        number: [binary_cell(7, at, struct.pack("<I", next(places))) for at in range(len(row))]
        for number, row in enumerate(table)
    }
    return binary_workbook({"Data": (0, binary_sheet(numbered))}, strings)


def constant(text: str, rows: Rows) -> bytes:
    tokens = b"\x17" + struct.pack("<H", len(text)) + text.encode("utf-16-le")
    formula = binary_cell(8, 0, wide("shown") + b"\0\0" + struct.pack("<I", len(tokens)) + tokens)
    return binary_workbook({"Data": (0, binary_sheet({0: [formula]}))})


binary("cells", lambda t, r: binary_workbook({"Data": (0, binary_sheet(binary_rows(t, r)))}))
binary("shared strings", shared_cells)
binary("hidden sheet", lambda t, r: binary_workbook({"Data": (0, BINARY), "Kept": (1, binary_sheet(binary_rows(t, r)))}))
binary("very hidden sheet", lambda t, r: binary_workbook({"Data": (0, BINARY), "Kept": (2, binary_sheet(binary_rows(t, r)))}))
binary("name of a sheet", lambda t, r: binary_workbook({t or "Data": (0, BINARY)}), "words")
binary("strings that no cell shows", lambda t, r: binary_workbook({"Data": (0, BINARY)}, [t or "x", *(",".join(row) for row in r)]))
binary("header", after(479, b"\0\0"))
binary("input message of a cell", after(64, b"\0" * 8))
binary("constant in a formula", constant, "words")
binary("a text of several lines in one cell", lambda t, r: binary_workbook({"Data": (0, binary_sheet({0: [binary_cell(6, 0, wide(pasted(t, r) or INNOCENT))]}))}))
binary("defined name", lambda t, r: binary_workbook({"Data": (0, BINARY)}, around=binary_record(39, b"\0" * 9 + wide("kept") + b"\0" * 8 + wide(pasted(t, r)))))
binary_entry("sheet without a tab", "xl/worksheets/sheet9.bin", lambda t, r: binary_sheet(binary_rows(t, r)))
binary_entry("comment", "xl/comments1.bin", lambda t, r: binary_record(637, b"\0" + wide(pasted(t, r))))
binary_entry("connection", "xl/connections.bin", lambda t, r: binary_record(201, wide(pasted(t, r))))
binary_entry("text box", "xl/drawings/drawing1.xml", lambda t, r: f'<d xmlns:a="{DRAWING}">{drawn(pasted(t, r))}</d>'.encode())
binary_entry("values behind a chart", "xl/charts/chart1.xml", lambda t, r: chart((r or INNOCENT_ROWS)[0], (r or INNOCENT_ROWS)[1:], t).encode())
binary_entry("title", "docProps/core.xml", lambda t, r: f"<p><title>{pasted(t, r)}</title></p>".encode())
binary_entry("remark in a macro", "xl/vbaProject.bin", lambda t, r: write_compound(macro_project(remarks(t, r))))
binary_entry("embedded document", "xl/embeddings/word.docx", lambda t, r: document(paragraphs(pasted(t, r))))
binary_entry("picture", "xl/media/image1.png", lambda t, r: picture((t or INNOCENT,)), "words")
binary_entry("custom XML", "customXml/item1.xml", lambda t, r: f"<data><note>{t}</note>{xml_rows(r)}</data>".encode())


@place("XLSB", "rows kept for a pivot table", "book.xlsb", expect="no-reader",
       reason="the binary rows of a pivot cache have no reader; its items are read as words")  # fmt: skip
def _binary_pivot(text: str, rows: Rows) -> bytes:
    items = b"".join(binary_record(24, wide(cell)) for row in rows for cell in row)
    entries = {
        "xl/pivotCache/pivotCacheDefinition1.bin": items or binary_record(24, wide(text)),
        "xl/pivotCache/pivotCacheRecords1.bin": binary_record(33, b"\0" * 8),
    }
    return binary_workbook({"Data": (0, BINARY)}, entries=entries)
