"""Which bytes a file consists of, and which files an archive consists of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileDigest:
    """`packed` are the files of an archive in which nothing stands beside them; () of every other
    file."""

    sha256: str
    packed: tuple[FileDigest, ...] = ()
