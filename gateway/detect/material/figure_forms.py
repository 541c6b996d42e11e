"""All the ways to write one figure: rounded or cut off, at each precision down to two digits.

Numbers are `digits` × 10**`exponent`; the ways are without trailing noughts, as claims are looked
up. Rounding is that of offices (half up), that of machines (half to even) and none at all.
"""

from __future__ import annotations

from enum import IntEnum
from fractions import Fraction

from gateway.detect.material.claims import stripped

EXACT = 15
"""Shown digits of the figure as it stands: a claim may have written more noughts."""
MOST_DIGITS = 9
_DERIVED_DIGITS = 7


class Form(IntEnum):
    """What a registered number is to its document; the likelier somebody passes it on, the less."""

    LEAD = 0
    SENTENCE = 1
    HEADLINE = 2
    CELL = 3
    CHANGE = 4
    SHARE = 5
    BACK = 6
    DIFFERENCE = 7
    ABOUT = 8
    """No figure: what a document is about, for its words alone."""


Ways = dict[tuple[int, int], int]


def ways(digits: int, exponent: int, least: int = 2) -> Ways:
    """Every number as which `digits` × 10**`exponent` may be given with `least` significant digits
    or more, and how many digits it was given with at most."""
    digits, exponent = stripped(abs(digits), exponent)
    if digits == 0:
        return {}
    length = len(str(digits))
    found: Ways = {}
    if length <= MOST_DIGITS:
        found[digits, exponent] = EXACT
    for shown in range(min(length - 1, MOST_DIGITS), least - 1, -1):
        unit = 10 ** (length - shown)
        whole, rest = divmod(digits, unit)
        found.setdefault(stripped(whole, exponent + length - shown), shown)
        if 2 * rest >= unit:
            carried = whole + 1 == 10**shown  # 9.996 is 10.00
            place = stripped(whole + 1, exponent + length - shown)
            found.setdefault(place, shown + carried)
    return found


def quotient(value: Fraction) -> tuple[int, int]:
    """A derived number, with more digits than anybody writes."""
    value = abs(value)
    if value == 0:
        return 0, 0
    shift = 0
    number = value.numerator // value.denominator
    while number < 10**_DERIVED_DIGITS and shift < 16:
        shift += 1
        number = value.numerator * 10**shift // value.denominator
    return number, -shift
