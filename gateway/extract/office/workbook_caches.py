"""Rows that a workbook keeps outside its sheets: copies of other workbooks, values behind charts, and
text files pasted line by line into one column."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import Iterator, Sequence

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.office.cell_grid import Grid
from gateway.extract.office.drawing import chart_table
from gateway.extract.office.office_xml import attribute, children
from gateway.extract.office.row_cells import WIDE
from gateway.extract.office.sheet_columns import column_index
from gateway.extract.office.story import Allowance
from gateway.extract.text.delimited import pasted_table
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Location, Part

_SAMPLE = 60
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})$")


def cached_tables(
    root: etree._Element, location: Location, limits: ReadLimits
) -> Iterator[Content]:
    """The tables in a part that is a link to another workbook, a chart, or a log of changes; none in
    any other."""
    kind = local(root)
    if kind == "externalLink":
        yield from _linked(root, location, limits)
    elif kind == "revisions":
        yield from _revised(root, location, limits)
    elif kind == "chartSpace":
        found = chart_table(root, Allowance(limits.cells))
        if found is not None:
            yield Table(location, found.rows, "hidden", found.total_rows, "workbook")
            if found.cut:
                yield Gap(location, "limit", found.cut)


def _linked(root: etree._Element, location: Location, limits: ReadLimits) -> Iterator[Content]:
    """The cells that were last read from another workbook (ECMA-376 part 1, section 18.14)."""
    names = [attribute(name, "val") for name in children(root, "sheetName")]
    left = limits.cells
    for number, sheet in enumerate(children(root, "sheetData")):
        rows: list[list[str]] = []
        cut = ""
        for row in children(sheet, "row"):
            cells: dict[int, str] = {}
            for cell in children(row, "cell"):
                letters = re.match(r"[A-Za-z]{1,3}", attribute(cell, "r"))
                place = column_index(letters[0].upper()) if letters else len(cells)
                # A cell far to the right stands behind its neighbour, at no cost for what lies between.
                place = place if place < WIDE else max(WIDE, *cells, -1) + 1
                cells[place] = "".join(cell.itertext()).strip()
            width = max(cells, default=-1) + 1
            left -= width
            if left < 0 or width > limits.columns:
                cut = f"more than {limits.cells} cells"
                break
            if any(cells.values()):
                rows.append([cells.get(place, "") for place in range(width)])
        index = attribute(sheet, "sheetId")
        at = int(index) if index.isdecimal() and len(index) < 6 else number
        name = names[at] if at < len(names) else str(number + 1)
        place_ = location.at(f"{location.where}, sheet {name}")
        if rows:
            yield Table(place_, rows, "hidden", len(rows), "workbook")
        if cut:
            yield Gap(place_, "limit", cut)


def _revised(root: etree._Element, location: Location, limits: ReadLimits) -> Iterator[Content]:
    """Cells as they were before and after changes (ECMA-376 part 1, section 18.11.1.12)."""
    for tag, when in (("oc", "before"), ("nc", "after")):
        sheets: dict[str, Grid] = {}
        for cell in children(root, tag):
            place = _PLACE.match(attribute(cell, "r").upper())
            value = "".join(cell.itertext()).strip()
            if place and value:
                number = attribute(cell.getparent(), "sId") or attribute(
                    cell.getparent(), "sheetId"
                )
                grid = sheets.setdefault(number, Grid())
                grid.put(int(place[2]), column_index(place[1]), value)
        for number, grid in sheets.items():
            place_ = location.at(
                f"{location.where}, sheet {number} {when} changes".replace("  ", " ")
            )
            yield from grid.contents(place_, "hidden", limits)


def lines_in_one_column(part: Part, table: Table, limits: ReadLimits) -> Iterator[Content]:
    """A sheet whose rows are one cell each, and whose cells are lines of a delimited file."""
    rows: Sequence[Sequence[str]] = table.rows
    sample = list(islice(rows, _SAMPLE))
    alone = sum(len(row) - row.count("") == 1 for row in sample)
    if not sample or alone < 0.8 * len(sample):
        return
    text = "\n".join(["\t".join(filter(None, row)) for row in rows])
    for found in pasted_table(part, text, limits):
        place = table.location.at(f"{table.location.where}, split into columns")
        if isinstance(found, Table):
            yield replace(found, location=place, visibility=table.visibility, form="workbook")
        elif isinstance(found, Gap):
            yield replace(found, location=place)
