"""What JSON and XML hold once they are parsed: members, lists, and scalars as they were written."""

from __future__ import annotations

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
