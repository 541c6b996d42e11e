"""Rows and columns of a spreadsheet that nobody sees on the page, though something stands in them;
and cells that whoever opens it sees something in, though nothing stands there: formulas whose
results are not stored.

For whoever takes a sheet for what they saw of it. Filtered and folded rows are hidden, too, as are
those of no height (ECMA-376 part 1, 18.3.1.73 and 18.3.1.13; OpenDocument 1.3 part 3, 19.755).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Iterator, NamedTuple

from gateway.extract import types
from gateway.extract.element_names import local
from gateway.extract.office.container import Container
from gateway.extract.office.office_xml import attribute, children, parse_xml
from gateway.extract.office.workbook import sheet_entries
from gateway.extract.office.workbook_package import WorkbookPackage
from gateway.model.limits import ReadLimits
from gateway.model.message import Part

UNSEEN = (types.XLS, types.XLSB, types.EXCEL_XML)
"""Formats that hide rows, too, and are not looked through here."""
_FLAT = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<")
_CELL = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class HiddenLines:
    """Of one sheet: rows from 1, columns by their letters, and cells without the result of their
    formula, such as B3."""

    rows: tuple[int, ...]
    columns: tuple[str, ...]
    formulas: tuple[str, ...] = ()


class _Row(NamedTuple):
    """`copies` is how often it is repeated; `filled` are columns with something, `open` those with a
    formula and no result."""

    number: int
    copies: int
    hidden: bool
    filled: set[int]
    open: set[int]


def hidden_lines(part: Part, kind: str, limits: ReadLimits) -> dict[str, HiddenLines]:
    """By the name of the sheet, those that hold something; `kind` is the file's type. Raises
    ContainerFault."""
    if kind == types.XLSX:
        found = _of_workbook(part, limits)
    elif kind in types.OPEN_DOCUMENTS or kind == types.FLAT_ODF:
        found = _of_open_document(part, limits)
    else:
        return {}
    return {name: lines for name, lines in found if lines != HiddenLines((), ())}


def _of_workbook(part: Part, limits: ReadLimits) -> Iterator[tuple[str, HiddenLines]]:
    package = WorkbookPackage(part, Container(part.content, limits), limits)
    for name, entry in sheet_entries(package):
        root = parse_xml(package.read(entry))
        columns = {
            number
            for column in children(root, "col")
            if _is_true(attribute(column, "hidden")) or _is_none(attribute(column, "width"))
            for number in _range(attribute(column, "min"), attribute(column, "max"))
        }
        yield name, _lines(_workbook_rows(root), columns)


def _workbook_rows(root: Any) -> Iterator[_Row]:
    number = 0
    for row in children(root, "row"):
        number = _whole(attribute(row, "r"), number + 1)
        unseen = _is_true(attribute(row, "hidden")) or _is_none(attribute(row, "ht"))
        filled, unstored, place = set[int](), set[int](), 0
        for cell in row:
            if local(cell) != "c":
                continue
            named = _CELL.fullmatch(attribute(cell, "r"))
            place = _number(named[1]) if named else place + 1
            if any(text.strip() for text in cell.itertext()):
                filled.add(place)
            kinds = {local(child): child for child in cell}
            stored = any("".join(kinds[kind].itertext()) for kind in ("v", "is") if kind in kinds)
            # An empty text is a result, too (t="str").
            if "f" in kinds and not stored and attribute(cell, "t") != "str":
                unstored.add(place)
        yield _Row(number, 1, unseen, filled, unstored)


def _of_open_document(part: Part, limits: ReadLimits) -> Iterator[tuple[str, HiddenLines]]:
    data = part.content
    if not _FLAT.match(data):
        data = Container(data, limits).read("content.xml", limits.expanded_bytes)
    for table in children(parse_xml(data), "table"):
        columns: set[int] = set()
        number = 0
        for column in children(table, "table-column"):
            count = _whole(attribute(column, "number-columns-repeated"), 1)
            if _collapsed(column, table):
                columns.update(range(number + 1, number + 1 + min(count, _MOST)))
            number += count
        yield attribute(table, "name"), _lines(_open_rows(table), columns)


def _open_rows(table: Any) -> Iterator[_Row]:
    number = 1
    for row in children(table, "table-row"):
        count = _whole(attribute(row, "number-rows-repeated"), 1)
        filled, unstored, place = set[int](), set[int](), 0
        for cell in row:
            if local(cell) not in ("table-cell", "covered-table-cell"):
                continue
            width = _whole(attribute(cell, "number-columns-repeated"), 1)
            if attribute(cell, "value-type") or any(text.strip() for text in cell.itertext()):
                filled.update(range(place + 1, place + 1 + min(width, _MOST)))
            elif attribute(cell, "formula"):
                unstored.add(place + 1)
            place += width
        yield _Row(number, count, _collapsed(row, table), filled, unstored)
        number += count


def _lines(rows: Iterator[_Row], columns: set[int]) -> HiddenLines:
    unseen: list[int] = []
    used: set[int] = set()
    formulas: list[str] = []
    for row in rows:
        used |= row.filled & columns
        if row.hidden and row.filled:
            unseen += range(row.number, row.number + min(row.copies, _MOST))
        formulas += (f"{_letters(column)}{row.number}" for column in sorted(row.open))
    return HiddenLines(tuple(unseen), tuple(map(_letters, sorted(used))), tuple(formulas))


def _collapsed(element: Any, table: Any) -> bool:
    """Whether a row or column, or the group that it is in, is not shown."""
    if attribute(element, "visibility") in ("collapse", "filter"):
        return True
    for around in element.iterancestors():
        if around is table:
            break
        if attribute(around, "display") == "false":
            return True
    return False


def _is_true(value: str) -> bool:
    return value in ("1", "true", "on")


def _is_none(size: str) -> bool:
    """A height or width that nobody sees."""
    try:
        return bool(size) and float(size) < 1
    except ValueError:
        return True


def _range(first: str, last: str) -> range:
    begin = _whole(first, 1)
    return range(begin, min(_whole(last, begin), begin + _MOST) + 1)


def _whole(value: str, otherwise: int) -> int:
    return int(value) if value.isdecimal() and 0 < len(value) < 10 else otherwise


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    found = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found
