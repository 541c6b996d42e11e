"""What stands around a PDF's last revision: earlier ones, and bytes before and behind the file.

An incremental save leaves every earlier revision in place (ISO 32000-2 section 7.5.6). Each gives
the one before it, so that a chain of them ends where files are nested too deeply.
"""

from __future__ import annotations

import re
from typing import Iterator

from gateway.extract.padding import without_padding
from gateway.model.content import Content
from gateway.model.message import Part

_END = re.compile(rb"%%EOF[\r\n]*")
_BLANKS = b"\0 \r\n\t"


def read_around(part: Part) -> Iterator[Content]:
    """The previous revision, and whatever no reader of PDF would look at."""
    content = part.content
    before = without_padding(content[: max(content.find(b"%PDF-"), 0)], _BLANKS)
    if before:
        yield part.inside("x2", before, "before the beginning of the PDF")
    ends = [found.end() for found in _END.finditer(content)]
    if not ends:
        return
    behind = without_padding(content[ends[-1] :], _BLANKS + b"\x1a")
    if behind:
        yield part.inside("x1", behind, "behind the end of the PDF")
    # Of a file that is ready for the web the first end is that of its first page.
    earlier = ends[1:-1] if b"/Linearized" in content[:2048] else ends[:-1]
    if earlier:
        yield part.inside("x3", content[: earlier[-1]], f"earlier revision {len(earlier)}.pdf")
