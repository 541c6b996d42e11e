"""What a run of digits, points, commas and apostrophes may mean as a number.

English and continental ways to write, Swiss apostrophes and Indian lakhs; where a token can be read
in two ways both are given.
"""

from __future__ import annotations

_LONGEST = 9
"""Digits of a whole number without separators: longer ones are identifiers."""
_LONGEST_TOKEN = 24
Value = tuple[int, int, bool]
"""Digits, exponent, whether trailing noughts were meant."""


def values_of(token: str) -> list[Value]:
    """The meanings of a token, the likeliest first."""
    if token.isdigit():
        return [(int(token), 0, False)] if len(token) <= _LONGEST else []
    marks = [sign for sign in token if not sign.isdigit()]
    last = marks[-1]
    if len(token) > _LONGEST_TOKEN or not token[0].isdigit() or not token[-1].isdigit():
        return []
    if len(set(marks)) > 1:
        whole, _, rest = token.rpartition(last)
        if marks.count(last) > 1 or len(set(marks[:-1])) > 1 or last == "'":
            return []
        groups = whole.split(marks[0])
        return [_decimal("".join(groups), rest)] if _grouped(groups) else []
    groups = token.split(last)
    if len(groups) > 2 or last == "'":
        if _grouped(groups) or (last == "," and _indian(groups)):
            return [(int("".join(groups)), 0, False)]
        return []
    if groups[0][0] == "0" and len(groups[0]) > 1:
        return []
    whole_number = (int("".join(groups)), 0, False)
    if not _grouped(groups) or groups[0] == "0":
        return [_decimal(*groups)]
    if last == ",":
        return [whole_number, _decimal(*groups)]
    return [_decimal(*groups), whole_number]


def _decimal(whole: str, rest: str) -> Value:
    return int(whole + rest), -len(rest), True


def _grouped(groups: list[str]) -> bool:
    return 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])


def _indian(groups: list[str]) -> bool:
    """Lakhs and crores: 12,34,567."""
    return len(groups[0]) <= 2 and len(groups[-1]) == 3 and {len(g) for g in groups[1:-1]} == {2}
