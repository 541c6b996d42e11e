"""Looks up which shingles of a piece of text stand in registered documents.

Invariants: what several releases share is worth little, and so is what one document repeats; a
shingle that the message repeats is looked at a few times; hits that no other hit supports are left
out. Arrays only: ordinary mail has a few coincidences with any large register.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.detect.material.phrase_runs import DRIFT, Hit
from gateway.detect.material.shingles import Words
from gateway.detect.material.sieve import Sieve
from gateway.model.keyed import Digests
from gateway.model.material import Material

_COMMON = 64
"""What stands in so many places is a turn of phrase."""
_AT_MOST = 12_000
"""Hits of one piece, the rarest first: they tell most."""
_OFTEN = 3
_SHARED = np.array([0, 1, 0.5, 0.1, 0.1, 0])
"""What a shingle is worth that stands in the material of so many releases."""
_REPEATED = np.array([0, 1, 1, 0.5, 0.25])
"""What it is worth where it stands so many times in one document: headers of pages, templates."""
_KNOWN = 0.5
"""What it is worth where the public knows it, too."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Shared shingles of one piece, by document and word: one for each place in each document.

    `at` and `position` are the first words in message and document, `worth` is up to 1.
    """

    document: NDArray[np.intp]
    at: NDArray[np.intp]
    position: NDArray[np.intp]
    place: NDArray[np.intp]
    worth: NDArray[np.float64]
    digest: Digests

    def by_document(self) -> Iterator[tuple[int, Hit]]:
        """The hits with their documents, those of one document together."""
        at, position, worth = self.at.tolist(), self.position.tolist(), self.worth.tolist()
        hits = map(Hit, at, position, worth, range(len(at)))
        return zip(self.document.tolist(), hits, strict=True)


class PhraseIndex:
    """The phrases of registered material; built once in a process, read-only."""

    def __init__(self, material: Material) -> None:
        self._keyed = material.digesters.phrase
        self._digests = np.asarray(material.phrases.digests)
        self._entries = np.asarray(material.phrases.entries)
        self._sieve = Sieve(self._digests)
        self.releases = sorted({document.release for document in material.documents})
        number = {name: index for index, name in enumerate(self.releases)}
        self.release = np.array([number[d.release] for d in material.documents], np.intp)
        self.public = np.array([document.public for document in material.documents], bool)

    def __bool__(self) -> bool:
        return len(self._digests) > 0

    def hits(self, piece: Words, wanted: NDArray[np.bool_]) -> Hits | None:
        """What a piece shares with public documents and those of the releases that are `wanted`."""
        shingles = piece.shingles()
        digests = self._keyed.of_pairs(shingles.pairs)
        at = self._sieve.passes(digests).nonzero()[0]
        digests = digests[at]
        first = self._digests.searchsorted(digests)
        known = (self._digests.take(first, mode="clip") == digests).nonzero()[0]
        if len(known) < 2:
            return None  # one proves nothing
        at, digests, first = shingles.at[at[known]], digests[known], first[known]
        count = self._digests.searchsorted(digests, "right") - first
        few = (count <= _COMMON) & _seldom(digests)
        rarest = count.argsort(kind="stable")
        few[rarest[(count * few)[rarest].cumsum() > _AT_MOST]] = False
        at, digests, first, count = at[few], digests[few], first[few], count[few]
        row = np.repeat(np.arange(len(at)), count)
        entry = np.arange(len(row)) - np.repeat(count.cumsum() - count, count) + first[row]
        entries = self._entries[entry]
        document, position = entries["document"].astype(np.intp), entries["position"]
        worth = self._worth(row, document)
        kept = _supported(document, position.astype(np.intp) - at[row])
        secret = ~self.public[document] & wanted[self.release[document]] & (worth > 0)
        if not (kept & secret).any():
            return None
        kept &= secret | self.public[document]
        order = np.lexsort((position, at[row], document))
        order = order[kept[order]]
        return Hits(
            document[order], at[row[order]], position[order].astype(np.intp),
            entries["place"][order].astype(np.intp), worth[order], digests[row[order]],
        )  # fmt: skip

    def _worth(self, row: NDArray[np.intp], document: NDArray[np.intp]) -> NDArray[np.float64]:
        """What each entry is worth; `row` says which shingle it is of."""
        secret = ~self.public[document]
        pairs = np.unique((row * len(self.releases) + self.release[document])[secret])
        rows = int(row[-1]) + 1 if len(row) else 0
        sharing = np.bincount(pairs // len(self.releases), minlength=rows)
        known = np.bincount(row, ~secret, rows) > 0
        _, which, times = np.unique(
            row * len(self.public) + document, return_inverse=True, return_counts=True
        )
        worth = _SHARED[np.minimum(sharing, 5)] * np.where(known, _KNOWN, 1)
        return np.where(secret, worth[row] * _REPEATED[np.minimum(times[which], 4)], 1.0)


def _seldom(digests: Digests) -> NDArray[np.bool_]:
    """Which of them are among the first few of their kind: repetition proves nothing."""
    order = digests.argsort(kind="stable")
    ordered = digests[order]
    seldom = np.ones(len(digests), bool)
    seldom[order[_OFTEN:]] = ordered[_OFTEN:] != ordered[:-_OFTEN]
    return seldom


def _supported(document: NDArray[np.intp], ahead: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which hits have another of the same document nearly in step. `ahead` is by how many words
    they stand later in the document than in the message."""
    order = np.lexsort((ahead, document))
    near = np.diff(ahead[order]) <= DRIFT
    near &= np.diff(document[order]) == 0
    supported = np.zeros(len(document), bool)
    supported[order[1:]] = near
    supported[order[:-1]] |= near
    return supported
