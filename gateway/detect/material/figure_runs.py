"""Claims that follow one another as figures do in a row or a column of a registered table.

One of them may be chance; the next must be the one number that stands beside it. By this pieces of
tables are found that were pasted without a word.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from gateway.detect.material.claims import Claim
from gateway.detect.material.figure_forms import Form
from gateway.detect.material.figure_look_up import Hits, leaked, space
from gateway.detect.material.figure_profile import positions
from gateway.model.material import Material

_STEPS = (1, 2, 1 << 12, 2 << 12)
"""The next column, the one after it, the next row, the one after it."""
_SHORTEST = 3
_STRAY = 2
"""So many claims on, the run still goes on: a number of another kind may stand between."""
Run = tuple[float, int]


class Runs:
    """The runs among the hits of one release."""

    def __init__(self, material: Material, hits: Hits, claims: Sequence[Claim]) -> None:
        self._material = material
        self._hits = hits
        self._claims = claims

    def of(self, spans: Mapping[int, NDArray[np.intp]]) -> dict[int, Run]:
        """For each claim of a run of three or more its bits, and which hit of its span it is."""
        if len(spans) < _SHORTEST:
            return {}
        places: dict[int, dict[int, int]] = {}
        for claim, span in spans.items():
            entries = self._hits.entries[span]
            forms = entries["form"]
            own = np.flatnonzero((forms <= Form.CELL) | (forms == Form.BACK))
            if len(own):
                chosen = entries[own]
                stand = positions(self._material, chosen["document"], chosen["context"])
                places[claim] = dict(zip(stand.tolist(), own.tolist(), strict=True))
        found: dict[int, Run] = {}
        for step in _STEPS:
            self._along(step, places, found)
        return found

    def _along(self, step: int, places: dict[int, dict[int, int]], found: dict[int, Run]) -> None:
        chain: list[tuple[int, Run]] = []
        before: dict[int, int] = {}
        last = -_STRAY - 1
        for claim in sorted(places):
            here = places[claim]
            kept = {at: hit for at, hit in here.items() if at - step in before}
            if kept and claim - last <= _STRAY:
                chance = -math.expm1(-len(before) / space(self._claims[claim]))
                bits = math.log2(leaked(self._claims[claim]) * 0.5 / chance)
                chain.append((claim, (bits, min(kept.values()))))
                before = kept
            else:
                _keep(chain, found)
                chain, before = [], here
            last = claim
        _keep(chain, found)


def _keep(chain: list[tuple[int, Run]], found: dict[int, Run]) -> None:
    """The first of a run is known by its number alone."""
    if len(chain) < _SHORTEST - 1:
        return
    for claim, run in chain:
        if run[0] > found.get(claim, (0.0, 0))[0]:
            found[claim] = run
