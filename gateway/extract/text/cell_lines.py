"""Lines that stand where no table is looked for: several in one cell, and the remarks of a macro."""

from __future__ import annotations

import re
from itertools import chain
from typing import Iterator, Sequence

from gateway.model.rows import DeferredRows

MIN_LINES = 5
_REMARK = re.compile(r"(?:\s|_x000d_)*(?:<[^>]{0,200}>)?\s*(?:'|Rem\b) ?(.*)", re.I)


class CellLines:
    """Cells of several lines; none is given twice, for stretches of a sheet are tables again."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._shared: Sequence[str] | None = None

    def cells(self, rows: Sequence[Sequence[str]]) -> Iterator[str]:
        if isinstance(rows, DeferredRows):
            shared, own = rows.texts()
            cells = own if shared is self._shared else chain(shared, own)
            self._shared = shared
        else:
            if "\n" not in "".join(map("".join, rows)):
                return  # one look instead of one at each cell
            cells = chain.from_iterable(rows)
        for cell in cells:
            if len(cell) < 2 * MIN_LINES or cell.count("\n") < MIN_LINES - 1:
                continue
            if cell not in self._given:
                self._given.add(cell)
                yield cell


def remarks(code: str) -> str:
    """The remarks of a macro on their lines, all else blank: instructions in columns are no records."""
    lines = (_REMARK.match(line) for line in code.replace("\r\n", "\n").split("\n"))
    return "\n".join(line[1] if line else "" for line in lines)
