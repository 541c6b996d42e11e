"""Can any phrase stand in a table's cells, or lie across several? Told from its distinct strings.

Invariant: never weaker than reading the rows as text. In that text cells are separated by blanks,
so a phrase lies in one cell, or is divided between words: its beginning ends a cell, pieces of it
are whole cells, the rest begins a cell. Strings are compared by their letters alone, which makes
more of them match than should; what matches is then read exactly.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Iterable, Iterator, Sequence

from ahocorasick_rs import BytesAhoCorasick, Implementation

from gateway.detect.normalise import fold

_EDGE = "\x01"
"""Stands before each string; none holds it."""
_KEPT = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\x01"
_LOWER = bytes(range(256)).lower()
_DROPPED = bytes(set(range(256)) - set(_KEPT))
_DASHED = re.compile(r"-[^0-9A-Za-z\x01]*\x01")
_BROKEN = re.compile(r"[A-Za-z]{2}-\Z")
# What a number, date or time may show as words.
_NUMERAL = re.compile("[0-9]*e?[0-9]*")
# Cells that may stand anywhere.
_TRUTHS = ("TRUE", "FALSE")
Pair = tuple[frozenset[str], frozenset[str] | None]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """`strings` may hold a phrase by themselves; `pairs` may hold one where a cell of the first is
    followed by one of the second (None: by any cell); `always`: rows must be read."""

    strings: frozenset[str] = frozenset()
    pairs: tuple[Pair, ...] = ()
    always: bool = False


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Its pieces, by number: `heads` and `tails` by the word they end before or begin with,
    `middles` by both. ANY: whatever cell there is may be one."""

    heads: dict[int, int]
    tails: dict[int, int]
    middles: dict[tuple[int, int], int]


_ANY = -1


class Crossing:
    """Phrases, ready to be looked for in many strings at once; immutable after construction."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._numbers: dict[bytes, int] = {}
        self._whole: set[int] = set()
        self._phrases: list[_Phrase] = []
        self._always = False
        for phrase in dict.fromkeys(phrases):
            words = phrase.split()
            self._whole.add(self._number("".join(words)))
            self._always = self._always or _numeral(words) or _ANY in self._whole
            if len(words) > 1:
                self._phrases.append(self._divided(words))
        self._automaton = BytesAhoCorasick(tuple(self._numbers), implementation=Implementation.DFA)

    def _number(self, pattern: str) -> int:
        """Of a pattern of letters; what has none that is compared may be anything."""
        letters = pattern.encode("utf-8").translate(_LOWER, _DROPPED)
        if not letters.strip(_EDGE.encode()):
            return _ANY
        return self._numbers.setdefault(letters, len(self._numbers))

    def _divided(self, words: list[str]) -> _Phrase:
        heads, tails, middles = {}, {}, {}
        for at in range(1, len(words)):
            head, tail = "".join(words[:at]), "".join(words[at:])
            loose = len(head) == 1 or _numeral(words[:at])
            heads[at] = _ANY if loose else self._number(head + _EDGE)
            loose = len(tail) == 1 or _numeral(words[at:])
            tails[at] = _ANY if loose else self._number(_EDGE + tail)
            for end in range(at + 1, len(words)):
                piece = words[at:end]
                pattern = _EDGE + "".join(piece) + _EDGE
                middles[at, end] = _ANY if _numeral(piece) else self._number(pattern)
        return _Phrase(heads, tails, middles)

    def suspect(self, strings: Sequence[str]) -> Suspicion:
        """What must be looked at in a table whose cells are all numbers or of `strings`."""
        if self._always:
            return Suspicion(always=True)
        strings = (*_TRUTHS, *strings)
        letters, broken = _letters(strings)
        matches = self._automaton.find_matches_as_indexes(letters, overlapping=True)
        present = {number for number, _, _ in matches} | {_ANY}
        crossed = [phrase for phrase in self._phrases if _cuts(phrase, present, set())]
        if not crossed and not present & self._whole:
            return Suspicion(broken)
        holders = self._holders(matches, letters, strings)
        alone = broken.union(*(holders.get(number, ()) for number in self._whole))
        pairs: dict[Pair, None] = {}
        for phrase in crossed:
            for first, second in _pairs(phrase, present, holders):
                if first is None:
                    return Suspicion(always=True)
                pairs[first, second] = None
        return Suspicion(alone, tuple(pairs))

    def _holders(
        self, matches: list[tuple[int, int, int]], letters: bytes, strings: Sequence[str]
    ) -> dict[int, set[str]]:
        """Pattern -> the strings that it was found in."""
        edges = [edge.start() for edge in re.finditer(_EDGE.encode(), letters)]
        found: dict[int, set[str]] = {}
        for number, start, _ in matches:
            at = bisect_right(edges, start) - 1
            found.setdefault(number, set()).add(strings[at])
        return found


def _numeral(words: list[str]) -> bool:
    return all(map(_NUMERAL.fullmatch, words))


def _letters(strings: Sequence[str]) -> tuple[bytes, frozenset[str]]:
    """An edge before each string and at the end, and of each string nothing but its letters and
    digits; and the strings that may end in the first half of a broken word."""
    joined = _EDGE.join(("", *strings, ""))
    if joined.count(_EDGE) != len(strings) + 1:
        strings = [text.replace(_EDGE, "") for text in strings]
        joined = _EDGE.join(("", *strings, ""))
    if not joined.isascii():
        joined = _EDGE.join(("", *(s if s.isascii() else fold(s) for s in strings), ""))
    broken: frozenset[str] = frozenset()
    if _DASHED.search(joined):
        broken = frozenset(text for text in strings if _BROKEN.search(fold(text)))
    return joined.encode("utf-8").translate(_LOWER, _DROPPED), broken


def _cuts(phrase: _Phrase, present: set[int], barred: set[int]) -> set[int]:
    """The words before which a boundary of cells may lie, on the way from a head to a tail."""

    def there(pieces: dict[int, int]) -> set[int]:
        return {at for at, number in pieces.items() if number in present} - barred

    ways = [way for way, number in phrase.middles.items() if number in present]
    reached, leading = there(phrase.heads), there(phrase.tails)
    for start, end in sorted(ways):
        if start in reached and end not in barred:
            reached.add(end)
    for start, end in sorted(ways, reverse=True):
        if end in leading and start not in barred:
            leading.add(start)
    return reached & leading


def _pairs(
    phrase: _Phrase, present: set[int], holders: dict[int, set[str]]
) -> Iterator[tuple[frozenset[str] | None, frozenset[str] | None]]:
    """Neighbours without which the phrase cannot lie across cells: those of the fewest strings."""
    barred: set[int] = set()
    while cuts := _cuts(phrase, present, barred):
        choices = []
        for cut in cuts:
            first = [
                phrase.heads[cut],
                *(n for (_, end), n in phrase.middles.items() if end == cut),
            ]
            second = [phrase.tails[cut], *(n for (at, _), n in phrase.middles.items() if at == cut)]
            left, right = _union(first, holders), _union(second, holders)
            cost = (left is None, right is None, len(left or ()) + len(right or ()))
            choices.append((cost, cut, left, right))
        _, cut, left, right = min(choices, key=lambda choice: choice[:2])
        yield left, right
        barred.add(cut)


def _union(numbers: list[int], holders: dict[int, set[str]]) -> frozenset[str] | None:
    if _ANY in numbers:
        return None
    return frozenset().union(*(holders.get(number, ()) for number in numbers))
