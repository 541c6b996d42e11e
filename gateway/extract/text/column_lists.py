"""Records that nested values hold otherwise than as objects or rows: numbered names, lists of
columns, one list of all cells, names and values in turn."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Sequence

from gateway.extract.text.field_records import records_of_fields
from gateway.extract.text.nested_values import Members, Rows, is_row, is_scalar, text_of
from gateway.extract.text.repeating_cells import kind_of, rows_of_cells

MIN_RECORDS, MIN_COLUMNS = 5, 3
_BEHIND = re.compile(r"(.{0,60}?\D)(\d{1,7})\]?()")
_BEFORE = re.compile(r"(\D{0,20}?)(\d{1,7})\]?([^\d\]].{0,60})")
_SIGNS = "_.-[ ]:/"
_SAMPLE = 200


def numbered_records(members: Members) -> tuple[Rows, Members] | None:
    """{"age_1": …, "sex_1": …, "age_2": …}: the number says which record it is. Members that
    belong to none, and those of a name that came before, are left over."""
    for pattern in (_BEHIND, _BEFORE):
        found = [pattern.fullmatch(name) for name, _ in members]
        if sum(match is not None for match in found) * 10 < len(members) * 9:
            continue
        records: dict[str, dict[str, str]] = {}
        names: dict[str, None] = {}
        rest = Members()
        for match, member in zip(found, members, strict=True):
            name = f"{match[1]}{match[3]}".strip(_SIGNS) if match else ""
            if match is None or name in records.get(match[2], ()):
                rest.append(member)
                continue
            names[name] = None
            records.setdefault(match[2], {})[name] = text_of(member[1])
        filled = sum(map(len, records.values()))
        enough = len(records) >= MIN_RECORDS and len(names) >= MIN_COLUMNS
        if enough and filled * 10 >= len(records) * len(names) * 8:
            body = ([row.get(name, "") for name in names] for row in records.values())
            return [list(names), *body], rest
    return None


def named_columns(items: Sequence[tuple[str, Any]]) -> tuple[Rows, Members] | None:
    """Objects that each hold one list of equally many scalars: [{"name": …, "values": […]}, …].
    What they hold beside it and their names is left over."""
    if len(items) < MIN_COLUMNS:
        return None
    heads, columns = [], []
    names: dict[str, str] = {}
    rest = Members()
    for key, item in items:
        if not isinstance(item, Members):
            return None
        lists = [value for _, value in item if is_row(value)]
        if len(lists) != 1 or len(lists[0]) < MIN_RECORDS or not all(map(is_scalar, lists[0])):
            return None
        others = [member for member in item if not is_row(member[1])]
        said = [] if key else [at for at, member in enumerate(others) if isinstance(member[1], str)]
        heads.append(others.pop(said[0])[1] if said else key)
        names |= dict.fromkeys((name for name, _ in item), "")
        rest += others
        columns.append(list(map(text_of, lists[0])))
        if len(columns[-1]) != len(columns[0]):
            return None
    return [heads, *map(list, zip(*columns, strict=True))], Members((*names.items(), *rest))


def rows_in_list(values: Sequence[Any]) -> Rows | None:
    """One list of all cells, every so many of them a record."""
    found = rows_of_cells(list(map(text_of, values)))
    return found[2] if found else None


def rows_in_pairs(pairs: Sequence[tuple[str, str]]) -> list[Rows]:
    """Names and values in turn; a record begins where its first name comes again."""
    if len(pairs) < MIN_RECORDS * MIN_COLUMNS:
        return []
    fields = [(at, name, value) for at, (name, value) in enumerate(pairs)]
    return [rows for _, rows in records_of_fields(fields)]


def upright(rows: Rows) -> Rows:
    """A list for each variable is turned, so that each unit has a row."""
    widths = set(map(len, rows))
    if len(widths) != 1 or not MIN_COLUMNS <= len(rows) <= _SAMPLE or widths.pop() < MIN_RECORDS:
        return rows
    across = [_is_even(row[:_SAMPLE]) for row in rows]
    down = [_is_even([row[at] for row in rows]) for at in range(min(len(rows[0]), _SAMPLE))]
    if sum(across) * 10 >= len(across) * 8 and sum(down) * 2 < len(down):
        return [list(row) for row in zip(*rows, strict=True)]
    return rows


def _is_even(cells: Sequence[str]) -> bool:
    return Counter(map(kind_of, cells)).most_common(1)[0][1] * 10 >= len(cells) * 8
