"""Readable stretches in bytes that nothing describes: what is left in free or damaged space."""

from __future__ import annotations

import re

_RUN = re.compile(rb"(?:[\x20-\x7e\t]|[\xc2-\xf4][\x80-\xbf]{1,3}){6,}")


def printable_runs(content: bytes, most: int) -> str:
    """Readable stretches of bytes, a line each, up to `most` characters."""
    lines, size = [], 0
    for match in _RUN.finditer(content):
        lines.append(match.group().decode("utf-8", "replace").strip())
        size += len(lines[-1]) + 1
        if size > most:
            break
    return "\n".join(filter(None, lines))[:most]
