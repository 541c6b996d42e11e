"""Columns of a worksheet by their letters, as indexes from 0."""

from __future__ import annotations

from functools import lru_cache


def places_of(columns: list[str]) -> list[int] | None:
    """Column indexes, or None where the cells stand side by side from column A on."""
    places = list(map(column_index, columns))
    return None if places == list(range(len(places))) else places


@lru_cache(18_278)
def column_index(name: str) -> int:
    """ "A" is 0, "XFD" 16,383; `name` is one to three capitals."""
    index = 0
    for letter in name:
        index = index * 26 + ord(letter) - 64
    return index - 1
