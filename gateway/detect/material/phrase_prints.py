"""What is kept of a document's words when it is registered: keyed digests of chosen shingles.

Invariants: nothing but digests, positions and the names of places leaves; places are numbered pages,
paragraphs and rows and quote nothing but the names that readers give ("sheet Notes", "slide 4").
Prose alone is taken: the names of styles, fonts and layouts, which programs write into every file,
would make each attachment look like the pack, and labels and figures of tables are known otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.detect.material.shingles import flattened, words
from gateway.model.content import Content, Table, Text
from gateway.model.keyed import DIGEST, Digests
from gateway.model.material import PHRASE, Digesters
from gateway.model.message import Gap, Location

WORDS_OF_PROSE = 6
"""A line or cell with as many words is prose, and no label."""
AT_MOST = 1_000_000
"""Words of a document that are registered."""
OFTEN = 4
"""So many times a shingle of one document is kept; more say nothing new."""

_WRAPPED = 100
_SECTION = 1000
_ROWS_AT_ONCE = 2000
_FURNITURE = re.compile(
    r"file name|(hidden )?sheet names|markup|styles|(slide|notes|handout)master|slidelayout",
    re.IGNORECASE,
)
"""Where programs and templates have sentences of their own."""
_DIGIT = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class _Passage:
    """A paragraph or cell; `location.where` is its place in the document."""

    text: str
    location: Location
    cell: bool = False


@dataclass(frozen=True, slots=True)
class PhrasePrints:
    """Digests and `PHRASE` entries in the same order, by digest; `places` are numbered by the
    entries, from 0. `words` is how many words were read."""

    digests: Digests
    entries: NDArray[np.void]
    places: tuple[str, ...]
    words: int
    gaps: tuple[Gap, ...] = ()


def phrase_prints(contents: Iterable[Content], digesters: Digesters) -> PhrasePrints:
    """The prints of all texts of a document, in their order, then of the cells that are prose."""
    gaps: list[Gap] = []
    names: dict[str, int] = {}
    flat, ends, numbers, count, cells_from = [], [0], [], 0, None
    for passage in _passages(contents):
        if passage.cell and cells_from is None:
            cells_from = ends[-1]
        flat.append(flattened(passage.text))
        ends.append(ends[-1] + len(flat[-1]) + 1)
        numbers.append(names.setdefault(passage.location.where, len(names)))
        count += len(flat[-1].split())
        if count > AT_MOST:
            detail = f"more than {AT_MOST:,} words: what comes after them is not registered"
            gaps.append(Gap(passage.location, "limit", detail))
            break
    digests = [np.empty(0, DIGEST)]
    entries = [np.empty(0, PHRASE)]
    starts = [np.empty(0, np.intp)]
    for piece in words(b" ".join(flat)):
        shingles = piece.shingles()
        digests.append(digesters.phrase.of_pairs(shingles.pairs))
        starts.append(piece.starts[shingles.at])
        entries.append(np.zeros(len(shingles.at), PHRASE))
        entries[-1]["position"] = shingles.at + piece.first
    found, entry = np.concatenate(digests), np.concatenate(entries)
    start = np.concatenate(starts)
    if len(found):
        entry["place"] = np.array(numbers)[np.searchsorted(ends, start, "right") - 1]
    if cells_from is not None:
        # Readers give the cells of a page in its text, too; twice says nothing more than once.
        new = (start < cells_from) | ~np.isin(found, found[start < cells_from])
        found, entry = found[new], entry[new]
    return PhrasePrints(*_rarest(found, entry), tuple(names), count, tuple(gaps))


def is_prose(text: str) -> bool:
    """Does a line or cell hold a sentence or more?"""
    if len(text) < 2 * WORDS_OF_PROSE:
        return False
    blanks = text.count(" ")
    return blanks >= WORDS_OF_PROSE - 1 or not (blanks or text.isascii())


def _passages(contents: Iterable[Content]) -> Iterator[_Passage]:
    """The passages to register: texts as they follow each other, then cells."""
    read = [content for content in contents if isinstance(content, Text | Table)]
    read = [content for content in read if not _FURNITURE.match(content.location.where)]
    several = len({content.location.name for content in read if content.location.name}) > 1
    for text in read:
        if isinstance(text, Text):
            numbered = len(text.text) >= _SECTION and not _DIGIT.search(text.location.where)
            for number, paragraph in _prose(text.text):
                place = f"paragraph {number}" if numbered else ""
                yield _Passage(paragraph, _at(text.location, place, several))
    for table in read:
        if isinstance(table, Table):
            for number, cell in _cells(table):
                yield _Passage(cell, _at(table.location, f"row {number}", several), True)


def _cells(table: Table) -> Iterator[tuple[int, str]]:
    """The cells that are prose, with the numbers of their rows."""
    for first in range(0, len(table.rows), _ROWS_AT_ONCE):
        for number, row in enumerate(table.rows[first : first + _ROWS_AT_ONCE], first + 1):
            yield from ((number, cell) for cell in row if is_prose(cell))


def _at(location: Location, place: str, several: bool) -> Location:
    """`several`: the document packs several files, and names of places are not enough."""
    named = (location.name or "") if several else ""
    return location.at(", ".join(filter(None, (named, location.where, place))))


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """The paragraphs that are prose, and the lines that end one, with their numbers. Where lines are
    wrapped, blank lines part paragraphs; else each line is one."""
    text = text.replace("\r\n", "\n")
    lines = text.split("\n")
    wrapped = "" in lines and max(map(len, lines)) < _WRAPPED
    parts = text.split("\n\n") if wrapped else lines
    filled = (part for part in parts if part and not part.isspace())
    before = False
    for number, paragraph in enumerate(filled, 1):
        prose = is_prose(" ".join(paragraph.split()))
        if prose or before:
            yield number, paragraph
        before = prose


def _rarest(digests: Digests, entries: NDArray[np.void]) -> tuple[Digests, NDArray[np.void]]:
    """By digest and position, each at most `OFTEN` times and never twice in one position."""
    order = np.lexsort((entries["position"], digests))
    digests, entries = digests[order], entries[order]
    new = np.ones(len(digests), bool)
    new[1:] = digests[1:] != digests[:-1]
    new[1:] |= entries["position"][1:] != entries["position"][:-1]
    digests, entries = digests[new], entries[new]
    keep = np.ones(len(digests), bool)
    keep[OFTEN:] = digests[OFTEN:] != digests[:-OFTEN]
    return digests[keep], entries[keep]
