"""Joins shared shingles that follow each other in message and document, and says what they prove.

Invariants: a run is worth the words that it shares, each counted once; a word changed or left out
within it costs no more than its own; single coincidences are worth nothing. Where a run's numbers
are other ones, it is likelier an earlier edition's sentence, and they count against it. What a run
shared with a public document explains of a word, that word is worth less in any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from gateway.detect.material.phrase_weights import bits_of, is_number
from gateway.detect.material.shingles import SIZE, Words

PENALTY = 12.0
"""Bits that every run must bring before it counts."""
FEWEST = 6
"""Words that a run must share at least."""
REACH = 40
"""So many words on, at most, a run goes on."""
DRIFT = 8
"""By so many words, at most, more or fewer than in the document."""

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
        follows = 0 < step <= REACH and 0 < other <= REACH
        return abs(step - other) if follows else REACH


def runs(hits: Iterable[Hit]) -> Iterator[Run]:
    """The runs of one document's hits, which come in the order of the message."""
    waiting: list[Run] = []
    for hit in hits:
        while waiting and hit.at - waiting[0].hits[-1].at > REACH:
            yield waiting.pop(0)
        best, least = None, DRIFT + 1
        for run in reversed(waiting):
            if (drift := run.drift(hit)) < least:
                best, least = run, drift
                if not drift:
                    break
        if best is None:
            if len(waiting) == _OPEN:
                yield waiting.pop(0)
            best = Run()
        else:
            waiting.remove(best)
        best.hits.append(hit)
        waiting.append(best)  # the one that grew last comes last
    yield from waiting


class Scale:
    """What a message's words are worth."""

    __slots__ = ("_bits", "_numbers", "_public")

    def __init__(self, piece: Words) -> None:
        bits = bits_of(piece)
        numbers = np.where(is_number(piece), bits, 0).cumsum()
        self._bits: list[float] = bits.tolist()
        self._numbers: list[float] = [0.0, *numbers.tolist()]
        self._public: dict[int, float] = {}

    def hide(self, run: Run) -> None:
        """A run is shared with a public document: what that explains proves nothing else."""
        worth = {word: hit.worth for word, hit in self._covered(run).items()}
        proven = self._proven(run, worth)
        for word, part in worth.items():
            self._public[word] = max(self._public.get(word, 0.0), proven * part)

    def shares(self, run: Run) -> dict[int, float]:
        """What each hit of a run adds, by its number, in bits. Nothing where it proves nothing."""
        covered = self._covered(run)
        worth = {word: hit.worth - self._public.get(word, 0.0) for word, hit in covered.items()}
        worth = {word: part for word, part in worth.items() if part > 0}
        proven = self._proven(run, worth)
        shares: dict[int, float] = {}
        for word, part in worth.items() if proven else ():
            index = covered[word].index
            shares[index] = shares.get(index, 0.0) + proven * part * self._bits[word]
        return shares

    @staticmethod
    def _covered(run: Run) -> dict[int, Hit]:
        """The words that a run shares, each with the hit that makes most of it."""
        covered: dict[int, Hit] = {}
        for hit in run.hits:
            for word in range(hit.at, hit.at + SIZE):
                if word not in covered or covered[word].worth < hit.worth:
                    covered[word] = hit
        return covered

    def _proven(self, run: Run, worth: dict[int, float]) -> float:
        """What is left of a run's bits, as a part of 1, once chance has had its share. `worth` is
        what its words are worth, each as a part of 1."""
        total = sum(part * self._bits[word] for word, part in worth.items())
        lost, end = PENALTY, run.hits[0].at
        for hit in run.hits:
            lost += self._numbers[max(hit.at, end)] - self._numbers[end]
            end = hit.at + SIZE
        return 1 - lost / total if len(worth) >= FEWEST and total > lost else 0.0
