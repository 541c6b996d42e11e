"""DOC documents: every story through the piece table, hidden text, tables, and what was left over."""

from __future__ import annotations

import bisect
import re
import struct
from typing import Callable, Iterator

from gateway.extract.fault import ContainerFault
from gateway.extract.office.compound import read_compound
from gateway.extract.office.compound_file import Compound
from gateway.extract.office.embedded_object import embedded
from gateway.extract.office.embedded_pictures import drawn_pictures
from gateway.extract.office.text_runs import text_runs, wide_runs
from gateway.extract.office.word_formats import Spans, characters, hidden_spans, in_tables, row_ends
from gateway.extract.office.word_pieces import (
    STORIES,
    Header,
    Piece,
    joined,
    read_header,
    read_pieces,
    text_of,
    uncovered,
)
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_CODE = re.compile("\x13([^\x13\x14\x15]*)(?=[\x13\x14\x15])")
# Marks of notes, pictures, drawings, fields and optional hyphens.
_MARKS: dict[int, str | None] = {ord(c): None for c in "\0\1\2\3\4\5\6\x08\x13\x14\x15\x1f\xad"}
_MARKS |= {0x0B: "\n", 0x0C: "\n", 0x0D: "\n", 0x0E: "\n", 0x1E: "-"}
_CELL = "\x07"
_Find = Callable[[bytes, bytes, tuple[int, int]], Spans]
_SEEN = frozenset(("text", "footnotes", "headers and footers", "endnotes", "text boxes",
                   "text boxes in headers"))  # fmt: skip


def read_legacy_document(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """The document, and every stream beside it."""
    yield from read_compound(part, limits)


def read_word(part: Part, compound: Compound, limits: ReadLimits) -> Iterator[Content]:
    """The document in a compound file. Raises ContainerFault."""
    stream = _stream(compound, "WordDocument")
    header = read_header(stream)
    if header.encrypted:
        for name in ("0Table", "1Table", "Data"):
            _stream(compound, name)
        yield Gap(part.location, "encrypted", "a Word document that needs a password")
        return
    tables = {name: _stream(compound, name) for name in ("0Table", "1Table")}
    table = stream if header.old else tables[header.table]
    try:
        pieces = read_pieces(header, stream, table, limits)
    except ContainerFault as fault:
        yield Gap(part.location.at("text"), fault.reason, fault.detail)
        text = "\n".join((text_runs(stream), *map(text_runs, tables.values())))
        yield from bounded_text(part, text, "text found", limits)
        return
    yield from _Document(part, header, stream, table, pieces, limits).contents()
    # Names of bookmarks, authors of changes, titles, captions: the table streams' own words.
    around = "\n".join(run for content in tables.values() for run in wide_runs(content))
    yield from bounded_text(part, around, "around the text", limits, True)
    beside = _stream(compound, "Data")
    fields = "\n".join(wide_runs(beside))
    yield from bounded_text(part, fields, "form fields", limits, True)
    for number, picture in enumerate(drawn_pictures(stream + beside), 1):
        yield embedded(part, f"picture{number}", picture, None)


def _stream(compound: Compound, name: str) -> bytes:
    path = compound.find(name)
    return compound.take(path) if path else b""


class _Document:
    """One document whose pieces are known."""

    def __init__(
        self, part: Part, header: Header, stream: bytes, table: bytes, pieces: list[Piece],
        limits: ReadLimits,
    ) -> None:  # fmt: skip
        self.part, self.header, self.stream, self.table = part, header, stream, table
        self.pieces, self.limits = pieces, limits
        self.gaps: list[Gap] = []
        self.text = text_of(pieces, stream)
        self.hidden = self._spans(hidden_spans, header.characters)
        self.inside = self._spans(in_tables, header.paragraphs)
        self.ends = [end for _, end in self._spans(row_ends, header.paragraphs)]

    def _spans(self, find: _Find, place: tuple[int, int]) -> Spans:
        try:
            return characters(find(self.stream, self.table, place), self.pieces)
        except (struct.error, IndexError):
            location = self.part.location.at("text")
            self.gaps.append(Gap(location, "unreadable", "damaged formats: what is hidden"))
            return []

    def contents(self) -> Iterator[Content]:
        at, codes = 0, []
        lengths = self.header.lengths
        if sum(lengths) > len(self.text):
            self.gaps.append(
                Gap(self.part.location.at("text"), "unreadable", "a text that is cut off")
            )
        for story, length in zip((*STORIES, "end"), (*lengths, len(self.text)), strict=True):
            end = min(at + length, len(self.text))
            if end > at:
                codes += _CODE.findall(self.text[at:end])
                yield from self._story(story, at, end)
            at = end
        yield from bounded_text(self.part, joined("\n".join(codes)), "fields", self.limits, True)
        left = [text_runs(self.stream[a:b]) for a, b in uncovered(self.pieces, len(self.stream))]
        rest = "\n".join(filter(None, left))
        yield from bounded_text(self.part, rest, "left over", self.limits, True)
        yield from self.gaps

    def _story(self, story: str, first: int, end: int) -> Iterator[Content]:
        shown, unseen = self._split(first, end)
        hidden = story not in _SEEN
        yield from bounded_text(self.part, shown, story, self.limits, hidden)
        yield from bounded_text(self.part, unseen, f"hidden in {story}", self.limits, True)
        if _CELL in self.text[first:end]:
            yield from self._tables(story, first, end)

    def _split(self, first: int, end: int) -> tuple[str, str]:
        """What a reader sees, and what is hidden or deleted."""
        shown, unseen, at = [], [], first
        for start, stop in self.hidden:
            start, stop = max(start, at), min(stop, end)
            if stop > start:
                shown.append(self.text[at:start])
                unseen.append(self.text[start:stop])
                at = stop
        shown.append(self.text[at:end])
        return _clean("".join(shown)), _clean("\n".join(unseen))

    def _tables(self, story: str, first: int, end: int) -> Iterator[Content]:
        """Rows that follow one another without a paragraph between them are a table."""
        rows: list[list[str]] = []
        number = 0
        for row, starts in self._rows(first, end):
            if starts and rows:
                number += 1
                yield self._table(story, number, rows)
                rows = []
            rows.append(row)
        if rows:
            yield self._table(story, number + 1, rows)

    def _table(self, story: str, number: int, rows: list[list[str]]) -> Table:
        location = self.part.location.at(f"{story}, table {number}")
        return Table(location, rows, "visible", len(rows), "text")

    def _rows(self, first: int, end: int) -> Iterator[tuple[list[str], bool]]:
        """(cells, does a new table start here) of every row."""
        text, row, at, starts = self.text, list[str](), first, True
        width = 0
        while True:
            mark = text.find(_CELL, at, end)
            if mark < 0:
                if row:
                    yield row, starts
                return
            cell = text[at:mark]
            if not row and "\r" in cell:
                # Paragraphs before the first cell of a table stand outside it.
                outside = self._outside(at, mark)
                starts = starts or outside > at
                cell = text[outside:mark]
            if self._ends_row(mark, cell, row, width):
                yield row, starts
                width, row, starts = len(row), [], False
            else:
                row.append(" ".join(joined(_clean(cell)).split()))
            at = mark + 1

    def _outside(self, at: int, mark: int) -> int:
        """Where the first cell begins, behind the paragraphs before its table."""
        end = self.text.rfind("\r", at, mark)
        while end >= at and self._in_table(end):
            end = self.text.rfind("\r", at, end)
        return max(end + 1, at)

    def _in_table(self, place: int) -> bool:
        index = bisect.bisect_right(self.inside, (place, len(self.text))) - 1
        return index >= 0 and self.inside[index][0] <= place < self.inside[index][1]

    def _ends_row(self, mark: int, cell: str, row: list[str], width: int) -> bool:
        if cell or not row:
            return False
        if self.ends:
            index = bisect.bisect_left(self.ends, mark + 1)
            return index < len(self.ends) and self.ends[index] == mark + 1
        return not width or len(row) >= width


def _clean(text: str) -> str:
    text = _CODE.sub("", text) if "\x13" in text else text
    text = text.replace("\x07\x07", "\n").replace(_CELL, "\t").translate(_MARKS)
    return joined(text)
