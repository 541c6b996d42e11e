"""Tables of a PDF page, found by where its words stand: the format itself knows of none.

Lines whose words stand apart in columns, several in a row, are a table.
"""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from typing import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

MIN_LINES = 4
MAX_CHARACTERS = 60_000
# A gap wider than so many character heights parts two cells.
GAP = 0.9
_COUNTABLE = re.compile(r"\S+(?:\s+\S+)+")


@dataclass(frozen=True, slots=True)
class Cell:
    """Words that stand together, and where they begin and end across the page."""

    left: float
    right: float
    text: str


def page_tables(page: pdfium.PdfTextPage, text: str, cells: int) -> list[list[list[str]]]:
    """Rows of each table, at most `cells` cells together; nothing where no lines stand in columns."""
    if len(text) > MAX_CHARACTERS or not _may_be_tabular(text):
        return []
    return tables_of(list(_lines(page)), cells)


def tables_of(lines: list[list[Cell]], cells: int) -> list[list[list[str]]]:
    """The tables among lines of cells, at most `cells` cells together."""
    tables = []
    for block in _blocks(lines):
        rows = _aligned(block)
        if rows and len(rows) * len(rows[0]) <= cells:
            cells -= len(rows) * len(rows[0])
            tables.append(rows)
    return tables


def _may_be_tabular(text: str) -> bool:
    lines = [line for line in text.split("\n") if _COUNTABLE.match(line.strip())]
    return (
        len(lines) >= MIN_LINES and sum(any(map(str.isdigit, line)) for line in lines) >= MIN_LINES
    )


def _lines(page: pdfium.PdfTextPage) -> Iterator[list[Cell]]:
    """The cells of each line from left to right, in the order PDFium reads the lines."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    boxes = tuple(ctypes.byref(value) for value in (left, right, bottom, top))
    line: list[Cell] = []
    word, start, end, height = "", 0.0, 0.0, 0.0

    def close() -> None:
        if word.strip():
            line.append(Cell(start, end, word.strip()))

    for index in range(page.count_chars()):
        code = raw.FPDFText_GetUnicode(page, index)
        if code in (10, 13):
            close()
            word = ""
            if code == 10 and line:
                yield line
                line = []
            continue
        if code == 32 or not raw.FPDFText_GetCharBox(page, index, *boxes):
            word += " " if word else ""
            continue
        height = max(top.value - bottom.value, height * 0.8, 4.0)
        if word and (left.value - end > GAP * height or left.value < start - height):
            close()
            word = ""
        if not word:
            start = left.value
        word += chr(code) if code < 0x110000 else ""
        end = right.value
    close()
    if line:
        yield line


def _blocks(lines: list[list[Cell]]) -> Iterator[list[list[Cell]]]:
    """Runs of lines with two or more cells; a single line of one cell may stand between."""
    block: list[list[Cell]] = []
    single = 0
    for line in [*lines, [], []]:
        if len(line) >= 2:
            block.append(line)
            single = 0
            continue
        single += 1
        if block and single > 1:
            if len(block) >= MIN_LINES:
                yield block
            block = []
        elif block and line:
            block.append(line)
    if len(block) >= MIN_LINES:
        yield block


def _aligned(block: list[list[Cell]]) -> list[list[str]]:
    """Cells put under one another: what overlaps in most lines is one column."""
    widths = sorted(len(line) for line in block)
    usual = widths[len(widths) * 3 // 4]
    columns: list[list[float]] = []
    for line in (line for line in block if len(line) >= usual):
        for cell in line:
            touching = [c for c in columns if c[0] <= cell.right and cell.left <= c[1]]
            if len(touching) > 1:
                continue
            if touching:
                touching[0][0] = min(touching[0][0], cell.left)
                touching[0][1] = max(touching[0][1], cell.right)
            else:
                columns.append([cell.left, cell.right])
    columns.sort()
    rows = []
    for line in block:
        row = [""] * len(columns)
        for cell in line:
            middle = (cell.left + cell.right) / 2
            place = min(
                range(len(columns)),
                key=lambda i: max(columns[i][0] - middle, middle - columns[i][1], 0.0),
            )
            row[place] = f"{row[place]} {cell.text}".strip()
        rows.append(row)
    return rows if len(columns) >= 2 else []
