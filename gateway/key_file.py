"""Key files: 32 random bytes that nobody but us can read, made once and whole.

No key is in a database or in a folder of what it protects.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

KEY_BYTES = 32


class KeyFault(Exception):
    """The key file cannot be used, or not be made; the text says why."""


def load_key(path: Path) -> bytes | None:
    """The key in `path`, or None where there is no such file. Raises KeyFault."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyFault(f"{path}: the key file cannot be read: {error.strerror}") from None
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise KeyFault(f"{path}: the key file is not a regular file")
        if status.st_mode & 0o077:
            mode = stat.S_IMODE(status.st_mode)
            raise KeyFault(f"{path}: others can use the key file (mode {mode:04o}); chmod 600 it")
        key = file.read(KEY_BYTES + 1)
    if len(key) != KEY_BYTES:
        raise KeyFault(f"{path}: a key is {KEY_BYTES} bytes long, this file is not")
    return key


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
        sync_folder(path.parent)
    except OSError as error:
        raise KeyFault(f"{path}: the key file cannot be made: {error.strerror}") from None
    key = load_key(path)
    if key is None:
        raise KeyFault(f"{path}: the key file vanished")
    return key


def sync_folder(folder: Path) -> None:
    """Make sure that what was put into a folder is there after a power cut. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
