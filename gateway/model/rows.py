"""Rows of a table that are made when they are looked at: what is known of them beforehand."""

from __future__ import annotations

from abc import abstractmethod
from typing import Collection, Sequence, overload


class DeferredRows(Sequence[Sequence[str]]):
    """A sequence of rows whose words are known without making them.

    Invariant: every cell is empty, one of `texts`, TRUE or FALSE, or a number, date or time whose
    letters are at most an exponent's. What a method cannot rule out, it affirms.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def cells(self) -> int:
        """How many cells all rows have together."""

    @abstractmethod
    def texts(self) -> tuple[Sequence[str], Sequence[str]]:
        """The strings that the whole file shares, and those of this table alone."""

    @abstractmethod
    def may_hold(self, strings: Collection[str]) -> bool:
        """May a cell be one of `strings`, which are of `texts`?"""

    @abstractmethod
    def may_follow(self, first: Collection[str], second: Collection[str] | None) -> bool:
        """May a cell of `first` be followed, blank cells and ends of rows aside, by one of
        `second` (None: by any)?"""

    @overload
    def __getitem__(self, index: int) -> list[str]: ...

    @overload
    def __getitem__(self, index: slice) -> DeferredRows: ...

    @abstractmethod
    def __getitem__(self, index: int | slice) -> list[str] | DeferredRows: ...

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(other) != len(self):
            return NotImplemented
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]
