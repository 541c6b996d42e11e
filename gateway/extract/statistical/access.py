"""Access databases: their words, but not yet their rows, so that a gap always remains.

The one library for the format passes over rows it cannot parse and may follow a loop for ever; what
is unread would pass as read. Readable stretches are searched for banners all the same.
"""

from __future__ import annotations

import re
from typing import Iterator

from gateway.extract.readable_runs import readable_runs
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_OLD_PAGE, _PAGE = 0x800, 0x1000
_CATALOGUE_PAGE = 2
_DEFINITION = b"\x02\x01"
_WIDE = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\0){4,}")


def read_access(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Every readable stretch as text, and a Gap for the tables."""
    content = part.content
    page = _OLD_PAGE if content[0x14:0x15] == b"\0" else _PAGE
    definition = content[_CATALOGUE_PAGE * page :][:2]
    if definition and definition != _DEFINITION:
        yield Gap(part.location, "encrypted", "an encrypted or damaged Access database")
        return
    wide = "\n".join(m.group().decode("utf-16-le") for m in _WIDE.finditer(content))
    yield from readable_runs(part.location.at("readable stretches"), content, limits)
    yield from bounded_text(part, wide, "readable stretches", limits, hidden=True)
    yield Gap(part.location, "no-reader", "the tables of an Access database are not read")
