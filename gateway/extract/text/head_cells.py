"""Names of columns that are themselves cells: records in the head of a table of hardly any rows."""

from __future__ import annotations

from typing import Iterator, Sequence

from gateway.extract.text.repeating_cells import MIN_CELLS, MIN_RECORDS, kind_of, tables_of_cells

_SAMPLE = 60
_DELIMITERS = ",;|\t"
_LEAST = 3
Rows = list[list[str]]


def rows_in_head(head: Sequence[str]) -> Iterator[Rows]:
    """Each name a cell of a record, or each a whole record."""
    if len(head) < MIN_RECORDS:
        return
    for delimiter in _DELIMITERS:
        held = sum(name.count(delimiter) >= _LEAST for name in head[:_SAMPLE])
        if held * 10 >= 8 * min(len(head), _SAMPLE):
            yield [[cell.strip() for cell in name.split(delimiter)] for name in head]
            return
    # Names of variables hold letters; values are often numbers and dates.
    values = sum(chr(kind_of(name.strip())) in "Iidf" for name in head)
    if len(head) >= MIN_CELLS and values * 5 >= len(head):
        for _, _, rows in tables_of_cells([name.strip() for name in head]):
            yield rows
