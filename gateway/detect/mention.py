"""Finds where a text names a release: its title, its subject words, its banner, its id in a header.

Exact phrases on flat text (case, punctuation, hyphens and line wraps do not count; a plural "s" at
the end may come or go); nothing fuzzy, so a mention can be trusted and explained.
"""

from __future__ import annotations

import re
from typing import Literal

from gateway.detect.normalise import flat, fold
from gateway.model.finding import Mention
from gateway.model.message import Location
from gateway.model.release import ReleaseWords

How = Literal["header", "banner", "title", "subject-words"]
HEADER = "x-statistical-release"

_FIGURE_LIMIT = 400_000
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
_FIGURE = re.compile(
    rf"""
    (?P<no>
        \b\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}\b                      # 28.03.2018
      | \b\d{{1,2}}[:.]\d\d(?:\s?(?:hrs?\b|[ap]\.?m\b)|:\d\d)          # 9.30am
      | \b(?:v|ver\.?|version|section|figure|table|chapter|para(?:graph)?|page|t|rfc|python|no\.?)\s?\d+(?:[.:]\d+)*  # version 1.2
      | \b\d+(?:\.\d+){{2,}}                                           # 10.0.0.1
      | (?<!\w)(?:\+\d|\(?0\d)[\d() -]{{7,}}\d                         # telephone numbers
      | \b(?:invoice|order|po|ref(?:erence)?|ticket|case|account|card|vat|total\s+due|amount\s+due|subtotal|price|fee)\b\s?(?:no\.?|number|\#)?[:\s-]*[£$€]?\s?\d[\d,.\s-]*
      | \b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?:\s+\d{{4}})?
      | \b{_MONTH}\s+\d{{1,2}}(?:,?\s+\d{{4}})?
    )
  | (?P<yes>
        [-+]?\d[\d,.]*\s?(?:%|per\s?cent\b|percentage\s+points?|pp\b|million\b|billion\b|thousand\b|bn\b|mn\b|[mk]\b(?!\w))
      | (?<![\d.,])\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?![\d])
      | (?<![\d.,])\d{{1,3}}(?:[ ]\d{{3}}){{1,3}}(?![\d])
      | (?<![\w.,:])[-+]?\d+\.\d+(?![\w.:])
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)


class Mentions:
    """The vocabulary of the register, ready to be matched; immutable after construction."""

    def __init__(self, words: tuple[ReleaseWords, ...]) -> None:
        self._named: dict[str, list[tuple[str, How]]] = {}
        self._ids = {w.release.casefold(): w.release for w in words}
        for w in words:
            self._add(w.title, w.release, "title")
            self._add(w.banner, w.release, "banner")
            for phrase in w.subject_words:
                self._add(phrase, w.release, "subject-words")

    def _add(self, phrase: str, release: str, how: How) -> None:
        key = _singular(flat(fold(phrase)))
        if key:
            named = self._named.setdefault(key, [])
            if (release, how) not in named:
                named.append((release, how))

    @property
    def phrases(self) -> tuple[str, ...]:
        """The strings that the shared first pass looks for in flat text."""
        return tuple(self._named)

    def in_text(
        self, hits: dict[str, list[int]], flattened: str, folded: str, location: Location
    ) -> list[Mention]:
        """`hits`: phrase -> where it begins in flat text, word boundaries not yet looked at."""
        named: dict[tuple[str, How], None] = {}
        for phrase, places in hits.items():
            if any(_bounded(flattened, at, at + len(phrase)) for at in places):
                named.update(dict.fromkeys(self._named[phrase]))
        if not named:
            return []
        figures = count_figures(folded)
        return [Mention(release, how, location, figures) for release, how in named]

    def in_header(self, value: str, location: Location) -> list[Mention]:
        """Ids in an X-Statistical-Release field."""
        ids = re.split(r"[\s,;]+", value.casefold())
        return [
            Mention(self._ids[i], "header", location) for i in dict.fromkeys(ids) if i in self._ids
        ]


def count_figures(folded: str) -> int:
    """Statistic-like numbers: percentages, grouped thousands, decimals, millions; not dates,
    times, telephone numbers, versions or the sums on invoices."""
    return sum(1 for m in _FIGURE.finditer(folded, 0, _FIGURE_LIMIT) if m["yes"] is not None)


def _singular(phrase: str) -> str:
    """Without a final plural "s", which the text may then have or lack."""
    if len(phrase) > 3 and phrase.endswith("s") and not phrase.endswith(("ss", "us", "is")):
        return phrase[:-1]
    return phrase


def _bounded(text: str, start: int, end: int) -> bool:
    if start and text[start - 1].isalnum():
        return False
    rest = text[end : end + 2]
    return not rest or rest[0] == " " or rest == "s " or rest == "s"
