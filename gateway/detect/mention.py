"""Finds where a text names a release: title, subject words, banner, id in a header, or a link.

Exact phrases on flat text (case, punctuation, hyphens and line wraps do not count; a plural "s" at
the end may come or go); nothing fuzzy, so a mention can be trusted and explained.
"""

from __future__ import annotations

import re
from typing import Iterable, Literal

from gateway.detect.link import Links
from gateway.detect.normalise import flat, fold
from gateway.model.finding import Mention
from gateway.model.message import Location
from gateway.model.release import ReleaseWords

How = Literal["header", "banner", "link", "title", "subject-words"]
HEADER = "x-statistical-release"


class Mentions:
    """The vocabulary of the register, ready to be matched; immutable after construction."""

    def __init__(self, words: tuple[ReleaseWords, ...]) -> None:
        self._named: dict[str, list[tuple[str, How]]] = {}
        self._links = Links(words)
        self._ids = {w.release.casefold(): w.release for w in words}
        for w in words:
            self._add(w.title, w.release, "title")
            self._add(w.banner, w.release, "banner")
            for phrase in w.subject_words:
                self._add(phrase, w.release, "subject-words")

    def _add(self, phrase: str, release: str, how: How) -> None:
        key = singular(flat(fold(phrase)))
        if key:
            named = self._named.setdefault(key, [])
            if (release, how) not in named:
                named.append((release, how))

    @property
    def phrases(self) -> tuple[str, ...]:
        """The strings that the shared first pass looks for in flat text."""
        return (*self._named, *self._links.phrases)

    def in_text(
        self, hits: dict[str, list[int]], text: str, flattened: str, figures: int,
        location: Location,
    ) -> list[Mention]:  # fmt: skip
        """`hits`: phrase -> where it begins in flat text, word boundaries not yet looked at;
        `figures`: how many stand in the same text."""
        named: dict[tuple[str, How], None] = {}
        for phrase, places in hits.items():
            if phrase in self._named and any(
                bounded(flattened, at, at + len(phrase)) for at in places
            ):
                named.update(dict.fromkeys(self._named[phrase]))
        linked = self.links(hits, text, figures, location)
        return linked + [Mention(release, how, location, figures) for release, how in named]

    def links(
        self, hits: Iterable[str], text: str, figures: int, location: Location
    ) -> list[Mention]:
        """The releases whose documents `text` links to; `hits`: phrases in it."""
        return [
            Mention(release, "link", location, figures)
            for release in self._links.linked(text, hits)
        ]

    def in_header(self, value: str, location: Location) -> list[Mention]:
        """Ids in an X-Statistical-Release field."""
        ids = re.split(r"[\s,;]+", value.casefold())
        return [
            Mention(self._ids[i], "header", location) for i in dict.fromkeys(ids) if i in self._ids
        ]


def singular(phrase: str) -> str:
    """Without a final plural "s", which the text may then have or lack."""
    if len(phrase) > 3 and phrase.endswith("s") and not phrase.endswith(("ss", "us", "is")):
        return phrase[:-1]
    return phrase


def bounded(text: str, start: int, end: int) -> bool:
    if start and text[start - 1].isalnum():
        return False
    rest = text[end : end + 2]
    return not rest or rest[0] == " " or rest == "s " or rest == "s"
