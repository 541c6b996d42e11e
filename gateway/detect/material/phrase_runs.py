"""Joins shared shingles that follow each other in message and document, and says what they prove.

Invariants: a run is worth the words that it shares, each counted once; a word changed or left out
within it costs no more than its own; single coincidences are worth nothing. Where a run's numbers
are other ones, it is likelier an earlier edition's sentence, and they count against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gateway.detect.material.phrase_weights import bits_of, is_number
from gateway.detect.material.shingles import SIZE, WINDOW, Words

PENALTY = 12.0
"""Bits that every run must bring before it counts."""
FEWEST = 6
"""Words that a run must share at least."""

_REACH = 40
_DRIFT = 8
_OPEN = 16


@dataclass(frozen=True, slots=True)
class Hit:
    """A shared shingle: the numbers of its first word in message and document, what it is worth
    there, up to 1, and its number among the hits."""

    at: int
    position: int
    worth: float
    index: int


@dataclass(slots=True)
class Run:
    """Hits of one document that follow each other."""

    hits: list[Hit] = field(default_factory=list)

    def drift(self, hit: Hit) -> int:
        """By how many words a hit would be out of step; many where it does not follow."""
        step, other = hit.at - self.hits[-1].at, hit.position - self.hits[-1].position
        follows = 0 < step <= _REACH and 0 < other <= _REACH
        return abs(step - other) if follows else _REACH


def runs(hits: Iterable[Hit]) -> Iterator[Run]:
    """The runs of one document's hits, which come in the order of the message."""
    waiting: list[Run] = []
    for hit in hits:
        best = min(waiting, key=lambda run: run.drift(hit), default=None)
        if best is None or best.drift(hit) > _DRIFT:
            if len(waiting) == _OPEN:
                yield waiting.pop(0)
            best = Run()
        else:
            waiting.remove(best)
        best.hits.append(hit)
        waiting.append(best)  # the one that grew last comes last
    yield from waiting


class Scale:
    """What any stretch of a message's words is worth."""

    __slots__ = ("_bits", "_counted", "_numbers")

    def __init__(self, piece: Words, public: NDArray[np.intp]) -> None:
        """`public` is where shingles begin that the public knows."""
        bits = bits_of(piece)
        bits[(public[:, None] + np.arange(SIZE)).ravel()] = 0
        self._bits = _sums(bits)
        self._counted = _sums(bits > 0)
        self._numbers = _sums(np.where(is_number(piece), bits, 0))

    def shares(self, run: Run) -> list[tuple[int, float]]:
        """What each hit of a run adds, by its number, in bits: the words that it is the first to
        cover. Nothing where the run proves nothing."""
        found: list[tuple[int, float]] = []
        total, lost, words, covered = 0.0, PENALTY, 0.0, run.hits[0].at
        before: Hit | None = None
        for hit in run.hits:
            begin = covered if before and _closed(before, hit) else max(hit.at, covered)
            end = hit.at + SIZE
            added = hit.worth * (self._bits[end] - self._bits[begin])
            words += self._counted[end] - self._counted[begin]
            total += added
            lost += self._numbers[begin] - self._numbers[covered]
            found.append((hit.index, added))
            covered, before = end, hit
        if words < FEWEST or total <= lost:
            return []
        left = (total - lost) / total
        return [(index, added * left) for index, added in found if added > 0]


def _closed(before: Hit, hit: Hit) -> bool:
    """Is nothing changed between two hits? They stand equally far apart in message and document,
    and so near each other that no other shingle need have been chosen between them."""
    step = hit.at - before.at
    return step == hit.position - before.position and step < SIZE + WINDOW


def _sums(numbers: NDArray[np.float64] | NDArray[np.bool_]) -> list[float]:
    """The sum of all that stand before each, and at last of all."""
    sums: list[float] = numbers.cumsum(dtype=np.float64).tolist()
    return [0.0, *sums]
