"""text/html to the text a reader sees, the text a reader does not see, and its tables.

An lxml target parser: no tree is built, so depth and size do not matter. Hidden means
display:none, visibility:hidden, tiny or background-coloured type, off-screen, the `hidden`
attribute, comments, title and alternative texts. Conditional comments are shown by Outlook and
count as visible.
"""

from __future__ import annotations

import re
from typing import Iterator

from lxml import etree

from gateway.extract.text.charset import decode
from gateway.extract.text.html_style import hidden_selectors, hides, style_texts
from gateway.extract.text.pasted import tables_in_text
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

BLOCKS = frozenset(
    ("address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "div",
     "dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
     "header", "hr", "html", "legend", "li", "main", "nav", "ol", "option", "p", "pre", "section",
     "select", "table", "tbody", "tfoot", "thead", "title", "tr", "ul")
)  # fmt: skip
VOID = frozenset(
    ("area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input",
     "keygen", "link", "meta", "param", "source", "track", "wbr")
)  # fmt: skip
UNSEEN = frozenset(("head", "title", "script", "noscript", "template", "noframes", "object"))
SPOKEN = ("alt", "title", "value", "placeholder", "aria-label", "summary", "label", "content")
LINKS = ("href", "src", "data", "xlink:href", "action", "srcdoc")
# Browsers skip blanks and controls before and inside the scheme.
_EMBEDDED = re.compile(
    r"[\0- ]*d[\t\r\n]?a[\t\r\n]?t[\t\r\n]?a[\t\r\n]?:(?!image/[a-z.+-]{1,30};base64,(?:iVBOR|R0lG|/9j/|UklGR|Qk|AAABA))",
    re.I,
)
_META = re.compile(rb"<meta[^>]{0,300}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.I)
_XML_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([A-Za-z0-9_:.-]+)")
_CONDITIONAL = re.compile(r"\s*\[if[^\]]*\]>(.*?)(?:<!\[endif\])?\s*\Z", re.S | re.I)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_WIDE = re.compile(r"\t| {2,}")
_AROUND = re.compile(r" *\n[ \n]*")
_TAG = re.compile(r"<[^>]*>")
MAX_SPAN = 100
MAX_PADDING = 5_000
MAX_CONDITIONAL = 100


def read_html(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Visible Text, hidden Text, Tables; a Gap where the parser gave up or a limit cut."""
    declared = part.charset
    if not declared:
        head = part.content[:2048]
        match = _XML_DECLARED.match(head) or _META.search(head)
        declared = match[1].decode("ascii").lower() if match else ""
    decoded = decode(part.content, declared)
    if decoded.fault:
        yield Gap(part.location, "unreadable", decoded.fault)
    source = decoded.text
    target = _Target(limits)
    try:
        _feed(source, target)
    except (etree.LxmlError, RecursionError, ValueError) as error:
        yield Gap(part.location, "unreadable", f"HTML parser gave up ({type(error).__name__})")
        yield from bounded_text(part, _TAG.sub(" ", source), "markup", limits, hidden=True)
    where = "body" if part.role == "body" else ""
    yield from bounded_text(part, target.text(), where, limits)
    yield from tables_in_text(part, target.spaced_text()[: limits.text_chars], where)
    if part.role != "body":
        # Whoever saves the file sees its lines as they are.
        yield from tables_in_text(part, source[: limits.text_chars], "source")
    yield from bounded_text(part, target.hidden_text(), "hidden text", limits, hidden=True)
    for index, (rows, hidden) in enumerate(target.tables, 1):
        location = part.location.at(f"table {index}")
        yield Table(location, rows, "hidden" if hidden else "visible", total_rows=len(rows))
    if target.embedded:
        yield Gap(part.location, "unreadable", "a file inside the HTML (RFC 2397 data URI)")
    if target.cut:
        yield Gap(part.location, "limit", "more table cells than are kept apart")


def _feed(source: str, target: _Target) -> None:
    parser = etree.HTMLParser(target=target, huge_tree=True, encoding="utf-8", no_network=True)
    raw = source.encode("utf-8", "replace")
    for start in range(0, len(raw), 1 << 20):
        parser.feed(raw[start : start + (1 << 20)])
    if raw:
        parser.close()


class _Target:
    """Receives the parser's events; `text()` and `hidden_text()` afterwards."""

    def __init__(self, limits: ReadLimits) -> None:
        self.tables: list[tuple[list[list[str]], bool]] = []
        self.cut = self.embedded = False
        self._cells_left = limits.cells
        self._columns = limits.columns
        self._seen: list[str] = []
        self._unseen: list[str] = []
        self._stack: list[tuple[str, bool, str]] = []
        self._hidden = False
        self._background = "#ffffff"
        self._selectors: frozenset[str] = frozenset()
        self._style: list[str] | None = None
        self._open: list[_OpenTable] = []
        self._single: list[_OpenTable] = []
        self._padding_left = MAX_PADDING
        self._conditional_left = MAX_CONDITIONAL
        self._nested = False
        self._pre = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        hidden, background = self._hidden, self._background
        if attributes or tag in UNSEEN:
            verdict, background = hides(tag, attributes, background, self._selectors)
            hidden = hidden or verdict or tag in UNSEEN
            self._spoken(attributes)
            for name in LINKS:
                link = attributes.get(name)
                if link and ":" in link[:40] and _EMBEDDED.match(link[:80]):
                    self.embedded = True
        if tag == "style":
            self._style = []
        if hidden and not self._hidden:
            self._unseen.append(" ")
        self._pre += tag == "pre"
        if tag not in VOID:
            self._stack.append((tag, self._hidden, self._background))
            self._hidden, self._background = hidden, background
        if tag in BLOCKS:
            self._break("\n")
        if tag == "table":
            self._open.append(_OpenTable(hidden))
        elif self._open:
            self._table_start(tag, attributes)

    def end(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._stack and self._stack[-1][0] == tag:
            _, self._hidden, self._background = self._stack.pop()
        self._pre -= tag == "pre" and self._pre > 0
        if tag == "style" and self._style is not None:
            css = "".join(self._style)
            self._selectors |= hidden_selectors(css)
            self._unseen.extend(style_texts(css))
            self._style = None
        if tag in BLOCKS:
            self._break("\n")
        elif tag in ("td", "th"):
            self._break("\t")
        elif tag == "span":
            (self._unseen if self._hidden else self._seen).append("\ue002")
        if self._open and tag in ("table", "tr", "td", "th"):
            self._table_end(tag)

    def data(self, text: str) -> None:
        if self._style is not None:
            self._style.append(text)
            return
        if self._pre:
            text = _WIDE.sub("\ue003", text.replace("\n", "\ue000"))
        (self._unseen if self._hidden else self._seen).append(text)
        if self._open:
            self._open[-1].cell.append(text)

    def comment(self, text: str) -> None:
        conditional = _CONDITIONAL.match(text)
        if conditional and not self._nested and self._conditional_left > 0:
            self._conditional_left -= 1
            inner = _Target(ReadLimits(cells=self._cells_left, columns=self._columns))
            inner._nested, inner._selectors = True, self._selectors
            try:
                _feed(conditional[1], inner)
            except (etree.LxmlError, ValueError):
                self._unseen.append(f"\n{conditional[1]}\n")
            self._seen += ["\n", *inner._seen, "\n"]
            self._unseen += ["\n", *inner._unseen, "\n"]
            self.tables += inner.tables
            self.embedded = self.embedded or inner.embedded
        elif text.strip():
            self.cut = self.cut or bool(conditional)
            self._unseen.append(f"\n{text}\n")

    def pi(self, target: str, data: str | None = None) -> None:
        if data and not target.startswith("xml"):
            self._unseen.append(f"\n{data}\n")

    def close(self) -> None:
        while self._open:
            self._table_end("table")
        self._join()

    def text(self) -> str:
        return _tidy("".join(self._seen))

    def spaced_text(self) -> str:
        """As `text`, but spans are columns and table cells are not: those are Tables already."""
        text = "".join(self._seen)
        return _tidy(text.replace("\ue001", " ").replace("\ue002", "\ue003"))

    def hidden_text(self) -> str:
        return _tidy("".join(self._unseen))

    def _break(self, mark: str) -> None:
        # Private-use marks survive the collapsing of blanks and become what they stand for.
        (self._unseen if self._hidden else self._seen).append(
            "\ue000" if mark == "\n" else "\ue001"
        )
        if self._open:
            self._open[-1].cell.append(" ")

    def _spoken(self, attributes: dict[str, str]) -> None:
        for name in SPOKEN:
            value = attributes.get(name)
            if value and not value.isspace():
                self._unseen.append(f"\ue000{value}\ue000")

    def _table_start(self, tag: str, attributes: dict[str, str]) -> None:
        table = self._open[-1]
        if tag == "tr":
            table.end_row()
        elif tag in ("td", "th"):
            table.end_cell()
            table.in_cell = True
            span = attributes.get("colspan", "1").strip()
            if span != "1" and span.isdecimal() and len(span) < 5:
                # A wide cell is one value and blanks, and blanks are cheap to ask for.
                table.span = min(int(span), MAX_SPAN, self._padding_left + 1) or 1
                self._padding_left -= table.span - 1

    def _table_end(self, tag: str) -> None:
        table = self._open[-1]
        if tag in ("td", "th"):
            table.end_cell()
        elif tag == "tr":
            table.end_row()
        else:
            table.end_row()
            self._open.pop()
            self._keep(table)

    def _keep(self, table: _OpenTable) -> None:
        rows = table.rows
        if len(rows) == 1 and len(rows[0]) > 1 and not self._open:
            # One table for each row: what follows each other belongs together.
            if self._single and self._single[0].hidden != table.hidden:
                self._join()
            self._single.append(table)
            return
        if not self._open:
            self._join()
        if len(rows) < 2 or max(map(len, rows)) < 2:
            return  # layout, not data; its words are in the text
        count = sum(map(len, rows))
        if count > self._cells_left or max(map(len, rows)) > self._columns:
            self.cut = True
            return
        self._cells_left -= count
        self.tables.append((rows, table.hidden))

    def _join(self) -> None:
        single, self._single = self._single, []
        if len(single) > 1:
            whole = _OpenTable(single[0].hidden)
            whole.rows = [row for table in single for row in table.rows]
            self._keep(whole)


class _OpenTable:
    """A table between its tags; text of nested tables belongs to the inner one."""

    __slots__ = ("cell", "hidden", "in_cell", "row", "rows", "span")

    def __init__(self, hidden: bool) -> None:
        self.rows: list[list[str]] = []
        self.row: list[str] = []
        self.cell: list[str] = []
        self.in_cell = False
        self.hidden = hidden
        self.span = 1

    def end_cell(self) -> None:
        if self.in_cell:
            self.row.append(_SPACES.sub(" ", "".join(self.cell)).strip())
            self.row.extend([""] * (self.span - 1))
        self.cell, self.in_cell, self.span = [], False, 1

    def end_row(self) -> None:
        self.end_cell()
        if self.row:
            self.rows.append(self.row)
            self.row = []


def _tidy(text: str) -> str:
    """Blanks collapsed as a browser does; breaks and cells become line feeds and tabs."""
    text = _SPACES.sub(" ", text.replace("\ue002", "") if "\ue002" in text else text)
    text = text.replace("\ue001", "\t").replace("\ue000", "\n").replace("\ue003", "\t")
    return _AROUND.sub("\n", text.replace("\t\n", "\n")).strip()
