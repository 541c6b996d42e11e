"""What one XML part of a document says, gathered while it is walked: lines, hidden lines, tables.

A paragraph's runs are joined before it becomes a line, so that no word is lost in its formatting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Iterator, Literal

from lxml import etree

from gateway.extract.text.delimited import longest_stretches
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

Rows = list[list[str]]
Form = Literal["text", "workbook", "records"]
Visibility = Literal["visible", "hidden", "very-hidden"]
_VALUES = etree.XPath("//@*", smart_strings=False)
_WORD = re.compile(r"[^\W\d_]{3}")
# Names of the formats' own vocabulary, and the numbers of editing sessions (w:rsid).
_SCHEMA = re.compile(
    r"(?:(?:https?://(?:schemas|purl|www)\.[a-z]{1,20}|urn):?[\w./:-]{1,120}"
    r"|application/[\w.+-]{1,120}|image/[\w+-]{1,20}|[0-9A-F]{8})"
)
# What stands outside the root element, where a tree has no place for it.
_ASIDE = re.compile(rb"<!--(.*?)-->|<\?(?!xml[ \t\r\n])(.*?)\?>", re.S)


HIDDEN, DELETED, INSERTED = 1, 2, 4
Pieces = list[tuple[str, int]]


def paragraph_lines(pieces: Pieces) -> tuple[str, str, list[str]]:
    """(what is seen, everything, lines for what is not seen) of one paragraph's runs."""
    flags = 0
    for _, flag in pieces:
        flags |= flag
    whole = "".join([text for text, _ in pieces])
    if not flags:
        return whole, whole, []
    lines: list[str] = []
    seen = whole
    if flags & (HIDDEN | DELETED):
        seen = "".join([text for text, flag in pieces if not flag & (HIDDEN | DELETED)])
        lines = [whole, "".join([t for t, flag in pieces if flag & (HIDDEN | DELETED)])]
    if flags & INSERTED:
        # As it read before the changes.
        lines.append("".join([text for text, flag in pieces if not flag & INSERTED]))
    return seen, whole, lines


@dataclass(slots=True)
class Allowance:
    """Cells that one document may still give; shared by its parts."""

    cells: int


@dataclass(slots=True)
class TableFound:
    """One table. `breaks` are the rows before which blank ones were left out; `cut` says which
    limit was met."""

    rows: Rows
    visibility: Visibility = "visible"
    name: str = ""
    form: Form = "text"
    total_rows: int = 0
    cut: str = ""
    breaks: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Story:
    """`seen` and `unseen` are lines in reading order, a line a paragraph and a cell; `parts` are
    files found inside the XML, by name."""

    seen: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    tables: list[TableFound] = field(default_factory=list)
    parts: list[tuple[str, bytes]] = field(default_factory=list)
    gaps: list[tuple[Literal["limit", "unreadable"], str]] = field(default_factory=list)

    def contents(
        self, part: Part, where: str, limits: ReadLimits, hidden: bool = False
    ) -> Iterator[Content]:
        """Everything but `parts`. `hidden`: nobody who looks at the document sees this story."""
        seen = "\n".join(line for line in self.seen if line and not line.isspace())
        shown = set(self.seen)
        new = [x for x in dict.fromkeys(self.unseen) if x not in shown and x.strip()]
        unseen = "\n".join(new)
        aside = f"{where} hidden text".strip()
        yield from bounded_text(part, seen, where, limits, hidden)
        yield from bounded_text(part, unseen, aside, limits, True)
        given: list[Rows] = []
        for index, found in enumerate(self.tables, 1):
            place = part.location.at(found.name or f"{where} table {index}".strip())
            if found.rows and found.rows not in given[-20:]:
                given.append(found.rows)
                shows: Visibility = (
                    "hidden" if hidden and found.visibility == "visible" else found.visibility
                )
                total = max(found.total_rows, len(found.rows))
                yield Table(place, found.rows, shows, total, found.form)
                for first, end in longest_stretches(found.breaks, len(found.rows)):
                    here = f"{place.where}, part from row {first + 1} of those filled"
                    rows = found.rows[first:end]
                    yield Table(part.location.at(here), rows, shows, end - first, found.form)
            if found.cut:
                yield Gap(place, "limit", found.cut)
        for reason, detail in dict.fromkeys(self.gaps):
            yield Gap(part.location.at(where), reason, detail)


def attribute_words(root: etree._Element) -> list[str]:
    """Attribute values that hold a word, none twice: nobody knows all places for words by name.

    Semicolons divide declarations of style, which would look like rows of a table.
    """
    return [
        value.replace(";", "\n")
        for value in dict.fromkeys(map(str, _VALUES(root)))
        if _WORD.search(value) and not _SCHEMA.fullmatch(value)
    ]


def aside_words(data: bytes) -> list[str]:
    """XML comments and processing instructions."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    if b"<!--" not in data and data.count(b"<?") < 2:
        return []
    texts = (match[1] or match[2] or b"" for match in _ASIDE.finditer(data))
    return [text.decode("utf-8", "replace") for text in texts if len(text) > 3]
