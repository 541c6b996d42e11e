"""Finds registered figures again, however they are rounded, scaled or spelled out.

Each claim is looked up under every number that a registered figure may have been written as; what
is found is weighed in bits (`figure_evidence`). Invariants: what public documents say as well proves
nothing; a figure counts once; the order of look-ups changes nothing; traces name places, never
values (law 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gateway.detect.material.claims import Claim, Unit
from gateway.detect.material.claims_direction import direction_of
from gateway.detect.material.claims_sentences import sentence_of, sentences
from gateway.detect.material.figure_evidence import TOPIC, Evidence, Near, Owners
from gateway.detect.material.figure_forms import Form
from gateway.detect.material.figure_look_up import Hits, look_up, questions, space, worth
from gateway.detect.material.figure_profile import Profile, Vocabularies, profile_of
from gateway.detect.material.figure_sample import DIRECT, around, sampled
from gateway.detect.material.figure_tables import figures_of
from gateway.detect.material.figure_words import WordDigests
from gateway.detect.material.numbers import Numbers, read_claims
from gateway.model.content import Table, Text
from gateway.model.material import Material
from gateway.model.message import Location
from gateway.model.trace import OF_WORDS, Trace

_ENOUGH = 6.0
"""Bits that a text must be able to show, if all its figures were found, to be looked up at all."""
_RELEASES, _WORDLESS = 6, 3
_SHORT, _ALONE, _MANY = 6.0, 2.5, 4
_SENTENCES = 12
_TOP = 12
_BLOCK, _OVERLAP = 60, 10
_LONGEST, _PIECE = 1_000_000, 4_000
_MOST = 20_000
_PROVEN = 400
"""So many traces prove whatever they prove: the rest of a text is not looked at."""
_NAMES = ("subject", "header subject", "file name")
_LONGEST_NAME = 300
_HEADING = 30
"""So many lines above a figure its heading may stand."""


class FigureMatcher:
    """Built once in a process; what it remembers is the digests of words and the profiles of
    releases."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._names = list(dict.fromkeys(document.release for document in material.documents))
        numbers = {name: number for number, name in enumerate(self._names)}
        documents = material.documents
        self._owners = Owners(
            np.array([numbers[one.release] for one in documents], np.int64),
            np.array([one.public for one in documents], np.bool_),
        )
        self._words = WordDigests(material.digesters.context)
        self._profiles: dict[int, Profile] = {}
        self._vocabularies: Vocabularies | None = None

    def in_text(self, text: Text) -> list[Trace]:
        """The registered figures that a text states."""
        if not len(self._material.figures.digests):
            return []
        named = self._named(text) if text.location.where.lower() in _NAMES else []
        numbers = _within_reason(text.text)
        claims = numbers.claims
        if not claims or sum(worth(claims)) < _ENOUGH:
            return named
        near = _Sentences(numbers.text, claims, self._words)
        return [*named, *self._found(claims, near, text.location)]

    def in_table(self, table: Table) -> list[Trace]:
        """The registered figures that the cells of a table hold."""
        if not len(self._material.figures.digests):
            return []
        cells = table.rows
        if len(cells) * max(map(len, cells[:_TOP]), default=0) > DIRECT:
            matching = self._matching_rows(sampled(cells))
            if not matching:
                return []
            cells = around(cells, matching)
        claims: list[Claim] = []
        rows: list[str] = []
        for figure in figures_of(cells, table.location.where):
            if not figure.digits:
                continue
            unit: Unit = "percent" if figure.percent else "number"
            at, exact = len(claims), figure.exponent < 0
            claims.append(Claim(figure.digits, figure.exponent, unit, at, 0, exact))
            rows.append(f"{figure.stub} {figure.heads} {figure.section}")
            if figure.scale and not figure.percent:  # "thousands" stands above it
                scaled = figure.exponent + figure.scale
                claims.append(Claim(figure.digits, scaled, unit, at, 0, exact))
                rows.append(rows[-1])
        if not claims or sum(worth(claims)) < _ENOUGH:
            return []
        return self._found(claims, lambda at: (at, self._digests(rows[at])), table.location)

    def _matching_rows(self, sample: Sequence[tuple[int, Claim]]) -> list[int]:
        """The rows of a sample whose numbers are those of a release, if more are than by chance."""
        claims = [claim for _, claim in sample]
        hits = look_up(self._material, questions(claims))
        if hits is None:
            return []
        own = hits.entries["form"] < Form.CHANGE
        documents, claim = hits.entries["document"][own], hits.claim[own]
        private = ~self._owners.public[documents]
        pairs = np.unique(
            np.stack([self._owners.release[documents[private]], claim[private]]), axis=1
        )
        for release in np.unique(pairs[0]).tolist():
            matched = pairs[1][pairs[0] == release]
            counts = self._profile(release).counts[: Form.CHANGE].sum(axis=0)
            chance = sum(min(1.0, counts[one.telling] / space(one)) for one in claims)
            if len(matched) >= _MANY and len(matched) >= 3 * chance:
                return [sample[number][0] for number in matched.tolist()]
        return []

    def _named(self, text: Text) -> list[Trace]:
        """What the subject is, or the name of a file, about: the figures may stand elsewhere."""
        words = self._digests(text.text[:_LONGEST_NAME].lower())
        words = words[words % 2 == 0]
        if not len(words):
            return []
        shared = self._all_words().subjects(words)
        return [
            Trace(
                "figure", self._names[release], "", "", text.location, OF_WORDS,
                TOPIC[min(int(shared[release]), len(TOPIC) - 1)], True,
            )
            for release in np.flatnonzero(shared).tolist()
        ]  # fmt: skip

    def _digests(self, text: str) -> NDArray[np.uint32]:
        """The words of a text as they stand in contexts."""
        return np.array(self._words.of(text), np.uint32)

    def _found(self, claims: Sequence[Claim], near: Near, location: Location) -> list[Trace]:
        traces: list[Trace] = []
        for begin in range(0, min(len(claims), _MOST), _BLOCK - _OVERLAP):
            block = claims[begin : begin + _BLOCK]
            traces += self._block(block, partial(_from, near, begin), location, len(claims))
            if begin + _BLOCK >= len(claims) or len(traces) > _PROVEN:
                break
        return traces

    def _block(
        self, claims: Sequence[Claim], near: Near, location: Location, told: int
    ) -> list[Trace]:
        hits = look_up(self._material, questions(claims))
        if hits is None:
            return []
        traces: list[Trace] = []
        for release in self._candidates(claims, hits, near):
            evidence = Evidence(
                self._material, self._owners, claims, hits, self._profile(release), near, told
            )
            traces += evidence.traces(release, self._names[release], location)
        return traces

    def _candidates(self, claims: Sequence[Claim], hits: Hits, near: Near) -> list[int]:
        """The releases that most of the claims may be of, and whose words stand near them."""
        documents = hits.entries["document"]
        private = ~self._owners.public[documents]
        count, releases = len(claims), len(self._names)
        pairs = np.unique(self._owners.release[documents[private]] * count + hits.claim[private])
        bits = np.array(worth(claims))[pairs % count]
        whose = pairs // count
        possible = np.bincount(whose, bits, releases)
        if not (possible >= _ENOUGH).any():
            return []
        # Without a word in common only long numbers prove anything, or many.
        alone = np.bincount(whose, np.maximum(0.0, bits - _SHORT), releases) >= _ALONE
        alone |= np.bincount(whose, minlength=releases) >= _MANY
        # More sentences than these are looked at where a release is weighed.
        some = np.unique(pairs % count)[:_SENTENCES]
        words = np.unique(np.concatenate([near(int(claim))[1] for claim in some]))
        shared = np.minimum(self._all_words().shared(words[words % 2 == 0]), TOPIC[-1])
        likely = possible + shared
        likely[(possible < _ENOUGH) | (shared == 0) & ~alone] = 0
        order = [int(release) for release in np.argsort(-likely, kind="stable")[:_RELEASES]]
        wordless = [release for release in order if not shared[release]][:_WORDLESS]
        return [r for r in order if likely[r] > 0 and (shared[r] or r in wordless)]

    def _all_words(self) -> Vocabularies:
        if self._vocabularies is None:
            profiles = [self._profile(release) for release in range(len(self._names))]
            self._vocabularies = Vocabularies(profiles)
        return self._vocabularies

    def _profile(self, release: int) -> Profile:
        known = self._profiles.get(release)
        if known is None:
            mine = (self._owners.release == release) & ~self._owners.public
            known = self._profiles[release] = profile_of(self._material, mine)
        return known


def _within_reason(text: str) -> Numbers:
    """The figures of a text; of one that is longer than any report, or has more numbers than are
    read, those of its beginning and of pieces from all over."""
    if len(text) <= _LONGEST:
        numbers = read_claims(text)
        if not numbers.cut:
            return numbers
    room = min(len(text), _LONGEST) // 8
    step = max(_PIECE, (len(text) - room) * _PIECE // room)
    begins = range(room, len(text), step)
    return read_claims("\n".join([text[:room], *(text[at : at + _PIECE] for at in begins)]))


def _from(near: Near, begin: int, claim: int) -> tuple[int, NDArray[np.uint32]]:
    """`near` for claims that are counted from `begin`."""
    return near(begin + claim)


class _Sentences:
    """The words near each claim of a text: in its sentence and those beside it, and in the last one
    before it that has no figures, which may be a heading; and whether it is said to have risen."""

    def __init__(self, text: str, claims: Sequence[Claim], words: WordDigests) -> None:
        self._text, self._claims, self._words = text, claims, words
        self._bounds: list[int] = []
        self._told: set[int] = set()
        self._known: dict[int, NDArray[np.uint32]] = {}

    def __call__(self, claim: int) -> tuple[int, NDArray[np.uint32]]:
        if not self._bounds:
            self._bounds = sentences(self._text)
            self._told = {sentence_of(self._bounds, one.start) for one in self._claims}
        one = self._claims[claim]
        at = sentence_of(self._bounds, one.start)
        moved = direction_of(self._text, one.start, one.end)
        group = 3 * at + 1 + moved
        known = self._known.get(group)
        if known is None:
            first, last = max(0, at - 1), min(len(self._bounds) - 1, at + 2)
            near = self._text[self._bounds[first] : self._bounds[last]]
            for heading in range(first - 1, max(-1, first - _HEADING), -1):
                if heading not in self._told:
                    near += self._text[self._bounds[heading] : self._bounds[heading + 1]]
                    break
            digests = [*self._words.of(near), *self._words.of_direction(moved)]
            known = self._known[group] = np.array(digests, np.uint32)
        return group, known
