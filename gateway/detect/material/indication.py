"""Finds sentences that say how a release's figures are, though no figure stands in them.

A sentence counts by what it is about (`Topics`), what it says (`rules/indication.yaml`) and what
speaks against it: a question, a condition, what is published already, how the work goes, other things
than figures. Invariants: only texts that name a release or series are looked at; bounded; facts are
directions and counts, never words (law 8).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import cast

from ahocorasick_rs import AhoCorasick, Implementation

from gateway.detect.material.indication_phrases import any_of, cores, directions, whole_words
from gateway.detect.material.indication_topics import NAMED, WEAK, Topic, Topics
from gateway.detect.material.periods import in_prose
from gateway.detect.material.sentence import sentences
from gateway.detect.normalise import flat
from gateway.model.indication import DIRECTIONS, Direction, Hint, IndicationWords
from gateway.model.message import Location
from gateway.model.release import ReleaseWords
from gateway.model.series import Series

_ENOUGH = 50
"""Plain hints in one text; more say nothing more."""
_BACK = 2
_OPENING = 6
"""Sentences of a body that may be about what its subject names."""
_OLD = timedelta(days=500)
_SHORT = 10
_AROUND = 48
_CLOSE, _FAR, _WHOLE_OPENING = 200, 300, 4000
"""Characters of flat text around a word of a release within which something may be said of it."""
_OPPOSITE: Mapping[str, Direction] = {"up": "down", "down": "up", "good": "bad", "bad": "good"}
_PRONOUN = re.compile(
    r"(?<!\S)(?:it|its|they|theyre|theyve|theyll|these|those|this|them|that|thats|all|both|everything"
    r"|things|nhw|ils|elles|sie|es)(?!\S)"
)
_SOON = re.compile(
    r"(?<!\S)(?:tomorrow\S*|today\S*|tonight|monday\S*|tuesday\S*|wednesday\S*|thursday\S*|friday\S*"
    r"|this week\S*|next week\S*|9 30\S*|0930|930\S*|releas\S*|publicat\S*|publish\S*|embargo\S*"
    r"|stats|statistics|numbers|figures|morning|yfory|demain|morgen)(?!\S)"
)
_NO_CONDITION = re.compile(r"(?<!\S)(?:if|in case|whether) you(?!\S)|(?<!\S)as if(?!\S)")
_FEELING = re.compile(r"news|pleased|happy|relie|delight")
_MADE = re.compile(r"improv|increas|strengthen|doubl|halv|narrow|widen|reduc|eas|soften")
_DOER = re.compile(r"(?<!\S)(?:we|ive|weve|i|you|youve|theyve)(?: (?:have|had|also|just|all))? $")
_INDIRECT = re.compile(r"(?<!\S)(?:wondering|i wonder|any idea|do we know|do you know)(?!\S)")


@dataclass(frozen=True, slots=True)
class _Said:
    direction: Direction
    start: int
    end: int


class IndicationDetector:
    """The words of releases and series and those of indications; read-only."""

    def __init__(
        self, words: Iterable[ReleaseWords], series: Iterable[Series], vocabulary: IndicationWords
    ) -> None:
        given = vocabulary
        silent = not any(given.says.values()) and not any(given.signs.values())
        self._topics = Topics(*((), ()) if silent else (words, series), given.figures)
        self.phrases = self._topics.phrases
        self._automaton = AhoCorasick(self.phrases, implementation=Implementation.DFA)
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

    def topics(self, hits: Mapping[str, list[int]], flattened: str) -> frozenset[str]:
        """What a text names, by `hits` of the first pass."""
        return frozenset(
            topic.target for topic in self._topics.among(hits, flattened) if topic.strength == NAMED
        )

    def may_hint(
        self, hits: Mapping[str, list[int]], flattened: str, about: frozenset[str]
    ) -> bool:
        """Whether something may be said near a word of a release or series; weak ones need a word
        beside them that speaks of figures or of their publication."""
        if about and self._may_say(flattened, 0, _WHOLE_OPENING):
            return True
        looked = (
            0  # up to where nothing is said: texts that name a release on every line stay cheap
        )
        for topic in sorted(self._topics.among(hits, flattened), key=lambda one: one.start):
            start, end = topic.start - _FAR, topic.end + 2 * _FAR
            if topic.strength == WEAK:
                end = topic.end + _CLOSE
                if not _SOON.search(flattened, max(0, topic.start - _CLOSE), end):
                    continue
            if end > looked:
                if self._may_say(flattened, max(start, looked - _CLOSE), end):
                    return True
                looked = end
        return False

    def _may_say(self, flattened: str, start: int, end: int) -> bool:
        window = flattened[max(0, start) : end]
        if not window.isascii() and any(sign in window for sign in self._signs):
            return True
        return bool(self._cores.find_matches_as_indexes(f" {window} "))

    def in_text(
        self, folded: str, location: Location, written: date, about: frozenset[str] = frozenset()
    ) -> list[Hint]:
        """What a text says of figures; `about` is what its subject names."""
        recent: list[frozenset[str]] = []
        hints: list[Hint] = []
        last = ""
        for number, sentence in enumerate(sentences(folded)):
            if len(hints) >= _ENOUGH and sum(hint.sure for hint in hints) >= _ENOUGH:
                break
            here = self._topics_of(flat(sentence))
            before = frozenset().union(*recent[-_BACK:]) | (
                about if number < _OPENING else frozenset()
            )
            found = self._sentence(sentence, here, before, location, written)
            # "Published already, so fine to share: ..."
            doubtful = number and self._is_out.search(flat(last)) is not None
            hints += [replace(hint, sure=False) for hint in found] if doubtful else found
            last = sentence
            recent.append(frozenset(topic.target for topic in here if topic.strength > WEAK))
        return hints

    def _topics_of(self, flattened: str) -> list[Topic]:
        hits: dict[str, list[int]] = {}
        for index, start, _ in self._automaton.find_matches_as_indexes(flattened, overlapping=True):
            hits.setdefault(self.phrases[index], []).append(start)
        return self._topics.among(hits, flattened) if hits else []

    def _sentence(
        self, sentence: str, here: list[Topic], before: frozenset[str], location: Location,
        written: date,
    ) -> list[Hint]:  # fmt: skip
        if not here and not before:
            return []
        text = flat(sentence)
        said = self._said(text)
        shown = [] if sentence.isascii() else self._shown(sentence)
        if not said and not shown:
            return []
        if self._is_innocent(text, sentence, said, written):
            return []
        scores: dict[str, int] = {}
        for topic in here:
            score = self._of_topic(topic, text, said, bool(shown))
            scores[topic.target] = max(score, scores.get(topic.target, 0))
        for target in before - scores.keys():
            scores[target] = self._of_neighbour(text, said, bool(shown))
        direction = _one([one.direction for one in said] or shown)
        count = len(said) + len(shown)
        return [
            _hint(location, target, direction, count, score >= 2)
            for target, score in scores.items()
            if score > 0
        ]

    def _shown(self, sentence: str) -> list[Direction]:
        return [self._signs[sign] for sign in sentence if sign in self._signs]

    def _said(self, text: str) -> list[_Said]:
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
                found.append(_Said(direction, start, end))
        return found

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

    def _is_innocent(self, text: str, sentence: str, said: list[_Said], written: date) -> bool:
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
        found = in_prose(sentence.lower(), written)
        return bool(found) and all(one.period.end < written - _OLD for one in found)

    def _of_topic(self, topic: Topic, text: str, said: list[_Said], shown: bool) -> int:
        """2: said of the figures that the sentence names; 1: perhaps; 0: of something else."""
        said = [one for one in said if not self._is_news_of_work(text, one)]
        close = shown or any(self._is_close(topic, text, one) for one in said)
        if topic.strength == NAMED:
            work = not close and self._work.search(text)
            return 0 if work else 2 if close else 1
        if not close:
            return 0
        return 1 if topic.strength > WEAK or _SOON.search(text) else 0

    def _is_news_of_work(self, text: str, one: _Said) -> bool:
        """ "Good news: it is signed off"."""
        news = _FEELING.search(text[one.start : one.end]) is not None
        return news and self._work.search(text, one.end) is not None

    def _is_close(self, topic: Topic, text: str, one: _Said) -> bool:
        """Whether the name, or a word for figures, stands right before or after what is said."""
        if topic.end <= one.start:
            between = text[topic.end : one.start]
            if len(between.split()) <= 6 and not self._things.search(between):
                return True
            lead = " ".join(between.split()[-3:])
            if topic.strength == NAMED and _PRONOUN.search(lead) and not self._things.search(lead):
                return True
        elif one.end <= topic.start:
            between = text[one.end : topic.start]
            if len(between.split()) <= (2 if text[: one.end].endswith(" in") else 6):
                return True
        return self._predicated(text, one)

    def _predicated(self, text: str, one: _Said) -> bool:
        before = text[: one.start].split()[-4:]
        after = text[one.end :].split()[: 2 if text[: one.end].endswith(" in") else 4]
        return bool(self._figures.search(" ".join(before)) or self._figures.search(" ".join(after)))

    def _of_neighbour(self, text: str, said: list[_Said], shown: bool) -> int:
        """The same of a sentence that only follows one about the release."""
        if any(self._predicated(text, one) for one in said):
            return 2
        if self._work.search(text):
            return 0
        words = text.split()
        if shown and len(words) <= _SHORT:
            return 1
        for one in said:
            lead = text[: one.start].split()
            first = text[one.start :].split(" ", 1)[0]
            linked = self._links.fullmatch(first) is not None
            short = len(lead) <= (0 if linked else 2) and len(words) <= _SHORT
            if short or _PRONOUN.search(" ".join([*lead[-4:], first])):
                return 1
        return 0


def _either_way(supposes: re.Pattern[str], text: str, first: int) -> bool:
    """ "Up or down" says nothing."""
    return any(" or " in match[0] for match in supposes.finditer(text, max(0, first - 12)))


def _one(found: list[Direction]) -> Direction:
    """The direction that they agree on."""
    telling = {direction for direction in found if direction != "unclear"}
    for one, other in (("up", "down"), ("good", "bad")):
        if one in telling and other in telling:
            return "unclear"
    return next((direction for direction in found if direction in telling), "unclear")


def _hint(location: Location, target: str, direction: Direction, count: int, sure: bool) -> Hint:
    kind, _, series = target.partition(":")
    if kind == "series" and series:
        return Hint(location, "", series, direction, count, sure)
    return Hint(location, target, "", direction, count, sure)
