"""Makes workbooks, sheets and documents from rows and words, as a statistics office writes them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import docx
import odf.opendocument
import odf.table
import odf.text
import openpyxl

Rows = Sequence[Sequence[str]]
Sheet = tuple[str, str, Rows]
"""Name, title, and rows with the header first."""

_INTRODUCTION = "This worksheet contains one table."


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An XLSX file. Numbers are numbers; what has more decimals than one is shown with one."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, title, rows in sheets:
        sheet = book.create_sheet(name)
        if title:
            sheet.append([title])
            sheet.append([_INTRODUCTION])
        for row in rows:
            sheet.append([_value(cell) for cell in row])
            for cell in sheet[sheet.max_row]:
                if isinstance(cell.value, float):
                    cell.number_format = "0.0"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def ods_file(sheets: Sequence[Sheet]) -> bytes:
    """An OpenDocument spreadsheet."""
    book = odf.opendocument.OpenDocumentSpreadsheet()
    for name, title, rows in sheets:
        table = odf.table.Table(name=name)
        for row in ([title], [_INTRODUCTION], *rows):
            line = odf.table.TableRow()
            for cell in row:
                line.addElement(_ods_cell(cell))
            table.addElement(line)
        book.spreadsheet.addElement(table)
    target = io.BytesIO()
    book.write(target)
    return target.getvalue()


def _ods_cell(text: str) -> odf.element.Element:
    value = _value(text)
    if isinstance(value, str):
        cell = odf.table.TableCell(valuetype="string")
    else:
        cell = odf.table.TableCell(valuetype="float", value=value)
    cell.addElement(odf.text.P(text=text))
    return cell


def csv_file(rows: Rows) -> bytes:
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    return target.getvalue().encode()


def document(words: str) -> bytes:
    """A DOCX file: `# ` begins a heading, `- ` a bullet, everything else is a paragraph."""
    paper = docx.Document()
    for line in words.splitlines():
        if line.startswith("# "):
            paper.add_heading(line[2:], 1)
        elif line.startswith("- "):
            paper.add_paragraph(line[2:], style="List Bullet")
        elif line.strip():
            paper.add_paragraph(line)
    target = io.BytesIO()
    paper.save(target)
    return target.getvalue()


def text_file(words: str) -> bytes:
    return words.encode()


def _value(text: str) -> str | int | float:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text
