"""How alike two titles of posts are. Likeness suggests and warns, and decides nothing: a title that
resembles one on a list is not on the list.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Iterable

_WORD = re.compile(r"[^\W\d_]+")
_REMEMBERED = 20_000
"""Titles, and pairs of them: the same few come up in every list."""
_EMPTY = {"the", "of", "to", "for", "and", "in", "a", "an", "x", "person", "people"}


def words(title: str) -> tuple[str, ...]:
    """The words that carry a title's meaning."""
    text = unicodedata.normalize("NFKC", title).casefold()
    return tuple(word for word in _WORD.findall(text) if word not in _EMPTY)


def same_title(one: str, other: str) -> bool:
    """Whether two titles are the same but for capitals, spaces and punctuation."""
    return letters(one) == letters(other)


@lru_cache(_REMEMBERED)
def likeness(one: str, other: str) -> float:
    """From 0 to 1: the words that both have, whatever their order, and their spelling."""
    mine, yours = sorted(words(one)), sorted(words(other))
    if not mine or not yours:
        return 0.0
    return SequenceMatcher(None, " ".join(mine), " ".join(yours), autojunk=False).ratio()


def nearest(title: str, others: Iterable[str], at_least: float = 0.7) -> str | None:
    """The title that is most like this one, if any is."""
    rated = [(likeness(title, other), other) for other in others]
    best = max(rated, default=(0.0, ""))
    return best[1] if best[0] >= at_least else None


@lru_cache(_REMEMBERED)
def letters(title: str) -> str:
    """A title as it is compared: without capitals, spaces and punctuation."""
    text = unicodedata.normalize("NFKC", title).casefold()
    return "".join(filter(str.isalnum, text))
