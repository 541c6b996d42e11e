"""Tells whether a file may have been written since it was looked at, without reading it.

The kernel sets a file's change time at every write, rename and change of its other times, so that
nobody can take it back. Its clock ticks coarsely: a file that was changed only just now may be
changed again without a trace, and is not relied on.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NamedTuple

_COARSE_NS = 2_000_000_000


class Touch(NamedTuple):
    """One look at a file."""

    device: int
    inode: int
    size: int
    changed_ns: int
    settled: bool

    @classmethod
    def of(cls, path: Path) -> Touch | None:
        """None where it cannot be looked at."""
        try:
            found = os.stat(path)
        except OSError:
            return None
        settled = found.st_ctime_ns < time.time_ns() - _COARSE_NS
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_ctime_ns, settled)
