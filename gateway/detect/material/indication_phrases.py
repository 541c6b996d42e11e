"""The phrases of `rules/indication.yaml` as patterns over flat text.

Linear: a phrase has a bounded number of words, and `..` stands for two at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from gateway.detect.normalise import flat, fold
from gateway.model.indication import DIRECTIONS

_NEVER = re.compile(r"(?!)")


def any_of(phrases: Iterable[str]) -> str:
    """An alternation of phrases, the longest first; words stand between single blanks."""
    patterns = {pattern for phrase in phrases if (pattern := _pattern(phrase))}
    return "|".join(sorted(patterns, key=lambda pattern: (-len(pattern), pattern)))


def whole_words(phrases: Iterable[str]) -> re.Pattern[str]:
    """Where one of them stands in flat text."""
    alternatives = any_of(phrases)
    return re.compile(rf"(?<!\S)(?:{alternatives})(?!\S)") if alternatives else _NEVER


def directions(says: Mapping[str, tuple[str, ...]]) -> re.Pattern[str]:
    """What is said of figures; the group that matched is its direction."""
    groups = [
        rf"(?P<{direction}>{alternatives})"
        for direction in DIRECTIONS
        if (alternatives := any_of(says.get(direction, ())))
    ]
    return re.compile(rf"(?<!\S)(?:{'|'.join(groups)})(?!\S)") if groups else _NEVER


def _pattern(phrase: str) -> str:
    words = []
    for word in phrase.split():
        if word == "..":
            words.append(r"(?:\S+ ){0,2}")
            continue
        stem = re.escape(flat(fold(word.rstrip("*"))))
        words.append(stem + (r"\S*" if word.endswith("*") else "") + " ")
    return "".join(words).rstrip()
