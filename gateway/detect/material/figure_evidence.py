"""Weighs in bits what the figures of one text show of one release.

A match counts the less, the likelier a number that somebody made up would have matched as well:
by how many registered numbers are as long, how many of them have the same words around them, and
whether the claims before it stand before it in the registered table, too. A number that matches
nothing counts a bit against its neighbours; the best run of claims is what a text shows. Sums of
such log-likelihood ratios exceed b bits by chance in one of 2**b texts (Karlin, Altschul 1990,
"Methods for assessing the statistical significance of molecular sequence features").
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gateway.detect.material.claims import Claim
from gateway.detect.material.figure_forms import Form
from gateway.detect.material.figure_look_up import Hits, leaked, look_up, neighbours, space
from gateway.detect.material.figure_profile import Profile, context_words
from gateway.detect.material.figure_runs import Run, Runs
from gateway.model.material import Material
from gateway.model.message import Location
from gateway.model.trace import OF_WORDS, Trace

_SHARE = {
    Form.LEAD: 0.35, Form.SENTENCE: 0.25, Form.HEADLINE: 0.25, Form.CELL: 0.2, Form.CHANGE: 0.15,
    Form.SHARE: 0.1, Form.BACK: 0.02, Form.DIFFERENCE: 0.05,
}  # fmt: skip
"""How often somebody who passes figures on passes on one of that form."""
_DERIVED = (Form.CHANGE, Form.SHARE, Form.DIFFERENCE)
TOPIC = (11.0, 16.0, 18.0, 19.0)
"""Bits for none, one, two and three words that stand near a claim and its match: most mail is about
something else."""
_SEVERAL = 1.5
"""Bits for a second figure: who passes on one passes on more."""
_LEAST, _LEAST_WORDLESS = 2.0, 6.0
_LOOKED_AT = 256
_RELEASES, _CLAIMS = 8, 32
"""So many are usual; what a match proves is measured for them."""
Near = Callable[[int], tuple[int, NDArray[np.uint32]]]
"""For a claim, by its number: the number of its sentence or row, and the words near it."""


class Owners(NamedTuple):
    """For each document by its number: the number of its release, whether it is public."""

    release: NDArray[np.int64]
    public: NDArray[np.bool_]


class Match(NamedTuple):
    """The best reading of one claim: bits, the mark of the figure, its document and place, and the
    digests of the words shared with it."""

    bits: float
    mark: int
    document: int
    place: int
    form: int
    words: frozenset[int]


class Evidence:
    """The claims of one text in the light of one release."""

    def __init__(
        self, material: Material, owners: Owners, claims: Sequence[Claim], hits: Hits,
        profile: Profile, near: Near, told: int = 0,
    ) -> None:  # fmt: skip
        """`told`: how many claims the whole text has, of which these are some."""
        self._material = material
        self._owners = owners
        self._claims = claims
        self._hits = hits
        self._profile = profile
        self._near = near
        # What a release has none of takes nothing from the rest.
        has = sum(share for form, share in _SHARE.items() if profile.counts[form, 0])
        all_shares = sum(_SHARE.values())
        self._share = {form: share * all_shares / max(has, 0.1) for form, share in _SHARE.items()}
        self._told = max(told, len(claims))
        self._among = len(set(owners.release.tolist()))
        self._sampled: dict[int, NDArray[np.float64]] = {}
        self._runs = Runs(material, hits, claims)
        out = owners.public[hits.entries["document"]]
        self._public = self._by_claim(np.flatnonzero(out))
        self._public_runs = self._runs.of(self._public)

    def traces(self, release: int, name: str, location: Location) -> list[Trace]:
        """A trace for each figure that counts, one more for the words that they share."""
        spans = self._spans(release)
        total, best = self._best(self._matches(spans, None))
        if total < _least(best):
            return []
        total, best = self._best(self._matches(spans, release))
        if total < _least(best):
            return []
        scale = total / sum(match.bits for match in best)
        traces = []
        for match in best:
            document = self._material.documents[match.document]
            place = self._material.place(match.document, match.place)
            bits = match.bits * scale
            known = bool(match.words)
            traces.append(
                Trace("figure", name, document.name, place, location, match.mark, bits, known)
            )
        topic = _topic(best) + _SEVERAL * (len(best) > 1) - self._luck(best)
        known = any(match.words for match in best)
        traces.append(
            Trace("figure", name, traces[0].document, "", location, OF_WORDS, topic, known)
        )
        return traces

    def _luck(self, best: Sequence[Match]) -> float:
        """Bits that chance is given by the number of releases and of claims: the more there are, the
        likelier one of them matches. Words in common choose the release."""
        words = len(frozenset[int]().union(*(match.words for match in best)))
        releases = math.log2(max(1.0, self._among / _RELEASES)) / (1 + words)
        return releases + math.log2(max(1.0, self._told / _CLAIMS))

    def _spans(self, release: int) -> dict[int, NDArray[np.intp]]:
        """For each claim the hits that are of the release, the likeliest where there are many."""
        return self._by_claim(self._own(self._hits, release))

    def _by_claim(self, mine: NDArray[np.intp]) -> dict[int, NDArray[np.intp]]:
        order = np.lexsort((self._hits.entries["form"][mine], self._hits.claim[mine]))
        mine = mine[order]
        owners = self._hits.claim[mine]
        starts = np.flatnonzero(np.diff(owners, prepend=-1)).tolist()
        return {
            int(owners[start]): mine[start : min(end, start + _LOOKED_AT)]
            for start, end in itertools.pairwise([*starts, len(mine)])
        }

    def _own(self, hits: Hits, release: int) -> NDArray[np.intp]:
        documents = hits.entries["document"]
        mine = (self._owners.release == release) & ~self._owners.public
        return np.flatnonzero(mine[documents])

    def _matches(self, spans: dict[int, NDArray[np.intp]], probed: int | None) -> dict[int, Match]:
        """For each claim that the release may have its best match, less what public documents say
        as well. `probed`: the release whose neighbouring numbers are asked for, too."""
        runs = self._runs.of(spans)
        found = {}
        for claim, span in spans.items():
            expected = self._expected(self._claims[claim], probed)
            match = self._match(claim, span, runs.get(claim), expected)
            public = self._public.get(claim)
            if public is not None and match.bits > 0:
                told = self._public_runs.get(claim)
                out = self._match(claim, public, told, expected)
                left = match.bits - max(0.0, out.bits)
                old = match.form == Form.BACK or (told is not None and claim in runs)
                match = match._replace(bits=0.0 if old else max(0.0, left))
            found[claim] = match
        return found

    def _match(
        self, number: int, span: NDArray[np.intp], run: Run | None, expected: list[float]
    ) -> Match:
        claim = self._claims[number]
        group, near = self._near(number)
        told = self._profile.telling(near)
        entries = self._hits.entries[span]
        stand = context_words(self._material, entries["context"])
        words = self._profile.places(stand)
        gains = told[words].sum(axis=1)
        bits, at = -math.inf, 0
        forms = entries["form"]
        for form in sorted(set(forms.tolist())):
            of_form = np.flatnonzero(forms == form)
            one = int(of_form[gains[of_form].argmax()])
            chance = max(expected[form], 0.5 / space(claim))
            if gains[one] > 0:
                chance *= self._as_near(group, told, float(gains[one]), form)
            weighed = math.log2(leaked(claim) * self._share[form] / -math.expm1(-chance))
            if weighed > bits:
                bits, at = weighed, one
        if run is not None and run[0] > bits:
            bits, at = run[0], run[1]
        entry = entries[at]
        beside = {*stand[at].tolist(), *self._profile.about}
        shared = frozenset(word for word in near.tolist() if word % 2 == 0 and word in beside)
        return Match(
            bits, _mark(entry, claim), int(entry["document"]), int(entry["place"]),
            int(entry["form"]), shared,
        )  # fmt: skip

    def _as_near(self, group: int, told: NDArray[np.float64], gain: float, form: int) -> float:
        """The share of the release's figures of that form that have as much in common with the
        words there."""
        sampled = self._sampled.get(group)
        if sampled is None:
            sampled = self._sampled[group] = told[self._profile.sample].sum(axis=1)
        alike = self._profile.forms == form
        if not alike.any():  # what is worked out stands where what it was worked out from does
            alike = self._profile.forms >= Form.HEADLINE
        near = float((sampled[alike] >= gain - 1e-6).sum())
        return max(1.0, near) / max(1.0, float(alike.sum()))

    def _expected(self, claim: Claim, probed: int | None) -> list[float]:
        """How many registered numbers of each form a made-up number matches on the average."""
        digits = min(claim.telling, 15)
        ways = len(claim.ways())
        # The counts lump together numbers of all sizes and units.
        whole = self._profile.counts[:, digits] / (space(claim) * (2 if digits > 3 else 6))
        if probed is not None and digits <= 4:
            near = neighbours(claim)
            hits = look_up(self._material, near)
            if hits is not None:
                forms = hits.entries["form"][self._own(hits, probed)]
                asked = len({number for number, _, _ in near})
                whole = np.maximum(whole, np.bincount(forms, minlength=len(Form)) / asked)
        return [float(number) * ways for number in whole]

    def _best(self, found: dict[int, Match]) -> tuple[float, list[Match]]:
        """The run of claims that shows most: its bits, and its distinct matches."""
        readings: list[list[int]] = []
        end = -1
        for number, claim in enumerate(self._claims):
            if claim.start >= end:
                readings.append([])
            readings[-1].append(number)
            end = max(end, claim.end, claim.start + 1)
        told = [
            max(
                (found[n] for n in numbers if n in found), default=None,
                key=lambda one: (one.bits, one.mark),
            )
            for numbers in readings
        ]  # fmt: skip
        # A figure that is told twice counts where it is told best.
        surest: dict[int, float] = {}
        for match in told:
            if match is not None:
                surest[match.mark] = max(match.bits, surest.get(match.mark, 0.0))
        total = best = 0.0
        begin, chosen = 0, (0, 0)
        steps: list[Match | None] = []
        seen: set[int] = set()
        for numbers, match in zip(readings, told, strict=True):
            steps.append(None)
            if (
                match is not None
                and match.mark not in seen
                and match.bits == surest[match.mark] > 0
            ):
                seen.add(match.mark)
                total += match.bits
                steps[-1] = match
            elif match is None:
                total += math.log2(1 - leaked(self._claims[numbers[0]]))
            if total <= 0:
                total, begin = 0.0, len(steps)
            elif total > best:
                best, chosen = total, (begin, len(steps))
        return best, [match for match in steps[slice(*chosen)] if match is not None]


def _topic(matches: Sequence[Match]) -> float:
    words = frozenset[int]().union(*(match.words for match in matches))
    return TOPIC[min(len(words), len(TOPIC) - 1)]


def _least(matches: Sequence[Match]) -> float:
    """Less than this adds nothing to what other parts may show."""
    return _LEAST if any(match.words for match in matches) else _LEAST_WORDLESS


def _mark(entry: np.void, claim: Claim) -> int:
    """Names a figure: its cell or place in a sentence, and what of it was told."""
    form = Form(int(entry["form"]))
    told = (form << 1 | claim.percent) + 1 if form in _DERIVED else 1
    return int(entry["document"]) << 40 | int(entry["context"]) << 8 | told
