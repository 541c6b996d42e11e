"""Short keyed digests: what is compared with material and registers in place of the thing itself.

Without the key nobody can tell from a digest what it stands for, however few the possible values
are: a figure has hardly more than a million. Two purposes never have a digest in common.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

DIGEST = np.dtype("<u8")
Digests = NDArray[np.uint64]
_BYTES = 8


class KeyedDigest:
    """BLAKE2b in its keyed mode (RFC 7693), 64 bits long.

    `key` is 16 to 64 bytes, `purpose` at most 16 ASCII characters. Raises ValueError for others.
    """

    __slots__ = ("_started",)

    def __init__(self, key: bytes, purpose: str) -> None:
        if not 16 <= len(key) <= 64:
            raise ValueError("a digest key is 16 to 64 bytes long")
        # What is begun once is copied for each digest: half the work of a short one.
        self._started = hashlib.blake2b(key=key, person=purpose.encode(), digest_size=_BYTES)

    def __call__(self, text: bytes) -> int:
        """The digest of one text, below 2**64."""
        state = self._started.copy()
        state.update(text)
        return int.from_bytes(state.digest(), "little")

    def many(self, texts: Iterable[bytes]) -> Digests:
        """The digests of texts, in their order."""
        started, found = self._started, []
        for text in texts:
            state = started.copy()
            state.update(text)
            found.append(state.digest())
        return np.frombuffer(b"".join(found), DIGEST)
