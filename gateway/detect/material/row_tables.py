"""Which rows of a table are rows of a register: found by key columns, proved by the other fields.

- Columns whose sampled values do not look like a key's are not looked up; of small tables all are.
- Which column of the table is which field of the register is learnt from some rows and then holds
  for all; what that choice gives away is taken off the proof.
- A table may lie on its side. Work is bounded by the part's `Budget`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gateway.detect.material.row_cells import (
    READINGS,
    Budget,
    Cells,
    Column,
    Columns,
    Place,
    letter,
    shapes_in,
)
from gateway.detect.material.row_evidence import LEAST_OF_A_ROW, RowEvidence, evidence, together
from gateway.model.keyed import KeyedDigest
from gateway.model.unit_register import KeyColumn, UnitRegister, rarest

MOST_COLUMNS = 500
CROWD = 2_000
_SMALL = 50_000
_SAMPLED = 64
_LEARNT_FROM, _LEARNT_FROM_KEYS = 64, 8
_SETTLED = 40.0
_WORDY = frozenset(("t1", "t2", "t3", "t4"))
_UPRIGHT_ROWS = 400


@dataclass(frozen=True, slots=True)
class Matched:
    """The rows of a register that a table or text has. `bits` is the proof for all of them, `of`
    how many rows there were that could have been, None where nobody can tell; `fields` are numbers
    of the register's columns, `columns` letters of the table's."""

    register: UnitRegister
    rows: frozenset[int]
    bits: float
    of: int | None
    fields: tuple[int, ...]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Rows of the register for rows of the table: `row` of the table, found in `place` by `key`."""

    key: KeyColumn
    place: Place
    row: NDArray[np.intp]
    unit: NDArray[np.uint64]
    crowd: NDArray[np.intp]


def match_table(
    rows: Cells, registers: Sequence[UnitRegister], digest: KeyedDigest, budget: Budget
) -> list[Matched]:
    """What each register has of a table: at most one `Matched` for each."""
    width = max(map(len, rows), default=0)
    wide = width > MOST_COLUMNS
    turns = width >= 2 and 2 <= len(rows) <= _UPRIGHT_ROWS
    found: list[Matched] = []
    if not wide:
        looked = _Looked(rows, width, digest, budget)
        found = [one for register in registers if (one := looked.match(register))]
    elif not turns:
        budget.spent = True
    left = [r for r in registers if all(one.register is not r for one in found)]
    if left and turns and (wide or width * len(rows) <= _SMALL):
        turned = [[row[c] if c < len(row) else "" for row in rows] for c in range(width)]
        looked = _Looked(turned, len(rows), digest, budget)
        found += [one for register in left if (one := looked.match(register))]
    return found


class _Looked:
    """One table while it is compared with register after register."""

    def __init__(self, rows: Cells, width: int, digest: KeyedDigest, budget: Budget) -> None:
        self._rows, self._budget = rows, budget
        self._columns = Columns(rows, digest, budget)
        step = max(1, len(rows) // _SAMPLED)
        sample = [rows[number] for number in range(0, len(rows), step)]
        self._shapes: dict[Place, set[str]] = {(c,): shapes_in(sample, (c,)) for c in range(width)}
        wordy = [bool(self._shapes[(c,)] & _WORDY) for c in range(width)]
        for c in range(width - 1):
            if wordy[c] and wordy[c + 1]:
                self._shapes[c, c + 1] = shapes_in(sample, (c, c + 1))
        self._small = len(rows) * width <= _SMALL

    def match(self, register: UnitRegister) -> Matched | None:
        candidates = self._candidates(register)
        if not candidates:
            return None
        learnt = self._learn(register, candidates)
        if len(learnt) < 2:
            return None
        best: dict[int, RowEvidence] = {}
        via: dict[int, _Candidates] = {}
        for each in candidates:
            for row, proof in self._proved(register, each, learnt, best):
                if row not in best or proof.bits > best[row].bits:
                    best[row], via[row] = proof, each
        # One row of the register may be found in two rows of the table, and counts once.
        proofs = {proof.row: proof for proof in sorted(best.values(), key=lambda p: p.bits)}
        used = Counter(field for proof in proofs.values() for field in proof.fields)
        lost = sum(self._alike(learnt[field]) for field in used if field in learnt)
        bits, count = together([p.bits for p in proofs.values()], len(self._rows), lost)
        if not count:
            return None
        chosen = sorted(best.items(), key=lambda item: -item[1].bits)
        kept = sorted(proofs.values(), key=lambda p: -p.bits)[:count]
        units = frozenset(proof.row for proof in kept)
        ways = Counter(via[row].place for row, proof in chosen if proof.row in units)
        place = ways.most_common(1)[0][0]
        fields = tuple(sorted(f for f, n in used.items() if n * 2 >= count))
        places = sorted({c for f in fields for c in learnt.get(f, ())} | set(place))
        could = self._could(place, via, {row for row, proof in chosen if proof.row in units})
        return Matched(register, units, bits, could, fields, tuple(map(letter, places)))

    def _candidates(self, register: UnitRegister) -> list[_Candidates]:
        """The surest keys first: those that few rows share."""
        found: list[_Candidates] = []
        for key in register.keys:
            columns = [
                (place, column)
                for place, shapes in self._shapes.items()
                if shapes and (shapes & key.shapes or (self._small and len(place) == 1))
                if (column := self._columns.column(place)) is not None
            ]
            if not columns:
                continue
            digests = np.concatenate([c.digests.ravel() for _, c in columns])
            asked = register.find(key, digests, CROWD, self._budget.candidates)
            self._budget.take_candidates(0, asked.cut)
            ends = np.cumsum([column.digests.size for _, column in columns])
            starts = np.searchsorted(asked.asked, [0, *ends])
            for (place, column), first, last, end in zip(
                columns, starts, starts[1:], ends, strict=False
            ):
                if last > first:
                    text = (asked.asked[first:last] - (end - column.digests.size)) // READINGS
                    some = slice(first, last)
                    units = _Units(text, asked.row[some], asked.crowd[some])
                    if (one := _spread(key, place, column, units, self._budget)) is not None:
                        found.append(one)
        return sorted(found, key=lambda each: float(np.mean(each.crowd)))

    def _learn(self, register: UnitRegister, candidates: list[_Candidates]) -> dict[int, Place]:
        """Which column is which field: where the most values agree, each column for one field."""
        agreed: Counter[tuple[int, Place]] = Counter()
        for each in candidates[:_LEARNT_FROM_KEYS]:
            some = np.unique(np.linspace(0, len(each.row) - 1, _LEARNT_FROM).astype(np.intp))
            records = register.records(each.unit[some])
            columns = self._columns
            rows = each.row[some]
            if not self._small:
                columns = columns.of_rows([self._rows[row] for row in rows])
                rows = np.arange(len(rows))
            for place in self._shapes:
                column = columns.column(place)
                if column is None:
                    continue
                cells = column.checks[column.number[rows]]
                same = (cells[:, None, :] == records[:, :, None]) & (records[:, :, None] != 0)
                for field, count in enumerate(same.any(axis=2).sum(axis=0).tolist()):
                    agreed[field, place] += count
        learnt: dict[int, Place] = {}
        taken: set[int] = set()
        for (field, place), count in agreed.most_common():
            if count and field not in learnt and not taken & set(place):
                learnt[field] = place
                taken |= set(place)
        return learnt

    def _alike(self, place: Place) -> float:
        """Bits that are given away by choosing this column for a field: among those like it."""
        shapes = self._shapes[place]
        return math.log2(max(1, sum(bool(shapes & other) for other in self._shapes.values())))

    def _proved(
        self, register: UnitRegister, each: _Candidates, learnt: dict[int, Place],
        best: dict[int, RowEvidence],
    ) -> list[tuple[int, RowEvidence]]:  # fmt: skip
        """Each row of the table that some candidate explains, with its proof."""
        settled = [row for row, proof in best.items() if proof.bits >= _SETTLED]
        open_ = np.flatnonzero(~np.isin(each.row, settled)) if settled else np.arange(len(each.row))
        rows, units, crowd = each.row[open_], each.unit[open_], each.crowd[open_]
        records = register.records(units)
        agree = np.zeros(records.shape, bool)
        for known, place in learnt.items():
            if (column := self._columns.column(place)) is not None and place != each.place:
                cells = column.checks[column.number[rows]]
                agree[:, known] = (cells == records[:, known, None]).any(axis=1)
        agree &= records != 0
        agree[:, each.key.column] = False
        found = []
        for n in np.flatnonzero(agree.any(axis=1)):
            agreeing = [int(field) for field in np.flatnonzero(agree[n])]
            bits, fields = evidence(
                register, each.key.column, int(crowd[n]), records[n].tolist(), agreeing
            )
            if bits >= LEAST_OF_A_ROW:
                found.append((int(rows[n]), RowEvidence(int(units[n]), bits, fields)))
        return found

    def _could(self, place: Place, via: dict[int, _Candidates], matched: set[int]) -> int:
        """How many rows have something in that column that looks like its key."""
        shapes = {s for each in via.values() if each.place == place for s in each.key.shapes}
        texts: dict[str, bool] = {}
        count = 0
        for number, row in enumerate(self._rows):
            text = " ".join(row[c] for c in place if c < len(row))
            if text not in texts:
                texts[text] = bool(shapes_in([[text]], (0,)) & shapes)
            count += texts[text] or number in matched
        return count


class _Units(NamedTuple):
    """Rows of the register: for which text of a column, which row, how many share its value."""

    text: NDArray[np.intp]
    row: NDArray[np.uint64]
    crowd: NDArray[np.intp]


def _spread(
    key: KeyColumn, place: Place, column: Column, units: _Units, budget: Budget
) -> _Candidates | None:
    """For each different text that was found, all rows of the table that have it; where that would
    be too many, those of texts that the fewest rows share."""
    order = np.argsort(column.number, kind="stable")
    starts = np.searchsorted(column.number[order], np.arange(len(column.digests) + 1))
    many = starts[units.text + 1] - starts[units.text]
    fits = rarest(many * units.crowd, many, budget.candidates)
    text, many = units.text[fits], many[fits]
    again = np.repeat(np.arange(len(text)), many)
    within = np.arange(len(again)) - np.repeat(np.cumsum(many) - many, many)
    rows = order[starts[text][again] + within]
    budget.take_candidates(len(rows), not fits.all())
    if not len(rows):
        return None
    return _Candidates(key, place, rows, units.row[fits][again], units.crowd[fits][again])
