"""Finds sentences that say how a release's figures are, though no figure stands in them.

A sentence counts by what it is about (`Topics`), what it says (`rules/indication.yaml`) and what
speaks against it: a question, a condition, what is published already, how the work goes, other things
than figures. Invariants: only texts that name a release or series are looked at; bounded; facts are
directions and counts, never words (law 8).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from ahocorasick_rs import AhoCorasick, Implementation

from gateway.detect.material.indication_speech import Said, Speech
from gateway.detect.material.indication_topics import NAMED, WEAK, Topic, Topics
from gateway.detect.material.sentence import sentences
from gateway.detect.normalise import flat
from gateway.model.indication import Direction, Hint, IndicationWords
from gateway.model.message import Location
from gateway.model.release import ReleaseWords
from gateway.model.series import Series

_ENOUGH = 50
"""Plain hints in one text; more say nothing more."""
_BACK = 2
_OPENING = 6
"""Sentences of a body that may be about what its subject names."""
_SHORT = 10
_CLOSE, _FAR, _WHOLE_OPENING = 200, 300, 4000
"""Characters of flat text around a word of a release within which something may be said of it."""
_PRONOUN = re.compile(
    r"(?<!\S)(?:it|its|they|theyre|theyve|theyll|these|those|this|them|that|thats|all|both|everything"
    r"|things|nhw|ils|elles|sie|es)(?!\S)"
)
_SOON = re.compile(
    r"(?<!\S)(?:tomorrow\S*|today\S*|tonight|monday\S*|tuesday\S*|wednesday\S*|thursday\S*|friday\S*"
    r"|this week\S*|next week\S*|9 30\S*|0930|930\S*|releas\S*|publicat\S*|publish\S*|embargo\S*"
    r"|stats|statistics|numbers|figures|morning|yfory|demain|morgen)(?!\S)"
)


class IndicationDetector:
    """The words of releases and series and those of indications; read-only."""

    def __init__(
        self, words: Iterable[ReleaseWords], series: Iterable[Series], vocabulary: IndicationWords
    ) -> None:
        self._speech = Speech(vocabulary)
        known = ((), ()) if self._speech.silent else (words, series)
        self._topics = Topics(*known, vocabulary.figures)
        self.phrases = self._topics.phrases
        self._automaton = AhoCorasick(self.phrases, implementation=Implementation.DFA)

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
        if about and self._speech.may_say(flattened, 0, _WHOLE_OPENING):
            return True
        looked = 0  # nothing is said up to there: no place is looked at twice
        for topic in sorted(self._topics.among(hits, flattened), key=lambda one: one.start):
            start, end = topic.start - _FAR, topic.end + 2 * _FAR
            if topic.strength == WEAK:
                end = topic.end + _CLOSE
                if not _SOON.search(flattened, max(0, topic.start - _CLOSE), end):
                    continue
            if end > looked:
                if self._speech.may_say(flattened, max(start, looked - _CLOSE), end):
                    return True
                looked = end
        return False

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
            before = frozenset().union(*recent) | (about if number < _OPENING else frozenset())
            found = self._sentence(sentence, here, before, location, written)
            # "Published already, so fine to share: ..."
            doubtful = number and self._speech.is_out(flat(last))
            hints += [replace(hint, sure=False) for hint in found] if doubtful else found
            last = sentence
            about_here = frozenset(topic.target for topic in here if topic.strength > WEAK)
            recent = [*recent[1 - _BACK :], about_here]
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
        said = self._speech.said(text)
        shown = [] if sentence.isascii() else self._speech.shown(sentence)
        if not said and not shown:
            return []
        if self._speech.is_innocent(text, sentence, said, written):
            return []
        if any(topic.strength > WEAK and not _is_day(topic.target) for topic in here):
            # "Bus numbers tomorrow" are not those of everything else that is due.
            here = [topic for topic in here if not _is_day(topic.target)]
            before = frozenset(target for target in before if not _is_day(target))
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

    def _of_topic(self, topic: Topic, text: str, said: list[Said], shown: bool) -> int:
        """2: said of the figures that the sentence names; 1: perhaps; 0: of something else."""
        said = [one for one in said if not self._speech.is_news_of_work(text, one)]
        close = shown or any(self._is_close(topic, text, one) for one in said)
        if topic.strength == NAMED:
            work = not close and self._speech.is_of_work(text)
            return 0 if work else 2 if close else 1
        if not close:
            return 0
        return 1 if topic.strength > WEAK or _SOON.search(text) else 0

    def _is_close(self, topic: Topic, text: str, one: Said) -> bool:
        """Whether the name, or a word for figures, stands right before or after what is said."""
        if topic.end <= one.start:
            between = text[topic.end : one.start]
            if len(between.split()) <= 6 and not self._speech.names_thing(between):
                return True
            lead = " ".join(between.split()[-3:])
            if (
                topic.strength == NAMED
                and _PRONOUN.search(lead)
                and not self._speech.names_thing(lead)
            ):
                return True
        elif one.end <= topic.start:
            between = text[one.end : topic.start]
            if len(between.split()) <= (2 if text[: one.end].endswith(" in") else 6):
                return True
        return self._speech.predicated(text, one)

    def _of_neighbour(self, text: str, said: list[Said], shown: bool) -> int:
        """The same of a sentence that only follows one about the release."""
        if any(self._speech.predicated(text, one) for one in said):
            return 2
        if self._speech.is_of_work(text):
            return 0
        words = text.split()
        if shown and len(words) <= _SHORT:
            return 1
        for one in said:
            lead = text[: one.start].split()
            first = text[one.start :].split(" ", 1)[0]
            linked = self._speech.is_linked(text, one)
            short = len(lead) <= (0 if linked else 2) and len(words) <= _SHORT
            if short or _PRONOUN.search(" ".join([*lead[-4:], first])):
                return 1
        return 0


def _is_day(target: str) -> bool:
    """Whether it is whatever is due on a day, and nothing by name."""
    return target.startswith("day:")


def _one(found: list[Direction]) -> Direction:
    """The direction that they agree on."""
    telling = {direction for direction in found if direction != "unclear"}
    for one, other in (("up", "down"), ("good", "bad")):
        if one in telling and other in telling:
            return "unclear"
    return next((direction for direction in found if direction in telling), "unclear")


def _hint(location: Location, target: str, direction: Direction, count: int, sure: bool) -> Hint:
    return replace(named(location, target), direction=direction, words=count, sure=sure)


def named(location: Location, target: str) -> Hint:
    """That a text names a target of `Topic`, and says nothing of it."""
    kind, _, name = target.partition(":")
    if kind == "series" and name:
        return Hint(location, series=name)
    return Hint(location, day=name) if kind == "day" and name else Hint(location, release=target)
