"""Remembers what was read of each file, so that only what changed is read again.

- A value is found by a digest of all that it depends on: the bytes of its file, what the file may
  refer to, this code, its libraries and the history of the zones. Anything else is read anew.
- In memory, which forked processes share, and in a sealed folder, for the next start. It is written
  there when nobody waits any more (`settle`), and by one process alone.
- A file with a fault is not remembered, so that each reading tells all faults.
"""

from __future__ import annotations

import hashlib
import sys
import zoneinfo
from copy import copy
from importlib import metadata
from pathlib import Path
from typing import Any, Callable, NamedTuple, TypeVar

import msgspec

from gateway.releases.consultation import Asked
from gateway.releases.encoding import Encoding, Unreadable
from gateway.releases.sealed_folder import SealedFolder
from gateway.releases.touch import Touch

T = TypeVar("T")
_CODE = ("releases", "model", "yaml_source.py", "yaml_lines.py", "yaml_scalars.py")
_LIBRARIES = ("PyYAML", "idna", "msgspec", "orjson", "tzdata")


class Remembered(NamedTuple):
    """A value, the digest of what its file says, and what the file asked of people."""

    value: Any
    digest: str
    asked: Asked | None = None


class Compiled:
    """What was read before. One is handed from reading to reading; without a folder it is
    forgotten with the process. Only one that `writes` changes its folder."""

    def __init__(self, folder: SealedFolder | None = None, writes: bool = True) -> None:
        self._folder = folder
        self._writes = writes
        self._version = _version()
        self._known: dict[str, Remembered] = {}
        self._unwritten: dict[str, Encoding[Any] | bytes] = {}
        self._used: set[str] = set()
        self._last: set[str] | None = None
        self._complaints: dict[str, None] = {}
        self._files: dict[Path, tuple[Touch, bytes]] = {}

    def for_reading(self) -> Compiled:
        """The same for another process, which looks where the first one writes."""
        other = copy(self)
        other._writes, other._unwritten, other._complaints = False, {}, {}
        return other

    def apart(self) -> Compiled:
        """The same for a process that reads a part: it writes nothing, and `packed` is what it
        kept."""
        other = copy(self)
        other._folder, other._writes, other._unwritten = None, True, {}
        return other

    def keep_in(self, folder: SealedFolder | None) -> None:
        """From now on, and what is remembered so far."""
        self._folder = folder

    def key(self, *parts: bytes) -> str:
        """The name of whatever depends on these parts, and on nothing else but the code."""
        lengths = b"".join(len(part).to_bytes(8, "big") for part in parts)
        return hashlib.sha256(b"".join((self._version, lengths, *parts))).hexdigest()

    def looked(self, path: Path, read: Callable[[], bytes]) -> tuple[bytes, bytes | None]:
        """A digest of a file's bytes; and these, where somebody may have touched it since they
        were read."""
        before = Touch.of(path)
        known = self._files.get(path)
        if known is not None and known[0] == before:
            return known[1], None
        raw = read()
        digest = hashlib.sha256(raw).digest()
        self._files.pop(path, None)
        if before is not None and before.settled:
            self._files[path] = before, digest
        return digest, raw

    def made(
        self, path: Path, read: Callable[[], bytes], make: Callable[[bytes], T],
        encoding: Encoding[T] | None, *parts: str,
    ) -> T:  # fmt: skip
        """What is made of a file's bytes and these parts. Raises what `read` and `make` raise, and
        then remembers nothing."""
        depends = [part.encode() for part in parts]
        digest, raw = self.looked(path, read)
        known = self.recall(self.key(*depends, digest), encoding)
        if known is not None:
            value: T = known.value
            return value
        if raw is None:
            raw = read()
            digest = hashlib.sha256(raw).digest()
        value = make(raw)
        self.keep(self.key(*depends, digest), encoding, Remembered(value, ""))
        return value

    def recall(
        self, key: str, encoding: Encoding[Any] | None,
        stands: Callable[[Remembered], bool] = lambda _: True,
    ) -> Remembered | None:  # fmt: skip
        """What was kept under a key and `stands`; None where nothing is, or nothing that can be
        relied on. What has no encoding is in memory alone."""
        self._used.add(key)
        found = self._known.get(key)
        if found is not None and stands(found):
            return found
        found = self._read(self._folder, key, encoding) if self._folder and encoding else None
        if found is None or not stands(found):
            return None
        self._known[key] = found
        return found

    def keep(self, key: str, encoding: Encoding[Any] | None, found: Remembered) -> None:
        """Remember a value."""
        self._used.add(key)
        self._known[key] = found
        if self._writes and encoding is not None:
            self._unwritten[key] = encoding

    def settle(self) -> None:
        """Write what is remembered; forget what was neither recalled nor kept since the last
        time. Where the folder cannot take it, it is remembered in memory alone."""
        used, self._used = self._used, set()
        changed = used != self._last
        if changed:
            self._last = used
            self._known = {key: known for key, known in self._known.items() if key in used}
        if self._folder is None or not self._writes:
            return
        try:
            for key in list(self._unwritten):
                self._write(self._folder, key)
            if changed:
                self._folder.keep_only(used)
        except OSError as error:
            self._complain(error)

    def packed(self) -> bytes:
        """What was kept and not written, for another process."""
        found = [(key, content) for key in self._unwritten if (content := self._content(key))]
        return _PACK.encode(found)

    def unpack(self, packed: bytes, encoding: Encoding[Any]) -> None:
        """Remember what another process kept; nothing where it sent something else."""
        try:
            found = [
                (key, content, _opened(content, encoding))
                for key, content in _PACKED.decode(packed)
            ]
        except (Unreadable, msgspec.MsgspecError):
            return
        for key, content, known in found:
            self._used.add(key)
            self._known[key] = known
            if self._writes:
                self._unwritten[key] = content

    def _write(self, folder: SealedFolder, key: str) -> None:
        content = self._content(key)
        del self._unwritten[key]
        if content is not None:
            folder.write(key, content)

    def _content(self, key: str) -> bytes | None:
        """What is written of a value; None where it is not known any more, or cannot be."""
        how, known = self._unwritten[key], self._known.get(key)
        if known is None:
            return None
        if isinstance(how, bytes):
            return how
        raw = how.encode(known.value)
        return _PACK.encode(_Sealed(known.digest, known.asked, raw)) if raw is not None else None

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
            return _opened(content, encoding)
        except (ValueError, Unreadable, msgspec.MsgspecError):
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


class _Sealed(NamedTuple):
    digest: str
    asked: Asked | None
    value: bytes


_PACK = msgspec.msgpack.Encoder()
_PACKED = msgspec.msgpack.Decoder(list[tuple[str, bytes]])
_SEALED = msgspec.msgpack.Decoder(_Sealed)


def _opened(content: bytes, encoding: Encoding[Any]) -> Remembered:
    """Raises MsgspecError and Unreadable."""
    sealed = _SEALED.decode(content)
    return Remembered(encoding.decode(sealed.value), sealed.digest, sealed.asked)


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
