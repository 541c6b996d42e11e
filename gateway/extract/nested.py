"""Everything in a part and in what is embedded in it, under one shared allowance (law 10).

However an archive is nested, its entries together may not be more, larger or longer than one
part may be; what lies beyond is a Gap.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from time import monotonic
from typing import Generator, Iterator

from gateway.extract import types
from gateway.extract.mail.message import Parse, read_parsed
from gateway.extract.packing import Packing
from gateway.extract.registry import read_part, reads_in_worker
from gateway.extract.signatures import detect_type
from gateway.extract.text.cell_lines import CellLines, remarks
from gateway.extract.text.encoded_runs import encoded_runs
from gateway.extract.text.line_columns import WrittenCells, columns_of_lines
from gateway.extract.text.pasted import MAX_BLOCKS, tables_in_text
from gateway.extract.text.written_file import shows
from gateway.model.content import Content, Properties, Table, Text
from gateway.model.file_digest import FileDigest
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Location, Part
from gateway.model.rows import DeferredRows

# Of the seconds that the sandbox grants: whoever is stopped here keeps what was found before.
_SHARE = 0.75
_CHARACTERS = "characters of text"


Packed = tuple[FileDigest, ...]
"""The files of an archive that holds nothing else."""


class SandboxNeeded(Exception):
    """A part that may be read in the worker embeds one that may not."""


def read_nested(
    part: Part,
    limits: ReadLimits,
    parse: Parse | None = None,
    in_worker: bool = False,
    kind: str = "",
) -> Generator[Content, None, Packed]:
    """Texts, tables, properties and gaps of the part and, in their place, of all it embeds; the
    file names too; returned at the end are the files that the part packs. `parse` takes messages
    apart; without it they are read as text, with a Gap. `kind` is the part's detected type, where
    it is known.

    Raises SandboxNeeded, in the worker only: a body of plain text may hold an encoded archive.
    """
    return _Allowance(limits, parse, in_worker).read(part, limits.nested, kind)


def _typed(gap: Gap, kind: str) -> Gap:
    return gap if gap.detected_type else replace(gap, detected_type=kind)


def _as_hidden(content: Content) -> Content:
    return replace(content, visibility="hidden") if isinstance(content, Table) else content


class _Allowance:
    """What is left of the limits while one part is read."""

    def __init__(self, limits: ReadLimits, parse: Parse | None, in_worker: bool) -> None:
        self._limits, self._parse, self._in_worker = limits, parse, in_worker
        self._cells, self._chars = limits.cells, limits.text_chars
        self._bytes, self._entries = limits.expanded_bytes, limits.entries
        self._until = monotonic() + limits.seconds * _SHARE
        self._fresh = True
        self._lines = CellLines()
        self._letters = WrittenCells()
        self._cut: set[str] = set()

    def read(self, part: Part, nesting: int, kind: str = "") -> Generator[Content, None, Packed]:
        if part.name:
            yield from self._bounded(Text(part.location.at("file name"), part.name))
        kind = kind or detect_type(part)
        packing = Packing(kind)
        for content in self._with_pasted(part, kind):
            if not isinstance(content, Part):
                packing.beside(content)
                self._spend(content)
                yield _typed(content, kind) if isinstance(content, Gap) else content
            elif self._is_over:
                # Whatever else the archive holds would be refused as well.
                yield self._last_gap(content)
                return ()
            elif fault := self._fault(content, nesting):
                refused = _typed(Gap(content.location, "limit", fault), detect_type(content))
                packing.beside(refused)
                yield refused
            else:
                if self._in_worker and not reads_in_worker(content, self._limits):
                    raise SandboxNeeded
                self._entries -= 1
                self._bytes -= len(content.content)
                packed = yield from self.read(content, nesting - 1)
                packing.file(content, packed)
        return packing.files

    def _contents(self, part: Part, kind: str) -> Iterator[Content]:
        body = part.role == "body" and part.content_type.startswith("text/")
        if self._parse is not None and not body and kind == types.MESSAGE:
            return read_parsed(part, self._left(), self._parse)
        # Who lets the worker read a part has looked for a second archive in it already.
        return read_part(part, self._left(), kind, single=self._in_worker)

    def _with_pasted(self, part: Part, kind: str) -> Iterator[Content]:
        for whole in self._contents(part, kind):
            for content in self._bounded(whole):
                yield content
                if not isinstance(content, Part):
                    yield from self._pasted(part, kind, content)

    def _bounded(self, content: Content) -> Iterator[Content]:
        """Texts and properties as far as their characters are granted."""
        if isinstance(content, Text):
            left, self._chars = self._chars, self._chars - len(content.text)
            if self._chars >= 0:
                yield content
                return
            content = replace(content, text=content.text[: max(0, left)])
            kept = bool(content.text)
        elif isinstance(content, Properties):
            items = tuple(item for item in content.items if self._granted(item))
            kept = bool(items)
            if len(items) == len(content.items):
                yield content
                return
            content = replace(content, items=items)
        elif isinstance(content, Gap) and content.detail.endswith(_CHARACTERS):
            yield from self._cut_short(content.location)
            return
        else:
            yield content
            return
        if kept:
            yield content
        yield from self._cut_short(content.location)

    def _cut_short(self, location: Location) -> Iterator[Content]:
        """One for each file: rules may let the gaps of pictures pass."""
        if location.part not in self._cut:
            self._cut.add(location.part)
            detail = f"more than {self._limits.text_chars} {_CHARACTERS}"
            yield Gap(location, "limit", detail)

    def _granted(self, item: tuple[str, str]) -> bool:
        self._chars -= sum(map(len, item))
        return self._chars >= 0

    def _pasted(self, part: Part, kind: str, content: Content) -> Iterator[Content]:
        """Rows and files that were pasted where words are expected: a comment, a note, a property.
        Readers of text look for them themselves."""
        if isinstance(content, Properties):
            texts = [value for _, value in content.items]
        elif isinstance(content, Text) and not kind.startswith("text/"):
            macro = content.location.where.startswith("macro ")
            texts = [remarks(content.text) if macro else content.text]
        elif isinstance(content, Table):
            if kind == "text/html":
                return
            yield from self._written(part, content)
            texts = []
            if content.form != "records":
                texts += islice(self._lines.cells(content.rows), MAX_BLOCKS)
            texts += columns_of_lines(content)
        else:
            return
        hidden = getattr(content, "hidden", getattr(content, "visibility", "visible") != "visible")
        for text in texts:
            for found in tables_in_text(part, text, content.location.where):
                yield _as_hidden(found) if hidden else found
            if not isinstance(content, Table):
                yield from encoded_runs(part, text, self._left())

    def _written(self, part: Part, table: Table) -> Iterator[Content]:
        """Files written as letters, a whole one in a cell or a line of it in each row."""
        for text, even in self._letters.texts(table.rows):
            for found in encoded_runs(part, text, self._left()):
                # Numbers that hide who somebody is are long and mean nothing.
                is_file = isinstance(found, Part) and shows(found.content)
                if is_file or not even or isinstance(found, Text):
                    yield found

    def _left(self) -> ReadLimits:
        if self._fresh:
            self._fresh = False
            if self._in_worker:
                return self._limits  # small enough to be read before any clock is looked at
            return replace(self._limits, seconds=self._limits.seconds * _SHARE)
        return replace(
            self._limits, cells=self._cells, text_chars=max(0, self._chars),
            expanded_bytes=self._bytes, entries=self._entries,
            seconds=max(0.0, self._until - monotonic()),
        )  # fmt: skip

    @property
    def _is_over(self) -> bool:
        return self._entries <= 0 or monotonic() > self._until

    def _last_gap(self, part: Part) -> Gap:
        if self._entries <= 0:
            detail = f"more than {self._limits.entries} embedded files, from this one on"
            return Gap(part.location, "limit", detail, detect_type(part))
        return Gap(part.location, "timeout", "no time left, from this file on", detect_type(part))

    def _spend(self, content: Content) -> None:
        if isinstance(content, Table):
            rows = content.rows
            cells = rows.cells if isinstance(rows, DeferredRows) else sum(map(len, rows))
            self._cells = max(0, self._cells - cells)

    def _fault(self, part: Part, nesting: int) -> str:
        if nesting <= 0:
            return "nested too deeply"
        if len(part.content) > self._bytes:
            return f"more than {self._limits.expanded_bytes} bytes unpacked"
        return ""
