"""Asks the register for every number that claims may stand for, all at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gateway.detect.material.claims import Claim, stripped
from gateway.detect.material.figure_prints import canonical
from gateway.model.material import Material

_MOST_ENTRIES = 20_000
_PROBES = 20
_LEAKED = 0.5
_LEAKED_SMALL = 0.15


class Hits(NamedTuple):
    """Entries that claims may mean, and of which claim each is, by its number."""

    entries: NDArray[np.void]
    claim: NDArray[np.int64]


Question = tuple[int, bytes, int]
"""The number of a claim, a canonical number, the digits that it must have been given with."""


def questions(claims: Sequence[Claim]) -> list[Question]:
    """Everything to ask for claims."""
    asked = []
    for number, claim in enumerate(claims):
        for way in claim.ways():
            for percent in _kinds(claim):
                asked.append((number, canonical(percent, way.digits, way.exponent), way.shown))
    return asked


def _kinds(claim: Claim) -> tuple[bool, ...]:
    """Whether to ask for percentages, for numbers, or for both: points may be of percentages or of
    an index, and who writes fast leaves out the sign (core 3.9)."""
    bare = claim.unit == "number" and claim.exponent < 0
    if claim.unit == "points" or (bare and claim.digits < 100 * 10**-claim.exponent):
        return True, False
    return (claim.percent,)


def neighbours(claim: Claim) -> list[Question]:
    """Numbers as long as a claim, and near it: by how many of them are registered, one sees how
    likely it is that any is."""
    digits = claim.digits
    exponent = claim.exponent
    while len(str(digits)) > claim.telling:
        digits, exponent = digits // 10, exponent + 1
    asked = []
    for step in (*range(-_PROBES, 0), *range(1, _PROBES + 1)):
        number = digits + step
        if number > 0 and len(str(number)) == len(str(digits)):
            for percent in _kinds(claim):
                known = canonical(percent, *stripped(number, exponent))
                asked.append((number, known, claim.telling))
    return asked


def look_up(material: Material, asked: Sequence[Question]) -> Hits | None:
    """What is registered of them; None for nothing."""
    if not asked:
        return None
    digests = material.digesters.figure.many([number for _, number, _ in asked])
    begins, ends = material.figures.find(digests)
    found = np.flatnonzero(ends > begins).tolist()
    if not found:
        return None
    spans = [np.arange(begins[at], min(ends[at], begins[at] + _MOST_ENTRIES)) for at in found]
    sizes = [len(span) for span in spans]
    entries = material.figures.entries[np.concatenate(spans)]
    claim = np.repeat([asked[at][0] for at in found], sizes)
    least = np.repeat([asked[at][2] for at in found], sizes)
    enough = entries["digits"] >= least
    return Hits(entries[enough], claim[enough]) if enough.any() else None


def space(claim: Claim) -> float:
    """How many numbers are written with as many digits."""
    return 9.0 * 10.0 ** (claim.telling - 1)


def worth(claims: Sequence[Claim]) -> list[float]:
    """Bits that each claim could show at most if it matched."""
    return [max(0.0, math.log2(space(claim)) - 2.5) for claim in claims]


def leaked(claim: Claim) -> float:
    """How often a number in a text that passes figures on is one of them."""
    small = claim.unit == "number" and claim.exponent == 0 and claim.digits < 100
    return _LEAKED_SMALL if small else _LEAKED
