"""What is kept of a document's words when it is registered: keyed digests of chosen shingles.

Invariants: nothing but digests, positions and the names of places leaves; places are numbered pages,
paragraphs and rows and quote nothing but the names that readers give ("sheet Notes", "slide 4").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.detect.material.shingles import flattened, words
from gateway.model.content import Content, Table, Text
from gateway.model.keyed import DIGEST, Digests
from gateway.model.material import PHRASE, Digesters
from gateway.model.message import Gap, Location

WORDS_OF_CELL = 6
"""A cell with as many words is prose, and no label."""
AT_MOST = 1_000_000
"""Words of a document that are registered."""
OFTEN = 4
"""So many times a shingle of one document is kept; more say nothing new."""

_WRAPPED = 100
_SECTION = 1000
_ROWS_AT_ONCE = 2000
Passage = tuple[str, Location]


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
    flat, ends, numbers, count = [], [], [], 0
    length = 0
    for text, location in _passages(contents):
        flat.append(flattened(text))
        length += len(flat[-1]) + 1
        ends.append(length)
        numbers.append(names.setdefault(location.where, len(names)))
        count += len(flat[-1].split())
        if count > AT_MOST:
            detail = f"more than {AT_MOST:,} words: what comes after them is not registered"
            gaps.append(Gap(location, "limit", detail))
            break
    found, entries = _chosen(b" ".join(flat), np.array(ends), np.array(numbers), digesters)
    return PhrasePrints(found, entries, tuple(names), count, tuple(gaps))


def is_prose(cell: str) -> bool:
    """Does a cell hold a sentence or more?"""
    if len(cell) < 2 * WORDS_OF_CELL:
        return False
    blanks = cell.count(" ")
    return blanks >= WORDS_OF_CELL - 1 or not (blanks or cell.isascii())


def _passages(contents: Iterable[Content]) -> Iterator[Passage]:
    """The passages to register, each with its place: texts as they follow each other, then cells."""
    contents = list(contents)
    texts = [content for content in contents if isinstance(content, Text)]
    tables = [content for content in contents if isinstance(content, Table)]
    names = {text.location.name for text in texts} | {table.location.name for table in tables}
    several = len(names) > 1
    for text in texts:
        for paragraph, place in _paragraphs(text.text):
            yield paragraph, _at(text.location, place, several)
    for table in tables:
        for first in range(0, len(table.rows), _ROWS_AT_ONCE):
            rows = table.rows[first : first + _ROWS_AT_ONCE]
            for number, row in enumerate(rows, first + 1):
                for cell in filter(is_prose, row):
                    yield cell, _at(table.location, f"row {number}", several)


def _at(location: Location, place: str, several: bool) -> Location:
    """`several`: the document packs several files, and names of places are not enough."""
    named = (location.name or "") if several else ""
    return location.at(", ".join(filter(None, (named, location.where, place))))


def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    """Paragraphs and their names; a short text is one place. Where lines are wrapped, blank lines
    part paragraphs; else each line is one."""
    if len(text) < _SECTION:
        yield text, ""
        return
    text = text.replace("\r\n", "\n")
    lines = text.splitlines()
    wrapped = "" in lines and max(map(len, lines)) < _WRAPPED
    parts = text.split("\n\n") if wrapped else lines
    filled = (part for part in parts if part and not part.isspace())
    for number, paragraph in enumerate(filled, 1):
        yield paragraph, f"paragraph {number}"


def _chosen(
    flat: bytes, ends: NDArray[np.intp], numbers: NDArray[np.intp], digesters: Digesters
) -> tuple[Digests, NDArray[np.void]]:
    """`ends` is where the passages end in the flattened text, `numbers` are their places."""
    digests = [np.empty(0, DIGEST)]
    entries = [np.empty(0, PHRASE)]
    for piece in words(flat):
        shingles = piece.shingles()
        digests.append(digesters.phrase.of_pairs(shingles.pairs))
        found = np.zeros(len(shingles.at), PHRASE)
        found["position"] = shingles.at + piece.first
        if len(found):
            found["place"] = numbers[np.searchsorted(ends, piece.starts[shingles.at], "right")]
        entries.append(found)
    return _rarest(np.concatenate(digests), np.concatenate(entries))


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
