"""Drafts what tells the export of a system from other tables: its columns, codes and measures.

Codes are proposed only from columns that name measures, never from those of places, people or firms:
what goes into the draft is written to a file that many read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gateway.detect.material.periods import whole
from gateway.detect.material.periods_table import ROWS, dated_rows, guess_head
from gateway.detect.microdata import judge
from gateway.detect.normalise import fold
from gateway.model.content import Table

_SAMPLE = 5000
_MOST_VALUES = 60
_LONGEST = 80
_OF_MEASURES = re.compile(r"measure|indicator|metric|series|statistic|variable|kpi|item|dataset")
_CODE = re.compile(r"(?=[\w.-]*\d|[\w-]*[_.-])[A-Za-z][\w.-]{2,39}")


@dataclass(frozen=True, slots=True)
class Draft:
    """What one table proposes. `first` and `last` are the periods of its rows (2016-04), "" where
    none was read; `of_units`: its rows are about single people or firms, so that nothing of their
    values is proposed."""

    where: str
    columns: tuple[str, ...]
    identifiers: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    of_units: bool = False


def draft(tables: Iterable[Table], today: date) -> Draft | None:
    """Of the table with most columns; None where no table has a row of column heads."""
    drafts = [one for table in tables if (one := _draft(table, today)) is not None]
    return max(drafts, key=lambda one: len(one.columns), default=None)


def _draft(table: Table, today: date) -> Draft | None:
    rows = [list(row) for row in table.rows[:ROWS]]
    head = guess_head(rows)
    if head < 0:
        return None
    heads = [cell.strip() for cell in rows[head]]
    columns = tuple(dict.fromkeys(name for name in heads if name and not _is_period(name, today)))
    where = table.location.where
    if judge(table).verdict == "microdata":
        return Draft(where, columns, of_units=True)
    body = rows[head + 1 : head + 1 + _SAMPLE]
    codes: dict[str, None] = {}
    measures: dict[str, None] = {}
    for index, name in enumerate(heads):
        if not _OF_MEASURES.search(fold(name).lower()):
            continue
        values = _values(body, index)
        if values and all(map(_CODE.fullmatch, values)):
            codes |= dict.fromkeys(values)
        elif values and not any(value[:1].isdigit() for value in values):
            measures |= dict.fromkeys(values)
    dated = sorted(dated_rows(rows, head, (where,), today).rows, key=lambda one: one.end)
    return Draft(
        where, columns, tuple(codes), tuple(measures),
        dated[0].ends if dated else "", dated[-1].ends if dated else "",
    )  # fmt: skip


def _values(rows: Sequence[Sequence[str]], index: int) -> list[str]:
    """The few values that a column has; [] where they are many, or long."""
    values = dict.fromkeys(row[index].strip() for row in rows if index < len(row))
    values.pop("", None)
    few = len(values) <= _MOST_VALUES and all(len(value) <= _LONGEST for value in values)
    return list(values) if few else []


def _is_period(name: str, today: date) -> bool:
    return whole(fold(name).lower().strip(), today) is not None
