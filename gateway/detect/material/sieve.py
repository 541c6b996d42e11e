"""Tells soon which digests are certainly not registered, so that ordinary mail looks up few.

Invariant: a digest that is registered always passes; of others about one in eight does. A Bloom
filter (Bloom 1970) with one hash, which a digest is already; a byte for each digest registered.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gateway.model.keyed import Digests

_LEAST = 10
_BYTE, _BITS = np.uint64(3), np.uint64(7)


class Sieve:
    """Built once from sorted digests; read-only."""

    __slots__ = ("_bits", "_shift")

    def __init__(self, digests: Digests) -> None:
        size = max(_LEAST, len(digests).bit_length() + 3)
        self._shift = np.uint64(64 - size)
        bits = np.zeros(1 << size, bool)
        bits[(digests >> self._shift).astype(np.intp)] = True
        self._bits = np.packbits(bits, bitorder="little")

    def passes(self, digests: Digests) -> NDArray[np.bool_]:
        """Which of them may be registered."""
        number = digests >> self._shift
        byte = self._bits[(number >> _BYTE).astype(np.intp)]
        return (byte >> (number & _BITS).astype(np.uint8)) & 1 > 0
