"""Excel's own XML of 2003 (SpreadsheetML): sheets row by row, then everything around them."""

from __future__ import annotations

import io
from typing import Any, Iterator

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.fault import ContainerFault
from gateway.extract.office.flat_xml import document_properties
from gateway.extract.office.office_xml import attribute, children, refuse_dtd, words
from gateway.extract.office.open_cells import plain_number
from gateway.extract.office.story import Story, TableFound, Visibility, aside_words, attribute_words
from gateway.extract.office.workbook import without_codes
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_STATES: dict[str, Visibility] = {"SheetHidden": "hidden", "SheetVeryHidden": "very-hidden"}
# Records of a pivot cache: one element a record, one attribute a field (ADO's rowset schema).
_RECORD = "{#RowsetSchema}row"
_MAX_NUMBER = 10_000_000


def read_excel_xml(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """A Table a sheet; names, comments, headers and formulas as hidden text."""
    try:
        refuse_dtd(part.content)
        book = _Book(limits)
        root, damaged = book.parse(part.content)
    except (ContainerFault, etree.XMLSyntaxError) as fault:
        reason = fault.reason if isinstance(fault, ContainerFault) else "unreadable"
        detail = fault.detail if isinstance(fault, ContainerFault) else "damaged XML"
        yield Gap(part.location, reason, detail)
        return
    yield from document_properties(part, root, limits)
    for state, where in ((False, "sheet names"), (True, "hidden sheet names")):
        names = [
            table.name.removeprefix("sheet ") for table in book.tables
            if (table.visibility != "visible") is state and table.name.startswith("sheet ")
        ]  # fmt: skip
        yield from bounded_text(part, "\n".join(names), where, limits, state)
    codes = [attribute(e, "Data") for name in ("Header", "Footer") for e in children(root, name)]
    story = Story(
        seen=[*map(without_codes, codes)],
        unseen=[*book.asides, words(root), *attribute_words(root)],
        tables=book.tables,
    )
    yield from story.contents(part, "workbook", limits)
    yield from bounded_text(part, "\n".join(aside_words(part.content)), "notes", limits, True)
    if damaged:
        yield Gap(part.location, "unreadable", "damaged XML, read in part")


class _Book:
    """A workbook while it is parsed; rows are emptied as soon as they are complete."""

    def __init__(self, limits: ReadLimits) -> None:
        self.tables: list[TableFound] = []
        self.asides: list[str] = []
        self._limits = limits
        self._cells = limits.cells
        self._records: list[list[str]] = []
        self._sheet = TableFound([], form="workbook")
        self._row = 0

    def parse(self, data: bytes) -> tuple[Any, bool]:
        events = etree.iterparse(
            io.BytesIO(data), events=("end",), tag=("{*}Row", "{*}Worksheet", _RECORD),
            resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True,
            remove_pis=True, recover=True,
        )  # fmt: skip
        for _, element in events:
            kind = local(element)
            if kind == "Row":
                self._add_row(element)
                element.clear(keep_tail=True)
                while (before := element.getprevious()) is not None and local(before) == "Row":
                    self.asides.append((before.tail or "").strip())
                    element.getparent().remove(before)
            elif kind == "Worksheet":
                self._end_sheet(element)
            elif element.attrib:
                self._record(element)
        if events.root is None:
            raise ContainerFault("unreadable", "damaged XML")
        if self._sheet.rows:
            self._end_sheet(events.root)  # the end of a sheet was lost
        if self._records:
            total = len(self._records)
            found = TableFound(self._records, "hidden", "pivot cache", "workbook", total)
            self.tables.append(found)
        return events.root, len(events.error_log) > 0

    def _end_sheet(self, element: Any) -> None:
        sheet = self._sheet
        sheet.name = f"sheet {attribute(element, 'Name')}".strip()
        for visible in children(element, "Visible"):
            sheet.visibility = _STATES.get((visible.text or "").strip(), "visible")
        self.tables.append(sheet)
        self._sheet, self._row = TableFound([], form="workbook"), 0

    def _add_row(self, row: Any) -> None:
        sheet = self._sheet
        number = _index(attribute(row, "Index")) or self._row + 1
        cells: list[str] = []
        for cell in row:
            if local(cell) != "Cell":
                continue
            at = _index(attribute(cell, "Index")) or len(cells) + 1
            text = self._value(cell)
            across = _index(attribute(cell, "MergeAcross"))
            if max(at, len(cells) + 1) + across > self._limits.columns:
                sheet.cut = f"more than {self._limits.columns} columns"
                at, across = len(cells) + 1, 0
            cells += [""] * (at - 1 - len(cells))
            cells.append(text)
            cells += [""] * across
        while cells and not cells[-1]:
            cells.pop()
        span = _index(attribute(row, "Span"))
        if not cells:
            return
        sheet.total_rows += 1
        if len(cells) > self._cells:
            sheet.cut = f"more than {self._limits.cells} cells"
            return
        self._cells -= len(cells)
        if sheet.rows and number - self._row > 1:
            sheet.breaks.append(len(sheet.rows))
        sheet.rows.append(cells)
        self._row = number + span

    def _value(self, cell: Any) -> str:
        formula = attribute(cell, "Formula")
        if '"' in formula:
            self.asides.append(formula)
        text = ""
        for child in cell:
            kind = local(child)
            if kind == "Data" and not text:
                text = _shown("".join(child.itertext()), attribute(child, "Type"))
            elif kind:
                self.asides += [words(child), *attribute(child, "Author").splitlines()]
        self.asides += [str(v) for k, v in cell.attrib.items() if k.endswith(("HRef", "ScreenTip"))]
        return text

    def _record(self, element: Any) -> None:
        values = [str(value) for value in element.attrib.values()]
        if len(values) <= self._cells:
            self._cells -= len(values)
            self._records.append(values)
            element.attrib.clear()


def _shown(value: str, kind: str) -> str:
    if kind == "Number":
        return plain_number(value)
    if kind == "DateTime":
        return value.removesuffix(".000").removesuffix("T00:00:00").replace("T", " ")
    if kind == "Boolean":
        return {"1": "TRUE", "0": "FALSE"}.get(value, value)
    return value


def _index(value: str) -> int:
    return min(int(value), _MAX_NUMBER) if value.isdecimal() and len(value) < 10 else 0
