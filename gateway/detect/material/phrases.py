"""Finds text of registered documents again, however it is quoted, wrapped or cut.

Invariants: what stands in a public document counts for nothing, what several releases share for
little; shared shingles count where they follow each other in message and document alike, so that a
word changed here and there breaks nothing and scattered coincidences add up to nothing; the work is
linear in the text and bounded for each release.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from gateway.detect.material.phrase_prints import is_prose
from gateway.detect.material.phrase_runs import FEWEST, Hit, Scale, runs
from gateway.detect.material.shingles import Words, flattened, words
from gateway.detect.material.sieve import Sieve
from gateway.model.content import Table, Text
from gateway.model.keyed import Digests
from gateway.model.material import Material, Trace
from gateway.model.message import Location
from gateway.model.rows import DeferredRows

ENOUGH = 1000.0
"""Bits from which on no more of a release is looked for in a text."""
AT_MOST = 64
"""Traces of one release in one text; they are many times what any threshold asks for."""

_COMMON = 64
_OFTEN = 3
_SHORT_TEXT = 200
_SHARED = np.array([0, 1, 0.5, 0.1, 0.1, 0])
"""What a shingle is worth that stands in the material of so many releases."""
_REPEATED = np.array([0, 1, 1, 0.5, 0.25])
"""What it is worth where it stands so many times in one document: headers of pages, templates."""


@dataclass(frozen=True, slots=True)
class _Hits:
    """Shared shingles of one piece, by document and word; one of each for each place in it.

    `at` and `position` are the first words in message and document, `worth` is up to 1, and
    `public` are the words at which shingles begin that are public.
    """

    document: NDArray[np.intp]
    at: NDArray[np.intp]
    position: NDArray[np.intp]
    place: NDArray[np.intp]
    worth: NDArray[np.float64]
    digest: Digests
    public: NDArray[np.intp]

    def by_document(self) -> Iterator[tuple[int, Hit]]:
        """The hits with their documents, those of one document together."""
        at, position, worth = self.at.tolist(), self.position.tolist(), self.worth.tolist()
        hits = map(Hit, at, position, worth, range(len(at)))
        return zip(self.document.tolist(), hits, strict=True)


class PhraseMatcher:
    """Built once in a process; read-only."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._digests = np.asarray(material.phrases.digests)
        self._entries = np.asarray(material.phrases.entries)
        self._sieve = Sieve(self._digests)
        self._public = np.array([document.public for document in material.documents], bool)
        names = sorted({document.release for document in material.documents})
        number = {name: index for index, name in enumerate(names)}
        self._releases = names
        self._release = np.array([number[d.release] for d in material.documents], np.intp)

    def in_text(self, text: Text) -> list[Trace]:
        """The phrases that a text shares with registered documents."""
        if len(text.text) < _SHORT_TEXT and _too_short(text.text):
            return []
        return self._shared(flattened(text.text), text.location)

    def in_table(self, table: Table, shared: bool = True) -> list[Trace]:
        """The phrases that the cells of a table share with them. `shared`: with the strings that
        the table has in common with others of its file."""
        if not len(self._digests):
            return []
        prose = "\n".join(filter(is_prose, _cells(table, shared)))
        return self._shared(flattened(prose), table.location) if prose else []

    def _shared(self, flat: bytes, location: Location) -> list[Trace]:
        if not len(self._digests):
            return []
        found: dict[int, dict[int, Trace]] = {}
        left = np.ones(len(self._releases), bool)
        for piece in words(flat):
            hits = self._hits(piece, left)
            if hits is None:
                continue
            for trace, release in self._traces(piece, hits, location):
                marks = found.setdefault(release, {})
                known = marks.get(trace.mark)
                if known is None or known.bits < trace.bits:
                    marks[trace.mark] = trace
            for release, marks in found.items():
                left[release] = sum(trace.bits for trace in marks.values()) < ENOUGH
        return [
            trace
            for marks in found.values()
            for trace in sorted(marks.values(), key=lambda one: (-one.bits, one.mark))[:AT_MOST]
        ]

    def _hits(self, piece: Words, left: NDArray[np.bool_]) -> _Hits | None:
        """What a piece shares with any document of the releases that are `left`."""
        shingles = piece.shingles()
        digests = self._material.digesters.phrase.of_pairs(shingles.pairs)
        at = self._sieve.passes(digests).nonzero()[0]
        digests = digests[at]
        first = self._digests.searchsorted(digests)
        known = self._digests.take(first, mode="clip") == digests
        if not known.any():
            return None
        at, digests, first = shingles.at[at[known]], digests[known], first[known]
        count = self._digests.searchsorted(digests, "right") - first
        few = (count <= _COMMON) & _seldom(digests)
        at, digests, first, count = at[few], digests[few], first[few], count[few]
        row = np.repeat(np.arange(len(at)), count)
        entry = np.arange(len(row)) - np.repeat(count.cumsum() - count, count) + first[row]
        entries = self._entries[entry]
        document = entries["document"].astype(np.intp)
        public = np.bincount(row, self._public[document], len(at)) > 0
        secret = ~public[row] & left[self._release[document]]
        row, entries, document = row[secret], entries[secret], document[secret]
        if not len(row):
            return None
        worth = _SHARED[np.minimum(_different(row, self._release[document], len(at))[row], 5)]
        _, which, times = np.unique(
            row * len(self._public) + document, return_inverse=True, return_counts=True
        )
        worth = worth * _REPEATED[np.minimum(times[which], 4)]
        order = np.lexsort((entries["position"], at[row], document))
        row, entries = row[order], entries[order]
        return _Hits(
            document[order], at[row], entries["position"].astype(np.intp),
            entries["place"].astype(np.intp), worth[order], digests[row], at[public],
        )  # fmt: skip

    def _traces(self, piece: Words, hits: _Hits, location: Location) -> Iterator[tuple[Trace, int]]:
        scale = Scale(piece, hits.public)
        for document, group in groupby(hits.by_document(), key=lambda pair: pair[0]):
            release = int(self._release[document])
            for run in runs(hit for _, hit in group):
                for index, bits in scale.shares(run):
                    yield self._trace(hits, index, bits, location), release

    def _trace(self, hits: _Hits, index: int, bits: float, location: Location) -> Trace:
        number = int(hits.document[index])
        document = self._material.documents[number]
        place = self._material.place(number, int(hits.place[index]))
        mark = int(hits.digest[index])
        return Trace("phrase", document.release, document.name, place, location, mark, bits)


def _too_short(text: str) -> bool:
    """Are there too few words to prove anything?"""
    return text.isascii() and len(text.split(None, FEWEST)) <= FEWEST


def _cells(table: Table, shared: bool) -> Iterator[str]:
    rows = table.rows
    if isinstance(rows, DeferredRows):
        common, own = rows.texts()
        yield from common if shared else ()
        yield from own
        return
    for row in rows:
        yield from row


def _seldom(digests: Digests) -> NDArray[np.bool_]:
    """Which of them are among the first few of their kind: repetition proves nothing."""
    order = digests.argsort(kind="stable")
    ordered = digests[order]
    seldom = np.ones(len(digests), bool)
    seldom[order[_OFTEN:]] = ordered[_OFTEN:] != ordered[:-_OFTEN]
    return seldom


def _different(row: NDArray[np.intp], number: NDArray[np.intp], rows: int) -> NDArray[np.intp]:
    """How many different numbers each row has."""
    pairs = np.unique(row * (int(number.max()) + 1) + number)
    return np.bincount(pairs // (int(number.max()) + 1), minlength=rows)
