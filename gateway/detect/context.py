"""What the detectors are told about a message, and what they answer.

`Context` and `DetectorSpec` cross into sandbox children, so both pickle.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.model.finding import Finding, Mention
from gateway.model.message import Gap
from gateway.model.release import ReleaseWords


@dataclass(frozen=True, slots=True)
class Context:
    """`now` is the clock of the decision; `date` the message's Date field, from which "tomorrow"
    and dates without a year are read; `zone` the department's, for banners that name none."""

    now: datetime
    date: datetime | None
    zone: str

    @property
    def base(self) -> datetime:
        """The moment that relative words start from."""
        return self.date or self.now


@dataclass(frozen=True, slots=True)
class DetectorSpec:
    """Everything the detectors need from the register: words, no people."""

    words: tuple[ReleaseWords, ...] = ()


@dataclass(frozen=True, slots=True)
class Detected:
    """What was found in the contents of one part. `verdict`, `rows` and `columns` are those of
    the table that weighs most (unit rows before everything else; "" for no table). `figures` counts
    statistic-like numbers in all texts and tables, beside a mention or not, up to 200."""

    findings: tuple[Finding, ...] = ()
    mentions: tuple[Mention, ...] = ()
    gaps: tuple[Gap, ...] = ()
    verdict: str = ""
    rows: int = 0
    columns: int = 0
    figures: int = 0
