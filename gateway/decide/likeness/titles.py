"""How two titles of posts are alike: what they are about, and how senior they are.

“Deputy Head Personnel Policy” and “Head of People Policy” are about one thing and are two posts.
Alike is never the same: that is said by the list alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from gateway.model.finding import Confidence
from gateway.model.likeness import LikeWords
from gateway.model.person_name import folded

_WORD = re.compile(r"[^\W\d_]+")
_HOW_MANY = re.compile(r"\(?\b(?:x ?)?\d+ ?(?:x|persons?|people)?\b\)?|\bx \d+")
_EMPTY = frozenset("the of to for and in on at a an x s with person".split())
_LONGEST = 200
_LONG = 8
"""Letters of a word that is still the same with one wrong: police is not policy."""
_MOSTLY = 0.75


@dataclass(frozen=True, slots=True)
class Title:
    """`subject` is what a post is about, `rank` how senior it is; both in words that stand for all
    that mean the same."""

    text: str
    subject: frozenset[str]
    rank: frozenset[str]


def read_title(text: str, like: LikeWords) -> Title:
    words = _WORD.findall(_HOW_MANY.sub(" ", folded(text[:_LONGEST])))
    plain = f" {' '.join(_corrected(word, like) for word in words)} "
    for several, meaning in like.means.items():
        if " " in several:
            plain = plain.replace(f" {several} ", f" {meaning} ")
    meant = (like.means.get(word, word) for word in plain.split() if word not in _EMPTY)
    found = frozenset(part for one in meant for part in one.split())
    return Title(text, found - like.ranks, found & like.ranks)


def _corrected(word: str, like: LikeWords) -> str:
    """Published lists have their misprints: Private Sectretary."""
    if len(word) < _LONG or word in like.ranks or word in like.means:
        return word
    known = (*like.ranks, *(part for words in like.means for part in words.split()))
    near = (each for each in known if len(each) >= _LONG and _one_apart(word, each))
    return min(near, default=word)


def alike(one: Title, other: Title) -> Confidence | None:
    """How sure it is that one would be taken for the other; None where it would not."""
    if one.subject == other.subject:
        return _of_one_subject(one, other)
    if not one.subject or not other.subject:
        return None
    shared = len(one.subject & other.subject)
    shared += sum(
        any(_spelt_alike(word, each) for each in other.subject - one.subject)
        for word in one.subject - other.subject
        if len(word) >= _LONG
    )
    more, fewer = (f(len(one.subject), len(other.subject)) for f in (max, min))
    if shared < 2 and not (shared == 1 == more):
        return None
    mostly = shared / (more + fewer - shared) >= _MOSTLY
    within = shared == fewer and one.rank == other.rank
    return "medium" if mostly or within else None


def _of_one_subject(one: Title, other: Title) -> Confidence | None:
    if one.rank == other.rank:
        return "high" if one.subject or one.rank else None
    if len(one.subject) > 1:
        return "medium"
    # “Media Officer” is taken for “Duty Press Officer”, “Head of Media” for neither.
    overlap = bool(one.rank & other.rank) or not one.rank or not other.rank
    return "medium" if one.subject and overlap else None


def _spelt_alike(word: str, other: str) -> bool:
    return len(other) >= _LONG and _one_apart(word, other)


def _one_apart(word: str, other: str) -> bool:
    return bool(OSA.distance(word, other, score_cutoff=1) <= 1)
