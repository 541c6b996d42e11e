"""What somebody has written as a figure: the number, how exactly it was meant, and what of.

A claim stands for all numbers that one would write so: an interval, as wide as its last digit says,
wider on one side where words like "nearly" stand before it. Numbers are `digits` × 10**`exponent`,
never floats: a figure is compared digit by digit.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

Unit = Literal["number", "money", "percent", "points", "fraction"]
Hedge = Literal["", "over", "under", "about"]
PERCENT: frozenset[Unit] = frozenset(("percent", "points", "fraction"))
"""Units that are compared with percentages; all others are compared with numbers of any unit,
which tables name in their headings if at all."""

MOST_WAYS = 12


class Way(NamedTuple):
    """One number that a registered figure may have been rounded to or cut off at: `digits` without
    trailing noughts × 10**`exponent`, where the figure was given at least `shown` significant
    digits."""

    digits: int
    exponent: int
    shown: int


class Claim(NamedTuple):
    """One reading of one number of a text; `start` and `end` are its span.

    `exact` says that trailing noughts were meant (12.0, 1.20 million), `to` is the upper end of a
    range in units of 10**`exponent`. Two claims with one span are readings of the same number.
    """

    digits: int
    exponent: int
    unit: Unit
    start: int
    end: int
    exact: bool = False
    hedge: Hedge = ""
    to: int | None = None

    @property
    def significant(self) -> int:
        """Significant digits, of trailing noughts only those that were meant; at least two of a
        number that has two."""
        if self.to is not None:
            return len(str(self.digits // self._unit))
        shown = len(str(self.digits))
        if self.exact:
            return shown
        return max(len(str(self.digits).rstrip("0")), min(shown, 2))

    @property
    def telling(self) -> int:
        """Significant digits that tell it from others: noughts at the end tell little."""
        if self.to is not None:
            return self.significant
        shown = len(str(self.digits))
        return max(len(str(self.digits).rstrip("0")), min(shown, 2))

    @property
    def interval(self) -> tuple[Fraction, Fraction]:
        """The least and the greatest number that may be meant."""
        value = Fraction(self.digits) * Fraction(10) ** self.exponent
        step = self._step
        if self.to is not None:
            return value, Fraction(self.to) * Fraction(10) ** self.exponent
        if self.hedge == "under":
            return value - step, value
        # A number that was cut off, not rounded, stands for all up to the next.
        return value - (step if self.hedge == "about" else step / 2), value + step

    @property
    def percent(self) -> bool:
        return self.unit in PERCENT

    def ways(self) -> tuple[Way, ...]:
        """What a registered figure must have been rounded to or cut off at, at most `MOST_WAYS`."""
        if self.digits == 0:
            return ()
        if self.to is not None:
            return self._of_range()
        digits, exponent, shown = self.digits, self.exponent, self.significant
        below = _below(digits, exponent, shown)
        at = stripped(digits, exponent)
        # Exact noughts are told from those of coarser figures by how many digits were shown.
        itself = Way(*at, shown if self.exact else min(shown, len(str(at[0]))))
        if self.hedge == "under" or self.hedge == "about":
            return itself, Way(*stripped(*below), 2)
        return (itself,)

    @property
    def _step(self) -> Fraction:
        places = len(str(self.digits)) - self.significant
        return Fraction(10) ** (self.exponent + places)

    @property
    def _unit(self) -> int:
        """Of a range: the unit that it is counted through in."""
        assert self.to is not None
        unit = 1
        while (self.to - self.digits) // unit > MOST_WAYS - 2:
            unit *= 10
        return unit

    def _of_range(self) -> tuple[Way, ...]:
        assert self.to is not None
        unit = self._unit
        exponent = self.exponent + len(str(unit)) - 1
        first, last = max(1, self.digits // unit), -(-self.to // unit)
        numbers = range(first, min(last, first + MOST_WAYS - 1) + 1)
        return tuple(Way(*stripped(number, exponent), self.significant) for number in numbers)


def stripped(digits: int, exponent: int) -> tuple[int, int]:
    """The same number without trailing noughts."""
    if digits == 0:
        return 0, 0
    while digits % 10 == 0:
        digits //= 10
        exponent += 1
    return digits, exponent


def _below(digits: int, exponent: int, shown: int) -> tuple[int, int]:
    """The next lower number that is written with as many significant digits."""
    length = len(str(digits))
    number, places = digits, length - shown
    if places > 0:
        number, exponent = digits // 10**places, exponent + places
    if number == 10 ** (shown - 1) and shown > 1:
        return 10**shown - 1, exponent - 1
    return number - 1, exponent
