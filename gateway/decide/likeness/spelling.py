"""How two addresses are alike: one letter, the order of names, letters that look alike, the domain.

Short words leave little room for mistakes: a word of three letters that differs by one is another
word, and another initial is another person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.distance import OSA

from gateway.decide.likeness.letters import foreign, in_letters, look
from gateway.model.finding import Confidence
from gateway.model.likeness import Likeness
from gateway.model.person_name import folded

_LONGEST = 100
_COUNTS = ("", "one letter", "two letters")
_SHORT, _LONG, _VERY_LONG = 4, 6, 10
_NO_LETTER = re.compile(r"[^\w]|_")


@dataclass(frozen=True, slots=True)
class Spelt:
    """A normalised address taken apart: `words` are those of its local part, `looks` what the whole
    looks like."""

    address: str
    local: str
    domain: str
    words: tuple[str, ...]
    looks: str
    shown_domain: str

    @property
    def letters(self) -> str:
        return "".join(self.words)


class Alike(NamedTuple):
    """`how` goes between the two addresses in a sentence, `end` behind it: “a … b, who is on the
    list …”."""

    kind: Likeness
    confidence: Confidence
    how: str
    end: str = ""


def spelt(address: str) -> Spelt:
    local, _, domain = address[:_LONGEST].rpartition("@")
    words = tuple(word for word in _NO_LETTER.split(folded(local)) if word)
    shown = in_letters(domain)
    return Spelt(address, local, domain, words, f"{look(local)}@{look(shown)}", shown)


def alike(one: Spelt, listed: Spelt) -> Alike | None:
    """How an address is taken for a listed one; None where it is not. Never for the same one."""
    if one.address == listed.address:
        return None
    if one.looks == listed.looks:
        end = foreign(one.local) or foreign(one.shown_domain) or "its letters or digits are others"
        return Alike("confusable", "high", "looks like", f", but {end}")
    if one.domain == listed.domain:
        return _of_one_domain(one, listed)
    if one.local == listed.local:
        return _of_one_local_part(one, listed)
    return None


def _of_one_domain(one: Spelt, listed: Spelt) -> Alike | None:
    base, plus, _ = one.local.partition("+")
    if plus and base == listed.local:
        return Alike("tag", "high", "has a +tag, so that it is not")
    if one.letters == listed.letters:
        return Alike("address", "high", "has the same letters, set apart in another way, as")
    if len(one.words) > 1 and one.words[0] == listed.words[-1] and one.words[-1] == listed.words[0]:
        return Alike("address", "high", "has the names in the other order of")
    edits = _edits(one, listed)
    if not edits:
        return None
    digits = one.local.rstrip("0123456789") == listed.local.rstrip("0123456789")
    if digits:
        return Alike("address", "high", "differs by a number from")
    return Alike("address", "high" if edits == 1 else "medium", f"differs by {_COUNTS[edits]} from")


def _edits(one: Spelt, listed: Spelt) -> int:
    """How many letters differ, 1 or 2; 0 where it is more, or the words are too short to say."""
    if len(one.words) != len(listed.words) or len(one.words) == 1:
        return _edits_of_one_word(one.letters, listed.letters)
    edits = 0
    for mine, yours in zip(one.words, listed.words, strict=True):
        length = max(len(mine), len(yours))
        allowed = 0 if length < _SHORT else 1 if length < _LONG else 2
        differ = OSA.distance(mine, yours, score_cutoff=allowed)
        if differ > allowed:
            return 0
        edits += differ
    return edits if edits <= 2 else 0


def _edits_of_one_word(mine: str, yours: str) -> int:
    """Names that are run together, mossterry; in mosst and mossk the last letter is an initial."""
    length = min(len(mine), len(yours))
    allowed = 0 if length <= _SHORT else 1 if length < _VERY_LONG else 2
    differ = OSA.distance(mine, yours, score_cutoff=allowed)
    initials = len(mine) == len(yours) and (mine[1:] == yours[1:] or mine[:-1] == yours[:-1])
    return 0 if differ > allowed or initials else differ


def _of_one_local_part(one: Spelt, listed: Spelt) -> Alike | None:
    if one.domain.endswith(f".{listed.domain}"):
        return Alike("subdomain", "high", f"is at {one.domain}, a part of the domain of")
    if listed.domain.endswith(f".{one.domain}"):
        return Alike("superdomain", "high", f"is at {one.domain}, above the domain of")
    if near_domain(one, listed):
        how = f"is at {one.domain}, which differs by one letter from the domain of"
        return Alike("address", "high", how)
    return None


def near_domain(one: Spelt, listed: Spelt) -> bool:
    """Whether two domains differ by one letter."""
    if one.domain == listed.domain or abs(len(one.domain) - len(listed.domain)) > 1:
        return False
    return len(one.domain) > _LONG and bool(
        OSA.distance(one.domain, listed.domain, score_cutoff=1) == 1
    )
