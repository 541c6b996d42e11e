"""Which rows of a large table are worth comparing figure by figure: a sample of its cells says.

A registered table that is attached shows in any few of its rows; of others, cells match by chance
alone. Invariant: what a table costs does not grow with its size.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.detect.material.claims import Claim
from gateway.detect.material.figure_tables import number_in

DIRECT = 1_000
"""Cells of a table that is compared whole."""
_SAMPLE = 400
_HEAD = 12
_LEAST_DIGITS = 3
Rows = Sequence[Sequence[str]]


def sampled(rows: Rows) -> list[tuple[int, Claim]]:
    """Numbers of rows that lie evenly over a table, each with its row."""
    width = max(map(len, rows[:_HEAD]), default=0) or 1
    step = max(1, len(rows) * width // _SAMPLE)
    found: list[tuple[int, Claim]] = []
    for number in range(0, len(rows), step):
        for cell in rows[number][:_SAMPLE]:
            read = number_in(cell) if cell else None
            if read is None or not read[0]:
                continue
            digits, exponent, _, percent = read
            unit = "percent" if percent else "number"
            claim = Claim(digits, exponent, unit, len(found), 0, exponent < 0)  # type: ignore[arg-type]
            if claim.telling >= _LEAST_DIGITS:
                found.append((number, claim))
        if len(found) >= 2 * _SAMPLE:
            break
    return found


def around(rows: Rows, hits: Sequence[int]) -> list[Sequence[str]]:
    """The heading of a table and the rows around those that matched, no more than are compared."""
    width = max(map(len, rows[:_HEAD]), default=0) or 1
    room = max(4, DIRECT // width - _HEAD)
    # The window with the most matches.
    first = max(hits, key=lambda hit: (sum(hit <= other < hit + room for other in hits), -hit))
    begin = max(_HEAD, first - 2)
    return [*rows[:_HEAD], *rows[begin : begin + room]]
