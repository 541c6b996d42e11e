"""What a release's registered figures are like: how many there are of a kind, and their words.

By it a match is judged: in a register of thousands any short number is found, a long one hardly
ever. Made when a release is first asked for, from the prints themselves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    sample of its figures, a row each, as places in `vocabulary`; `forms` what form each is of. `about`: words of what its documents are about."""

    counts: NDArray[np.int64]
    vocabulary: Words
    rarity: NDArray[np.float64]
    sample: NDArray[np.intp]
    forms: NDArray[np.uint8]
    about: frozenset[int]

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
        words = [
            np.union1d(profile.vocabulary, np.array(sorted(profile.about), np.uint32))
            for profile in profiles
        ]
        self._count = len(profiles)
        release = np.repeat(np.arange(self._count), [len(each) for each in words])
        together = np.concatenate(words) if words else np.empty(0, np.uint32)
        order = np.argsort(together, kind="stable")
        self._words, self._release = together[order], release[order]
        self._about = [profile.about for profile in profiles]

    def subjects(self, near: Words) -> NDArray[np.intp]:
        """For each release how many of the words name what it is about."""
        spans = self._spans(near)
        found = np.zeros(self._count, np.intp)
        for word, (begin, end) in zip(near, spans, strict=True):
            for release in self._release[begin:end].tolist():
                found[release] += int(word) in self._about[release]
        return found

    def _spans(self, near: Words) -> list[tuple[int, int]]:
        begins = np.searchsorted(self._words, near, "left").tolist()
        ends = np.searchsorted(self._words, near, "right").tolist()
        return list(zip(begins, ends, strict=True))

    def shared(self, near: Words) -> NDArray[np.float64]:
        """For each release how telling the words of a text are for it: a word that half of all
        releases have is worth one bit more than one that all have."""
        spans = [np.arange(begin, end) for begin, end in self._spans(near) if end > begin]
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
    subjects = own[entries["form"][own] == Form.ABOUT]
    about = frozenset(context_words(material, entries["context"][subjects]).ravel().tolist()) - {0}
    own = own[entries["form"][own] != Form.ABOUT]
    forms, digits = entries["form"][own], entries["digits"][own]
    cells = np.minimum(forms, len(Form) - 1).astype(np.int64) * (EXACT + 1)
    cells += np.minimum(digits, EXACT)
    counts = np.bincount(cells, minlength=len(Form) * (EXACT + 1)).reshape(len(Form), EXACT + 1)
    counts = np.cumsum(counts[:, ::-1], axis=1)[:, ::-1]
    pointers, which = np.unique(entries["context"][own], return_inverse=True)
    first = np.full(len(pointers), len(Form) - 1, np.uint8)
    np.minimum.at(first, which, forms)
    words = context_words(material, pointers)
    vocabulary, seen = np.unique(words[words > 0], return_counts=True)
    rarity = np.append(np.log2(max(1, len(words)) / np.maximum(seen, 1)), 0.0)
    # All that stands in sentences, and of cells a sample.
    told = first <= Form.SENTENCE
    step = max(1, int((~told).sum()) // _CELLS)
    chosen = np.concatenate([np.flatnonzero(told)[:_CELLS], np.flatnonzero(~told)[::step]])
    none = np.empty((0, 0), np.intp)
    profile = Profile(counts, vocabulary, rarity, none, first[chosen], about)
    return replace(profile, sample=profile.places(words[chosen]))
