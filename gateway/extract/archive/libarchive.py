"""libarchive, from memory and one entry at a time; the library itself is the system's.

Only the format that the bytes show is switched on, and no filter but the one asked for: among the
others are some that start programs. Libarchive's own messages may quote names and are dropped.
"""

from __future__ import annotations

import ctypes
import logging
import os
import stat
from dataclasses import dataclass
from typing import Any, Iterator

from gateway.extract.archive.expansion import CHUNK
from gateway.extract.fault import ContainerFault

ABSENT = "libarchive is not installed (Debian: libarchive13)"
_LIBRARY = "libarchive.so.13"
_LINKS = ("symlink", "hardlink")


class LibraryAbsent(Exception):
    """The system has no libarchive."""


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """`size` is what the archive says; `kind` is file, folder or other; `target` is a link's."""

    name: str
    kind: str
    size: int
    encrypted: bool
    target: str


class LibraryArchive:
    """One archive in memory. Iterate over it, and take `pieces()` of the entry just given."""

    def __init__(self, content: bytes, formats: tuple[str, ...], filters: str = "none") -> None:
        # By name of the library, as the linker knows it: looking for it would start programs.
        os.environ.setdefault("LIBARCHIVE", _LIBRARY)
        try:
            from libarchive import ffi
        except (ImportError, OSError, TypeError, AttributeError):
            raise LibraryAbsent from None
        # Libarchive's warnings quote names (law 8); what they are about becomes a Gap.
        logging.getLogger("libarchive").disabled = True
        self._ffi: Any = ffi
        self._content = content
        self._archive = ffi.read_new()
        self._entry = ffi.entry_new()
        self._buffer = ctypes.create_string_buffer(CHUNK)
        self._encrypted = ffi.libarchive.archive_entry_is_data_encrypted
        self._encrypted.argtypes, self._encrypted.restype = [ffi.c_archive_entry_p], ctypes.c_int
        self._any_encrypted = ffi.libarchive.archive_read_has_encrypted_entries
        self._any_encrypted.argtypes, self._any_encrypted.restype = [ffi.c_archive_p], ctypes.c_int
        ffi.get_read_filter_function(filters)(self._archive)
        for name in formats:
            ffi.get_read_format_function(name)(self._archive)

    def __enter__(self) -> LibraryArchive:
        return self

    def __exit__(self, *_: object) -> None:
        self._ffi.entry_free(self._entry)
        self._ffi.read_free(self._archive)

    def open(self) -> None:
        """Raises ContainerFault where the archive does not even begin as one."""
        ffi = self._ffi
        data = ctypes.cast(ctypes.c_char_p(self._content), ctypes.c_void_p)
        try:
            ffi.read_open_memory(self._archive, data, len(self._content))
        except ffi.ArchiveError:
            raise ContainerFault("unreadable", "not a readable archive") from None

    def entries(self) -> Iterator[LibraryEntry]:
        """Raises ContainerFault where the rest of the archive cannot be read."""
        ffi = self._ffi
        while True:
            try:
                code = ffi.read_next_header2(self._archive, self._entry)
            except ffi.ArchiveError as error:
                if self.encrypted:
                    raise ContainerFault("encrypted", "the archive's list is encrypted") from None
                if error.retcode == ffi.ARCHIVE_RETRY:
                    continue
                raise ContainerFault("unreadable", "the archive is damaged or cut off") from None
            if code == ffi.ARCHIVE_EOF:
                return
            yield self._described()

    @property
    def encrypted(self) -> bool:
        """Has any entry been seen that is encrypted?"""
        return bool(self._any_encrypted(self._archive) == 1)

    @property
    def position(self) -> int:
        """How many bytes of the archive have been consumed."""
        return int(self._ffi.filter_bytes(self._archive, -1))

    def pieces(self) -> Iterator[bytes]:
        """The contents of the entry given last."""
        ffi = self._ffi
        while True:
            try:
                count = ffi.read_data(self._archive, self._buffer, CHUNK)
            except ffi.ArchiveError:
                raise ContainerFault("unreadable", "an entry that is damaged or cut off") from None
            if count < 0:
                raise ContainerFault("unreadable", "an entry whose checksum does not fit")
            if not count:
                return
            yield self._buffer.raw[:count]

    def _described(self) -> LibraryEntry:
        ffi, entry = self._ffi, self._entry
        mode = ffi.entry_filetype(entry)
        target = ""
        for name in _LINKS:
            target = target or _words(
                getattr(ffi, f"entry_{name}_w")(entry), getattr(ffi, f"entry_{name}")(entry)
            )
        return LibraryEntry(
            _words(ffi.entry_pathname_w(entry), ffi.entry_pathname(entry)),
            "file" if stat.S_ISREG(mode) or not mode else "folder" if stat.S_ISDIR(mode) else "other",
            ffi.entry_size(entry) if ffi.entry_size_is_set(entry) else 0,
            bool(self._encrypted(entry)),
            target,
        )  # fmt: skip


def _words(wide: str | None, raw: bytes | None) -> str:
    """Libarchive has no wide name where the locale cannot hold it."""
    if raw is not None:
        return raw.decode("utf-8", "replace")
    return wide or ""


def only_entry(content: bytes, form: str, filters: str = "none") -> Iterator[bytes]:
    """The contents of an archive of one entry."""
    try:
        archive = LibraryArchive(content, (form,), filters)
    except LibraryAbsent:
        raise ContainerFault("no-reader", ABSENT) from None
    with archive:
        archive.open()
        for _ in archive.entries():
            yield from archive.pieces()
            return
