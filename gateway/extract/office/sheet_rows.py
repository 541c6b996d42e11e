"""Rows of a worksheet, streamed: a tokenizer for XML of the usual shape, lxml for any other.

The tokenizer counts what it sees: where cells were written differently from what it knows, the
sheet is read again by lxml, so that speed never costs a cell. Empty rows are left out; blank
cells keep their columns.
"""

from __future__ import annotations

import codecs
import html
import re
from dataclasses import dataclass, field
from typing import Callable, Iterable, Iterator

from lxml import etree

from gateway.extract.office.container import ContainerFault
from gateway.extract.office.office_xml import attribute, local, parse_xml, refuse_dtd, words
from gateway.extract.office.sheet_values import Values
from gateway.model.limits import ReadLimits

_CELL = re.compile(
    r'<c r="([A-Z]{1,3})[0-9]+"([^>/]*)(?:/>|>(?:<f(?:[^>]*/>|[^>]*>[^<]*</f>))?'
    r"(?:<v>([^<]*)</v>|<is><t[^>]*>([^<]*)</t></is>|<is>(.*?)</is>)?</c>)",
    re.S,
)
_FORMULA = re.compile(r"<f[^>/]*>([^<]*(?:\"|&quot;)[^<]*)</f>")
_RUN_TEXT = re.compile(r"<t(?:\s[^>]*)?>([^<]*)</t>")
_FALSE_START = re.compile(r"<[!?]")
_ROW_NUMBER = re.compile(r'[^<]*<row\s(?:[^>]{0,100}?\s)?r="(\d+)"')
MAX_BREAKS = 10_000
MAX_PENDING = 32 << 20
# A row this wide is kept compactly: see `_place`.
WIDE = 1024


class NotSimple(Exception):
    """The XML is not of the shape that the tokenizer knows."""


@dataclass(slots=True)
class Sheet:
    """What came out of one worksheet part. `rest` is the text outside the cells."""

    rows: list[list[str]] = field(default_factory=list)
    total_rows: int = 0
    rest: str = ""
    formulas: set[str] = field(default_factory=set)
    cut: str = ""
    cells: int = 0
    breaks: list[int] = field(default_factory=list)
    last: int = 0

    def row_at(self, number: str) -> None:
        """Note where blank rows were left out: the next row kept begins a stretch."""
        at = int(number) if number.isdecimal() and len(number) < 9 else self.last + 1
        if at - self.last > 1 and self.rows and len(self.breaks) < MAX_BREAKS:
            self.breaks.append(len(self.rows))
        self.last = at


def read_sheet(
    chunks: Callable[[], Iterable[bytes]], values: Values, limits: ReadLimits, cells_left: int
) -> Sheet:
    """All rows within limits. `chunks` gives the part's bytes from the start, each time anew."""
    try:
        return _tokenize(chunks(), values, limits, cells_left)
    except NotSimple:
        return _walk(chunks(), values, limits, cells_left)


def _tokenize(
    chunks: Iterable[bytes], values: Values, limits: ReadLimits, cells_left: int
) -> Sheet:
    sheet = Sheet()
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    pending, started = "", False
    skeleton: list[str] = []
    try:
        for chunk in chunks:
            pending += decoder.decode(chunk)
            if not started:
                pending, started = _begin(pending, skeleton)
            cut = pending.rfind("</row>")
            if started and cut >= 0:
                _rows(pending[:cut], sheet, values, limits, cells_left)
                pending = pending[cut + 6 :]
            if len(pending) > MAX_PENDING:
                raise NotSimple
        pending += decoder.decode(b"", True)
    except UnicodeDecodeError:
        raise NotSimple from None
    if not started or _FALSE_START.search(pending):
        raise NotSimple
    end = pending.find("</sheetData>")
    if end < 0 or "<c" in pending[:end]:
        raise NotSimple
    skeleton.append(pending[end:])
    sheet.rest = _skeleton_words("".join(skeleton))
    return sheet


def _begin(pending: str, skeleton: list[str]) -> tuple[str, bool]:
    """Wait for <sheetData>; what stands before it must be plain."""
    start = pending.find("<sheetData>")
    if start < 0:
        if len(pending) > MAX_PENDING or "<sheetData/" in pending or "<sheetData " in pending:
            raise NotSimple
        return pending, False
    head = pending[:start]
    if _FALSE_START.search(head, 5):
        raise NotSimple
    skeleton.append(head + "<sheetData>")
    return pending[start + 11 :], True


def _rows(text: str, sheet: Sheet, values: Values, limits: ReadLimits, cells_left: int) -> None:
    if "<!" in text or "<?" in text:
        raise NotSimple
    cell, kinds, shared, used = _CELL.findall, values.kinds, values.shared, values.used
    size = len(shared)
    last_columns: list[str] = []
    last_places: list[int] | None = None
    for row in text.split("</row>"):
        found = cell(row)
        if row.count("<c") != len(found):
            raise NotSimple
        if not found:
            continue
        sheet.total_rows += 1
        if sheet.cut:
            continue
        out: list[str] = []
        add = out.append
        for _, attributes, value, inline, rich in found:
            kind = kinds[attributes]
            if kind == 0:  # a number
                add(value if value.isdigit() or not value else values.number(value))
            elif kind == 1:  # a shared string
                if not value.isdigit() or (index := int(value)) >= size:
                    raise NotSimple
                used.add(index)
                add(shared[index])
            elif kind == 2:  # an inline string
                text_ = inline or ("".join(_RUN_TEXT.findall(rich)) if rich else value)
                add(html.unescape(text_) if "&" in text_ else text_)
            else:
                add(values.other(kind, html.unescape(value)))
        if "</f>" in row and ('"' in row or "&quot;" in row):
            sheet.formulas.update(map(html.unescape, _FORMULA.findall(row)))
        columns = [f[0] for f in found]
        if columns != last_columns:
            last_columns, last_places = columns, _places(columns)
        if last_places is not None:
            out = _place(last_places, out, limits, sheet)
        if any(out):
            number = _ROW_NUMBER.match(row)
            sheet.row_at(number[1] if number else "")
        _keep(out, sheet, limits, cells_left)


def _keep(row: list[str], sheet: Sheet, limits: ReadLimits, cells_left: int) -> None:
    if not any(row):
        sheet.total_rows -= 1
        return
    sheet.cells += len(row)
    if sheet.cells > cells_left:
        sheet.cut = f"more than {limits.cells} cells"
        return
    sheet.rows.append(row)


def _places(columns: list[str]) -> list[int] | None:
    """Column indexes, or None where the cells stand side by side from column A on."""
    places = [column_index(name) for name in columns]
    return None if places == list(range(len(places))) else places


def column_index(name: str) -> int:
    index = 0
    for letter in name:
        index = index * 26 + ord(letter) - 64
    return index - 1


def _place(places: list[int], cells: list[str], limits: ReadLimits, sheet: Sheet) -> list[str]:
    """Blank cells filled in, so that columns align; a cell far out does not cost what lies between.

    Up to column ALF (1024) positions are true. Cells beyond follow in their order.
    """
    near = [i for i, place in enumerate(places) if place < WIDE]
    width = max((places[i] for i in near), default=-1) + 1
    row = [""] * width
    for i in near:
        row[places[i]] = cells[i]
    if len(near) < len(places):
        far = sorted((place, cells[i]) for i, place in enumerate(places) if place >= WIDE)
        row.extend(cell for _, cell in far)
    if len(row) > limits.columns:
        sheet.cut = sheet.cut or f"more than {limits.columns} columns"
        del row[limits.columns :]
    return row


def _skeleton_words(skeleton: str) -> str:
    if len(skeleton) > MAX_PENDING:
        raise NotSimple
    return words(parse_xml(skeleton.encode("utf-8")))


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


def _walk(chunks: Iterable[bytes], values: Values, limits: ReadLimits, cells_left: int) -> Sheet:
    sheet = Sheet()
    events = etree.iterparse(
        ChunkStream(chunks), events=("end",), resolve_entities=False, load_dtd=False,
        no_network=True, huge_tree=True,
    )  # fmt: skip
    try:
        for _, element in events:
            if local(element) != "row":
                continue
            sheet.total_rows += 1
            if not sheet.cut:
                cells, places = _row(element, values, sheet)
                if cells:
                    if any(cells):
                        sheet.row_at(attribute(element, "r"))
                    _keep(_place(places, cells, limits, sheet), sheet, limits, cells_left)
                else:
                    sheet.total_rows -= 1
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        # Rows read so far stay; the caller reports the damage.
        sheet.cut = f"damaged XML ({type(error).__name__})"
        return sheet
    root = events.root
    if root is not None:
        if root.getroottree().docinfo.doctype:
            raise ContainerFault("unreadable", "XML with a document type declaration")
        sheet.rest = words(root)
    return sheet


def _row(element: etree._Element, values: Values, sheet: Sheet) -> tuple[list[str], list[int]]:
    cells: list[str] = []
    places: list[int] = []
    place = -1
    for cell in element:
        if local(cell) != "c":
            continue
        match = re.match(r"[A-Za-z]{1,3}", attribute(cell, "r"))
        place = column_index(match[0].upper()) if match else place + 1
        kind = values.kind(attribute(cell, "t"), attribute(cell, "s"))
        value = inline = ""
        for child in cell:
            tag = local(child)
            if tag == "v":
                value = "".join(child.itertext())
            elif tag == "is":
                inline = "".join("".join(t.itertext()) for t in child.iter() if local(t) == "t")
            elif tag == "f":
                formula = "".join(child.itertext())
                if '"' in formula:
                    sheet.formulas.add(formula)
        cells.append(inline or values.text(kind, value.strip() if kind != 2 else value))
        places.append(place)
    return cells, places
