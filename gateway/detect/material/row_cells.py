"""The columns of a table as digests: each different text is read and digested once.

Two columns that stand beside each other are one more column where both hold words, because a name
in one cell is a name in two elsewhere. Nothing here outlives the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.model.keyed import Digests, KeyedDigest
from gateway.model.unit_register import Checks, checks_of
from gateway.model.unit_value import readings, shape

READINGS = 6
Place = tuple[int, ...]
Cells = Sequence[Sequence[str]]


class Budget:
    """How much work one part may make: different texts that are digested, rows of registers that
    are looked at."""

    def __init__(self, texts: int = 1_200_000, candidates: int = 400_000) -> None:
        self.texts, self.candidates = texts, candidates
        self.spent = False

    def take_texts(self, count: int) -> bool:
        """Whether so many may still be digested."""
        self.texts -= count
        self.spent = self.spent or self.texts < 0
        return self.texts >= 0

    def take_candidates(self, count: int, cut: bool) -> None:
        """Count rows that are looked at, no more than `candidates`; `cut`: others are not."""
        self.candidates -= count
        self.spent = self.spent or cut


@dataclass(frozen=True, slots=True)
class Column:
    """A column's different texts: `number` is which of them each row has, `digests` and `checks`
    are of their readings, (texts, READINGS), 0 for none."""

    number: NDArray[np.intp]
    digests: Digests
    checks: Checks


class Columns:
    """The columns of one table that were asked for, digested when they are."""

    def __init__(self, rows: Cells, digest: KeyedDigest, budget: Budget) -> None:
        self._rows, self._digest, self._budget = rows, digest, budget
        self._known: dict[Place, Column | None] = {}

    def column(self, place: Place) -> Column | None:
        """None where the work would be too much."""
        if place not in self._known:
            self._known[place] = self._column(place)
        return self._known[place]

    def of_rows(self, rows: Cells) -> Columns:
        """The same for some rows alone."""
        return Columns(rows, self._digest, self._budget)

    def _column(self, place: Place) -> Column | None:
        numbers: dict[str, int] = {}
        number = [numbers.setdefault(text_at(row, place), len(numbers)) for row in self._rows]
        if not self._budget.take_texts(len(numbers)):
            return None
        digests = digested(numbers, self._digest)
        return Column(np.array(number, np.intp), digests, checks_of(digests))


def text_at(row: Sequence[str], place: Place) -> str:
    if len(place) == 1:
        return row[place[0]] if place[0] < len(row) else ""
    if place[-1] >= len(row):
        return ""
    cells = [row[column] for column in place]
    return " ".join(cells) if all(cells) else ""


def digested(texts: Iterable[str], digest: KeyedDigest) -> Digests:
    """The digests of all readings of each text, (texts, READINGS), 0 for none."""
    meant = [readings(text)[:READINGS] for text in texts]
    found = np.zeros((len(meant), READINGS), np.uint64)
    if counts := [len(each) for each in meant]:
        flat = digest.many([one for each in meant for one in each])
        found[np.arange(READINGS) < np.array(counts)[:, None]] = flat
    return found


def shapes_in(rows: Cells, place: Place) -> set[str]:
    """The shapes of a column's values in some rows."""
    return {shape(one) for row in rows for one in readings(text_at(row, place))}


def letter(column: int) -> str:
    """A, B, … Z, AA, as a workbook names its columns."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
