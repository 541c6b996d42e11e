"""`rules/likeness.yaml` -> `LikeWords`: words and departments that people take for one another."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from gateway.model.likeness import LikeWords
from gateway.releases.entries import Entry, Sheet, Unfit

LIKENESS = "likeness.yaml"
_PACKAGE = Path(__file__).resolve().parents[1]
_KEYS = ("same_words", "ranks", "posts", "twin_departments")
_WORD = re.compile(r"[^\W\d_]+")
_WORDS = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){0,3}")


def likeness_file(releases: Path) -> Path | None:
    """The department's own, beside its folder of releases; otherwise the one that we ship."""
    rules = (releases.parent, _PACKAGE / "shipped" / "rules", _PACKAGE.parent / "rules")
    return next((folder / LIKENESS for folder in rules if (folder / LIKENESS).exists()), None)


def read_likeness(sheet: Sheet) -> LikeWords:
    root = sheet.root(_KEYS)
    means: dict[str, str] = {}
    for number, group in enumerate(_groups(root, "same_words", _words)):
        for words in group:
            if words in means:
                message = f"same_words: '{words}' stands in two groups"
                sheet.fault(("same_words", number), message, "join the groups, or keep one of them")
            means[words] = group[0]
    return LikeWords(
        means,
        frozenset(root.each("ranks", _word)),
        frozenset(root.each("posts", _word)),
        tuple(frozenset(group) for group in _groups(root, "twin_departments", _word)),
    )


def _groups(root: Entry, key: str, convert: Any) -> list[list[str]]:
    """Lists of two and more that belong together."""

    def group(value: Any) -> list[str]:
        if not isinstance(value, list) or len(value) < 2:
            raise Unfit("expected two or more that are alike", "write them as [one, another]")
        return [convert(one) for one in value]

    return root.each(key, group)


def _word(value: Any) -> str:
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        raise Unfit(
            "expected a word without digits and spaces", "put it in quotes if YAML reads it"
        )
    return value.casefold()


def _words(value: Any) -> str:
    if not isinstance(value, str) or not _WORDS.fullmatch(value):
        raise Unfit("expected up to four words with a space between", "write human resources")
    return value.casefold()
