"""The spellings of column heads that lists of people have, in English and a little Welsh."""

from __future__ import annotations

import unicodedata
from typing import Mapping, Sequence

SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "title": (
        "role", "title", "job title", "role title", "post", "post title", "position", "job role",
        "recipient", "recipients", "job titles", "title of post", "teitl swydd", "swydd",
    ),
    "organisation": (
        "organisation", "organization", "department", "dept", "body", "office", "employer",
        "organisation name", "department or organisation", "sefydliad",
    ),
    "count": (
        "count", "number", "no", "no of people", "number of people", "number of posts",
        "number of recipients", "people", "places", "how many", "nifer",
    ),
    "justification": (
        "justification", "reason", "reason for access", "purpose", "why", "rationale",
        "reason for pre release access", "operational need",
    ),
    "name": ("name", "full name", "person", "holder", "post holder", "postholder", "enw"),
    "address": (
        "email", "e mail", "email address", "e mail address", "mail", "address", "smtp",
        "primary smtp address", "ebost",
    ),
    "starts": ("from", "start", "starts", "start date", "from date", "date from", "since"),
    "ends": ("to", "end", "ends", "end date", "to date", "date to", "until", "last day"),
    "signed": (
        "signed", "declaration signed", "date signed", "declaration", "declaration date",
        "date of declaration",
    ),
    "version": ("version", "declaration version"),
    "expires": (
        "expires", "declaration expires", "expiry", "expiry date", "declaration expiry",
        "declaration valid to", "valid to",
    ),
}  # fmt: skip
_MEANING = {spelling: name for name, spellings in SPELLINGS.items() for spelling in spellings}
_FIRST_ROWS = 20
"""Titles and notes may stand above the heads, and not more than so many."""


def meaning(head: str) -> str | None:
    """What a column with this head holds, if anything that we know."""
    text = unicodedata.normalize("NFKC", head).casefold()
    words = "".join(c if c.isalnum() else " " for c in text).split()
    return _MEANING.get(" ".join(words))


def find_heads(rows: Sequence[Sequence[str]]) -> tuple[int, dict[int, str]] | None:
    """The row of heads (from 0) and what its columns hold; None where no row names the roles."""
    for number, row in enumerate(rows[:_FIRST_ROWS]):
        found = {i: what for i, cell in enumerate(row) if (what := meaning(cell))}
        if "title" in found.values():
            return number, found
    return None
