"""Short keyed digests: what is compared with material and registers in place of the thing itself.

Without the key nobody can tell from a digest what it stands for, however few the possible values
are: a figure has hardly more than a million. Two purposes never have a digest in common.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

DIGEST = np.dtype("<u8")
Digests = NDArray[np.uint64]
_BYTES = 8


class KeyedDigest:
    """BLAKE2b in its keyed mode (RFC 7693), 64 bits long.

    `key` is 16 to 64 bytes, `purpose` at most 16 ASCII characters. Raises ValueError for others.
    """

    __slots__ = ("_cipher", "_started")

    def __init__(self, key: bytes, purpose: str) -> None:
        if not 16 <= len(key) <= 64:
            raise ValueError("a digest key is 16 to 64 bytes long")
        # What is begun once is copied for each digest: half the work of a short one.
        self._started = hashlib.blake2b(key=key, person=purpose.encode(), digest_size=_BYTES)
        block_key = hashlib.blake2b(b"blocks", key=key, person=purpose.encode(), digest_size=32)
        self._cipher = Cipher(algorithms.AES256(block_key.digest()), modes.ECB())
        # Whatever the library loads at its first use, it loads before a sandbox closes.
        self.of_pairs(np.zeros((1, 2), DIGEST))

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

    def of_pairs(self, pairs: Digests) -> Digests:
        """The digests of pairs of 64-bit numbers, an array of (n, 2), for what comes in thousands:
        each is one block of AES-256 (FIPS 197), which no two pairs share, cut to 64 bits."""
        blocks = self._cipher.encryptor().update(np.ascontiguousarray(pairs, DIGEST).tobytes())
        return np.frombuffer(blocks, DIGEST)[::2]
