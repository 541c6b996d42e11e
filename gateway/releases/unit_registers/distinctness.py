"""How much it proves that a value agrees, measured over a sample of the register's rows.

The chance that two rows agree by accident is the share of pairs that do, as in Fellegi and Sunter
(1969); values that many rows share have their own (Winkler 1989). Where one field follows from
another (a region from a postcode), their agreement proves hardly more than the one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.model.keyed import Digests
from gateway.model.unit_register import Distinctness, checks_of

SAMPLE = 200_000
MOST_BITS = 30.0
_COMMON_SHARE = 0.002
_COMMON_MOST = 200
_PAIRS = 50_000
_TELLING_PAIRS = 3


class Sample:
    """Every so-many-th row of a build; the step is doubled as the sample grows too long."""

    def __init__(self) -> None:
        self.step = 1
        self._kept: list[Digests] = []
        self._rows = 0

    def add(self, digests: Digests, step: int) -> None:
        """The digests of every `step`-th row of a chunk; the step is one that was asked for."""
        if step < self.step:
            digests = digests[:: self.step // step]
        self._kept.append(digests)
        self._rows += len(digests)
        while self._rows > 2 * SAMPLE:
            self._kept = [np.concatenate(self._kept)[::2]]
            self._rows = len(self._kept[0])
            self.step *= 2

    def digests(self) -> Digests:
        """(rows, columns), 0 for a missing value."""
        return np.concatenate(self._kept) if self._kept else np.zeros((0, 0), np.uint64)


@dataclass(frozen=True, slots=True)
class _Field:
    """The values of one column: which run of equal ones each belongs to, -1 for missing ones, and
    the chances that two rows agree, in all and apart from common values."""

    values: NDArray[np.intp]
    chance: float
    rest: float
    common: dict[int, float]


def measure(sample: Digests, forms: Sequence[Mapping[str, float]]) -> Distinctness:
    """`sample` is (rows, columns); `forms` are the shapes of each column's values, and the share of
    each."""
    checks = checks_of(sample)
    fields = [
        _field(sample[:, column], checks[:, column], form) for column, form in enumerate(forms)
    ]
    given = np.full((len(fields), len(fields)), MOST_BITS)
    for known, one in enumerate(fields):
        pairs = _pairs_that_agree(one.values)
        for other, field in enumerate(fields):
            if other != known:
                given[known, other] = _bits_given(field, pairs)
    common = {
        (n, check): bits for n, field in enumerate(fields) for check, bits in field.common.items()
    }
    return Distinctness(np.array([_bits(field.rest) for field in fields]), given, common)


def _field(digests: Digests, checks: NDArray[np.uint32], form: Mapping[str, float]) -> _Field:
    there = digests != 0
    values = np.full(len(digests), -1, np.intp)
    filled = int(np.count_nonzero(there))
    if not filled:
        return _Field(values, 1.0, 1.0, {})
    _, first, values[there], counts = np.unique(
        digests[there], return_index=True, return_inverse=True, return_counts=True
    )
    often = np.argsort(-counts)[:_COMMON_MOST]
    often = often[(counts[often] > 2) & (counts[often] > _COMMON_SHARE * filled)]
    own = checks[there][first[often]]
    common = {
        int(check): _bits(float(count) / filled)
        for check, count in zip(own, counts[often], strict=True)
    }
    rare = np.delete(counts, often)
    unseen = 2.0 ** -_bits_of_form(form)
    return _Field(values, _chance(counts, filled, unseen), _chance(rare, filled, unseen), common)


def _chance(counts: NDArray[np.intp], filled: int, unseen: float) -> float:
    """That two rows agree. Where hardly any pair does, the rows are too few to tell: then what the
    values look like says how many there may be."""
    pairs = filled * (filled - 1) / 2
    agreeing = float(np.sum(counts * (counts - 1.0)) / 2)
    if agreeing >= _TELLING_PAIRS:
        return agreeing / pairs
    return min(0.5 / pairs if pairs else 1.0, unseen)


def _bits_of_form(form: Mapping[str, float]) -> float:
    """How many different values of such shapes there may be, cautiously: ten for each digit but the
    first, as many for each sign of a code, two hundred for each word, a lifetime of days."""
    bits = 0.0
    for shape, share in form.items():
        size = int(shape[1:] or 0)
        bits += (
            share
            * {"n": 3.3 * (size - 1), "c": 3.3 * (size - 1), "t": 7.6 * size, "d": 13.0}[shape[0]]
        )
    return min(MOST_BITS, bits / max(1.0, sum(form.values())))


def _bits(chance: float) -> float:
    return float(min(MOST_BITS, -np.log2(max(chance, 2.0**-MOST_BITS)))) if chance < 1 else 0.0


def _pairs_that_agree(values: NDArray[np.intp]) -> NDArray[np.intp]:
    """Neighbours among the rows with one value, (pairs, 2)."""
    order = np.argsort(values, kind="stable")
    same = np.flatnonzero((values[order][1:] == values[order][:-1]) & (values[order][1:] >= 0))
    if len(same) > _PAIRS:
        same = same[:: len(same) // _PAIRS + 1]
    return np.stack([order[same], order[same + 1]], axis=1)


def _bits_given(field: _Field, pairs: NDArray[np.intp]) -> float:
    one, other = field.values[pairs[:, 0]], field.values[pairs[:, 1]]
    filled = int(np.count_nonzero((one >= 0) & (other >= 0)))
    agreeing = int(np.count_nonzero((one == other) & (one >= 0)))
    if agreeing < _TELLING_PAIRS or agreeing / filled <= 2 * field.chance:
        return MOST_BITS
    return _bits(agreeing / filled)
