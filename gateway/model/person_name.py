"""How names of people are written, in directories, in mail and as the local part of an address.

Pure. Names are compared by their words without accents and case, given names first. What is not
alike here is not alike: nicknames and misspellings are nobody's proof.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Iterable, Iterator

Name = tuple[str, ...]
"""Folded words, the surname last."""

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_BESIDE = re.compile(r"\([^()]{0,100}\)|\[[^\[\]]{0,100}\]|/[^,;]{0,200}")
_SPELT = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_TITLES = frozenset("mr mrs ms miss dr prof sir dame lord lady rev obe mbe cbe phd ext".split())
_SHORT_FORM, _SHORTEST_WHOLE, _WORDS = 3, 4, 8
_LONGEST = 100


def folded(text: str) -> str:
    """Lower case, without accents."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.lower().translate(_SPELT))
        text = "".join(c for c in text if not unicodedata.combining(c))
    return text.lower()


def name(text: str) -> Name:
    """The words of `Terry Moss`, `Moss, Terry (Press)`, `MOSS Terry/DEPT`, in one order: given
    names first wherever a comma tells them apart."""
    text = _BESIDE.sub(" ", folded(text[:_LONGEST]))
    head, comma, tail = text.partition(",")
    if comma and (given := _words(tail)) and (surname := _words(head)):
        return (*given, *surname)
    return _words(text)


def same(one: Name, other: Name) -> bool:
    """Whether two names have the same words, in whatever order. One word is nobody's name."""
    return len(one) > 1 and sorted(one) == sorted(other)


def local_name(local: str) -> Name:
    """The name that a local part such as `terry.moss2` spells; () where it has no parts."""
    words = _letters(local)
    return words if len(words) > 1 else ()


def spells(local: str, whose: Name) -> bool:
    """Whether a local part is made of this name: `t.moss`, `mosst77`, `terry_moss`.

    A surname alone is too little, because families share it.
    """
    return Names((whose,)).spelt_by(local)


class Names:
    """Many names, so that asking whether one is among them takes no longer than with one."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._words: set[Name] = set()
        self._forms: set[str] = set()
        self._initials: dict[str, set[str]] = {}
        for each in names:
            if len(each) < 2:
                continue
            self._words.add(tuple(sorted(each)))
            self._forms.update(_spellings(each))
            if len(each[0]) == 1:  # no more than `T Moss` is known
                self._initials.setdefault("".join(each[1:]), set()).add(each[0])

    def hold(self, whose: Name) -> bool:
        """Whether one of them has the same words, in whatever order."""
        return tuple(sorted(whose)) in self._words

    def spelt_by(self, local: str) -> bool:
        """Whether a local part is made of one of them."""
        parts = _letters(local)
        letters = "".join(parts)
        if letters in self._forms:
            return len(parts) > 1 or len(letters) >= _SHORTEST_WHOLE
        if len(parts) != 2:
            return False
        return any(
            other[:1] in self._initials.get(surname, ()) for surname, other in (parts, parts[::-1])
        )


def _spellings(whose: Name) -> Iterator[str]:
    """The letters of a local part that is made of a name, the surname of one or of several
    words."""
    first = whose[0]
    for cut in range(1, min(len(whose), _WORDS)):
        surname = "".join(whose[cut:])
        before = {"".join(whose[:cut]), "".join(word[0] for word in whose[:cut]), first, first[0]}
        before.update(first[:length] for length in range(_SHORT_FORM, len(first)))
        for given in before:
            yield given + surname
            yield surname + given


def _letters(local: str) -> Name:
    local = folded(local[:_LONGEST]).partition("+")[0].strip('"')
    return tuple(re.findall(r"[^\W\d_]+", local.replace("'", "")))


def _words(text: str) -> Name:
    words = (re.sub(r"['\u2019]", "", word) for word in _WORD.findall(text))
    return tuple(word for word in words if word not in _TITLES)
