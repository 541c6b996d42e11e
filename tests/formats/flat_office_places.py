"""Where flat office XML can hold something: flat Open XML, Word and Excel of 2003; locked files."""

from __future__ import annotations

import base64
import io
import random
from typing import Callable

from formats.planting import INNOCENT, INNOCENT_ROWS, Holds, Rows, pasted, place, said
from msoffcrypto.format.ooxml import OOXMLFile
from support.open_packages import (
    WORD,
    cells,
    document,
    paragraphs,
    quoted,
    word_table,
    workbook,
    worksheet,
)
from support.pictures import picture, picture_of_table

# A place a line.
# fmt: off

Make = Callable[[str, Rows], str]


def image(text: str, rows: Rows) -> bytes:
    return picture_of_table(rows) if rows else picture((text or INNOCENT,))


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def flat_package(where: str, make: Make, more: Make = lambda t, r: "", holds: Holds = "both", reason: str = "") -> None:
    """`make` stands in the body, `more` are parts beside it."""

    def build(text: str, rows: Rows) -> bytes:
        return (
            '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
            '<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
            f'<pkg:part pkg:name="/word/document.xml"><pkg:xmlData><w:document xmlns:w="{WORD}"><w:body>'
            f"{paragraphs(INNOCENT)}{make(text, rows)}</w:body></w:document></pkg:xmlData></pkg:part>"
            f"{more(text, rows)}</pkg:package>"
        ).encode()

    place("Flat OPC", where, "note.xml", holds=holds, reason=reason)(build)


def nothing(text: str, rows: Rows) -> str:
    return ""


def binary_part(name: str, content: bytes) -> str:
    return f'<pkg:part pkg:name="{name}"><pkg:binaryData>{encoded(content)}</pkg:binaryData></pkg:part>'


flat_package("body", lambda t, r: paragraphs(t) + word_table(r))
flat_package("hidden text", lambda t, r: paragraphs(pasted(t, r), "<w:vanish/>"))
flat_package("comment", nothing, lambda t, r: f'<pkg:part pkg:name="/word/comments.xml"><pkg:xmlData><w:comments xmlns:w="{WORD}"><w:comment w:id="1">{paragraphs(pasted(t, r))}</w:comment></w:comments></pkg:xmlData></pkg:part>')
flat_package("picture", nothing, lambda t, r: binary_part("/word/media/a.png", image(t, r)), "words", "records as in any picture")
flat_package("embedded file", nothing, lambda t, r: binary_part("/word/embeddings/a.bin", pasted(t, r).encode()))
flat_package("comment in the XML", lambda t, r: f"<!-- {pasted(t, r)} -->")
flat_package("between its parts", nothing, lambda t, r: f"<x:kept xmlns:x='urn:x'>{pasted(t, r)}</x:kept>")

W2003 = "http://schemas.microsoft.com/office/word/2003/wordml"


def word_2003(where: str, make: Make, head: Make = nothing, holds: Holds = "both", reason: str = "") -> None:
    def build(text: str, rows: Rows) -> bytes:
        return (
            f'<?xml version="1.0"?><w:wordDocument xmlns:w="{W2003}" xmlns:o="urn:schemas-microsoft-com:office:office" '
            'xmlns:aml="http://schemas.microsoft.com/aml/2001/core">'
            f"{head(text, rows)}<w:body>{paragraphs(INNOCENT)}{make(text, rows)}</w:body></w:wordDocument>"
        ).encode()

    place("Word 2003 XML", where, "note.xml", holds=holds, reason=reason)(build)


def deletion(text: str, rows: Rows) -> str:
    inner = paragraphs(pasted(text, rows), tag="delText")
    return f'<aml:annotation w:type="Word.Deletion"><aml:content>{inner}</aml:content></aml:annotation>'


word_2003("body", lambda t, r: paragraphs(t) + word_table(r))
word_2003("hidden text", lambda t, r: paragraphs(pasted(t, r), "<w:vanish/>"))
word_2003("deleted text", deletion)
word_2003("comment", lambda t, r: f'<aml:annotation w:type="Word.Comment" aml:author="A"><aml:content>{paragraphs(pasted(t, r))}</aml:content></aml:annotation>')
word_2003("header", lambda t, r: f"<w:sectPr><w:hdr>{paragraphs(pasted(t, r))}</w:hdr></w:sectPr>")
word_2003("title", nothing, lambda t, r: f"<o:DocumentProperties><o:Title>{pasted(t, r)}</o:Title></o:DocumentProperties>")
word_2003("custom property", nothing, lambda t, r: f"<o:CustomDocumentProperties><o:Kept>{pasted(t, r)}</o:Kept></o:CustomDocumentProperties>")
word_2003("picture", lambda t, r: f'<w:pict><w:binData w:name="wordml://1.png">{encoded(image(t, r))}</w:binData></w:pict>', nothing, "words", "records as in any picture")
word_2003("embedded file", nothing, lambda t, r: f'<w:docOleData><w:binData w:name="oledata.mso">{encoded(pasted(t, r).encode())}</w:binData></w:docOleData>')
word_2003("comment in the XML", lambda t, r: f"<!-- {pasted(t, r)} -->")


def excel_rows(rows: Rows) -> str:
    return "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row) + "</Row>"
        for row in rows
    )  # fmt: skip


def excel_2003(where: str, make: Make, holds: Holds = "both") -> None:
    """`make` gives what follows an innocent sheet."""

    def build(text: str, rows: Rows) -> bytes:
        return (
            '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
            '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
            'xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:o="urn:schemas-microsoft-com:office:office">'
            f'<Worksheet ss:Name="Data"><Table>{excel_rows(INNOCENT_ROWS)}</Table></Worksheet>{make(text, rows)}</Workbook>'
        ).encode()

    place("Excel 2003 XML", where, "book.xml", holds=holds)(build)


def more_sheet(text: str, rows: Rows, after: str = "", name: str = "More") -> str:
    table = ([[text]] if text else []) + [list(row) for row in rows]
    return f"<Worksheet ss:Name={quoted(name)}><Table>{excel_rows(table)}</Table>{after}</Worksheet>"


def pivot_2003(text: str, rows: Rows) -> str:
    table = ([[text]] if text else []) + [list(row) for row in rows]
    data = "".join(
        "<z:row " + " ".join(f"Col{i}={quoted(cell)}" for i, cell in enumerate(row, 1)) + "/>"
        for row in table
    )
    return f'<x:PivotCache><rs:data xmlns:rs="urn:schemas-microsoft-com:rowset" xmlns:z="#RowsetSchema">{data}</rs:data></x:PivotCache>'


OPTIONS = "<x:WorksheetOptions>{}</x:WorksheetOptions>"
excel_2003("cells", more_sheet)
excel_2003("hidden sheet", lambda t, r: more_sheet(t, r, OPTIONS.format("<x:Visible>SheetHidden</x:Visible>"), "Kept"))
excel_2003("name of a sheet", lambda t, r: more_sheet("x", (), "", t), "words")
excel_2003("comment", lambda t, r: f"<Worksheet ss:Name='S'><Table><Row><Cell><Comment ss:Author='A'><Data>{pasted(t, r)}</Data></Comment></Cell></Row></Table></Worksheet>")
excel_2003("header", lambda t, r: more_sheet("x", (), OPTIONS.format(f"<x:PageSetup><x:Header x:Data={said(t, r)}/></x:PageSetup>")))
excel_2003("constant in a formula", lambda t, r: f"<Worksheet ss:Name='S'><Table><Row><Cell ss:Formula={quoted('=IF(0,' + chr(34) + t + chr(34) + ',1)')}/></Row></Table></Worksheet>", "words")
excel_2003("defined name", lambda t, r: f"<Names><NamedRange ss:Name='kept' ss:RefersTo={said(t, r)}/></Names>", "words")
excel_2003("input message of a cell", lambda t, r: more_sheet("x", (), f"<x:DataValidation><x:InputMessage>{pasted(t, r)}</x:InputMessage></x:DataValidation>"))
excel_2003("rows kept for a pivot table", pivot_2003)
excel_2003("title", lambda t, r: f"<o:DocumentProperties><o:Title>{pasted(t, r)}</o:Title></o:DocumentProperties>")
excel_2003("comment in the XML", lambda t, r: f"<!-- {pasted(t, r)} -->")


NOISE = random.Random(1).randbytes(6000)


def locked(content: bytes, password: str) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, out)
    return out.getvalue()


def filled_book(text: str, rows: Rows) -> bytes:
    table = ([[text]] if text else []) + [list(row) for row in rows] or INNOCENT_ROWS
    # Small packages are not what the library here writes rightly.
    return workbook({"Data": worksheet(cells(table))}, {"kept/filler.txt": NOISE.hex()})


@place("encrypted Office", "workbook that opens without asking", "book.xlsx")
def _default(text: str, rows: Rows) -> bytes:
    return locked(filled_book(text, rows), "VelvetSweatshop")


@place("encrypted Office", "workbook", "book.xlsx", expect="encrypted", reason="a password is needed")
def _locked(text: str, rows: Rows) -> bytes:
    return locked(filled_book(text, rows), "another one")


@place("encrypted Office", "document", "note.docx", expect="encrypted", reason="a password is needed")
def _locked_document(text: str, rows: Rows) -> bytes:
    return locked(document(paragraphs(pasted(text, rows))), "another one")
