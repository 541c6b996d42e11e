"""Rows of a worksheet, streamed: a tokenizer for XML of the usual shape, lxml for any other.

The tokenizer counts what it sees: where cells were written differently from what it knows, the
sheet is read again by lxml, so that speed never costs a cell. Empty rows are left out; blank
cells keep their columns.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Callable, Iterable, Iterator, Sequence

from lxml import etree

from gateway.extract.office.container import ContainerFault
from gateway.extract.office.office_xml import attribute, local, parse_xml, refuse_dtd, words
from gateway.extract.office.row_shapes import NUMERALS, NotSimple, Shapes, row_number
from gateway.extract.office.sheet_columns import column_index, places_of
from gateway.extract.office.sheet_values import SHARED, Values, unescaped
from gateway.extract.office.stored_rows import Store, StoredRows
from gateway.model.limits import ReadLimits

# A cell as nearly all are written, and any that the tokenizer takes.
_USUAL = re.compile(r'<c r="([A-Z]{1,3})[0-9]+"([^<>/]*)(?:><v>([^<]*)</v></c>|/>)')
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})[0-9]+"([^>/]*)(?:/>|>(?:<f(?:[^>]*/>|[^>]*>[^<]*</f>))?'
    r"(?:<v[^>/]*>([^<]*)</v>|<v/>|<is/>|<is><t[^>/]*>([^<]*)</t></is>|<is>(.*?)</is>)?</c>)",
    re.S,
)
_RUN_TEXT = re.compile(r"<t(?:\s[^>/]*)?>([^<]*)</t>")
_BETWEEN_TAGS = re.compile("(?:^|>)([^<>]+)")
_LETTERS = re.compile("[A-Za-z]{1,3}")
_FALSE_START = re.compile(rb"<[!?]")
_USED = re.compile(rb't="s"(?: \w+="[0-9]*")*\s*>(?:<f[^<>]*(?:/>|>[^<]*</f>))?<v>([0-9]{1,9})</v>')
MAX_BREAKS = 10_000
MAX_PENDING = 32 << 20
# A row this wide is kept compactly: see `_place`.
WIDE = 1024


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
    reading = _Tokenizer(values, limits, cells_left)
    pending, started = b"", False
    skeleton: list[bytes] = []
    for chunk in chunks:
        pending += chunk
        if not started:
            pending, started = _begin(pending, skeleton)
        cut = pending.rfind(b"</row>")
        if started and cut >= 0:
            reading.take(pending[:cut])
            pending = pending[cut + 6 :]
        if len(pending) > MAX_PENDING:
            raise NotSimple
    end = pending.find(b"</sheetData>")
    if not started or end < 0 or b"<c" in pending[:end] or _FALSE_START.search(pending):
        raise NotSimple
    skeleton.append(pending[end:])
    sheet = reading.end()
    sheet.rest = _skeleton_words(b"".join(skeleton))
    return sheet


def _begin(pending: bytes, skeleton: list[bytes]) -> tuple[bytes, bool]:
    """Wait for <sheetData>; what stands before it must be plain."""
    start = pending.find(b"<sheetData>")
    if start < 0:
        if len(pending) > MAX_PENDING or b"<sheetData/" in pending or b"<sheetData " in pending:
            raise NotSimple
        return pending, False
    head = pending[:start]
    if _FALSE_START.search(head, 5):
        raise NotSimple
    skeleton.append(head + b"<sheetData>")
    return pending[start + 11 :], True


class _Tokenizer:
    """Rows taken as they come, kept as they are, and made into cells when they are looked at."""

    def __init__(self, values: Values, limits: ReadLimits, cells_left: int) -> None:
        self._values, self._limits, self._left = values, limits, cells_left
        self._shapes = Shapes(self._row, self._own)
        self._store = Store(self._row, values)
        self._sheet, self._scratch = Sheet(), Sheet()
        self._columns: list[str] = []
        self._places: list[int] | None = None
        empty = [b"%d" % i for i, text in enumerate(values.shared) if not text]
        # Something that is not one of the empty strings; too many of them to be told apart: "<v>".
        self._hollow = bool(empty)
        self._filled = re.compile(
            rb"<v>(?!</v>|0*(?:%s)</v>)" % b"|".join(empty) if 0 < len(empty) <= 50
            else b"(?!)" if empty else b"<v>(?!</v>)"
        )  # fmt: skip

    def take(self, text: bytes) -> None:
        """Whole rows; raises NotSimple."""
        if not text.isascii():
            try:
                text.decode("utf-8")
            except UnicodeDecodeError:
                raise NotSimple from None
        raws = text.split(b"</row>")
        shapes = [raw.translate(None, NUMERALS) for raw in raws]
        known = self._shapes.known
        widths = [known.get(shape, -1) for shape in shapes]
        if -1 in widths:
            for at, width in enumerate(widths):
                if width < 0:
                    width = known.get(shapes[at], -1)
                    widths[at] = width if width >= 0 else self._shapes.width(raws[at], shapes[at])
        if self._hollow or b"<v></v>" in text:
            for at, raw in enumerate(raws):
                if widths[at] and not self._filled.search(raw) and not any(self._row(raw)):
                    widths[at] = 0
        self._values.follow(text)
        self._keep(raws, widths)

    def _keep(self, raws: list[bytes], widths: list[int]) -> None:
        sheet, store = self._sheet, self._store
        total = sum(widths)
        sheet.total_rows += len(widths) - widths.count(0)
        if sheet.cut and not store.raw:
            return
        expected = [b'<row r="%d"' % n for n in range(sheet.last + 1, sheet.last + 1 + len(raws))]
        regular = (
            not sheet.cut and not self._shapes.doubled and 0 not in widths and sheet.cells + total <= self._left
            and max(widths) < self._limits.columns
            and all(map(bytes.startswith, raws, expected))
        )  # fmt: skip
        if regular:
            store.raw += raws
            store.widths += widths
            sheet.cells += total
            sheet.last += len(raws)
            return
        for raw, width in zip(raws, widths, strict=True):
            if not width or sheet.cut:
                continue
            sheet.row_at(row_number(raw), len(store.raw))
            sheet.cells += width
            if sheet.cells > self._left:
                sheet.cut = f"more than {self._limits.cells} cells"
                continue
            if width >= self._limits.columns:
                self._row(raw)
                sheet.cut = self._scratch.cut
            store.raw.append(raw)
            store.widths.append(width)

    def end(self) -> Sheet:
        """What has come of it all."""
        values, store, sheet = self._values, self._store, self._sheet
        if values.following < len(values.shared):
            for raw in store.raw:
                values.used.update(map(int, _USED.findall(raw)))
        store.texts, store.ordered = self._shapes.texts(), self._shapes.ordered
        sheet.formulas, sheet.rows = self._shapes.formulas, StoredRows(store)
        return sheet

    def _row(self, raw: bytes) -> list[str]:
        """The cells of a row, in their columns."""
        text = raw.decode("utf-8")
        found = _USUAL.findall(text)
        if len(found) != text.count("<c"):
            return self._unusual(raw, text)
        values = self._values
        kinds, shared, size = values.kinds, values.shared, len(values.shared)
        out: list[str] = []
        add = out.append
        for _, attributes, value in found:
            kind = kinds[attributes]
            if value.isdecimal():
                if kind == 0:
                    add(value)
                    continue
                if kind == 1 and (index := int(value)) < size:
                    add(shared[index])
                    continue
            add(values.text(kind, html.unescape(value) if "&" in value else value))
        return self._placed([f[0] for f in found], out)

    def _unusual(self, raw: bytes, text: str) -> list[str]:
        """A row with formulas or words of its own."""
        found = _CELL.findall(text)
        if len(found) != text.count("<c"):
            return self._odd(raw)
        return self._placed([f[0] for f in found], [self._text(*f[1:]) for f in found])

    def _text(self, attributes: str, value: str, inline: str, rich: str) -> str:
        if inline or rich:
            return unescaped(html.unescape(inline or "".join(_RUN_TEXT.findall(rich))))
        return self._values.text(self._values.kinds[attributes], html.unescape(value))

    def _own(self, raw: bytes) -> list[str]:
        """Texts of the row's cells that are not in the shared table."""
        text = raw.decode("utf-8")
        found = _CELL.findall(text)
        if len(found) != text.count("<c"):
            return self._odd(raw)
        kinds = self._values.kinds
        return [
            self._text(*f[1:])
            for f in found
            if kinds[f[1]] != SHARED or f[3] or f[4] or not f[2].isdecimal()
        ]

    def _odd(self, raw: bytes) -> list[str]:
        """A row whose shape only seemed known, by lxml; where it is no XML, all between its tags."""
        try:
            root = parse_xml(b"<d>" + raw + b"</row></d>")
        except ContainerFault:
            return [html.unescape(text) for text in _BETWEEN_TAGS.findall(raw.decode("utf-8"))]
        cells: list[str] = []
        places: list[int] = []
        for cell in root[-1]:
            if local(cell) == "c":
                _cell(cell, self._values, Sheet(), cells, places)
        return _place(places, cells, self._limits, self._scratch)

    def _placed(self, columns: list[str], cells: list[str]) -> list[str]:
        if columns != self._columns:
            self._columns, self._places = columns, places_of(columns)
        if self._places is None and len(cells) <= self._limits.columns:
            return cells
        places = range(len(cells)) if self._places is None else self._places
        return _place(places, cells, self._limits, self._scratch)


def _place(places: Sequence[int], cells: list[str], limits: ReadLimits, sheet: Sheet) -> list[str]:
    """Blank cells filled in, so that columns align; a cell far out does not cost what lies between.

    Up to column ALF (1024) positions are true. Cells beyond follow in their order.
    """
    near = [i for i, place in enumerate(places) if place < WIDE]
    width = max((places[i] for i in near), default=-1) + 1
    row = [""] * width
    doubled = []
    for i in near:
        if row[places[i]]:
            doubled.append(cells[i])
        else:
            row[places[i]] = cells[i]
    row += filter(None, doubled)
    if len(near) < len(places):
        far = sorted((place, cells[i]) for i, place in enumerate(places) if place >= WIDE)
        row.extend(cell for _, cell in far)
    if len(row) > limits.columns:
        sheet.cut = f"more than {limits.columns} columns"
        del row[limits.columns :]
    return row


def _skeleton_words(skeleton: bytes) -> str:
    if len(skeleton) > MAX_PENDING:
        raise NotSimple
    try:
        return words(parse_xml(skeleton))
    except ContainerFault:
        raise NotSimple from None  # rows up to the damage are for the exact reader


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
    rows: list[list[str]] = []
    sheet.rows = rows
    events = etree.iterparse(
        ChunkStream(chunks), events=("end",), tag=("{*}row", "{*}c"), resolve_entities=False,
        load_dtd=False, no_network=True, huge_tree=True,
    )  # fmt: skip
    cells: list[str] = []
    places: list[int] = []
    try:
        for _, element in events:
            parent = element.getparent()
            if local(element) == "c":
                if parent is not None and local(parent) == "row":
                    # One more than are kept shows that there are too many.
                    if not sheet.cut and len(cells) <= limits.columns:
                        _cell(element, values, sheet, cells, places)
                    _let_go(element, parent)
                continue
            if any(cells):
                sheet.total_rows += 1
                if not sheet.cut:
                    sheet.row_at(attribute(element, "r"), len(rows))
                    row = _place(places, cells, limits, sheet)
                    if len(cells) > limits.columns:
                        sheet.cut = f"more than {limits.columns} columns"
                    sheet.cells += len(row)
                    if sheet.cells > cells_left:
                        sheet.cut = f"more than {limits.cells} cells"
                    else:
                        rows.append(row)
            elif sheet.cut:
                sheet.total_rows += 1
            cells, places = [], []
            _let_go(element, parent)
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


def _let_go(element: etree._Element, parent: etree._Element | None) -> None:
    """Of what has been read, no more than one element is kept."""
    element.clear()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _cell(
    cell: etree._Element, values: Values, sheet: Sheet, cells: list[str], places: list[int]
) -> None:
    """Adds one cell and its place to those of its row."""
    match = _LETTERS.match(attribute(cell, "r"))
    if match:
        places.append(column_index(match[0].upper()))
    else:
        places.append(places[-1] + 1 if places else 0)
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
    cells.append(unescaped(inline) if inline else values.text(kind, value))
