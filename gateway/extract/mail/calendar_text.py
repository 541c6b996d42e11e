"""text/calendar (RFC 5545): every content line as text, files in it and HTML forms as Parts."""

from __future__ import annotations

from typing import Iterator

from gateway.extract.mail.content_lines import Attachments, read_lines, words_of
from gateway.extract.text.charset import decode
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

# Fields that hold no words of anybody's, as long as they hold one word.
_DRY = frozenset(
    ("BEGIN", "END", "VERSION", "DTSTAMP", "SEQUENCE", "TRANSP", "TZOFFSETFROM", "TZOFFSETTO",
     "METHOD", "CALSCALE", "PRIORITY", "STATUS", "CLASS")
)  # fmt: skip
_PRODUCT = 100


def read_calendar(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Property values, unescaped, one a line; parameters such as CN are kept beside them."""
    decoded = decode(part.content, part.charset)
    if decoded.fault:
        yield Gap(part.location, "unreadable", decoded.fault)
    lines: list[str] = []
    files = Attachments(part, limits)
    for line in read_lines(decoded.text):
        if line.holds_file():
            yield from files.read(line)
        elif line.name == "X-ALT-DESC" and "HTML" in line.head.upper():
            html = line.text.encode("utf-8", "replace")
            number = f"{part.number}!{files.number()}"
            yield Part(number, "text/html", "body", html, None, "utf-8", part.depth + 1)
        elif not _is_dry(line.name, line.value):
            lines.append(line.words())
    yield from words_of(part, lines, "calendar", limits)


def _is_dry(name: str, value: str) -> bool:
    if name == "PRODID":
        return len(value) <= _PRODUCT
    return name in _DRY and " " not in value and len(value) <= _PRODUCT
