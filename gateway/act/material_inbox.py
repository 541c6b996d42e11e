"""Mail with packs that was taken and is to be registered: sealed files, written before the 250.

Nothing of it is in clear on disk; what was taken stays until its sender was answered.
"""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path

import msgspec

from gateway.key_file import sync_folder
from gateway.store import StoreError
from gateway.store.key import Sealer, load_key

_MAIL = ".mail"


class Parcel(msgspec.Struct, frozen=True):
    """One such mail: envelope sender and recipient, when it came, and its bytes."""

    sender: str
    recipient: str
    at: datetime
    content: bytes


class MaterialInbox:
    """Every method may raise StoreError, and then nothing was kept or lost."""

    def __init__(self, folder: Path, key_file: Path) -> None:
        self._folder = folder
        self._key_file = key_file

    def put(self, id: str, parcel: Parcel) -> None:
        """Keep it: once this returns it is on disk."""
        sealed = self._sealer().cipher(_owner(id)).seal("mail", msgspec.msgpack.encode(parcel))
        draft = self._folder / f".{secrets.token_hex(8)}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with open(descriptor, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, self._folder / f"{id}{_MAIL}")
            sync_folder(self._folder)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise StoreError(f"a pack cannot be stored: {error.strerror}") from None

    def waiting(self) -> tuple[str, ...]:
        """What is to be registered, the oldest first."""
        try:
            return tuple(sorted(path.stem for path in self._folder.glob(f"*{_MAIL}")))
        except OSError as error:
            raise StoreError(f"packs cannot be listed: {error.strerror}") from None

    def get(self, id: str) -> Parcel:
        try:
            sealed = (self._folder / f"{id}{_MAIL}").read_bytes()
        except OSError as error:
            raise StoreError(f"a pack cannot be read: {error.strerror}") from None
        plain = self._sealer().cipher(_owner(id)).open("mail", sealed)
        return msgspec.msgpack.decode(plain, type=Parcel)

    def drop(self, id: str) -> None:
        """Once its sender was answered."""
        (self._folder / f"{id}{_MAIL}").unlink(missing_ok=True)

    def _sealer(self) -> Sealer:
        key = load_key(self._key_file)
        if key is None:
            raise StoreError("the key file of the store is missing")
        return Sealer(key)


def _owner(id: str) -> str:
    return f"material-inbox {id}"
