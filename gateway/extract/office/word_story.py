"""Walks WordprocessingML and DrawingML, whichever of their namespaces they are written in.

Deleted, moved and hidden runs are kept apart from what is seen, and every paragraph that holds
them is given again as it would read with them. No recursion: depth costs nothing.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any, Callable

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.office.office_xml import attribute
from gateway.extract.office.run_looks import OFF, PLAIN, WHITE, Look, run_look, shown_colour
from gateway.extract.office.story import (
    DELETED,
    HIDDEN,
    INSERTED,
    Allowance,
    Pieces,
    Story,
    TableFound,
    attribute_words,
    paragraph_lines,
)  # fmt: skip

_BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SHOWN = frozenset(("t", "delText"))
_FIELDS = frozenset(("instrText", "delInstrText"))
_DELETED = frozenset(("del", "moveFrom"))
_INSERTED = frozenset(("ins", "moveTo"))
# Alternatives to what is shown, and what lies beside the text.
_UNSEEN = frozenset(("Fallback", "comment", "cm", "docPartPr", "ffData", "placeholder"))
# Numbers and base64 that only programs read.
_DRY = frozenset(
    ("posOffset", "align", "pctWidth", "pctHeight", "pctPosHOffset", "pctPosVOffset", "f",
     "formatCode", "ptCount", "lang", "wrap")
)  # fmt: skip
# Elements whose `val` is what somebody wrote.
_VALUED = frozenset(
    ("docVar", "query", "connectString", "alias", "tag", "statusText", "helpText", "default",
     "listItem", "lvlText", "category", "name", "udl", "fieldMapData", "mappedName", "activeRecord",
     "src", "description", "style", "dataSource", "headerSource", "attachedTemplate")
)  # fmt: skip
# Properties that their run or cell has looked at; their attributes are read with all others.
_LOOKS = frozenset(("rPr", "tcPr", "tblPr", "tblGrid"))
_HAS_TEXT = etree.XPath("boolean(descendant::text()[normalize-space()])")
_MAX_SPAN = 63


@dataclass(slots=True)
class _Paragraph:
    base: Look
    ground: str
    pieces: Pieces = field(default_factory=list)
    fields: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Cell:
    """`seen` and `whole` are its paragraphs without and with what is hidden or deleted."""

    span: int = 1
    ground: str = ""
    seen: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    rows: list[list[str]] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    cell: _Cell | None = None
    any_seen: bool = False
    total: int = 0
    cut: str = ""
    row_hidden: bool = False


class WordWalk:
    """One part's walk; `story` is what came of it. Subclasses know more elements."""

    def __init__(self, allowance: Allowance, looks: dict[str, Look] | None = None) -> None:
        self.story = Story()
        self._allowance = allowance
        self._looks = looks or {}
        self._paragraphs: list[_Paragraph] = []
        self._tables: list[_Table] = []
        self._run = 0
        self._unseen = self._deleted = self._inserted = self._boxes = 0
        self._starts: dict[str, Callable[[Any], None]] = {
            "p": self._start_paragraph, "r": self._start_run, "tbl": self._start_table,
            "tr": self._start_row, "tc": self._start_cell, "sym": self._symbol,
            "textpath": self._text_path, "txbxContent": self._start_box,
            "binData": self._binary, "annotation": self._start_annotation,
        }  # fmt: skip
        self._ends: dict[str, Callable[[Any], None]] = {
            "p": self._end_paragraph, "r": self._end_run, "tbl": self._end_table,
            "tr": self._end_row, "tc": self._end_cell, "txbxContent": self._end_box,
            "annotation": self._end_annotation,
        }  # fmt: skip

    def walk(self, root: etree._Element) -> Story:
        names: dict[Any, str] = {}
        events = etree.iterwalk(root, events=("start", "end"))
        for event, element in events:
            tag = element.tag
            name = names.get(tag)
            if name is None:
                name = names[tag] = local(element)
            if event == "end":
                self._end(name, element)
            elif name in _LOOKS and not _HAS_TEXT(element):
                events.skip_subtree()
            else:
                self._start(name, element)
        while self._paragraphs:
            self._end_paragraph(None)
        self.story.unseen += attribute_words(root)
        return self.story

    def _start(self, name: str, element: Any) -> None:
        if name in _SHOWN:
            if element.text:
                self._write(element.text)
        elif (handler := self._starts.get(name)) is not None:
            handler(element)
        elif name in _BREAKS:
            # Tab stops of a paragraph's properties share the name of the tab in a run.
            if self._paragraphs and local(element.getparent()) not in ("tabs", "tabLst"):
                self._write(_BREAKS[name])
        elif name in _DELETED:
            self._deleted += 1
        elif name in _INSERTED:
            self._inserted += 1
        elif name in _UNSEEN:
            self._unseen += 1
        elif name in _FIELDS and element.text:
            if self._paragraphs:
                self._paragraphs[-1].fields.append(element.text)
            else:
                self.story.unseen.append(element.text)
        else:
            if name in _VALUED and (value := attribute(element, "val")):
                self.story.unseen.append(f"{attribute(element, 'name')} {value}".strip())
            self._other(name, element.text)

    def _end(self, name: str, element: Any) -> None:
        if (handler := self._ends.get(name)) is not None:
            handler(element)
        elif name in _DELETED:
            self._deleted -= 1
        elif name in _INSERTED:
            self._inserted -= 1
        elif name in _UNSEEN:
            self._unseen -= 1
        if element.tail:
            self._other("", element.tail)

    def _other(self, name: str, text: str | None) -> None:
        if text and name not in _DRY and not text.isspace():
            self.story.unseen.append(text.strip())

    # Paragraphs and runs

    def _ground(self) -> str:
        """The colour behind the text, "" where a table's or a shape's style decides it."""
        if self._boxes:
            return ""
        cell = self._tables[-1].cell if self._tables else None
        return cell.ground if cell else "" if self._tables else WHITE

    def _start_paragraph(self, element: Any) -> None:
        paragraph = _Paragraph(self._looks.get("", PLAIN), self._ground())
        for child in element:
            if local(child) == "pPr":
                own = run_look(child)
                style = next((attribute(e, "val") for e in child if local(e) == "pStyle"), "")
                base = self._looks.get(style, paragraph.base)
                paragraph.base = Look(None, None, None, own.ground).over(base)
            break
        self._paragraphs.append(paragraph)

    def _start_run(self, element: Any) -> None:
        if not self._paragraphs:
            return
        paragraph = self._paragraphs[-1]
        look = paragraph.base
        for child in element:
            if local(child) == "rPr":
                style = next((attribute(e, "val") for e in child if local(e) == "rStyle"), "")
                look = run_look(child).over(self._looks.get(style, PLAIN).over(look))
            break
        self._run = HIDDEN if look is not PLAIN and look.hides(paragraph.ground) else 0

    def _end_run(self, element: Any) -> None:
        self._run = 0

    def _write(self, text: str) -> None:
        flags = self._run
        if self._deleted:
            flags |= DELETED
        if self._inserted:
            flags |= INSERTED
        if self._paragraphs:
            self._paragraphs[-1].pieces.append((text, flags))
        elif flags & (HIDDEN | DELETED) or self._unseen:
            self._other("", text)
        elif not text.isspace():
            self.story.seen.append(text)

    def _symbol(self, element: Any) -> None:
        """Symbol fonts repeat the Latin letters in the private range (w:sym)."""
        code = attribute(element, "char")
        try:
            number = int(code, 16)
        except ValueError:
            return
        self._write(chr(number - 0xF000 if 0xF020 <= number <= 0xF0FF else number & 0xFFFF))

    def _end_paragraph(self, element: Any) -> None:
        if not self._paragraphs:
            return
        paragraph = self._paragraphs.pop()
        seen, whole, unseen = paragraph_lines(paragraph.pieces)
        lines = self.story.unseen
        lines += unseen
        if paragraph.fields:
            lines.append("".join(paragraph.fields).strip())
        if self._unseen:
            lines.append(whole)
            seen = ""
        cell = self._tables[-1].cell if self._tables else None
        if cell is not None:
            cell.seen.append(seen)
            cell.whole.append(whole)
        elif seen and not seen.isspace():
            self.story.seen.append(seen)

    # Tables

    def _start_table(self, element: Any) -> None:
        self._tables.append(_Table())

    def _start_row(self, element: Any) -> None:
        if not self._tables:
            return
        table = self._tables[-1]
        table.row, table.lines, table.row_hidden = [], [], False
        for properties in element:
            if local(properties) != "trPr":
                continue
            for child in properties:
                name = local(child)
                if name == "gridBefore":
                    table.row += [""] * _span(attribute(child, "val"), 0)
                elif name == "hidden" and attribute(child, "val") not in OFF:
                    table.row_hidden = True
                    self._unseen += 1

    def _start_cell(self, element: Any) -> None:
        if not self._tables:
            return
        cell = self._tables[-1].cell = _Cell()
        for properties in element:
            if local(properties) != "tcPr":
                continue
            for child in properties:
                name = local(child)
                if name == "gridSpan":
                    cell.span = _span(attribute(child, "val"), 1)
                elif name == "shd":
                    fill = shown_colour(attribute(child, "fill"), attribute(child, "themeFill"))
                    cell.ground = fill or ""

    def _end_cell(self, element: Any) -> None:
        if not self._tables or (cell := self._tables[-1].cell) is None:
            return
        table = self._tables[-1]
        seen = "\n".join(line for line in cell.seen if line)
        table.any_seen = table.any_seen or bool(seen.strip())
        text = seen if seen.strip() else "\n".join(cell.whole)
        table.row.append(" ".join(text.split()))
        table.row += [""] * (cell.span - 1)
        if seen:
            table.lines.append(seen)
        table.cell = None

    def _end_row(self, element: Any) -> None:
        if not self._tables:
            return
        table = self._tables[-1]
        self._unseen -= table.row_hidden
        table.row_hidden = False
        table.total += 1
        self.story.seen += table.lines
        if len(table.row) > self._allowance.cells:
            table.cut = table.cut or "more cells than allowed"
            return
        self._allowance.cells -= len(table.row)
        if any(table.row):
            table.rows.append(table.row)

    def _end_table(self, element: Any) -> None:
        if not self._tables:
            return
        table = self._tables.pop()
        hidden = self._unseen or not table.any_seen
        self.story.tables.append(
            TableFound(
                table.rows, "hidden" if hidden else "visible", total_rows=table.total, cut=table.cut
            )
        )

    # Shapes, pictures, annotations

    def _start_box(self, element: Any) -> None:
        self._boxes += 1

    def _end_box(self, element: Any) -> None:
        self._boxes -= 1

    def _text_path(self, element: Any) -> None:
        """A watermark keeps its words in an attribute."""
        words = attribute(element, "string")
        if words:
            (self.story.unseen if self._unseen else self.story.seen).append(words)

    def _binary(self, element: Any) -> None:
        """A file inside Word's XML of 2003."""
        try:
            content = base64.b64decode("".join(element.itertext()))
        except (binascii.Error, ValueError):
            self.story.gaps.append(("unreadable", "damaged base64"))
            return
        self.story.parts.append((attribute(element, "name").rpartition("/")[2], content))

    def _start_annotation(self, element: Any) -> None:
        """Word 2003 writes changes and comments as annotations of a type."""
        self._annotate(attribute(element, "type"), 1)

    def _end_annotation(self, element: Any) -> None:
        self._annotate(attribute(element, "type"), -1)

    def _annotate(self, kind: str, step: int) -> None:
        if kind == "Word.Deletion":
            self._deleted += step
        elif kind == "Word.Insertion":
            self._inserted += step
        elif kind == "Word.Comment":
            self._unseen += step


def _span(value: str, default: int) -> int:
    return min(int(value), _MAX_SPAN) if value.isdecimal() and len(value) < 9 else default
