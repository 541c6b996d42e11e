"""The key file, and what is done with its key: sealing bytes and keyed digests.

The key never leaves this process and is never in the database. Each message is sealed under a
key of its own, derived from the id, so that random nonces cannot wear out; the associated data
binds each sealed piece to its row and place, so that pieces cannot be exchanged or left out.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.store.failure import StoreError, WrongKey

KEY_BYTES = 32
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
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WrongKey(f"{path}: the key file cannot be read: {error.strerror}") from None
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise WrongKey(f"{path}: the key file is not a regular file")
        if status.st_mode & 0o077:
            mode = stat.S_IMODE(status.st_mode)
            raise WrongKey(f"{path}: others can use the key file (mode {mode:04o}); chmod 600 it")
        key = file.read(KEY_BYTES + 1)
    if len(key) != KEY_BYTES:
        raise WrongKey(f"{path}: a key is {KEY_BYTES} bytes long, this file is not")
    return key


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
    """Make the key file, or read the one that another process made first.

    It appears whole or not at all: written beside, synced, then linked to its name, which fails
    where the name exists.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with open(descriptor, "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, path)
            except FileExistsError:
                pass  # another process was first: its key counts
        finally:
            os.unlink(draft)
        _sync_folder(path.parent)
    except OSError as error:
        raise WrongKey(f"{path}: the key file cannot be made: {error.strerror}") from None
    key = load_key(path)
    if key is None:
        raise WrongKey(f"{path}: the key file vanished")
    return key


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
