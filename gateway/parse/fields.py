"""Cuts a header block into fields, and finds where it ends.

Line ends may be CRLF, LF or CR, mixed: mail programs differ, so each of them counts. A block with
lines that are no fields is read twice where that matters: see `HeaderBlock.strays`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BLANK = re.compile(rb"(?:(?>\r\n|\r|\n))(?:(?>\r\n|\r|\n))")
_LINE = re.compile(rb"\r\n|\r|\n")
# RFC 5322 section 3.6.8 field names, with the blanks before the colon that section 4.5 allows.
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_MBOX = re.compile(rb">?From [^\r\n]*(?:\r\n|\r|\n)")


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """`fields` are (name, raw body) pairs; the body of the entity starts at `body`.

    `strays` are lines that are neither fields nor continuations. `cut` is set where the block was
    longer than allowed and its tail was not read.
    """

    fields: tuple[tuple[bytes, bytes], ...]
    body: int
    strays: tuple[bytes, ...] = ()
    cut: bool = False


def read_header_block(raw: bytes, start: int, end: int, limit: int) -> HeaderBlock:
    """The header block at `start`, of which at most `limit` bytes are read."""
    mbox = _MBOX.match(raw, start, end)
    if mbox:
        start = mbox.end()
    if raw[start : start + 1] in (b"\r", b"\n"):
        return HeaderBlock((), start + (2 if raw.startswith(b"\r\n", start) else 1))
    blank = _BLANK.search(raw, start, end)
    stop, body = (blank.start(), blank.end()) if blank else (end, end)
    cut = stop - start > limit
    fields: list[tuple[bytes, bytes]] = []
    strays: list[bytes] = []
    first_stray, before_stray = 0, 0
    position = start
    for line in _LINE.split(raw[start : start + min(stop - start, limit)]):
        if line[:1] in (b" ", b"\t") and fields and not strays:
            fields[-1] = (fields[-1][0], fields[-1][1] + b"\n" + line)
        elif match := _FIELD.match(line):
            fields.append((match[1], line[match.end() :]))
        elif line:
            if not strays:
                first_stray, before_stray = position, len(fields)
            strays.append(line)
        position += len(line) + (2 if raw.startswith(b"\r\n", position + len(line)) else 1)
    if not strays:
        return HeaderBlock(tuple(fields), body, (), cut)
    # Usually the blank line was forgotten and the body begins at the first such line. Where MIME
    # fields follow, some programs go on reading fields: then so do we, and keep the strays.
    if any(name[:8].lower() == b"content-" for name, _ in fields[before_stray:]):
        return HeaderBlock(tuple(fields), body, tuple(strays), cut)
    return HeaderBlock(tuple(fields[:before_stray]), first_stray)
