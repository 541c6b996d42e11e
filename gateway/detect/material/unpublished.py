"""Finds figures of a registered series, and says which of their periods nobody has published yet.

Two steps: what a part shows (`SeriesDetector`, where the contents are, without a clock), and what of
that is unpublished now (`conclude`, by the register). Facts are names of series, periods and counts;
figures and codes stay where they are (law 8).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ahocorasick_rs import AhoCorasick, Implementation

from gateway.detect.figure import count_figures
from gateway.detect.material.periods import in_prose
from gateway.detect.material.periods_read import Found
from gateway.detect.material.periods_table import ROWS, Dated, dated_rows
from gateway.detect.material.periods_words import MONTH_NUMBERS
from gateway.detect.material.sentence import sentences
from gateway.detect.material.template import Match, Templates
from gateway.detect.mention import bounded, singular
from gateway.detect.normalise import flat, fold
from gateway.model.content import Table
from gateway.model.message import Location
from gateway.model.period import Period
from gateway.model.series import How, Series, SeriesShown

_KEPT = 48
"""Periods that are told of one table: the latest."""
WINDOWS = 1000
"""Sentences of one text that name a series and are looked at."""
_ROWS_OF_TEXT, _ROW_WORDS = 60, 14
_LONG_CODE = 6
_TELLING_WORDS = 3
_PLANNED = re.compile(
    r"\b(?:forecast|target|trajector|budget|ambition|projection|projected|planned|assum(?:e|ption)|"
    r"deadline|capacity of|limit of|threshold)"
)
_MONTH = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_DAYS = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s{{1,3}}(?:of\s{{1,3}})?(?:{_MONTH})\b|\b(?:{_MONTH})\s{{1,3}}\d{{1,2}}\b"
    r"|\b\d{1,2}[.:]\d\d\s?(?:am|pm|hrs)?\b|\b\d{1,2}\s?(?:am|pm|noon)\b"
    r"|\b(?:page|table|figure|section|room|line|ext|tel|version|item|para|no|number|annex|chapter)\.?\s?[\d.]+"
    r"|\+?\b0\d[\d\s]{7,30}|\b\d+\s(?:pages?|tables?|slides?|days?|weeks?|months?|years?)\b"
)
_COUNT = re.compile(r"(?<![\w.,/:-])\d{2,}(?![\w/:]|-\d)")
_ROW = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class _Word:
    """What one phrase of the register is to a series."""

    series: str
    how: How
    weight: int
    """From 2 on it names the series alone."""


class SeriesDetector:
    """The words and the columns of every registered series; read-only."""

    def __init__(self, series: Iterable[Series]) -> None:
        known = tuple(series)
        self._words: dict[str, list[_Word]] = {}
        for one in known:
            for name in (one.title, *one.names):
                self._add(name, _Word(one.id, "names", 2))
            for measure in one.measures:
                telling = len(measure.split()) >= _TELLING_WORDS
                self._add(measure, _Word(one.id, "names", 2 if telling else 1))
            for code in one.identifiers:
                self._add(code, _Word(one.id, "identifiers", 2 if _is_long(code) else 1))
        self._templates = Templates(known)
        self._known = frozenset(one.id for one in known)
        self._phrases = tuple(self._words)
        self._automaton = AhoCorasick(self._phrases, implementation=Implementation.DFA)

    def _add(self, words: str, word: _Word) -> None:
        phrase = singular(flat(fold(words)))
        if phrase:
            self._words.setdefault(phrase, []).append(word)

    @property
    def phrases(self) -> tuple[str, ...]:
        """The strings that the shared first pass looks for in flat text."""
        return self._phrases

    def named(self, hits: Mapping[str, list[int]], flattened: str) -> frozenset[str]:
        """The phrases among `hits` (phrase -> where it begins) that stand as words of their own."""
        return frozenset(
            phrase
            for phrase in self._words.keys() & hits.keys()
            if any(bounded(flattened, at, at + len(phrase)) for at in hits[phrase])
        )

    def names(self, hits: Mapping[str, list[int]], flattened: str) -> list[str]:
        """The series that a text names, as `Context.about` has them."""
        return [f"series:{series}" for series in self._recognised(self.named(hits, flattened))]

    def in_text(
        self, folded: str, location: Location, written: date
    ) -> tuple[list[SeriesShown], bool]:
        """Sentences that name a series beside figures and their period; and whether there are more
        that name one than were looked at."""
        said = list(sentences(folded))
        words = [self._of(flat(sentence)) for sentence in said]
        shown: dict[tuple[str, How], _Seen] = {}
        windows = 0
        for index, here in enumerate(words):
            if not here:
                continue
            windows += 1
            if windows > WINDOWS:
                break
            first = max(0, index - 1)
            near = [phrase for window in words[first : index + 2] for phrase in window]
            counted: dict[Period, int] = {}
            relative = False
            for series, how in self._recognised(near).items():
                if not counted:
                    last = _end_of_rows(said, index + 3)
                    counted, relative = _periods_with_figures(said[first:last], written)
                seen = shown.setdefault((series, how), _Seen({}))
                seen.add(counted, relative)
        return [
            _shown(series, location, how, seen.rows, 0, seen.relative)
            for (series, how), seen in shown.items()
            if seen.rows
        ], windows > WINDOWS

    def in_table(
        self, table: Table, named: frozenset[str], around: frozenset[str], about: Collection[str],
        written: date,
    ) -> list[SeriesShown]:  # fmt: skip
        """A table of a series: by its columns, or by the phrases `named` in its cells and those
        `around` it, in the same part. `about` are the series that the subject names."""
        titles = (table.location.where, _stem(table.location.name))
        of_titles = self._of(flat(fold(" ".join(titles).replace("_", " "))))
        words = self._recognised([*named, *of_titles])
        near = {
            **dict.fromkeys(self._known & set(about), "names"),
            **self._recognised([*named, *of_titles, *around]),
        }
        matches = {
            m.series: m for m in self._templates.match(table.rows) if m.sure or m.series in near
        }
        if not matches and not near:
            return []
        rows = [list(row) for row in table.rows[:ROWS]]
        found: dict[int, Dated] = {}
        shown = []
        for series in sorted(matches.keys() | near.keys()):
            match: Match | None = matches.get(series)
            head = match.row if match else -1
            if head not in found:
                found[head] = dated_rows(rows, head, titles, written)
            how: How = "template" if match else words.get(series, "names")
            dated = found[head]
            if dated.rows or (dated.undated and how != "names"):
                one = _shown(series, table.location, how, dated.rows, dated.undated, dated.relative)
                shown.append(replace(one, hidden=table.visibility != "visible"))
        return shown

    def _of(self, flattened: str) -> list[str]:
        return [
            self._phrases[index]
            for index, start, end in self._automaton.find_matches_as_indexes(
                flattened, overlapping=True
            )
            if bounded(flattened, start, end)
        ]

    def _recognised(self, phrases: Iterable[str]) -> dict[str, How]:
        """The series that these phrases name together, and by what."""
        weights: dict[str, dict[How, int]] = {}
        for phrase in dict.fromkeys(phrases):
            for word in self._words[phrase]:
                by = weights.setdefault(word.series, {})
                by[word.how] = by.get(word.how, 0) + word.weight
        return {
            series: "identifiers" if by.get("identifiers", 0) >= 2 else "names"
            for series, by in weights.items()
            if sum(by.values()) >= 2
        }


@dataclass(slots=True)
class _Seen:
    rows: dict[Period, int]
    relative: bool = False

    def add(self, counted: dict[Period, int], relative: bool) -> None:
        for period, count in counted.items():
            self.rows[period] = max(count, self.rows.get(period, 0))
        self.relative = self.relative or relative


def _end_of_rows(said: Sequence[str], start: int) -> int:
    """Where the lines of figures end that follow a heading."""
    end = start
    while end < min(len(said), start + _ROWS_OF_TEXT) and _ROW.search(said[end]):
        end += 1 if len(said[end].split()) <= _ROW_WORDS else _ROWS_OF_TEXT
    return min(end, len(said))


def _periods_with_figures(window: Sequence[str], written: date) -> tuple[dict[Period, int], bool]:
    """The periods of a few sentences, each with how many figures stand beside it."""
    counted: dict[Period, int] = {}
    relative = False
    found_before: list[Found] = []
    waiting = 0
    for sentence in window:
        text = fold(sentence).lower()
        found = [one for one in in_prose(text, written) if one.period.kind != "day"]
        figures = 0 if _PLANNED.search(text) else _figures(text, found)
        whose = found or found_before
        if not whose:
            waiting += figures
        elif figures + waiting:
            for one in whose:
                counted[one.period] = counted.get(one.period, 0) + figures + waiting
            relative = relative or any(one.relative for one in whose)
            waiting = 0
        found_before = found or found_before
    return counted, relative


def _figures(text: str, found: list[Found]) -> int:
    """Figures of a sentence; the numbers of its periods, days and pages are none."""
    text = _DAYS.sub(lambda day: " " * len(day[0]), text)
    for one in reversed(found):
        text = text[: one.start] + " , " + text[one.end :]
    return max(count_figures(text), len(_COUNT.findall(text)))


def _shown(
    series: str, location: Location, how: How, rows: dict[Period, int], undated: int, relative: bool
) -> SeriesShown:
    latest = sorted(rows.items(), key=lambda one: (one[0].end, one[0].start, one[0].kind))[-_KEPT:]
    return SeriesShown(series, location, how, tuple(latest), undated, relative)


def _is_long(code: str) -> bool:
    return len(code) >= _LONG_CODE and any(not letter.isalpha() for letter in code)


def _stem(name: str | None) -> str:
    return (name or "").rpartition(".")[0] or (name or "")
