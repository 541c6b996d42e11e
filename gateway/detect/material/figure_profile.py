"""What a release's registered figures are like: how many there are of a kind, and their words.

By it a match is judged: in a register of thousands any short number is found, a long one hardly
ever. Made when a release is first asked for, from the prints themselves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.detect.material.figure_forms import EXACT, Form
from gateway.model.material import Material

_CELLS = 600
_WORDS = 20
_HEAD = 4
Words = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Profile:
    """`counts[form, digits]`: how many registered numbers of that form were given with so many
    digits or more. `vocabulary`: the words around its figures, sorted; `rarity`: how telling each
    is among them, in bits, with a 0 at the end for words that it has not. `sample`: the words of a
    sample of its figures, a row each, as places in `vocabulary`."""

    counts: NDArray[np.int64]
    vocabulary: Words
    rarity: NDArray[np.float64]
    sample: NDArray[np.intp]

    def places(self, words: Words) -> NDArray[np.intp]:
        """Where words stand in the vocabulary; behind its end where they do not."""
        count = len(self.vocabulary)
        at = np.searchsorted(self.vocabulary, words)
        if count:
            at[self.vocabulary[np.minimum(at, count - 1)] != words] = count
        return at

    def telling(self, near: Words) -> NDArray[np.float64]:
        """`rarity` of the words that stand near a claim, 0 for all others."""
        told = np.zeros(len(self.rarity))
        at = self.places(near)
        told[at] = self.rarity[at]
        return told


class Vocabularies:
    """The words of all releases: by them those are chosen that a text may be about."""

    def __init__(self, profiles: Sequence[Profile]) -> None:
        words = [profile.vocabulary for profile in profiles]
        self._count = len(profiles)
        release = np.repeat(np.arange(self._count), [len(each) for each in words])
        together = np.concatenate(words) if words else np.empty(0, np.uint32)
        order = np.argsort(together, kind="stable")
        self._words, self._release = together[order], release[order]

    def shared(self, near: Words) -> NDArray[np.float64]:
        """For each release how telling the words of a text are for it: a word that half of all
        releases have is worth one bit more than one that all have."""
        begins = np.searchsorted(self._words, near, "left")
        ends = np.searchsorted(self._words, near, "right")
        spans = [np.arange(b, e) for b, e in zip(begins, ends, strict=True) if e > b]
        if not spans:
            return np.zeros(self._count)
        bits = [1 + math.log2(self._count / len(span)) for span in spans]
        weights = np.repeat(bits, [len(span) for span in spans])
        counted = np.bincount(self._release[np.concatenate(spans)], weights, self._count)
        return counted.astype(np.float64)


def context_words(material: Material, pointers: NDArray[np.uint32]) -> Words:
    """The words of the contexts that begin there, a row each, 0 for none."""
    context = material.context
    begin = pointers.astype(np.intp)
    count = np.minimum(context[begin].astype(np.intp) - (_HEAD - 1), _WORDS)
    columns = np.arange(int(count.max(initial=0)))
    at = np.minimum(begin[:, None] + _HEAD + columns, len(context) - 1)
    return np.where(columns < count[:, None], context[at], 0).astype(np.uint32)


def positions(
    material: Material, documents: NDArray[np.uint32], pointers: NDArray[np.uint32]
) -> NDArray[np.int64]:
    """Where figures stand, as one number each: the next column is 1 more, the next row 4096."""
    begin = pointers.astype(np.intp)
    table, row, column = (material.context[begin + offset].astype(np.int64) for offset in (1, 2, 3))
    place = (table % 2**12) << 32 | (row % 2**20) << 12 | column % 2**12
    return documents.astype(np.int64) << 44 | place


def profile_of(material: Material, documents: NDArray[np.bool_]) -> Profile:
    """The profile of the documents of one release, chosen by a mask over all documents."""
    entries = material.figures.entries
    own = np.flatnonzero(documents[entries["document"]])
    forms, digits = entries["form"][own], entries["digits"][own]
    cells = np.minimum(forms, len(Form) - 1).astype(np.int64) * (EXACT + 1)
    cells += np.minimum(digits, EXACT)
    counts = np.bincount(cells, minlength=len(Form) * (EXACT + 1)).reshape(len(Form), EXACT + 1)
    counts = np.cumsum(counts[:, ::-1], axis=1)[:, ::-1]
    pointers = np.unique(entries["context"][own])
    words = context_words(material, pointers)
    vocabulary, seen = np.unique(words[words > 0], return_counts=True)
    rarity = np.append(np.log2(max(1, len(words)) / np.maximum(seen, 1)), 0.0)
    step = max(1, len(pointers) // _CELLS)
    profile = Profile(counts, vocabulary, rarity, np.empty((0, 0), np.intp))
    return Profile(counts, vocabulary, rarity, profile.places(words[::step]))
