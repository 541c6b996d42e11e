"""Finds the words that a release's regime asks its mail to carry: exact phrases on flat text.

Finding `marking` with scheme `required` and the words themselves as a fact: they are the law's, not
the message's. Its confidence is low, because in running text they mark nothing. Words that the
detector of markings knows are left to it, for it knows their place as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.detect.marking import MARKINGS
from gateway.detect.normalise import flat, fold
from gateway.model.finding import Finding
from gateway.model.message import Location
from gateway.model.release import ReleaseWords


class Required:
    """What is asked for, ready to be matched; immutable after construction."""

    def __init__(self, words: Iterable[ReleaseWords]) -> None:
        known = {marking.name.casefold() for marking in MARKINGS}
        asked = {
            phrase
            for release in words
            for phrase in release.required
            if phrase.casefold() not in known
        }
        self._asked = {key: phrase for phrase in sorted(asked) if (key := flat(fold(phrase)))}

    @property
    def phrases(self) -> tuple[str, ...]:
        """The strings that the shared first pass looks for in flat text."""
        return tuple(self._asked)

    def in_text(
        self, hits: Mapping[str, list[int]], flattened: str, location: Location
    ) -> list[Finding]:
        """`hits`: phrase -> where it begins in flat text, word boundaries not yet looked at."""
        return [
            Finding("marking", location, "low", {"scheme": "required", "words": phrase})
            for key, phrase in self._asked.items()
            if any(_whole(flattened, at, at + len(key)) for at in hits.get(key, ()))
        ]


def _whole(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return not (before.isalnum() or after.isalnum())
