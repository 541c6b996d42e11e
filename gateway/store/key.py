"""The key file, and what is done with its key: sealing bytes and keyed digests.

The key never leaves this process and is never in the database. Each message is sealed under a
key of its own, derived from the id, so that random nonces cannot wear out; the associated data
binds each sealed piece to its row and place, so that pieces cannot be exchanged or left out.
"""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway import key_file
from gateway.key_file import KEY_BYTES, KeyFault
from gateway.store.failure import StoreError, WrongKey

_NONCE_BYTES = 12


class Sealer:
    """AES-256-GCM (NIST SP 800-38D) and keyed BLAKE2b under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.key_id = self._derive(b"key-id", b"", 8).hex()

    def _derive(self, person: bytes, text: bytes, size: int) -> bytes:
        return hashlib.blake2b(text, key=self._key, person=person, digest_size=size).digest()

    def digest(self, person: str, *parts: bytes) -> str:
        """A keyed digest; without the key a short value cannot be guessed from it."""
        state = hashlib.blake2b(key=self._key, person=person.encode(), digest_size=32)
        for part in parts:
            state.update(len(part).to_bytes(8, "big"))
            state.update(part)
        return state.hexdigest()

    def cipher(self, owner: str) -> Cipher:
        """What seals and opens the pieces of one row."""
        return Cipher(owner, self._derive(b"message", owner.encode(), 32))


class Cipher:
    """Seals the pieces of one owner; `place` says which piece, and is authenticated."""

    def __init__(self, owner: str, key: bytes) -> None:
        self._owner = owner
        self._aead = AESGCM(key)

    def seal(self, place: str, plain: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, self._bound(place))

    def open(self, place: str, sealed: bytes) -> bytes:
        """Raises StoreError where the piece was changed, moved, or sealed with another key."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._aead.decrypt(nonce, rest, self._bound(place))
        except (InvalidTag, ValueError):
            raise StoreError("a stored message is damaged, or sealed with another key") from None

    def _bound(self, place: str) -> bytes:
        return f"{self._owner}\0{place}".encode()


def load_key(path: Path) -> bytes | None:
    """The key in `path`, or None where there is no such file. Raises WrongKey."""
    try:
        return key_file.load_key(path)
    except KeyFault as fault:
        raise WrongKey(str(fault)) from None


def derived_key(path: Path, purpose: str) -> bytes | None:
    """A key for another purpose, from which nobody learns that in `path`; None where that one is
    not there or cannot be read. `purpose` is at most 16 bytes long."""
    try:
        key = load_key(path)
    except WrongKey:
        return None
    if key is None:
        return None
    return hashlib.blake2b(key=key, person=purpose.encode(), digest_size=KEY_BYTES).digest()


def make_key(path: Path) -> bytes:
    """Make the key file, or read the one that another process made first. Raises WrongKey."""
    try:
        return key_file.make_key(path)
    except KeyFault as fault:
        raise WrongKey(str(fault)) from None
