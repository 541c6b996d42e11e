"""Tables of fields and values that repeat, a small one for each unit, joined as one of records."""

from __future__ import annotations

from typing import Iterable, Iterator, Sequence

Drawn = tuple[list[list[str]], bool]
_FEWEST = 3
_MOST_FIELDS = 200


def with_joined(tables: Iterable[Drawn]) -> Iterator[Drawn]:
    """Every table, and behind those that stand for records of the same fields, the records."""
    run: list[Drawn] = []
    for table in tables:
        if run and _fields(table[0]) != _fields(run[0][0]):
            yield from _joined(run)
            run = []
        if _fields(table[0]):
            run.append(table)
        yield table
    yield from _joined(run)


def _fields(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The names in the first of two columns; () where it is no such table."""
    if not 2 <= len(rows) <= _MOST_FIELDS or any(len(row) != 2 for row in rows):
        return ()
    names = tuple(row[0].strip() for row in rows)
    return names if all(names) and len(set(names)) == len(names) else ()


def _joined(run: list[Drawn]) -> Iterator[Drawn]:
    if len(run) >= _FEWEST:
        head = list(_fields(run[0][0]))
        body = [[row[1] for row in rows] for rows, _ in run]
        yield [head, *body], all(hidden for _, hidden in run)
