"""What JSON and XML hold once they are parsed: members, lists, and scalars as they were written."""

from __future__ import annotations

import json
from typing import Any

Rows = list[list[str]]


class Members(list[tuple[str, Any]]):
    """The members of an object in their order; a name may stand twice."""


class Number(str):
    """A number as it was written."""


def text_of(value: object) -> str:
    """A scalar as a cell."""
    if value is None:
        return ""
    if value is True:
        return "true"
    if value is False:
        return "false"
    return str(value)


def is_scalar(value: object) -> bool:
    return not isinstance(value, list)


def is_row(value: object) -> bool:
    return isinstance(value, list) and not isinstance(value, Members)


DECODER = json.JSONDecoder(
    object_pairs_hook=Members, parse_int=Number, parse_float=Number, parse_constant=Number,
    strict=False,
)  # fmt: skip
_SHORTEST = 20


def json_value(text: str) -> object | None:
    """The value that a string holds as JSON; None where it holds none."""
    if len(text) < _SHORTEST or text.lstrip()[:1] not in ("[", "{", '"'):
        return None
    try:
        value: object = DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
    return value
