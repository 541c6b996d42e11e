"""What a sentence is about: a release or a series, by its name or by its words beside "figures".

A title's telling words count only beside a word for figures ("fostering numbers", "figures on
fostering") or beside each other ("response times"); alone they are a weak sign. Invariant: the
phrases are few, so that the shared first pass stays small; what they are beside is looked at only
where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from gateway.detect.material.indication_phrases import any_of
from gateway.detect.mention import bounded, singular
from gateway.detect.normalise import flat, fold
from gateway.detect.vocabulary import MONTHS
from gateway.model.indication import WEEKDAYS
from gateway.model.release import ReleaseWords
from gateway.model.series import Series

NAMED, WORDED, WEAK = 2, 1, 0
_AROUND = 48
_SHORTEST = 5
_TELLING_WORDS = 4
_ORDINARY = frozenset(
    "statistics statistical statistic figures numbers data release releases bulletin bulletins survey "
    "surveys report reports quarterly monthly annual annually yearly weekly daily biannual results result "
    "tables table first final provisional revised preliminary estimates estimate official national "
    "experimental accredited public service services people england english wales welsh scotland scottish "
    "britain british great northern ireland irish united kingdom london international local authority "
    "authorities region regional regions country countries area areas district government department "
    "ministry office update summary headline headlines indicator indicators index indices trends trend "
    "analysis edition series year years quarter month week ending march experience number total levels "
    "level changes change about after between during under their other others yearly selected including "
    "related based small large times activity performance outcomes outcome system systems group groups "
    "business businesses working world state states report information management example published".split()
) | frozenset(MONTHS)
_PLACE_OR_TIME = re.compile(
    r"\s*[,:;(]|\s+-\s+|\s+\d{4}|\s+in (?:England|Wales|Scotland|Northern|the)\b"
)
"""Where a title's name ends: "Labour market overview, UK: November 2020"."""
_DUE = ("numbers", "figures", "stats", "statistics", "results", "release", "publication", "data")
_SYNONYMS = ("statistics", "stats", "figures", "numbers", "data")
"""What people call the same figures, whichever of these words their release is named by."""
_JOINING = frozenset("of the and in for on to a an by at with from".split())


@dataclass(frozen=True, slots=True)
class Topic:
    """`target` is a release's id, "series:" and a series' id, or "day:" and a day on which figures
    are due ("tomorrow's numbers"); `strength` one of NAMED, WORDED and
    WEAK; it stands in flat text from `start` to `end`."""

    target: str
    strength: int
    start: int
    end: int


class Topics:
    """The names and telling words of every release and series; read-only."""

    def __init__(
        self, words: Iterable[ReleaseWords], series: Iterable[Series], figures: Iterable[str]
    ) -> None:
        self._names: dict[str, dict[str, int]] = {}
        self._tellers: dict[str, set[str]] = {}
        for one in words:
            for phrase in (one.title, *one.subject_words):
                self._add_name(phrase, one.release, NAMED)
                self._add_tellers(phrase, one.release)
            short = _PLACE_OR_TIME.split(one.title, maxsplit=1)[0]
            if len(short.split()) > 1:
                self._add_name(short, one.release, NAMED)
        for each in series:
            for phrase in (each.title, *each.names):
                self._add_name(phrase, f"series:{each.id}", NAMED)
            for phrase in each.measures:
                self._add_name(phrase, f"series:{each.id}", WORDED)
        if self._names:
            for day, noun in product(("tomorrow", *WEEKDAYS), _DUE):
                for phrase in (f"{day}s {noun}", f"{noun} {day}", f"{noun} on {day}"):
                    self._add_name(phrase, f"day:{day}", NAMED)
        alternatives = any_of(figures) or "(?!)"
        # "fostering numbers", "fostering placement figures", "numbers on fostering"
        self._after = re.compile(rf"s? (?:\S{{1,20}} )?(?:{alternatives})(?!\S)")
        self._before = re.compile(
            rf"(?<!\S)(?:{alternatives}) (?:(?:on|for|of|in|about|from|ar|sur|zu) )?"
            r"(?:the |our |todays |tomorrows |latest |new )?$"
        )

    def _add_name(self, phrase: str, target: str, strength: int) -> None:
        key = singular(flat(fold(phrase)))
        for each in (key, *_called_otherwise(key)) if key else ():
            named = self._names.setdefault(each, {})
            named[target] = max(strength, named.get(target, strength))

    def _add_tellers(self, phrase: str, target: str) -> None:
        """Telling words of a title, two that stand together, and its initials."""
        words = flat(fold(phrase)).split()
        telling = [_is_telling(word) for word in words]
        for word, tells in zip(words, telling, strict=True):
            if tells:
                self._tellers.setdefault(word, set()).add(target)
        for (first, tells), second in zip(
            zip(words, telling, strict=True), words[1:], strict=False
        ):
            if (
                tells
                and len(second) >= _TELLING_WORDS
                and second.isalpha()
                and second not in _JOINING
            ):
                self._add_name(f"{first} {second}", target, WORDED)
        initials = "".join(word[0] for word in words if word.isalpha() and word not in _ORDINARY
                           and word not in _JOINING)  # fmt: skip
        if 3 <= len(initials) <= 6:
            self._tellers.setdefault(initials, set()).add(target)

    @property
    def phrases(self) -> tuple[str, ...]:
        """The strings that the shared first pass looks for in flat text."""
        return tuple(dict.fromkeys((*self._names, *self._tellers)))

    def among(self, hits: Mapping[str, list[int]], flattened: str) -> list[Topic]:
        """The topics at `hits`: phrase -> where it begins in flat text, word boundaries not yet
        looked at."""
        found: list[Topic] = []
        for phrase, places in hits.items():
            named, tellers = self._names.get(phrase, {}), self._tellers.get(phrase, ())
            for at in places if named or tellers else ():
                end = at + len(phrase)
                if not bounded(flattened, at, end):
                    continue
                found += [Topic(target, strength, at, end) for target, strength in named.items()]
                if tellers:
                    found += self._told(flattened, at, end, tellers)
        return found

    def _told(self, flattened: str, at: int, end: int, targets: Iterable[str]) -> list[Topic]:
        after = self._after.match(flattened, end, end + _AROUND)
        beside = after or self._before.search(flattened[max(0, at - _AROUND) : at])
        if not beside and end - at < _SHORTEST:
            return []  # initials alone are any word
        strength = NAMED if beside else WEAK
        return [Topic(target, strength, at, after.end() if after else end) for target in targets]


def _called_otherwise(key: str) -> list[str]:
    """ "bus statistics" are the bus figures and the bus numbers, too."""
    lead, _, last = key.rpartition(" ")
    words = {singular(word) for word in _SYNONYMS}
    if last not in words or all(word in _ORDINARY for word in lead.split()):
        return []
    return [f"{lead} {word}" for word in sorted(words - {last})]


def _is_telling(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha() and word not in _ORDINARY
