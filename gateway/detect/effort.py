"""How much may be weighed in one part: notices beyond that are said not to have been read.

Invariant: an honest text, however long, stays within its allowance, which grows with its length
and not with the number of pieces it comes in; what exceeds it is a `limit` gap, never silence
(laws 3 and 10).
"""

from __future__ import annotations

_STRETCH = 262_144
_HEADS = 200
_MARKINGS = 1000


class Effort:
    """The allowance of one part, used up step by step; `exceeded` once a step was refused."""

    def __init__(self) -> None:
        self._heads: float = _HEADS / 2
        self._markings: float = _MARKINGS / 2
        self.exceeded = False

    def read(self, length: int) -> None:
        """More text has come; every stretch of it earns the same again."""
        self._heads += _HEADS * length / _STRETCH
        self._markings += _MARKINGS * length / _STRETCH

    def head(self) -> bool:
        """May one more opening of a banner be weighed?"""
        self._heads -= 1
        self.exceeded = self.exceeded or self._heads < 0
        return self._heads >= 0

    def marking(self) -> bool:
        """May one more word of marking be weighed?"""
        self._markings -= 1
        self.exceeded = self.exceeded or self._markings < 0
        return self._markings >= 0
