"""Tables as they are drawn: by table tags, by style sheets, by roles, and lists of terms.

A row of flexible boxes and a division shown as a table cell look like a table to everybody, so
they are one here. Which style applies is judged from inline styles and simple selectors.
"""

from __future__ import annotations

import re
from typing import Mapping

MAX_SPAN = 100
MIN_LINES = 5
# Stands in a cell where a line ends.
BREAK = "\ue000"
MAX_PADDING = 5_000
MAX_CSS = 500_000
_SPACES = re.compile(r"[ \t\r\n\f]+")
_DISPLAY = re.compile(
    r"display\s*:\s*(?:inline-)?(table-row|table-cell|table|flex|grid)\s*(?:[;!}]|$)", re.I
)
_SELECTOR = re.compile(r"(?:[a-z][a-z0-9]*)?[.#][a-z0-9_-]+|[a-z0-9_-]+", re.I)
_ROLES = {
    "table": "table", "grid": "table", "treegrid": "table", "row": "tr", "cell": "td",
    "gridcell": "td", "columnheader": "td", "rowheader": "td",
}  # fmt: skip
_SHOWN = {"table": "table", "table-row": "tr", "table-cell": "td", "flex": "flex"}
TAGS = {"table": "table", "tr": "tr", "td": "td", "th": "td", "dl": "dl", "dt": "dt", "dd": "dd"}
Rows = list[list[str]]


def drawn_selectors(css: str) -> dict[str, str]:
    """Which simple selectors make what of a table."""
    found: dict[str, str] = {}
    if "display" not in css:
        return found
    for rule in css[:MAX_CSS].split("}"):
        head, brace, declarations = rule.rpartition("{")
        shown = _DISPLAY.search(declarations) if brace else None
        if shown and shown[1].lower() in _SHOWN:
            for name in head.rpartition("{")[2].split(","):
                if _SELECTOR.fullmatch(name.strip()):
                    found[name.strip().lower()] = _SHOWN[shown[1].lower()]
    return found


def drawn_as(tag: str, attributes: Mapping[str, str], selectors: Mapping[str, str]) -> str:
    """What of a table an element is by its style or its role, or ""."""
    style = attributes.get("style")
    if style and "display" in style and (shown := _DISPLAY.search(style)):
        return _SHOWN.get(shown[1].lower(), "")
    if role := attributes.get("role"):
        return _ROLES.get(role.lower(), "")
    if not selectors:
        return ""
    for name in attributes.get("class", "").lower().split():
        if found := selectors.get(f".{name}") or selectors.get(f"{tag}.{name}"):
            return found
    return selectors.get(f"#{attributes.get('id', '')}", "") or selectors.get(tag, "")


class Drawing:
    """The tables of a page, while it is read; `tables` are rows, and whether they are hidden."""

    def __init__(self, cells: int, columns: int) -> None:
        self.tables: list[tuple[Rows, bool]] = []
        self.cut = False
        self.cells_left, self.columns = cells, columns
        self._padding_left = MAX_PADDING
        self.open: list[_OpenTable] = []
        self._single: list[_OpenTable] = []

    @property
    def boxed(self) -> int:
        """The depth at which every element is a cell, or 0."""
        return self.open[-1].boxes if self.open else 0

    def cell_of_boxes(self, depth: int) -> str:
        return "td" if depth and self.boxed == depth else ""

    def start(self, role: str, attributes: Mapping[str, str], hidden: bool, depth: int) -> None:
        """`depth` is how many elements stand around this one."""
        top = self.open[-1] if self.open else None
        if role in ("table", "dl"):
            self.open.append(_OpenTable(hidden, depth + 1, whole=True))
        elif role in ("tr", "flex"):
            if top is None or not ((top.whole and role == "tr") or top.depth == depth):
                top = _OpenTable(hidden, depth)
                self.open.append(top)
            top.end_row()
            top.boxes = depth + 1 if role == "flex" else 0
        elif top is not None:
            if role == "dt":
                top.end_row()
            top.end_cell()
            top.in_cell = True
            self._span(top, attributes.get("colspan", "1").strip())

    def _span(self, table: _OpenTable, span: str) -> None:
        if span != "1" and span.isdecimal() and len(span) < 5:
            # A wide cell is one value and blanks, and blanks are cheap to ask for.
            table.span = min(int(span), MAX_SPAN, self._padding_left + 1) or 1
            self._padding_left -= table.span - 1

    def write(self, text: str) -> None:
        self.open[-1].cell.append(text)

    def end(self, role: str, depth: int) -> None:
        """`depth` elements are still open."""
        table = self.open[-1]
        if role in ("td", "th", "dt", "dd"):
            table.end_cell()
        elif role in ("tr", "flex"):
            table.end_row()
            table.boxes = 0
        elif role in ("table", "dl"):
            self._shut()
        while self.open and not self.open[-1].whole and self.open[-1].depth > depth:
            self._shut()

    def close(self) -> None:
        while self.open:
            self._shut()
        self._join()

    def _shut(self) -> None:
        table = self.open.pop()
        table.end_row()
        self._keep(table)

    def _keep(self, table: _OpenTable) -> None:
        rows = table.rows
        if len(rows) == 1 and not table.whole and self.open:
            self.open[-1].cell += rows[0]  # boxes beside each other in one cell
            return
        if len(rows) == 1 and (columns := table.columns()):
            rows = table.rows = columns
        if len(rows) == 1 and len(rows[0]) > 1 and not self.open:
            # One table for each row: what follows each other belongs together.
            if self._single and self._single[0].hidden != table.hidden:
                self._join()
            self._single.append(table)
            return
        if not self.open:
            self._join()
        if len(rows) < 2 or max(map(len, rows)) < 2:
            return  # layout, not data; its words are in the text
        count = sum(map(len, rows))
        if count > self.cells_left or max(map(len, rows)) > self.columns:
            self.cut = True
            return
        self.cells_left -= count
        self.tables.append((rows, table.hidden))

    def _join(self) -> None:
        single, self._single = self._single, []
        if len(single) > 1:
            whole = _OpenTable(single[0].hidden, 0)
            whole.rows = [row for table in single for row in table.rows]
            self._keep(whole)


class _OpenTable:
    """A table between its tags; text of nested tables belongs to the inner one.

    `depth` is that of its rows, `whole` whether an element stands for the table itself, `boxes`
    the depth at which every element is a cell (0: none).
    """

    __slots__ = (
        "boxes",
        "cell",
        "depth",
        "hidden",
        "in_cell",
        "lines",
        "row",
        "rows",
        "span",
        "whole",
    )

    def __init__(self, hidden: bool, depth: int, whole: bool = False) -> None:
        self.rows: Rows = []
        self.row: list[str] = []
        self.lines: Rows = []
        self.cell: list[str] = []
        self.in_cell = False
        self.hidden = hidden
        self.span = 1
        self.depth, self.whole, self.boxes = depth, whole, 0

    def end_cell(self) -> None:
        if self.in_cell:
            text = "".join(self.cell)
            if not self.rows and text.count(BREAK) >= MIN_LINES - 1:
                lines = (_SPACES.sub(" ", line).strip() for line in text.split(BREAK))
                self.lines.append(list(filter(None, lines)))
            self.row.append(_SPACES.sub(" ", text.replace(BREAK, " ")).strip())
            self.row.extend([""] * (self.span - 1))
        self.cell, self.in_cell, self.span = [], False, 1

    def columns(self) -> Rows:
        """The lines of a single row's cells as rows, where all cells have equally many."""
        even = len(set(map(len, self.lines))) == 1 and len(self.lines) == len(self.rows[0])
        return [list(row) for row in zip(*self.lines, strict=True)] if even else []

    def end_row(self) -> None:
        self.end_cell()
        if self.row:
            self.rows.append(self.row)
            self.row = []
