"""Walks OpenDocument XML: text documents, sheets, slides, drawings, charts, styles alike.

Elements are known by their local names, so the format of OpenOffice 1 reads the same. Rows have
been taken out before (`open_cells`); a mark in their place says which they were.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.office.office_xml import attribute
from gateway.extract.office.open_cells import RUN, Run
from gateway.extract.office.open_styles import OpenStyles
from gateway.extract.office.story import (
    DELETED,
    HIDDEN,
    INSERTED,
    Form,
    Pieces,
    Rows,
    Story,
    TableFound,
    Visibility,
    paragraph_lines,
)  # fmt: skip

_PARAGRAPHS = frozenset(("p", "h"))
# What begins inside a paragraph and is no text of it.
_APART = frozenset(
    ("annotation", "note", "frame", "text-box", "custom-shape", "rect", "line", "ellipse", "circle",
     "path", "polygon", "polyline", "connector", "g", "control", "table", "object", "image",
     "tracked-changes", "forms", "caption", "measure", "object-ole", "plugin", "applet",
     "event-listeners", "title", "desc", "script", "image-map", "change-info", "regular-polygon")
)  # fmt: skip
# Comments, deleted text, notes of a speaker, code: beside the page.
_UNSEEN = frozenset(
    ("annotation", "tracked-changes", "notes", "scripts", "script",
     "change-info", "desc", "title", "content-validations", "settings", "meta", "forms",
     "event-listeners", "variable-decls", "user-field-decls", "named-expressions")
)  # fmt: skip
_DRY = frozenset(("note-citation",))
# Attributes in which ODF keeps what somebody wrote, even one word; the text of cells apart.
_WORDY = frozenset(
    ("name", "label", "value", "string-value", "string-value-if-true", "string-value-if-false",
     "href", "help-text", "comment", "current-value", "command", "formula", "description",
     "condition", "title", "current-string-value", "display-name", "prefix", "suffix", "num-prefix",
     "num-suffix", "help-message")
)  # fmt: skip
_STYLING = frozenset(
    ("style", "font-face", "list-style", "data-style", "marker", "gradient", "map",
     "number-style", "currency-style", "percentage-style", "date-style", "time-style",
     "boolean-style", "text-style", "page-layout", "table-template")
)  # fmt: skip
_MAX_SPACES = 1000


def _name(element: Any) -> str:
    """The local name; fields that share one with something else are told apart."""
    name = local(element)
    field_of_text = name in ("title", "description") and "text" in etree.QName(element).namespace
    return f"{name}-field" if field_of_text else name


@dataclass(slots=True)
class _Paragraph:
    """`apart`: not one, but something that begins inside one and is no text of it."""

    hidden: bool = False
    pieces: Pieces = field(default_factory=list)
    apart: bool = False


@dataclass(slots=True)
class _Table:
    name: str
    visibility: Visibility
    rows: Rows = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    total: int = 0
    cut: str = ""


class OpenWalk:
    """One entry's walk. `form` is what its tables are, `sheets` whether they are whole sheets."""

    def __init__(
        self, story: Story, styles: OpenStyles, runs: list[Run], form: Form, sheets: bool
    ) -> None:
        self.story = story
        self._styles, self._runs, self._form, self._sheets = styles, runs, form, sheets
        self._stack: list[_Paragraph] = []
        self._tables: list[_Table] = []
        self._unseen = self._hidden = self._inserted = 0
        self._changes: dict[str, tuple[str, str]] = {}
        self._change = ""
        self.in_cell: list[str] | None = None

    def walk(self, root: Any) -> None:
        names: dict[Any, str] = {}
        for event, element in etree.iterwalk(root, events=("start", "end")):
            tag = element.tag
            name = names.get(tag)
            if name is None:
                name = names[tag] = _name(element)
            if event == "start":
                self._start(name, element)
            else:
                self._end(name, element)
                if element is not root and element.tail:
                    self._write(element.tail)

    def _start(self, name: str, element: Any) -> None:
        if name in _UNSEEN or self._concealed(name, element):
            self._unseen += 1
        if name in _PARAGRAPHS:
            style = attribute(element, "style-name")
            self._stack.append(_Paragraph(style in self._styles.text))
        elif name in _APART:
            self._stack.append(_Paragraph(apart=True))
        if name == "span" and attribute(element, "style-name") in self._styles.text:
            self._hidden += 1
        elif name == "s":
            count = attribute(element, "c")
            self._write(" " * (min(int(count), _MAX_SPACES) if count.isdecimal() else 1), True)
        elif name == "tab" or name == "tab-stop":
            self._write("\t", True)
        elif name == "line-break":
            self._write("\n", True)
        elif name == "table" or name == "sub-table":
            self._tables.append(_Table(attribute(element, "name"), self._visibility(element)))
        elif name == "table-row":
            self._rows(element)
        elif name == "changed-region":
            self._change = attribute(element, "id")
        elif name in ("deletion", "insertion") and self._change:
            self._changes[self._change] = (name, "")
        elif name in ("change", "change-start", "change-end"):
            self._mark(name, attribute(element, "change-id"))
        elif name == "hidden-paragraph" and attribute(element, "is-hidden") != "false":
            self._hide_paragraph()
        elif name == "binary-data":
            self._binary(element)
            return
        if element.attrib:
            self._attributes(name, element)
        if element.text and name not in _DRY:
            self._write(element.text)

    def _end(self, name: str, element: Any) -> None:
        if name in _PARAGRAPHS:
            self._end_paragraph()
        elif name in _APART and self._stack:
            self._stack.pop()
        if name == "span" and attribute(element, "style-name") in self._styles.text:
            self._hidden -= 1
        elif name in ("table", "sub-table"):
            self._end_table()
        elif name == "changed-region":
            self._change = ""
        if name in _UNSEEN or self._concealed(name, element):
            self._unseen -= 1

    def _concealed(self, name: str, element: Any) -> bool:
        if name == "section":
            return attribute(element, "display") in ("none", "condition")
        if name == "page":
            return attribute(element, "style-name") in self._styles.pages
        return name in ("frame", "custom-shape") and attribute(element, "display") in (
            "none", "printer",
        )  # fmt: skip

    def _visibility(self, element: Any) -> Visibility:
        hidden = self._unseen or attribute(element, "style-name") in self._styles.tables
        return "hidden" if hidden or attribute(element, "display") == "false" else "visible"

    # Text

    def _write(self, text: str, significant: bool = False) -> None:
        if self._stack and not self._stack[-1].apart:
            paragraph = self._stack[-1]
            flags = HIDDEN if self._hidden or paragraph.hidden else 0
            if self._inserted:
                flags |= INSERTED
            paragraph.pieces.append((text, flags))
        elif not significant and not text.isspace():
            self.story.unseen.append(text.strip())

    def _hide_paragraph(self) -> None:
        """A field that hides the paragraph that it stands in, what came before it included."""
        if self._stack:
            paragraph = self._stack[-1]
            paragraph.hidden = True
            paragraph.pieces = [(text, flag | HIDDEN) for text, flag in paragraph.pieces]

    def _end_paragraph(self) -> None:
        if not self._stack:
            return
        paragraph = self._stack.pop()
        seen, whole, lines = paragraph_lines(paragraph.pieces)
        self.story.unseen += lines
        if self._change and self._change in self._changes:
            kind, text = self._changes[self._change]
            self._changes[self._change] = (kind, f"{text}\n{whole}" if text else whole)
        if self._unseen:
            self.story.unseen.append(whole)
        elif self.in_cell is not None and not self._tables:
            self.in_cell.append(seen if seen.strip() else whole)
        elif seen and not seen.isspace():
            self.story.seen.append(seen)

    def _mark(self, name: str, change: str) -> None:
        """Where deleted text stood, and where inserted text begins and ends."""
        kind, text = self._changes.get(change, ("", ""))
        if name == "change" and text and self._stack:
            self._stack[-1].pieces.append((text, DELETED))
        elif kind == "insertion":
            self._inserted = max(0, self._inserted + (1 if name == "change-start" else -1))

    def _attributes(self, name: str, element: Any) -> None:
        for key, value in element.attrib.items():
            if key.rpartition("}")[2] in _WORDY and name not in _STYLING and len(value) > 2:
                self.story.unseen.append(value)

    def _binary(self, element: Any) -> None:
        """A picture or an object inside flat XML."""
        try:
            content = base64.b64decode(element.text or "")
        except (binascii.Error, ValueError):
            self.story.gaps.append(("unreadable", "damaged base64"))
            return
        if content:
            self.story.parts.append(("", content))

    # Tables

    def _rows(self, element: Any) -> None:
        mark = element.get(RUN)
        if mark is None or not self._tables:
            return
        run, table = self._runs[int(mark)], self._tables[-1]
        table.breaks += [len(table.rows) + at for at in run.breaks]
        table.rows += run.rows
        table.total += run.total
        table.cut = table.cut or run.cut
        if not self._sheets:
            lines = self.story.unseen if table.visibility == "hidden" else self.story.seen
            lines += [cell for row in run.rows for cell in row if cell]

    def _end_table(self) -> None:
        if not self._tables:
            return
        table = self._tables.pop()
        kind = "sheet" if self._sheets else "table"
        name = f"{kind} {table.name}".strip() if table.name else ""
        self.story.tables.append(
            TableFound(
                table.rows, table.visibility, name, self._form, table.total, table.cut, table.breaks
            )
        )
