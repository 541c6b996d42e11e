"""Which of the processes that lease deliveries are still alive.

Each holds an flock on a file of its own beside the database for as long as it lives; the kernel
lets go of it however the process dies. A lease whose owner is provably dead need not run out.
What cannot be proven (no file, another host) waits for the lease to run out.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import threading
from pathlib import Path


class Presence:
    """The sign of life of one opened store; `name` begins every lease that it takes."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._descriptor = -1
        self._turn = threading.Lock()
        self.name = secrets.token_hex(8)

    def _file(self, name: str) -> Path:
        return self._database.with_name(f"{self._database.name}-alive-{name}")

    def show(self) -> bool:
        """Begin to be seen; False where we were already."""
        with self._turn:
            if self._descriptor >= 0:
                return False
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            descriptor = os.open(self._file(self.name), flags, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            self._descriptor = descriptor
            return True

    def dead(self, name: str) -> bool:
        """Whether the process of that name is certainly gone."""
        if name == self.name:
            return False
        try:
            descriptor = os.open(self._file(name), os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return False  # no proof
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            return False
        finally:
            os.close(descriptor)

    def found(self) -> set[str]:
        """The names of all processes that ever showed themselves and were not forgotten."""
        prefix = self._file("").name
        return {
            file.name.removeprefix(prefix) for file in self._database.parent.glob(f"{prefix}*")
        } - {self.name}

    def forget(self, name: str) -> None:
        """Remove what a dead process left, once its leases are freed."""
        self._file(name).unlink(missing_ok=True)

    def close(self) -> None:
        """Be seen no more. The file stays as the proof that our leases are nobody's."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
