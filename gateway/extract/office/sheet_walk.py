"""Rows of a worksheet by lxml, cell by cell: exact for any XML, and slow. Words among the cells
that are in none of them are part of the text outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterable, Iterator, Sequence

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.fault import ContainerFault
from gateway.extract.office.office_xml import attribute, refuse_dtd, words
from gateway.extract.office.row_cells import place, read_cell
from gateway.extract.office.sheet_values import Values
from gateway.model.limits import ReadLimits

MAX_BREAKS = 10_000
_OF_CELL, _OF_ROW, _ROWS = frozenset(("v", "is", "f")), frozenset("c"), frozenset(("row",))


@dataclass(slots=True)
class Sheet:
    """What came out of one worksheet part. `rest` is the text outside the cells."""

    rows: Sequence[Sequence[str]] = field(default_factory=list)
    total_rows: int = 0
    rest: str = ""
    formulas: set[str] = field(default_factory=set)
    cut: str = ""
    cells: int = 0
    breaks: list[int] = field(default_factory=list)
    last: int = 0

    def row_at(self, number: str, kept: int) -> None:
        """Note where blank rows were left out: the next row kept begins a stretch."""
        at = int(number) if number.isdecimal() and len(number) < 9 else self.last + 1
        if at - self.last > 1 and kept and len(self.breaks) < MAX_BREAKS:
            self.breaks.append(kept)
        self.last = at


class ChunkStream:
    """What lxml reads from: chunks, each checked for declarations before it is parsed."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks: Iterator[bytes] = iter(chunks)
        self._tail = b""

    def read(self, size: int = -1) -> bytes:
        chunk = next(self._chunks, b"")
        refuse_dtd(self._tail + chunk)
        self._tail = chunk[-40:]
        return chunk


def walk(chunks: Iterable[bytes], values: Values, limits: ReadLimits, cells_left: int) -> Sheet:
    """All rows within limits, up to the first damage."""
    sheet = Sheet()
    rows: list[list[str]] = []
    sheet.rows = rows
    events = etree.iterparse(
        ChunkStream(chunks), events=("end",), tag=("{*}row", "{*}c"), resolve_entities=False,
        load_dtd=False, no_network=True, huge_tree=True,
    )  # fmt: skip
    cells: list[str] = []
    places: list[int] = []
    beside: list[str] = []
    try:
        for _, element in events:
            parent = element.getparent()
            if local(element) == "c":
                if parent is not None and local(parent) == "row":
                    # One more than are kept shows that there are too many.
                    if not sheet.cut and len(cells) <= limits.columns:
                        read_cell(element, values, sheet.formulas, cells, places)
                    _note(element, _OF_CELL, beside)
                    _let_go(element, parent, _OF_ROW, beside)
                continue
            if any(cells) or len(cells) > limits.columns:
                sheet.total_rows += 1
                if not sheet.cut:
                    sheet.row_at(attribute(element, "r"), len(rows))
                    row = place(places, cells)
                    if len(cells) > limits.columns or len(row) > limits.columns:
                        sheet.cut = f"more than {limits.columns} columns"
                        del row[limits.columns :]
                    sheet.cells += len(row)
                    if sheet.cells > cells_left:
                        sheet.cut = f"more than {limits.cells} cells"
                    elif any(cells):
                        rows.append(row)
            elif sheet.cut:
                sheet.total_rows += 1
            cells, places = [], []
            _note(element, _OF_ROW, beside)
            _let_go(element, parent, _ROWS, beside)
    except etree.XMLSyntaxError as error:
        # Rows read so far stay; the caller reports the damage.
        sheet.cut = f"damaged XML ({type(error).__name__})"
        sheet.rest = "\n".join(beside)
        return sheet
    root = events.root
    if root is not None:
        if root.getroottree().docinfo.doctype:
            raise ContainerFault("unreadable", "XML with a document type declaration")
        sheet.rest = "\n".join(filter(None, (words(root), *beside)))
    return sheet


def _let_go(
    element: etree._Element,
    parent: etree._Element | None,
    usual: frozenset[str],
    beside: list[str],
) -> None:
    """Of what has been read, no more than one element is kept."""
    element.clear(keep_tail=True)
    while parent is not None and element.getprevious() is not None:
        _note_one(parent[0], usual, beside)
        del parent[0]


def _note(element: etree._Element, usual: frozenset[str], beside: list[str]) -> None:
    """The words in an element that are in none of its usual parts: remarks, too."""
    if element.text and not element.text.isspace():
        beside.append(element.text)
    for child in element:
        _note_one(child, usual, beside)


def _note_one(child: etree._Element, usual: frozenset[str], beside: list[str]) -> None:
    if local(child) not in usual:
        beside.append(words(child))  # with what follows it
        return
    if child.tail and not child.tail.isspace():
        beside.append(child.tail)
    for inner in child.iterdescendants():
        own = () if local(inner) == "t" else (inner.text,)
        beside += [text for text in (*own, inner.tail) if text and not text.isspace()]
