"""Reads the words that mail programs put above a message that they quote, from their one file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Final, Mapping


@dataclass(frozen=True, slots=True)
class QuotedWords:
    """All folded: `roles` maps a label to what it labels (from, sent, to, copy, subject); `wrote`
    are verbs; `others` follow a number of people who are not shown; `answer` and `forward` begin
    a subject."""

    roles: Mapping[str, str]
    wrote: tuple[str, ...]
    others: tuple[str, ...]
    answer: frozenset[str]
    forward: frozenset[str]


def read_words(text: str) -> QuotedWords:
    """The words from TOML text."""
    document = tomllib.loads(text)
    lines, subjects = document["lines"], document["subjects"]
    return QuotedWords(
        {word: role for role, words in document["labels"].items() for word in words},
        tuple(lines["wrote"]),
        tuple(lines["and_others"]),
        frozenset(subjects["answer"]),
        frozenset(subjects["forward"]),
    )


# A constant of the program like any other; a data file, because languages are added to it.
SHIPPED: Final = read_words(
    resources.files(__package__).joinpath("quoted_headers.toml").read_text("utf-8")
)
