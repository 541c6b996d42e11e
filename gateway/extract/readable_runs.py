"""Readable stretches in bytes that nothing describes: what is left in free or damaged space."""

from __future__ import annotations

import re
from typing import Iterator

from gateway.model.content import Content, Text
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Location

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


def readable_runs(location: Location, content: bytes, limits: ReadLimits) -> Iterator[Content]:
    """The readable stretches as a hidden Text, with a Gap where there are more than is read."""
    words = printable_runs(content, limits.text_chars + 1)
    if words:
        yield Text(location, words[: limits.text_chars], hidden=True)
    if len(words) > limits.text_chars:
        yield Gap(location, "limit", f"more than {limits.text_chars} characters of text")
