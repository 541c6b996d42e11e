"""Tells soon which digests are certainly not registered, so that ordinary mail looks up few.

Invariant: a digest that is registered always passes; of others one in sixteen or fewer. A Bloom
filter (Bloom 1970) with one hash, which a digest is already; about two bytes for each digest registered.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gateway.model.keyed import Digests

_LEAST = 10
_AT_ONCE = 1 << 18
_BYTE, _BITS = np.uint64(3), np.uint64(7)


class Sieve:
    """Built once from sorted digests; read-only."""

    __slots__ = ("_bits", "_shift")

    def __init__(self, digests: Digests) -> None:
        size = max(_LEAST, len(digests).bit_length() + 4)
        self._shift = np.uint64(64 - size)
        self._bits = np.zeros(1 << (size - 3), np.uint8)
        for start in range(0, len(digests), _AT_ONCE):
            number = digests[start : start + _AT_ONCE] >> self._shift
            byte = (number >> _BYTE).astype(np.intp)
            first = np.flatnonzero(np.diff(byte, prepend=-1))
            bit = np.left_shift(1, number & _BITS, dtype=np.uint8, casting="unsafe")
            self._bits[byte[first]] |= np.bitwise_or.reduceat(bit, first)

    def passes(self, digests: Digests) -> NDArray[np.bool_]:
        """Which of them may be registered."""
        number = digests >> self._shift
        byte = self._bits[(number >> _BYTE).astype(np.intp)]
        return (byte >> (number & _BITS).astype(np.uint8)) & 1 > 0
