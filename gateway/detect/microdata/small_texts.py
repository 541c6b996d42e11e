"""Short texts that are a record, or a column, each: fields, lines of cells, bare values.

What is read here is only compared with its like in `stacked`; nothing is judged by itself.
"""

from __future__ import annotations

import re
from typing import Iterator, Sequence

MAX_TEXT = 60_000
MAX_LINES = 3_000
FEW_LINES = 80
MIN_FIELDS = 3
LONG_VALUE = 48
_FIELD = re.compile(
    r"[ \t*-]{0,8}([A-Za-z_][\w .()/#-]{0,40}?)[ \t]{0,9}[:=](?!//)[ \t]{0,9}(.{0,200})"
)
_DELIMITERS = "\t|;,"
# Names of mail and calendars, of no survey.
_CORRESPONDENCE = frozenset(
    """from to cc bcc sent date time subject reply-to tel telephone phone mobile fax email e-mail mail web
    website http https location venue where when organizer attachments present apologies chair""".split()
)

Rows = list[list[str]]


def small_tables(text: str) -> Iterator[Rows]:
    """A short text as a form of two columns, as one to three rows under a head, or as a list."""
    if len(text) > MAX_TEXT:
        return
    lines = [line.strip() for line in text.splitlines() if line and not line.isspace()]
    if not 2 <= len(lines) <= MAX_LINES:
        return
    if len(lines) <= FEW_LINES:
        form = _form(lines)
        if form:
            yield form
            return
        rows = _rows(lines)
        if rows:
            yield rows
            return
    if len(lines) >= MIN_FIELDS and all(len(line) <= LONG_VALUE for line in lines):
        yield [[line] for line in lines]


def _form(lines: Sequence[str]) -> Rows:
    """ "name: value" on most lines, each name once."""
    fields = [
        [match[1].strip(), match[2].strip()] for line in lines if (match := _FIELD.match(line))
    ]
    own = [field for field in fields if field[0].lower() not in _CORRESPONDENCE]
    names = {name for name, _ in own}
    if len(own) < MIN_FIELDS or len(names) < len(own) or 2 * len(fields) < len(lines):
        return []
    return own


def _rows(lines: Sequence[str]) -> Rows:
    """Two to four lines of equally many cells that stand together."""
    for delimiter in _DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        for start, count in enumerate(counts):
            if count < 2:
                continue
            end = start
            while end < len(counts) and counts[end] == count:
                end += 1
            if 2 <= end - start <= 4:
                return [
                    [cell.strip(' "') for cell in line.split(delimiter)]
                    for line in lines[start:end]
                ]
    return []
