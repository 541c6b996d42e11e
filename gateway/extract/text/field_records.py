"""Records written as fields, "Name: ..." a line, one record below the other.

A record begins where the first name comes again. Heads of quoted messages and signatures look
alike and are left out by their names.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Iterator, Sequence

Fields = list[tuple[int, str, str]]
MIN_RECORDS = 4
MIN_FIELDS = 3
_FIELD = re.compile(
    r"[ \t*:-]{0,8}([A-Za-z_][\w .()/#-]{0,40}?)[ \t]{0,20}[:=](?!//)[ \t]{0,40}(.{0,500})"
)
# Names of mail and calendars, of no survey.
_CORRESPONDENCE = frozenset(
    """from to cc bcc sent date subject reply-to tel telephone phone mobile mob fax email e-mail mail
    web website www http https location when where organizer attachments importance begin end fn n
    org title url version prodid uid dtstamp dtstart dtend summary von an gesendet betreff de para
    envoyé objet à message-id content-type mime-version received x""".split()
)
_BREAK = 6
# Blanks, a name and its sign stand within so many characters.
_REACH = 70


def field_records(lines: Sequence[str]) -> Iterator[tuple[int, list[list[str]]]]:
    """(index of the first line, rows under their names) of each set of records."""
    fields: Fields = []
    other = 0
    for index, line in enumerate(lines):
        near = ":" in line[:_REACH] or "=" in line[:_REACH]
        match = _FIELD.match(line) if near else None
        if match:
            fields.append((index, match[1].strip(), match[2].strip()))
            other = 0
        elif line and not line.isspace():
            other += 1
            if other > _BREAK and fields:
                yield from records_of_fields(fields)
                fields = []
    yield from records_of_fields(fields)


def records_of_fields(fields: Fields) -> Iterator[tuple[int, list[list[str]]]]:
    """The same for fields that are told apart already: (index of the line, name, value)."""
    names = Counter(name for _, name, _ in fields)
    shared = [name for name, count in names.items() if count >= MIN_RECORDS]
    own = [name for name in shared if name.lower() not in _CORRESPONDENCE]
    if len(own) < MIN_FIELDS or len(own) * 2 < len(shared) or len(shared) > 500:
        return
    kept = set(shared)
    rows: list[dict[str, str]] = []
    first = -1
    for index, name, value in fields:
        if name not in kept:
            continue
        if not rows or name in rows[-1]:
            first = index if first < 0 else first
            rows.append({})
        rows[-1][name] = value
    full = sum(len(row) * 2 >= len(kept) for row in rows)
    if full >= MIN_RECORDS and full * 10 >= len(rows) * 7:
        yield first, [shared, *([row.get(name, "") for name in shared] for row in rows)]
