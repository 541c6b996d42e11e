"""What the detectors are told about a message, and what they answer.

`Context` and `DetectorSpec` cross into sandbox children, so both pickle.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.model.acquaintance import Participants
from gateway.model.finding import Finding, Mention
from gateway.model.indication import NO_WORDS, IndicationWords
from gateway.model.message import Gap
from gateway.model.register import Register
from gateway.model.release import ReleaseWords
from gateway.model.series import Series
from gateway.model.sign import Sign
from gateway.model.trace import Trace

_ON_THE_WAY = timedelta(hours=6)
"""How long honest mail may be under way, and how wrong an honest clock may be."""


@dataclass(frozen=True, slots=True)
class Context:
    """`now` is the clock of the decision; `date` the message's Date field, from which "tomorrow"
    and dates without a year are read; `zone` the department's, for banners that name none.
    `arrived` is when the message came, where that is not now: a hold decided again later.
    `follows` is whether it answers or forwards another, so that it may quote its header. `about`
    are the releases (ids) and series ("series:" and ids) that its subject names."""

    now: datetime
    date: datetime | None
    zone: str
    arrived: datetime | None = None
    follows: bool = False
    about: frozenset[str] = frozenset()

    @property
    def bases(self) -> tuple[datetime, ...]:
        """The moments that relative words may start from: the Date field's, which anybody may
        write or an old draft may carry, and the arrival, where the two are too far apart."""
        arrived = self.arrived or self.now
        if self.date is None:
            return (arrived,)
        if abs(self.date - arrived) <= _ON_THE_WAY:
            return (self.date,)
        return (self.date, arrived)


@dataclass(frozen=True, slots=True)
class DetectorSpec:
    """Everything the detectors need from the register: words, no people."""

    words: tuple[ReleaseWords, ...] = ()
    series: tuple[Series, ...] = ()
    indication: IndicationWords = NO_WORDS

    @classmethod
    def of(cls, register: Register) -> DetectorSpec:
        return cls(register.words(), tuple(register.series.values()), register.indication)


@dataclass(frozen=True, slots=True)
class Detected:
    """What was found in the contents of one part. `verdict`, `rows` and `columns` are those of
    the table that weighs most (unit rows before everything else; "" for no table). `figures` counts
    statistic-like numbers in all texts and tables, beside a mention or not, up to 50. `quoted` are
    the people of the message that a body quotes first, `traces` what it shares with registered
    material, `signs` what the register and the clock are still to judge."""

    findings: tuple[Finding, ...] = ()
    mentions: tuple[Mention, ...] = ()
    gaps: tuple[Gap, ...] = ()
    verdict: str = ""
    rows: int = 0
    columns: int = 0
    figures: int = 0
    quoted: Participants | None = None
    traces: tuple[Trace, ...] = ()
    signs: tuple[Sign, ...] = ()
