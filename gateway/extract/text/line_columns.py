"""A column that holds a line of another table in each row: the lines of a file, one a cell."""

from __future__ import annotations

import re
from collections import Counter
from typing import Iterator

from gateway.model.content import Table
from gateway.model.rows import DeferredRows

# So many delimiters, and equally many in most rows, make a column one of lines.
_DELIMITERS = 3
_LOOKED_AT = 60
_FEWEST = 5
_DELIMITER = re.compile(r"[,;\t|]")
_FORMS = frozenset(("statistical", "database"))


def columns_of_lines(table: Table) -> Iterator[str]:
    """The column's cells as one text. Sheets and delimited files have finders of their own."""
    if isinstance(table.rows, DeferredRows) or table.form not in _FORMS:
        return
    sample = table.rows[:_LOOKED_AT]
    if len(sample) < _FEWEST:
        return
    for column in range(max(map(len, sample))):
        cells = [row[column] for row in sample if column < len(row)]
        counts = Counter(len(_DELIMITER.findall(cell)) for cell in cells)
        often, times = counts.most_common(1)[0]
        if often >= _DELIMITERS and times * 5 >= len(sample) * 4:
            yield "\n".join(row[column] for row in table.rows if column < len(row))
