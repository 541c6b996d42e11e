"""Finds text of registered documents again, however it is quoted, wrapped or cut.

Invariants: what stands in a public document counts for nothing, what several releases share for
little; shared shingles count where they follow each other in message and document alike, so that a
word changed here and there breaks nothing and scattered coincidences add up to nothing; the work is
linear in the text and bounded for each release.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from gateway.detect.material.phrase_hits import Hits, PhraseIndex
from gateway.detect.material.phrase_prints import is_prose
from gateway.detect.material.phrase_runs import FEWEST, Scale, runs
from gateway.detect.material.shingles import Words, flattened, words
from gateway.model.content import Table, Text
from gateway.model.material import Material
from gateway.model.message import Location
from gateway.model.rows import DeferredRows
from gateway.model.trace import Trace

ENOUGH = 1000.0
"""Bits from which on no more of a release is looked for in a text."""
AT_MOST = 64
"""Traces of one release in one text; they are many times what any threshold asks for."""

_SHORT_TEXT = 200


class PhraseMatcher:
    """Built once in a process; read-only."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._index = PhraseIndex(material)

    def in_text(self, text: Text) -> list[Trace]:
        """The phrases that a text shares with registered documents."""
        if len(text.text) < _SHORT_TEXT and _too_short(text.text):
            return []
        return self._shared(flattened(text.text), text.location) if self._index else []

    def in_table(self, table: Table, shared: bool = True) -> list[Trace]:
        """The phrases that the cells of a table share with them. `shared`: with the strings that
        the table has in common with others of its file."""
        if not self._index:
            return []
        prose = "\n".join(filter(is_prose, _cells(table, shared)))
        return self._shared(flattened(prose), table.location) if prose else []

    def _shared(self, flat: bytes, location: Location) -> list[Trace]:
        found: dict[str, dict[int, Trace]] = {}
        wanted = np.ones(len(self._index.releases), bool)
        for piece in words(flat):
            hits = self._index.hits(piece, wanted)
            if hits is None:
                continue
            for trace in self._traces(piece, hits, location):
                marks = found.setdefault(trace.release, {})
                known = marks.get(trace.mark)
                if known is None or known.bits < trace.bits:
                    marks[trace.mark] = trace
            for number, release in enumerate(self._index.releases):
                marks = found.get(release, {})
                wanted[number] = sum(trace.bits for trace in marks.values()) < ENOUGH
        return [
            trace
            for marks in found.values()
            for trace in sorted(marks.values(), key=lambda one: (-one.bits, one.mark))[:AT_MOST]
        ]

    def _traces(self, piece: Words, hits: Hits, location: Location) -> Iterator[Trace]:
        scale = Scale(piece)
        secret = []
        for document, group in groupby(hits.by_document(), key=lambda pair: pair[0]):
            for run in runs(hit for _, hit in group):
                if self._index.public[document]:
                    scale.hide(run)
                else:
                    secret.append(run)
        for run in secret:
            for index, bits in scale.shares(run).items():
                yield self._trace(hits, index, bits, location)

    def _trace(self, hits: Hits, index: int, bits: float, location: Location) -> Trace:
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
