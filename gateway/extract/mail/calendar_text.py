"""text/calendar (RFC 5545): every content line as text, files in it and HTML forms as Parts."""

from __future__ import annotations

from typing import Iterator

from gateway.extract.mail.content_lines import attached_file, read_lines
from gateway.extract.text.charset import decode
from gateway.extract.text.encoded_runs import encoded_runs
from gateway.extract.text.pasted import tables_in_text
from gateway.extract.text.plain import bounded_text
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
    files = 0
    for line in read_lines(decoded.text):
        if line.holds_file():
            files += 1
            if files <= limits.entries:
                yield from attached_file(part, line, files, limits)
            elif files == limits.entries + 1:
                yield Gap(part.location, "limit", f"more than {limits.entries} files")
        elif line.name == "X-ALT-DESC" and "HTML" in line.head.upper():
            files += 1
            html = line.text.encode("utf-8", "replace")
            number = f"{part.number}!{files}"
            yield Part(number, "text/html", "body", html, None, "utf-8", part.depth + 1)
        elif not _is_dry(line.name, line.value):
            lines.append(line.words())
    text = "\n".join(lines)
    yield from bounded_text(part, text, "calendar", limits)
    yield from tables_in_text(part, text[: limits.text_chars], "calendar")
    yield from encoded_runs(part, text, limits)


def _is_dry(name: str, value: str) -> bool:
    if name == "PRODID":
        return len(value) <= _PRODUCT
    return name in _DRY and " " not in value and len(value) <= _PRODUCT
