"""text/calendar (RFC 5545): every content line as text, inline attachments as Parts."""

from __future__ import annotations

import binascii
import re
from typing import Iterator

from gateway.extract.text.charset import decode
from gateway.extract.text.pasted import tables_in_text
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_FOLD = re.compile(r"\n[ \t]")
_ESCAPE = re.compile(r"\\([\\;,nN])")
# Fields that hold no words of anybody's.
_DRY = frozenset(
    ("BEGIN", "END", "VERSION", "PRODID", "DTSTAMP", "SEQUENCE", "TRANSP", "TZOFFSETFROM",
     "TZOFFSETTO", "METHOD", "CALSCALE", "PRIORITY", "STATUS", "CLASS")
)  # fmt: skip


def read_calendar(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Property values, unescaped, one a line; parameters such as CN are kept beside them."""
    decoded = decode(part.content, part.charset)
    if decoded.fault:
        yield Gap(part.location, "unreadable", decoded.fault)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    lines: list[str] = []
    attached = 0
    for line in _FOLD.sub("", text).split("\n"):
        head, colon, value = _cut(line)
        name = head.partition(";")[0].upper()
        if not colon:
            lines.append(line)
        elif name == "ATTACH" and "ENCODING=BASE64" in head.upper():
            attached += 1
            yield _attachment(part, head, value, attached, limits)
        elif name not in _DRY:
            lines.append(f"{head}: {_ESCAPE.sub(_unescape, value)}")
    yield from bounded_text(part, "\n".join(lines), "calendar", limits)
    yield from tables_in_text(part, "\n".join(lines)[: limits.text_chars], "calendar")


def _cut(line: str) -> tuple[str, str, str]:
    """Name with parameters, and value: a colon inside a quoted parameter does not count."""
    colon = line.find(":")
    while colon >= 0 and line.count('"', 0, colon) % 2:
        colon = line.find(":", colon + 1)
        if colon > 2000:
            break
    if colon < 0:
        return line, "", ""
    return line[:colon], ":", line[colon + 1 :]


def _unescape(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]


def _attachment(part: Part, head: str, value: str, index: int, limits: ReadLimits) -> Content:
    number = f"{part.number}!{index}"
    name = next((p[9:] for p in head.split(";") if p.upper().startswith("FILENAME=")), None)
    name = name or next(
        (p[11:] for p in head.split(";") if p.upper().startswith("X-FILENAME=")), None
    )
    try:
        content = binascii.a2b_base64(value.encode("ascii", "replace"))
    except binascii.Error:
        return Gap(part.location.at("ATTACH"), "unreadable", "undecodable inline attachment")
    if number.count("!") > limits.nested:
        return Gap(part.location.at("ATTACH"), "limit", f"nested more than {limits.nested} deep")
    return Part(number, "application/octet-stream", "attachment", content, name, "", part.depth + 1)
