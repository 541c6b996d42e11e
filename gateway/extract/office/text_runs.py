"""Readable text inside bytes whose layout nobody here knows: runs of letters, 8-bit and UTF-16."""

from __future__ import annotations

import re

# Shorter runs are as often chance as words.
MIN_WIDE = 4
MIN_NARROW = 8
_WIDE = re.compile(rb"(?:[\x20-\x7e\xa0-\xff\t\r\n]\0){%d,}" % MIN_WIDE)
_NARROW = re.compile(rb"[\x20-\x7e\t\r\n]{%d,}" % MIN_NARROW)
_SHORT = re.compile(rb"[\x20-\x7e\t\r\n]{%d,}" % MIN_WIDE)


def wide_runs(content: bytes) -> list[str]:
    """What is written in UTF-16 (its Latin part)."""
    return [run[0].decode("utf-16-le") for run in _WIDE.finditer(content)]


def narrow_runs(content: bytes, short: bool = False) -> list[str]:
    """What is written a byte a character; `short` where the bytes are few and mostly words."""
    return [run[0].decode("ascii") for run in (_SHORT if short else _NARROW).finditer(content)]


def text_runs(content: bytes, short: bool = False) -> str:
    """Both kinds, a run a line."""
    runs = [*narrow_runs(content, short), *wide_runs(content)]
    return "\n".join(run for run in runs if any(map(str.isalnum, run)))
