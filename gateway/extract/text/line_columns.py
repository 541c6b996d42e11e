"""A column that holds a line of another table in each row, or a line of a file written as letters."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from typing import Iterable, Iterator, Sequence

from gateway.extract.text.encoded_runs import holds_letters
from gateway.model.content import Table
from gateway.model.rows import DeferredRows

# So many delimiters, and equally many in most rows, make a column one of lines.
_DELIMITERS = 3
_SIGNS = 2
_LOOKED_AT = 60
_FEWEST = 5
_SHORTEST = 10
_DELIMITER = re.compile(r"[,;\t|]")
# Signs that stand in no date, time, name, number, address of a page or identifier.
_SIGN = re.compile(
    r"[^\w\s,;|.:/@+%&'’\"()-]+|->|--+|::+|\|\|+|(?<=\s)[-–/:|](?=\s)|[)\]}>]\s?[(\[{<]"
)
# Of what no sign begins with, all that takes one byte.
_NO_SIGN = (
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_ \t\n\r\x0b\f,;.@+%&'\"("
)
_LETTERS_A_CELL = 30


def columns_of_lines(table: Table) -> Iterator[str]:
    """The cells of each such column as one text."""
    rows = table.rows
    if isinstance(rows, DeferredRows):
        sample: Sequence[Sequence[str]] = rows[:_LOOKED_AT]
    else:
        sample = rows[:: len(rows) // _LOOKED_AT + 1]
    if len(sample) < _FEWEST:
        return
    for column in range(max(map(len, sample))):
        everything = [row[column] for row in sample if len(row) > column]
        cells = [cell for cell in everything if len(cell) >= _SHORTEST]
        if len(cells) * 5 >= len(sample) * 4 and _are_lines(cells):
            yield "\n".join(row[column] for row in rows if column < len(row))


def _are_lines(cells: Sequence[str]) -> bool:
    # What there is in all cells together says sooner that most of them have too few.
    together = "\n".join(cells)
    if _enough(sum(map(together.count, ",;\t|")), _DELIMITERS, cells):
        often, times = _usual(cells, _DELIMITER)
        if often >= _DELIMITERS and times * 5 >= len(cells) * 4:
            return True
    if not _enough(
        len(together.encode("utf-8", "replace").translate(None, _NO_SIGN)), _SIGNS, cells
    ):
        return False
    often, times = _usual(cells, _SIGN)
    return often >= _SIGNS and times * 5 >= len(cells) * 4


def _enough(count: int, least: int, cells: Sequence[str]) -> bool:
    return count * 5 >= least * len(cells) * 4


def _usual(cells: Sequence[str], form: re.Pattern[str]) -> tuple[int, int]:
    """How many of them most cells hold, and how many cells that is."""
    return Counter(len(form.findall(cell)) for cell in cells).most_common(1)[0]


class WrittenCells:
    """Files written as letters, in cells or down a column; none is given twice, for stretches of a
    sheet are tables again."""

    def __init__(self) -> None:
        self._given: set[int] = set()
        self._shared: Sequence[str] | None = None
        self._shared_holds = False

    def texts(self, rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, bool]]:
        """Cells that may hold such letters as one text, and whether all are of one length, as
        pseudonyms are and the lines of a file seldom."""
        for cells in self._columns(rows):
            text = "\n".join(cells)
            if holds_letters(text) and hash(text) not in self._given:
                self._given.add(hash(text))
                yield text, len(cells) > 1 and len(set(map(len, cells))) == 1

    def _columns(self, rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
        if isinstance(rows, DeferredRows):
            shared, own = rows.texts()
            if shared is not self._shared:
                self._shared, self._shared_holds = shared, _long_letters(shared)
            if not self._shared_holds and not _long_letters(own):
                return
            # Only the rows tell the order.
            rows = list(rows)
        elif not _long_letters(chain.from_iterable(rows)):
            return
        for at in range(max(map(len, rows), default=0)):
            column = (row[at] for row in rows if len(row) > at)
            yield [cell for cell in column if len(cell) >= _LETTERS_A_CELL]


def _long_letters(cells: Iterable[str]) -> bool:
    # Cells that are too short make no run together: each ends its line.
    return holds_letters("\n".join(cells))
