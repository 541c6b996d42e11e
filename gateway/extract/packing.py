"""Notes of an archive, while it is read, which files it consists of.

What is known of the files is then known of the archive, as long as there is nothing else in it: a
remark, a stray byte or an entry that nobody could read, and no statement is made.
"""

from __future__ import annotations

import hashlib

from gateway.extract import types
from gateway.model.content import Content, Text
from gateway.model.file_digest import FileDigest
from gateway.model.message import Part

_ARCHIVES = frozenset(
    (types.ZIP, types.SEVEN_ZIP, types.RAR, types.TAR, *types.OTHER_ARCHIVES, *types.STREAMS)
)
_MOST = 1000


class Packing:
    """One file while it is read; for what is no archive it stays empty."""

    def __init__(self, kind: str) -> None:
        self._files: list[FileDigest] = []
        self._known = kind in _ARCHIVES

    def beside(self, content: Content) -> None:
        """Something in the archive that is no file; names are part of every archive."""
        if not (isinstance(content, Text) and _is_name(content.location.where)):
            self._known = False

    def file(self, part: Part, packed: tuple[FileDigest, ...]) -> None:
        """A file in the archive, and what it consists of itself."""
        self._known = self._known and len(self._files) < _MOST
        if self._known:
            self._files.append(FileDigest(hashlib.sha256(part.content).hexdigest(), packed))

    @property
    def files(self) -> tuple[FileDigest, ...]:
        return tuple(self._files) if self._known else ()


def _is_name(where: str) -> bool:
    return where == "file name" or where.startswith("names of folders")
