"""What the matrix of places is made of: a banner and unit records, and where they are planted.

A `Place` builds a file of one format with the planted thing in one place and nowhere else.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Callable, Literal, Sequence

from support.open_packages import quoted

Rows = Sequence[Sequence[str]]
Expected = Literal["found", "encrypted", "limit", "no-reader", "unreadable"]
Holds = Literal["both", "words", "rows"]

BANNER = "RESTRICTED UNTIL PUBLISHED AT 9:30AM ON WEDNESDAY 28 MARCH 2018"
INNOCENT = "Minutes of the lunch committee"
INNOCENT_ROWS: Rows = [["Month", "Lunches"], ["January", "20"], ["February", "30"], ["Total", "50"]]


def records(count: int = 15) -> list[list[str]]:
    """Invented firms, one in each row, as a wide extract of a business survey holds them."""
    source = random.Random(2013)
    head = [
        "reference",
        "name",
        "postcode",
        "legal_status",
        "sic",
        "employees",
        "turnover",
        "q1",
        "q2",
        "q3",
    ]
    rows = [head]
    for number in range(count):
        rows.append(
            [
                str(49_900_000_000 + source.randrange(10**8)),
                f"{source.choice(('Alder', 'Birch', 'Cedar', 'Elm', 'Hazel'))} {source.choice(('Bakery', 'Haulage', 'Joinery', 'Optics'))} {number} Ltd",
                f"AB{source.randrange(10, 39)} {source.randrange(1, 9)}{source.choice('ABDEF')}{source.choice('GHJLN')}",
                str(source.randrange(1, 7)), str(source.randrange(10_000, 99_999)),
                str(source.randrange(1, 400)), str(source.randrange(1_000, 9_000_000)),
                *(str(source.choice((0, 1, -9, source.randrange(90_000)))) for _ in range(3)),
            ]
        )  # fmt: skip
    return rows


RECORDS = records()


def lines(rows: Rows, delimiter: str = ",") -> str:
    """The rows as somebody pastes them into a text."""
    return "\n".join(delimiter.join(row) for row in rows)


@dataclass(frozen=True)
class Place:
    """`build(text, rows)` plants `text` and `rows`; either may be empty. A place that can only hold
    words takes rows as pasted lines. `expect` is what must come of it: found, or a gap
    with that reason."""

    format: str
    where: str
    name: str
    build: Callable[[str, Rows], bytes]
    expect: Expected = "found"
    holds: Holds = "both"
    reason: str = ""


PLACES: list[Place] = []


def place(
    format: str, where: str, name: str, expect: Expected = "found",
    holds: Holds = "both", reason: str = "",
) -> Callable[[Callable[[str, Rows], bytes]], Callable[[str, Rows], bytes]]:  # fmt: skip
    """Adds the decorated builder to the matrix. `reason` says why a gap is the best that is done."""

    def add(build: Callable[[str, Rows], bytes]) -> Callable[[str, Rows], bytes]:
        PLACES.append(Place(format, where, name, build, expect, holds, reason))
        return build

    return add


def pasted(text: str, rows: Rows) -> str:
    """Words and rows as one text, for places that hold nothing but text."""
    return "\n\n".join(piece for piece in (text, lines(rows)) if piece)


def said(text: str, rows: Rows) -> str:
    """The same as the quoted value of an XML attribute."""
    return quoted(pasted(text, rows))
