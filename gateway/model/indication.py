"""A hint at what unpublished figures say: how they are evaluated, where no figure stands.

The Code of Practice for Statistics counts it as a release: "nor give any indication of content".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Mapping, get_args

from gateway.model.message import Location

Direction = Literal["up", "down", "good", "bad", "unclear"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)


@dataclass(frozen=True, slots=True)
class IndicationWords:
    """`rules/indication.yaml`: phrases in lower case, by what they tell.

    `days` is from how long before a release's instant on a hint is looked at. `figures` is what
    figures are called; `says` the phrases of each direction, where "= bad" follows one of `links` and
    perhaps `adverbs` ("are really bad"), `signs` its signs (📉). The rest makes
    a sentence innocent: `things` are what else may be good or late (a page, a draft), `asks` begins
    questions, `supposes` conditions, `is_out` speaks of what is published, `work` of how the work
    goes, `guides` of rules, `outside` of what others expect, `reverses` turns a direction round.
    """

    days: int = 7
    figures: tuple[str, ...] = ()
    says: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    signs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    adverbs: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    supposes: tuple[str, ...] = ()
    is_out: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    guides: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    reverses: tuple[str, ...] = ()


NO_WORDS = IndicationWords()
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Hint:
    """A text names a release or a series and says how its figures are, or only names it
    (`direction` is None). `day` is there where it names neither, but the day on which figures are
    due: "tomorrow", or a weekday. No clock has been asked yet. `words` counts the phrases that say so;
    `sure`: in the very sentence, and nothing speaks against it."""

    location: Location
    release: str = ""
    series: str = ""
    direction: Direction | None = None
    words: int = 0
    sure: bool = False
    day: str = ""

    @property
    def target(self) -> str:
        """What it is about: a release's id, "series:" and an id, or "day:" and a day."""
        if self.series:
            return f"series:{self.series}"
        return f"day:{self.day}" if self.day else self.release
