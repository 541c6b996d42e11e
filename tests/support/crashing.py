"""A reader that takes its process down; importable in sandboxed children by its plain name."""

from __future__ import annotations

import ctypes
from typing import Any


def crash(_reader: Any, _job: Any) -> None:
    """As a native library does on a file made for it."""
    ctypes.string_at(0)
