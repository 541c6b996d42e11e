"""Charts: the values they keep of the sheet behind them, as a table."""

from __future__ import annotations

from typing import Iterator

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.office.office_xml import attribute, children
from gateway.extract.office.story import Allowance, TableFound

# ECMA-376 part 1, section 21.2: where a series keeps its name, its categories and its values.
_NAMES = frozenset(("tx",))
_CATEGORIES = frozenset(("cat", "xVal"))
_VALUES = frozenset(("val", "yVal", "bubbleSize", "minus", "plus"))
Points = dict[int, str]


def chart_table(root: etree._Element, allowance: Allowance) -> TableFound | None:
    """One row a category, one column a series; None where the chart keeps no values."""
    columns: list[tuple[str, Points]] = []
    for series in children(root, "ser"):
        name = ""
        for child in series:
            kind = local(child)
            if kind in _NAMES:
                name = " ".join(value for _, value in _points(child))
            elif kind in _CATEGORIES:
                points = _joined(child)
                if not any(points == other for _, other in columns):
                    columns.append(("", points))
            elif kind in _VALUES:
                columns.append((name, _joined(child)))
            elif kind == "errBars":
                columns += [(kind, p) for p in map(_joined, child) if p]
    columns += _extended(root)
    columns = [column for column in columns if column[1]]
    if not columns:
        return None
    places = sorted({index for _, points in columns for index in points})
    rows = [[name for name, _ in columns]]
    cut = ""
    for place in places:
        if len(columns) > allowance.cells:
            cut = "more cells than allowed"
            break
        allowance.cells -= len(columns)
        rows.append([points.get(place, "") for _, points in columns])
    return TableFound(rows, name="", form="workbook", total_rows=len(places) + 1, cut=cut)


def _points(element: etree._Element) -> Iterator[tuple[int, str]]:
    for point in children(element, "pt"):
        index = attribute(point, "idx")
        value = "".join(point.itertext()).strip()
        if value:
            yield int(index) if index.isdecimal() and len(index) < 10 else 0, value


def _joined(element: etree._Element) -> Points:
    """Values by index; those of several levels (years over quarters) side by side."""
    found: Points = {}
    for index, value in _points(element):
        found[index] = f"{value} {found[index]}" if index in found else value
    return found


def _extended(root: etree._Element) -> Iterator[tuple[str, Points]]:
    """The newer charts (waterfall, map, box plot) keep their values apart from the series."""
    for kind in ("strDim", "numDim"):
        for dimension in children(root, kind):
            yield attribute(dimension, "type"), _joined(dimension)
