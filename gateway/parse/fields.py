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


# What judging a message takes is found wherever it stands: a limit must not switch it off.
NEEDED = frozenset(
    (b"subject", b"date", b"from", b"x-statistical-release", b"message-id", b"content-type",
     b"content-transfer-encoding", b"content-disposition", b"auto-submitted")
)  # fmt: skip
_NEEDED = re.compile(rb"[\r\n](" + b"|".join(sorted(NEEDED)) + rb")[ \t]*:", re.I)
_FIELD_END = re.compile(rb"(?>\r\n|\r|\n)(?![ \t])")
MAX_NEEDED = 65_536


def _beyond(raw: bytes, start: int, end: int) -> list[tuple[bytes, bytes]]:
    """The needed fields behind the limit, the first of each name; one pass."""
    found: dict[bytes, tuple[bytes, bytes]] = {}
    for match in _NEEDED.finditer(raw, start - 1, end):
        if match[1].lower() not in found:
            last = min(end, match.end() + MAX_NEEDED)
            stop = _FIELD_END.search(raw, match.end(), last)
            body = raw[match.end() : stop.start() if stop else last]
            found[match[1].lower()] = (match[1], body)
    return list(found.values())


def _clean(block: bytes) -> tuple[tuple[bytes, bytes], ...] | None:
    """The fields of a block that has nothing but fields and their continuations; else None."""
    fields: list[tuple[bytes, bytes]] = []
    for line in _LINE.split(block):
        match = _FIELD.match(line)
        if match is None or line[:1] in (b" ", b"\t"):
            return None
        fields.append((match[1], line[match.end() :]))
    return tuple(fields)


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
    if not cut and (clean := _clean(raw[start:stop])) is not None:
        return HeaderBlock(clean, body)
    found: list[tuple[bytes, list[bytes]]] = []
    strays: list[bytes] = []
    first_stray, before_stray = 0, 0
    position = start
    for line in _LINE.split(raw[start : start + min(stop - start, limit)]):
        if line[:1] in (b" ", b"\t") and found and not strays:
            found[-1][1].append(line)
        elif match := _FIELD.match(line):
            found.append((match[1], [line[match.end() :]]))
        elif line:
            if not strays:
                first_stray, before_stray = position, len(found)
            strays.append(line)
        position += len(line) + (2 if raw.startswith(b"\r\n", position + len(line)) else 1)
    fields = [(name, b"\n".join(lines)) for name, lines in found]
    if cut:
        fields += _beyond(raw, start + limit, stop)
    if not strays:
        return HeaderBlock(tuple(fields), body, (), cut)
    # Usually the blank line was forgotten and the body begins at the first such line. Where MIME
    # fields follow, some programs go on reading fields: then so do we, and keep the strays.
    if any(name[:8].lower() == b"content-" for name, _ in fields[before_stray:]):
        return HeaderBlock(tuple(fields), body, tuple(strays), cut)
    return HeaderBlock(tuple(fields[:before_stray]), first_stray)
