"""A near miss: whom or what somebody who is not on a list may have been taken for, in one sentence.

It adds suspicion and explanation, and permits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, get_args

from gateway.model.finding import Confidence
from gateway.model.likeness import Likeness

_TELLING: dict[Likeness, int] = {kind: place for place, kind in enumerate(get_args(Likeness))}
_SURE: dict[Confidence, int] = {"high": 0, "medium": 1, "low": 2}
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class NearMiss:
    """`resembles` is the address, the title, the department or the release on the other side."""

    kind: Likeness
    resembles: str
    sentence: str
    confidence: Confidence


def most_telling(found: Iterable[NearMiss]) -> tuple[NearMiss, ...]:
    """The surest and most telling first: one of each kind, one for whom or what it is about, and no
    more than a person reads."""
    first: dict[Likeness, NearMiss] = {}
    told: set[str] = set()
    for one in sorted(found, key=_order):
        if one.kind not in first and one.resembles not in told:
            first[one.kind] = one
            told |= {one.resembles} - {""}
    return tuple(first.values())[:_SHOWN]


def _order(one: NearMiss) -> tuple[int, int, str]:
    return _SURE[one.confidence], _TELLING[one.kind], one.resembles
