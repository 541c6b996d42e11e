"""What a file beside the database says of the audit, so that cutting off its newest rows shows.

- It has the newest entry of when it was written, the entry of each early lift that runs, and the
  newest approved version of each list; a keyed digest makes it ours.
- It is written with every lift, withdrawal and approval, before the commit. Who can write to the
  database alone can therefore bring back no lift that was withdrawn and no list that was replaced.
- Somebody who puts back an old copy of both is not found out by it: write the newest digest of the
  audit down elsewhere for that.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Mapping

from gateway.store.codec import dumps
from gateway.store.failure import StoreError
from gateway.store.key import Sealer

_MOST = 4_000_000


@dataclass(frozen=True, slots=True)
class Statement:
    """`number` and `digest` are the audit's newest entry then; `lifts` are the digests of entries by
    release, `approved` versions by subject."""

    number: int = 0
    digest: str = ""
    lifts: Mapping[str, str] = field(default_factory=dict)
    approved: Mapping[str, int] = field(default_factory=dict)


class Witness:
    """The file beside one database."""

    def __init__(self, database: Path, sealer: Sealer) -> None:
        self.path = database.with_name(f"{database.name}.head")
        self._sealer = sealer

    def read(self) -> Statement | None:
        """What it says; None where it is not there, or was not written by us."""
        try:
            with self.path.open("rb") as opened:
                seal, _, said = opened.read(_MOST).partition(b"\n")
            if not hmac.compare_digest(seal, self._seal(said)):
                return None
            return Statement(**json.loads(said))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, statement: Statement) -> None:
        """Replace it, whole or not at all. Raises StoreError."""
        said = dumps(asdict(statement)).encode()
        draft = self.path.with_name(f".{self.path.name}.{secrets.token_hex(8)}")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with open(descriptor, "wb") as file:
                file.write(self._seal(said) + b"\n" + said)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, self.path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise StoreError(f"{self.path}: cannot be written: {error.strerror}") from None

    def _seal(self, said: bytes) -> bytes:
        return self._sealer.digest("witness", said).encode()
