"""What is done with the key of registered material: keyed digests, and sealing what is no digest.

The key file is never in the folder that it protects. Every file is sealed under a key of its own,
derived from a random salt, with AES-256-GCM (NIST SP 800-38D); associated data bind each piece to
its release, its document and its place, so that none can be exchanged or left out.
"""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.key_file import KeyFault, load_key, make_key
from gateway.releases.material.unavailable import MaterialUnavailable

ID_BYTES, SALT_BYTES = 8, 16
_NONCE_BYTES = 12
_DOCUMENT_BYTES = 12


class MaterialKey:
    """Everything that follows from the 32 bytes of the key file."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.id = self._derived(b"material-id", b"", ID_BYTES)
        self.digests = self._derived(b"material-digest", b"", 32)

    @classmethod
    def load(cls, path: Path) -> MaterialKey:
        """Raises MaterialUnavailable."""
        try:
            key = load_key(path)
        except KeyFault as fault:
            raise MaterialUnavailable(str(fault)) from None
        if key is None:
            raise MaterialUnavailable(f"{path}: the key file is missing")
        return cls(key)

    @classmethod
    def make(cls, path: Path) -> MaterialKey:
        """The key in `path`, made there if there is none. Raises MaterialUnavailable."""
        try:
            return cls(make_key(path))
        except KeyFault as fault:
            raise MaterialUnavailable(str(fault)) from None

    def document(self, content: bytes) -> str:
        """A name for a file's bytes, which nobody without the key can try bytes against."""
        return self._derived(b"material-file", content, _DOCUMENT_BYTES).hex()

    def witness(self, content: bytes | memoryview) -> bytes:
        """A keyed digest of what is too large to be sealed and need not be secret."""
        return self._derived(b"material-whole", content, 32)

    def box(self, salt: bytes) -> Box:
        """What seals and opens the pieces of the file that has this salt."""
        return Box(self._derived(b"material-seal", salt, 32))

    def _derived(self, person: bytes, text: bytes | memoryview, size: int) -> bytes:
        return hashlib.blake2b(text, key=self._key, person=person, digest_size=size).digest()


class Box:
    """Seals pieces; `place` says which piece of what, and is authenticated."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, place: str, plain: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, place.encode())

    def open(self, place: str, sealed: bytes) -> bytes:
        """Raises MaterialUnavailable where it was changed or moved."""
        try:
            return self._aead.decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode()
            )  # fmt: skip
        except (InvalidTag, ValueError):
            raise MaterialUnavailable("it is damaged, or was changed") from None


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)
