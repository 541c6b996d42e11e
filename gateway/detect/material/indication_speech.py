"""What a sentence says of figures, by the words of `rules/indication.yaml`, and what speaks against it.

Flat text goes in (`detect.normalise.flat`). Invariants: a pattern of hundreds of phrases is tried
only around the words at their core; nothing of the text comes out but positions and directions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from ahocorasick_rs import AhoCorasick, Implementation

from gateway.detect.material.indication_phrases import any_of, cores, directions, whole_words
from gateway.detect.material.periods import periods
from gateway.model.indication import DIRECTIONS, Direction, IndicationWords

_OLD = timedelta(days=500)
_AROUND = 48
_OPPOSITE: Mapping[str, Direction] = {"up": "down", "down": "up", "good": "bad", "bad": "good"}
_NO_CONDITION = re.compile(r"(?<!\S)(?:if|in case|whether) you(?!\S)|(?<!\S)as if(?!\S)")
_FEELING = re.compile(r"news|pleased|happy|relie|delight")
_MADE = re.compile(r"improv|increas|strengthen|doubl|halv|narrow|widen|reduc|eas|soften")
_DOER = re.compile(r"(?<!\S)(?:we|ive|weve|i|you|youve|theyve)(?: (?:have|had|also|just|all))? $")
_INDIRECT = re.compile(r"(?<!\S)(?:wondering|i wonder|any idea|do we know|do you know)(?!\S)")


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase that tells a direction, and where it stands in flat text."""

    direction: Direction
    start: int
    end: int


class Speech:
    """The vocabulary, ready to be matched; read-only. `silent`: it has no phrase at all."""

    def __init__(self, given: IndicationWords) -> None:
        self.silent = not any(given.says.values()) and not any(given.signs.values())
        self._says = directions(given.says, given.links, given.adverbs)
        self._cores = AhoCorasick(cores(given.says), implementation=Implementation.DFA)
        self._signs: dict[str, Direction] = {
            sign: direction for direction in DIRECTIONS for sign in given.signs.get(direction, ())
        }
        self._figures = whole_words(given.figures)
        self._things = whole_words(given.things)
        things = any_of(given.things) or "(?!)"
        self._within = re.compile(rf"(?<!\S)(?:in|on|from|of|for) (?:\S+ )?(?:{things})(?!\S)")
        figures = any_of(given.figures) or "(?!)"
        self._beside = re.compile(
            rf" (?:for|of|on|in|from|about|to|at) (?:the |our |this |all )?(?:\S+ ){{0,2}}(?:{figures}) "
        )
        self._asks = re.compile(
            rf"(?:and |so |but |hi |hello )?(?:{any_of(given.asks) or '(?!)'})(?!\S)"
        )
        self._supposes = whole_words(given.supposes)
        self._is_out = whole_words(given.is_out)
        self._work = whole_words(given.work)
        self._guides = whole_words(given.guides)
        self._outside = whole_words(given.outside)
        self._links = re.compile(any_of(given.links) or "(?!)")
        reverses = any_of(given.reverses) or "(?!)"
        self._reversed = re.compile(rf"(?<!\S)(?:{reverses})(?: \S+){{0,2}} ?$")
        # Between "are" and "good": "are not that good", "isnt good".
        self._reversed_within = re.compile(rf"(?:\S+ )?(?:{reverses}) \S")

    def may_say(self, flattened: str, start: int, end: int) -> bool:
        window = flattened[max(0, start) : end]
        if not window.isascii() and any(sign in window for sign in self._signs):
            return True
        return bool(self._cores.find_matches_as_indexes(f" {window} "))

    def shown(self, sentence: str) -> list[Direction]:
        return [self._signs[sign] for sign in sentence if sign in self._signs]

    def said(self, text: str) -> list[Said]:
        windows = self._windows(text)
        if not windows:
            return []
        work = [match.span() for match in self._work.finditer(text)]
        found = []
        for match in (m for window in windows for m in self._says.finditer(text, *window)):
            start, end = match.span()
            if any(start < stop and begin < end for begin, stop in work):
                continue
            if _MADE.match(text, start) and _DOER.search(text, max(0, start - 24), start):
                continue  # "we have improved the tables"
            direction = cast(Direction, match.lastgroup)
            if self._is_reversed(text, start, end):
                direction = _OPPOSITE.get(direction, direction)
            if not self._of_a_thing(text, start, end):
                found.append(Said(direction, start, end))
        return found

    def predicated(self, text: str, one: Said) -> bool:
        before = text[: one.start].split()[-4:]
        after = text[one.end :].split()[: 2 if text[: one.end].endswith(" in") else 4]
        return bool(self._figures.search(" ".join(before)) or self._figures.search(" ".join(after)))

    def is_innocent(self, text: str, sentence: str, said: list[Said], written: date) -> bool:
        first = min((one.start for one in said), default=len(text))
        last = max((one.end for one in said), default=len(text))
        if self._guides.search(text, 0, last + 20):
            return True
        if sentence.rstrip("\"') ").endswith("?") and self._asks.match(text):
            return True
        if _INDIRECT.search(text, 0, first) or self._outside.search(text, 0, first):
            return True
        conditions = _NO_CONDITION.sub(" ", text[:first])
        if self._supposes.search(conditions) or _either_way(self._supposes, text, first):
            return True
        for out in self._is_out.finditer(text):
            # "Down on last year's" compares; "last year's were down" tells what is known.
            compared = any(0 <= out.start() - one.end <= 12 for one in said)
            if not compared:
                return True
        found = [one for one in periods(sentence.lower(), written) if not one.relative]
        return bool(found) and all(one.period.end < written - _OLD for one in found)

    def is_news_of_work(self, text: str, one: Said) -> bool:
        """ "Good news: it is signed off"."""
        news = _FEELING.search(text[one.start : one.end]) is not None
        return news and self._work.search(text, one.end) is not None

    def is_of_work(self, text: str) -> bool:
        """Whether a sentence is about how the work goes."""
        return self._work.search(text) is not None

    def is_out(self, text: str) -> bool:
        """Whether it is about what is published already."""
        return self._is_out.search(text) is not None

    def names_thing(self, text: str) -> bool:
        """Whether it is about a page, a draft or a date."""
        return self._things.search(text) is not None

    def is_linked(self, text: str, one: Said) -> bool:
        """Whether a phrase begins with its verb: "are bad"."""
        return self._links.fullmatch(text[one.start :].split(" ", 1)[0]) is not None

    def _windows(self, text: str) -> list[tuple[int, int]]:
        """Where something may be said: a pattern of hundreds of phrases is slow, a search for the
        words at their core is not."""
        windows: list[tuple[int, int]] = []
        for _, start, end in self._cores.find_matches_as_indexes(f" {text} "):
            if windows and start - _AROUND <= windows[-1][1]:
                windows[-1] = windows[-1][0], end + _AROUND
            else:
                windows.append((max(0, text.rfind(" ", 0, max(0, start - _AROUND))), end + _AROUND))
        return windows

    def _is_reversed(self, text: str, start: int, end: int) -> bool:
        if self._reversed.search(text, max(0, start - 40), start):
            return True
        first = text[start:end].split(" ", 1)[0]
        linked = self._links.fullmatch(first) is not None
        return linked and self._reversed_within.match(text, start, end) is not None

    def _of_a_thing(self, text: str, start: int, end: int) -> bool:
        """Whether a phrase is said of a page, a draft or a date, not of figures."""
        lead = text[:start]
        if self._figures.search(lead):
            lead = self._within.sub(" ", lead)
        things = [match.end() for match in self._things.finditer(lead)]
        figures = [
            match.end()
            for match in self._figures.finditer(lead)
            if match.start() - 1 not in things  # "staff numbers", "page views data"
        ]
        if things and self._beside.fullmatch(lead, things[-1]):
            return True  # "response rates for the fostering statistics are up"
        if things or figures:
            return max(things, default=-1) >= max(figures, default=0)
        follows = self._things.search(text, end, end + 40)
        if follows is None:
            return False
        # "Bad news: the statistics page ..." is of the page.
        named = self._figures.search(text, end, follows.start())
        return named is None or named.end() + 1 == follows.start()


def _either_way(supposes: re.Pattern[str], text: str, first: int) -> bool:
    """ "Up or down" says nothing."""
    return any(" or " in match[0] for match in supposes.finditer(text, max(0, first - 12)))
