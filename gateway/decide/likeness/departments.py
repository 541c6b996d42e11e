"""Which departments are mixed up by their acronyms, as DfE and DEFRA are."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from gateway.model.likeness import LikeWords

_GENERAL = frozenset(
    "gov co ac org com net edu nhs police www mail email smtp stats statistics press".split()
)
_ACRONYM = re.compile(r"[a-z]{2,7}")
_SHORTEST = 3


def acronyms(domain: str, organisation: str = "") -> frozenset[str]:
    """What stands for a department in its domain, and the initials of its name."""
    labels = domain.split(".")[:-1]
    found = {one for one in labels if _ACRONYM.fullmatch(one) and one not in _GENERAL}
    words = re.findall(r"[^\W\d_]+", organisation)
    if len(words) == 1 and sum(letter.isupper() for letter in words[0]) > 1:
        found.add(words[0].lower())
    elif len(words) >= _SHORTEST:
        found.add("".join(word[0] for word in words if word.lower() != "the").lower())
    return frozenset(found)


def twins(mine: frozenset[str], other: frozenset[str], like: LikeWords) -> tuple[str, str] | None:
    """Two acronyms that are taken for one another; None where there are none, or it is one
    department."""
    if not mine.isdisjoint(other):
        return None
    pairs = ((one, two) for one in sorted(mine) for two in sorted(other))
    return next(((one, two) for one, two in pairs if _mixed_up(one, two, like)), None)


def _mixed_up(one: str, two: str, like: LikeWords) -> bool:
    if any(one in group and two in group for group in like.twins):
        return True
    if min(len(one), len(two)) < _SHORTEST or one[0] != two[0]:
        return False
    return bool(OSA.distance(one, two, score_cutoff=1) <= 1)
