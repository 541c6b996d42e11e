"""Cells that a tracked change took out of a sheet, put back into rows and columns."""

from __future__ import annotations

from typing import Any, Iterator

from gateway.extract.element_names import local
from gateway.extract.office.office_xml import attribute, children
from gateway.extract.office.story import Allowance, TableFound

_CHANGES = ("cell-content-deletion", "cell-content-change")
Place = tuple[int, int]


def deleted_cells(root: Any, allowance: Allowance) -> Iterator[TableFound]:
    """A hidden Table for each sheet that lost cells (ODF 1.3 part 3, section 9.9)."""
    sheets: dict[str, dict[Place, str]] = {}
    cut = ""
    for kind in _CHANGES:
        for change in children(root, kind):
            address = next((e for e in change if local(e) == "cell-address"), None)
            cell = next(children(change, "change-track-table-cell"), None)
            if address is None or cell is None:
                continue
            if allowance.cells <= 0:
                cut = "more cells than allowed"
                break
            allowance.cells -= 1
            place = (_number(address, "row"), _number(address, "column"))
            text = "".join(cell.itertext()).strip() or attribute(cell, "value")
            sheets.setdefault(attribute(address, "table"), {})[place] = text
    for number, (_, cells) in enumerate(sorted(sheets.items()), 1):
        columns = sorted({column for _, column in cells})
        rows = sorted({row for row, _ in cells})
        # A cell here and there is no table: only what fills its rows and columns is one.
        if len(cells) * 3 >= len(columns) * len(rows):
            table = [[cells.get((row, column), "") for column in columns] for row in rows]
            name = f"deleted cells {number}"
            yield TableFound(table, "hidden", name, "workbook", len(table), cut)


def _number(address: Any, name: str) -> int:
    value = attribute(address, name)
    return int(value) if value.isdecimal() and len(value) < 10 else 0
