"""Remembers what was read of each file, so that only what changed is read again.

- A value is found by a digest of all that it depends on: the bytes of its file, what the file may
  refer to, this code, its libraries and the history of the zones. Anything else is read anew.
- In memory, which forked processes share, and in a sealed folder, for the next start.
- A file with a fault is not remembered, so that each reading tells all faults.
"""

from __future__ import annotations

import hashlib
import sys
import zoneinfo
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from gateway.releases.encoding import Encoding, Unreadable
from gateway.releases.sealed_folder import SealedFolder
from gateway.releases.touch import Touch

T = TypeVar("T")
_DIGEST_CHARS = 64
_CODE = ("releases", "model", "yaml_source.py", "yaml_lines.py", "yaml_scalars.py")
_LIBRARIES = ("PyYAML", "idna", "msgspec", "tzdata")


class Remembered(NamedTuple):
    """A value, and the digest of what its file says."""

    value: Any
    digest: str


class Compiled:
    """What was read before. One is handed from reading to reading; without a folder it is
    forgotten with the process. Only one that `writes` changes its folder."""

    def __init__(self, folder: SealedFolder | None = None, writes: bool = True) -> None:
        self._folder = folder
        self._writes = writes
        self._version = _version()
        self._known: dict[str, Remembered] = {}
        self._used: set[str] = set()
        self._last: set[str] | None = None
        self._complaints: dict[str, None] = {}
        self._files: dict[Path, tuple[Touch, bytes]] = {}

    def key(self, *parts: bytes) -> str:
        """The name of whatever depends on these parts, and on nothing else but the code."""
        lengths = b"".join(len(part).to_bytes(8, "big") for part in parts)
        return hashlib.sha256(b"".join((self._version, lengths, *parts))).hexdigest()

    def untouched(self, path: Path, touch: Touch | None) -> bytes | None:
        """The digest of a file's bytes, where nobody has touched it since it was read."""
        known = self._files.get(path)
        return known[1] if known is not None and known[0] == touch else None

    def touched(self, path: Path, touch: Touch | None, digest: bytes) -> None:
        """Remember a digest with the touch from before the file was read."""
        self._files.pop(path, None)
        if touch is not None and touch.settled:
            self._files[path] = touch, digest

    def recall(self, key: str, encoding: Encoding[Any]) -> Remembered | None:
        """What was kept under a key; None where nothing is, or nothing that can be relied on."""
        self._used.add(key)
        found = self._known.get(key)
        if found is None and self._folder is not None:
            found = self._read(self._folder, key, encoding)
            if found is not None:
                self._known[key] = found
        return found

    def keep(self, key: str, encoding: Encoding[Any], value: Any, digest: str) -> None:
        """Remember a value; where the folder cannot take it, in memory alone."""
        self._used.add(key)
        self._known[key] = Remembered(value, digest)
        if self._folder is None or not self._writes:
            return
        raw = encoding.encode(value)
        if raw is None:
            return
        try:
            self._folder.write(key, digest.encode() + raw)
        except OSError as error:
            self._complain(error)

    def forget_unused(self) -> None:
        """Forget what was neither recalled nor kept since this was last called."""
        used, self._used = self._used, set()
        if used == self._last:
            return
        self._last = used
        self._known = {key: known for key, known in self._known.items() if key in used}
        if self._folder is not None and self._writes:
            try:
                self._folder.keep_only(used)
            except OSError as error:
                self._complain(error)

    def complaints(self) -> tuple[str, ...]:
        """What was wrong with the folder, each once, since this was last asked."""
        found, self._complaints = tuple(self._complaints), {}
        return found

    def _read(
        self, folder: SealedFolder, key: str, encoding: Encoding[Any]
    ) -> Remembered | None:  # fmt: skip
        try:
            content = folder.read(key)
            if content is None:
                return None
            digest, raw = content[:_DIGEST_CHARS].decode("ascii"), content[_DIGEST_CHARS:]
            return Remembered(encoding.decode(raw), digest)
        except (ValueError, Unreadable):
            self._complaints.setdefault(
                f"{folder.path}: somebody changed what was kept there of lists; the lists themselves"
                " were read again"
            )
        except OSError as error:
            self._complain(error)
        return None

    def _complain(self, error: OSError) -> None:
        assert self._folder is not None
        reason = error.strerror or "not possible"
        self._complaints.setdefault(
            f"{self._folder.path}: what was read of lists cannot be kept there: {reason}"
        )


def _version() -> bytes:
    """What decides how a file is read: code, libraries, and the history of the zones."""
    state = hashlib.sha256(sys.version.encode())
    package = Path(__file__).parent.parent
    for name in _CODE:
        path = package / name
        for source in sorted(path.rglob("*.py")) if path.is_dir() else (path,):
            state.update(source.name.encode() + source.read_bytes())
    for library in _LIBRARIES:
        state.update(metadata.version(library).encode())
    for folder in zoneinfo.TZPATH:
        history = Path(folder) / "tzdata.zi"
        if history.is_file():
            with history.open("rb") as file:
                state.update(file.readline())
    return state.digest()
