"""What stands behind a number: its magnitude and its unit."""

from __future__ import annotations

import re
from typing import NamedTuple

from gateway.detect.material.claims import Unit
from gateway.detect.material.numbers_words import GLUED, SCALES, UNITS

_WORD = re.compile(r"[ \t\n]{0,2}(?:-(?=[a-z]))?(%|[a-z]+)")
_NEXT = re.compile(r"[ \t\n-]{0,2}([a-z%]+)")
_POINTS = frozenset(("points", "point", "pts", "pt"))


class Measure(NamedTuple):
    """`scale` is a power of ten, `end` where the unit ends, `stated` whether there is any.

    `word` is the first word that belongs to neither ("" for none), `glued` whether it stands at the
    digits themselves, so that they are no number.
    """

    unit: Unit
    scale: int
    end: int
    stated: bool
    word: str
    glued: bool


def measure_at(text: str, end: int, money: bool) -> Measure:
    """The measure of a number that ends there; after a sign of money "m" may stand apart."""
    unit: Unit = "number"
    scale, at, stated = 0, end, False
    while (word := _WORD.match(text, at)) is not None:
        name = word[1]
        if (
            name in SCALES
            and unit == "number"
            and not (name == "m" and (stated or (word[0] == " m" and not money)))
            and not (len(name) == 1 and "\n" in word[0])  # the label of the next line
        ):
            scale += SCALES[name]
            at = word.end()
        elif name in UNITS:
            unit, at = UNITS[name], word.end()
        elif name == "per" and text.startswith((" cent", "cent"), word.end()):
            unit, at = "percent", text.index("cent", word.end()) + 4
            if text.startswith("age", at):
                at += 3
        elif name in _POINTS:
            return Measure("points", scale, word.end(), True, "", False)
        elif name in ("percentage", "basis"):
            points = _NEXT.match(text, word.end())
            if points is None or points[1] not in _POINTS:
                break
            return Measure("points", scale - 2 * (name == "basis"), points.end(), True, "", False)
        else:
            glued = word.start(1) == end and name not in GLUED
            return Measure(unit, scale, at, stated, name, glued)
        stated = True
    return Measure(unit, scale, at, stated, "", False)
