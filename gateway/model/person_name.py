"""How names of people are written, in directories, in mail and as the local part of an address.

Pure. Names are compared by their words without accents and case, given names first. What is not
alike here is not alike: nicknames and misspellings are nobody's proof.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Iterator

Name = tuple[str, ...]
"""Folded words, the surname last."""

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_BESIDE = re.compile(r"\([^()]{0,100}\)|\[[^\[\]]{0,100}\]|/[^,;]{0,200}")
_SPELT = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_TITLES = frozenset("mr mrs ms miss dr prof sir dame lord lady rev obe mbe cbe phd ext".split())
_SHORT_FORM, _SHORTEST_WHOLE = 3, 4
_LONGEST = 200


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
    parts = _letters(local)
    letters = "".join(parts)
    if len(whose) < 2 or (len(parts) < 2 and len(letters) < _SHORTEST_WHOLE):
        return False
    if len(parts) == 2 and len(whose[0]) == 1 and "".join(whose[1:]) in parts:
        return any(part.startswith(whose[0]) for part in parts)  # no more than `T Moss` is known
    return any(
        letters in (given + surname, surname + given) for given, surname in _spellings(whose)
    )


def _spellings(whose: Name) -> Iterator[tuple[str, str]]:
    """(what may stand for the given names, surname), the surname of one or of several words."""
    first = whose[0]
    for cut in range(1, len(whose)):
        surname = "".join(whose[cut:])
        yield "".join(whose[:cut]), surname
        yield "".join(word[0] for word in whose[:cut]), surname
        yield first, surname
        for length in (1, *range(_SHORT_FORM, len(first))):
            yield first[:length], surname


def _letters(local: str) -> Name:
    local = folded(local[:_LONGEST]).partition("+")[0].strip('"')
    return tuple(re.findall(r"[^\W\d_]+", local.replace("'", "")))


def _words(text: str) -> Name:
    words = (re.sub(r"['\u2019]", "", word) for word in _WORD.findall(text))
    return tuple(word for word in words if word not in _TITLES)
