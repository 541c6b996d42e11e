"""What the judge of a table answers: a verdict and the signals that led to it.

A signal's sentence names columns by letter and by kind, never by header or value: the header of
a leaked table can itself be content (law 8).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TableVerdictName = Literal["microdata", "aggregate", "unsure", "not-a-table"]


@dataclass(frozen=True, slots=True)
class Signal:
    """One observation. `weight` is what it added to the log-odds of "rows are units"."""

    name: str
    weight: float
    why: str


@dataclass(frozen=True, slots=True)
class TableVerdict:
    """`signals` stand strongest first. `score` is the natural log-odds of unit records.

    `rows` counts data rows, without titles, headers and notes; `identifiers` names the kinds of
    direct identifiers that whole columns hold; `changes` says what would turn the verdict.
    """

    verdict: TableVerdictName
    score: float
    signals: tuple[Signal, ...]
    where: str
    rows: int
    columns: int
    identifiers: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
