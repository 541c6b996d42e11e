"""Files that nobody but us can have written: a keyed digest stands before each, and binds its name.

Losing one costs time and nothing else. What was changed, cut short or put there by somebody without
the key is not returned.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Iterable

_DIGEST = 32


class SealedFolder:
    """A folder that only its owner can enter; made with the first file."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._key = key

    def read(self, name: str) -> bytes | None:
        """What was written under a name; None where nothing is. Raises OSError, and ValueError
        where it is not what was written."""
        try:
            sealed = (self.path / name).read_bytes()
        except FileNotFoundError:
            return None
        digest, content = sealed[:_DIGEST], sealed[_DIGEST:]
        if not hmac.compare_digest(digest, self._digest(name, content)):
            raise ValueError(name)
        return content

    def write(self, name: str, content: bytes) -> None:
        """Whole or not at all, whoever else writes the same. Raises OSError."""
        self.path.mkdir(mode=0o700, exist_ok=True)
        draft = self.path / f".{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with open(descriptor, "wb") as file:
                file.write(self._digest(name, content) + content)
            os.replace(draft, self.path / name)
        except OSError:
            draft.unlink(missing_ok=True)
            raise

    def keep_only(self, names: Iterable[str]) -> None:
        """Remove every other file. Raises OSError."""
        wanted = set(names)
        for path in self.path.iterdir() if self.path.is_dir() else ():
            if path.name not in wanted and not path.name.startswith("."):
                path.unlink(missing_ok=True)

    def _digest(self, name: str, content: bytes) -> bytes:
        state = hashlib.blake2b(name.encode() + b"\0", key=self._key, digest_size=_DIGEST)
        state.update(content)
        return state.digest()
