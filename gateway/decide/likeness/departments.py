"""Which departments are mixed up by their acronyms, as DfE and DEFRA are."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from gateway.model.likeness import LikeWords

_GENERAL = frozenset(
    "gov co ac org com net edu nhs police www mail email smtp stats statistics press".split()
)
_ACRONYM = re.compile(r"[a-z]{2,7}")
_LENGTHS = range(3, 6)
"""Letters of acronyms; what is longer is a word."""


def acronyms(domain: str, organisation: str, like: LikeWords) -> frozenset[str]:
    """What stands for a department in its domain; the initials of its name, where people mix them
    up."""
    labels = domain.split(".")[:-1]
    found = {one for one in labels if _ACRONYM.fullmatch(one) and one not in _GENERAL}
    words = [word for word in re.findall(r"[^\W\d_]+", organisation) if word.lower() != "the"]
    initials = {
        "".join(word[0] for word in words).lower(),
        "".join(word[0] for word in words if word[0].isupper()).lower(),
        words[0].lower() if len(words) == 1 else "",
    }
    return frozenset(found | {one for one in initials if any(one in group for group in like.twins)})


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
    if one[0] != two[0] or not all(len(each) in _LENGTHS for each in (one, two)):
        return False
    return bool(OSA.distance(one, two, score_cutoff=1) <= 1)
