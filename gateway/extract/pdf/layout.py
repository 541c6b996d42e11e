"""Tables of a PDF page, found by where its words stand: the format itself knows of none.

Lines whose words stand apart in columns, several in a row, are a table.
"""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Iterator, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

MIN_LINES = 4
MAX_CHARACTERS = 200_000
# A gap wider than so many character heights parts two cells.
GAP = 0.9
# ... and one wider than so many two words.
WORD = 0.2
BEARING = 0.12


class _Letter(NamedTuple):
    """`spaced`: a blank was drawn before it."""

    left: float
    right: float
    middle: float
    height: float
    spaced: bool
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Words that stand together, and where they begin and end across the page."""

    left: float
    right: float
    text: str


def page_lines(page: pdfium.PdfTextPage) -> list[list[Cell]]:
    """The cells of each line, from the top and from the left, by where the letters stand: what is
    drawn column by column, letter by letter or turned by a quarter reads as it is seen."""
    turned: dict[int, list[_Letter]] = {}
    for angle, letter in _letters(page):
        turned.setdefault(angle, []).append(letter)
    return [line for letters in turned.values() for line in _lines(letters)]


def page_tables(lines: list[list[Cell]], cells: int) -> list[list[list[str]]]:
    """Rows of each table, at most `cells` cells together; nothing where no lines stand in columns."""
    return tables_of(lines, cells) if _may_be_tabular(lines) else []


def tables_of(lines: list[list[Cell]], cells: int) -> list[list[list[str]]]:
    """The tables among lines of cells, at most `cells` cells together."""
    tables = []
    for block in _blocks(lines):
        rows = _aligned(block)
        if rows and len(rows) * len(rows[0]) <= cells:
            cells -= len(rows) * len(rows[0])
            tables.append(rows)
    return tables


def _may_be_tabular(lines: list[list[Cell]]) -> bool:
    beside = [line for line in lines if len(line) > 1]
    figures = sum(any(map(str.isdigit, cell.text)) for line in beside for cell in line)
    return len(beside) >= MIN_LINES and figures >= MIN_LINES


def _letters(page: pdfium.PdfTextPage) -> Iterator[tuple[int, _Letter]]:
    """(degrees, letter) of everything printed; the letter's box is turned upright."""
    box = raw.FS_RECTF()
    edges = tuple(ctypes.c_double() for _ in range(4))
    spaced = False
    for index in range(min(page.count_chars(), MAX_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(page, index)
        if code <= 32 or code > 0x10FFFF or not raw.FPDFText_GetLooseCharBox(page, index, box):
            spaced |= code == 32 and not raw.FPDFText_IsGenerated(page, index)
            continue
        x0, y0, x1, y1 = box.left, box.bottom, box.right, box.top
        height = abs(y1 - y0)
        angle = raw.FPDFText_GetCharAngle(page, index)
        degrees = round(math.degrees(angle)) % 360 if angle > 0 else 0
        if degrees:
            # The loose box of a turned letter is that of the upright one: the ink's must do, with
            # the white that letters have on either side.
            raw.FPDFText_GetCharBox(page, index, *map(ctypes.byref, edges))
            height = raw.FPDFText_GetFontSize(page, index)
            x0, x1, y0, y1 = (edge.value for edge in edges)
            cosine, sine = math.cos(angle), math.sin(angle)
            x0, y0 = x0 * cosine - y0 * sine, y0 * cosine + x0 * sine
            x1, y1 = x1 * cosine - y1 * sine, y1 * cosine + x1 * sine
            x0, x1 = min(x0, x1) - BEARING * height, max(x0, x1) + BEARING * height
        yield degrees, _Letter(x0, x1, (y0 + y1) / 2, height, spaced, chr(code))
        spaced = False


def _lines(letters: list[_Letter]) -> Iterator[list[Cell]]:
    """Letters on one height are a line, whatever order they were drawn in."""
    line: list[_Letter] = []
    middle, reach = 0.0, 0.0
    for letter in sorted(letters, key=lambda letter: -letter.middle):
        if line and middle - letter.middle > max(reach, letter.height, 4.0) * 0.6:
            yield _cells(line)
            line = []
        if not line:
            middle, reach = letter.middle, 0.0
        line.append(letter)
        reach = max(reach, letter.height)
    if line:
        yield _cells(line)


def _cells(line: list[_Letter]) -> list[Cell]:
    """A wide gap parts two cells, a narrow one two words."""
    line = sorted(line, key=lambda letter: letter.left)
    height = max(sorted(letter.height for letter in line)[len(line) * 3 // 4], 4.0)
    pitch = _pitch(line)
    cells: list[Cell] = []
    word, start = "", line[0].left
    for before, letter in zip([None, *line], line, strict=False):
        gap = 0.0
        if before is not None:
            # Letters in equal steps stand apart by steps, whatever their own widths.
            gap = letter.left - before.left - pitch if pitch else letter.left - before.right
        if word and gap > (1.8 * pitch or GAP * height):
            cells.append(Cell(start, before.right if before else start, word))
            word = ""
        if not word:
            start = letter.left
        elif letter.spaced or gap > (0.5 * pitch or WORD * height):
            word += " "
        word += letter.text
    return [*cells, Cell(start, line[-1].right, word)]


def _pitch(line: list[_Letter]) -> float:
    """The step from letter to letter where nearly all are alike, else 0."""
    steps = sorted(b.left - a.left for a, b in pairwise(line))
    if len(steps) < 8:
        return 0.0
    usual = steps[len(steps) // 3]
    alike = sum(abs(step - usual) < 0.05 * usual for step in steps)
    return usual if alike * 10 >= len(steps) * 6 else 0.0


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
