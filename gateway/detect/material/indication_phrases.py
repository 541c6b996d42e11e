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


def directions(
    says: Mapping[str, tuple[str, ...]], links: Iterable[str], adverbs: Iterable[str]
) -> re.Pattern[str]:
    """What is said of figures; the group that matched is its direction. "= bad" follows one of
    `links`, with up to three of `adverbs` between."""
    linked = rf"(?:{any_of(links) or '(?!)'}) (?:(?:{any_of(adverbs) or '(?!)'}) ){{0,3}}"
    groups = []
    for direction in DIRECTIONS:
        phrases = says.get(direction, ())
        alone = any_of(phrase for phrase in phrases if phrase[:1] != "=")
        after = any_of(phrase[1:] for phrase in phrases if phrase[:1] == "=")
        either = "|".join(filter(None, (alone, f"{linked}(?:{after})" if after else "")))
        if either:
            groups.append(rf"(?P<{direction}>{either})")
    return re.compile(rf"(?<!\S)(?:{'|'.join(groups)})(?!\S)") if groups else _NEVER


def cores(says: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Strings of which one stands in any text that `directions` finds something in, once a blank is
    put before it and behind it."""
    phrases = (phrase for direction in DIRECTIONS for phrase in says.get(direction, ()))
    return tuple(dict.fromkeys(core for phrase in phrases if (core := _core(phrase))))


def _core(phrase: str) -> str:
    """The longest stretch of a phrase that stands in every text that it matches."""
    stretches = [" "]
    for word in phrase.removeprefix("=").split():
        if word != "..":
            stretches[-1] += flat(fold(word.rstrip("*"))) + ("" if word.endswith("*") else " ")
        if word == ".." or word.endswith("*"):
            stretches.append(" ")
    longest = max(stretches, key=len)
    return longest if longest.strip() else ""


def _pattern(phrase: str) -> str:
    words = []
    for word in phrase.split():
        if word == "..":
            words.append(r"(?:\S+ ){0,2}")
            continue
        stem = re.escape(flat(fold(word.rstrip("*"))))
        words.append(stem + (r"\S*" if word.endswith("*") else "") + " ")
    return "".join(words).rstrip()
