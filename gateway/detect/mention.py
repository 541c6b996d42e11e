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
        self, hits: dict[str, list[int]], flattened: str, figures: int, location: Location
    ) -> list[Mention]:
        """`hits`: phrase -> where it begins in flat text, word boundaries not yet looked at;
        `figures`: how many stand in the same text."""
        named: dict[tuple[str, How], None] = {}
        for phrase, places in hits.items():
            if any(_bounded(flattened, at, at + len(phrase)) for at in places):
                named.update(dict.fromkeys(self._named[phrase]))
        if not named:
            return []
        return [Mention(release, how, location, figures) for release, how in named]

    def in_header(self, value: str, location: Location) -> list[Mention]:
        """Ids in an X-Statistical-Release field."""
        ids = re.split(r"[\s,;]+", value.casefold())
        return [
            Mention(self._ids[i], "header", location) for i in dict.fromkeys(ids) if i in self._ids
        ]


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
