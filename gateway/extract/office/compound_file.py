"""The streams of an OLE compound file ([MS-CFB]), read with olefile within bounds.

What the file says of itself is checked before olefile works with it; every stream is counted
when it is read, so that streams laid over one another cost what they claim.
"""

from __future__ import annotations

import io
import struct
from typing import Any

import olefile

from gateway.extract.fault import ContainerFault
from gateway.model.limits import ReadLimits

Path = tuple[str, ...]
MAX_DEPTH = 64
_FREE = 0xFFFFFFFF
_FAULTS = (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, struct.error,
           OverflowError, AssertionError)  # fmt: skip
# Of the defects that olefile notes, those that cost content; the others are matters of style.
_COSTLY = ("incomplete", "out of range", "less than declared", "too large", "duplicate filename",
           "not enough", "already", "larger than", "is not a stream", "unhandled")  # fmt: skip


class Compound:
    """`streams`: their sizes by path, in the order of the directory. `taken` are those that a
    reader has dealt with. Raises ContainerFault where nothing can be read."""

    def __init__(self, content: bytes, limits: ReadLimits) -> None:
        self._left = self._limit = limits.expanded_bytes
        self.content = content
        self.streams: dict[Path, int] = {}
        self.storages: set[Path] = set()
        self.taken: set[Path] = set()
        self.faults: list[str] = []
        _check_header(content)
        try:
            self._file = olefile.OleFileIO(io.BytesIO(content))
            self._list(self._file.root, limits)
        except RecursionError:
            raise ContainerFault("limit", "nested too deeply") from None
        except _FAULTS as error:
            raise ContainerFault(
                "unreadable", f"not a readable compound file ({type(error).__name__})"
            ) from None
        self._unlisted()
        self._note_defects()

    def _list(self, root: Any, limits: ReadLimits) -> None:
        waiting: list[tuple[Any, Path]] = [(root, ())]
        while waiting:
            entry, path = waiting.pop()
            if len(path) > MAX_DEPTH:
                raise ContainerFault("limit", f"storages nested more than {MAX_DEPTH} deep")
            for kid in entry.kids:
                place = (*path, kid.name)
                if kid.entry_type == olefile.STGTY_STREAM:
                    if place in self.streams:
                        self._fault("streams with the same name")
                    self.streams[place] = kid.size
                else:
                    self.storages.add(place)
                    waiting.append((kid, place))
            if len(self.streams) + len(self.storages) > limits.entries:
                raise ContainerFault("limit", f"more than {limits.entries} streams")

    def unused(self) -> tuple[bytes, bytes]:
        """What stands in sectors that no stream has, and what stands behind the last one used."""
        size, table = self._file.sector_size, self._file.fat
        used = [index for index, after in enumerate(table) if after != _FREE]
        last = used[-1] if used else -1
        free = (index for index in range(last) if table[index] == _FREE)
        inside = b"".join(self.content[(i + 1) * size : (i + 2) * size] for i in free)
        return inside.strip(b"\0\xff"), self.content[(last + 2) * size :].strip(b"\0\xff")

    def _unlisted(self) -> None:
        """Streams that the directory holds and its tree does not lead to."""
        directory = getattr(self._file, "directory_fp", None)
        if directory is None:
            return
        entries = directory.getvalue()
        kinds = entries[66::128]
        if kinds.count(2) > len(self.streams) or kinds.count(1) > len(self.storages):
            self._fault("streams that no storage leads to")

    def _note_defects(self) -> None:
        for _, message in self._file.parsing_issues:
            text = str(message).lower()
            if any(word in text for word in _COSTLY):
                self._fault("a damaged table of sectors or streams")

    def _fault(self, sentence: str) -> None:
        if sentence not in self.faults:
            self.faults.append(sentence)

    def find(self, *names: str) -> Path | None:
        """The stream at that path, upper and lower case alike."""
        wanted = tuple(name.lower() for name in names)
        for path in self.streams:
            if len(path) == len(wanted) and tuple(name.lower() for name in path) == wanted:
                return path
        return None

    def below(self, storage: Path) -> list[Path]:
        """The streams in a storage and in those that it holds."""
        return [path for path in self.streams if path[: len(storage)] == storage]

    def take(self, path: Path) -> bytes:
        """A stream's bytes, now dealt with. Raises ContainerFault; a stream that is cut off is
        a fault of the file, and what there is of it is given."""
        self.taken.add(path)
        size = self.streams[path]
        self._left -= size
        if self._left < 0:
            raise ContainerFault("limit", f"expands to more than {self._limit} bytes")
        if size > len(self.content):
            raise ContainerFault("unreadable", "a stream larger than its file")
        try:
            content: bytes = self._file.openstream(list(path)).read()
        except _FAULTS as error:
            raise ContainerFault(
                "unreadable", f"a damaged stream ({type(error).__name__})"
            ) from None
        if len(content) < size:
            self._fault("a stream that is cut off")
        return content


def _check_header(content: bytes) -> None:
    """The tables of sectors cannot be larger than the file ([MS-CFB] 2.2)."""
    if len(content) < 512:
        raise ContainerFault("unreadable", "a compound file that is cut off")
    shift = struct.unpack_from("<H", content, 30)[0]
    if shift not in (9, 12):
        raise ContainerFault("unreadable", "a compound file with sectors of an unknown size")
    tables = struct.unpack_from("<I", content, 44)[0]
    small, more = struct.unpack_from("<I4xI", content, 64)
    if max(tables, small, more) > (len(content) >> shift):
        raise ContainerFault("unreadable", "a compound file that is cut off")
