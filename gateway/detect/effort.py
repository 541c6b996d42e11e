"""How much may be weighed in one text: notices beyond that are said not to have been read.

Invariant: an honest text, however long, stays within its allowance, which grows with its length;
what exceeds it is a `limit` gap, never silence (laws 3 and 10).
"""

from __future__ import annotations

_STRETCH = 262_144
_HEADS = 200
_MARKINGS = 1000


class Effort:
    """The allowance of one text, used up step by step; `exceeded` once a step was refused."""

    def __init__(self, length: int) -> None:
        stretches = 1 + length // _STRETCH
        self._heads = _HEADS * stretches
        self._markings = _MARKINGS * stretches
        self.exceeded = False

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
