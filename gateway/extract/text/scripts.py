"""Records that a page's scripts carry as values; what scripts compute nobody can tell."""

from __future__ import annotations

import re
from typing import Any, Iterator, Sequence

from gateway.extract import types
from gateway.extract.text.json_records import parse_values
from gateway.extract.text.nested_values import Members, is_scalar, text_of
from gateway.extract.text.pasted import tables_in_text
from gateway.extract.text.written_records import LEAST_PATIENCE, PATIENCE
from gateway.model.content import Content, Table
from gateway.model.message import Gap, Part

MAX_SCRIPTS = 500
MIN_LINES, MIN_COLUMNS = 5, 3
# An object of names and values is no more than settings.
MIN_OBJECT = 200
_JSON_START = re.compile(r"\[\s*[\[{\"\d-]|\{\s*\"")
_NAME = re.compile(r"([\w$]{1,60})[\"']?\s*[=:]\s*\Z")
_WINDOW = 2_000
Column = tuple[str, list[str]]


def records_in_scripts(part: Part, scripts: Sequence[Sequence[str]]) -> Iterator[Content]:
    """Lists and objects as JSON files of their own; lists of equal length that follow one another
    as the columns of a table; strings of several lines as text."""
    found, size = 0, sum(len(piece) for pieces in scripts for piece in pieces)
    patience = PATIENCE * size + LEAST_PATIENCE
    columns: list[Column] = []
    for pieces in scripts:
        script = "".join(pieces)
        if script.count("\\n") >= MIN_LINES - 1:
            yield from tables_in_text(part, script.replace("\\n", "\n"), "script")
        position = 0
        while match := _JSON_START.search(script, position):
            start = match.start()
            values, end, cost = parse_values(script, start, _WINDOW)
            position = max(end, start + 1)
            patience -= cost
            if patience < 0 or found >= MAX_SCRIPTS:
                yield Gap(part.location, "limit", "more lists in scripts than are looked at")
                return
            if len(values) == 1 and _is_column(values[0]):
                name = _NAME.search(script, max(0, start - 80), start)
                columns.append((name[1] if name else "", list(map(text_of, values[0]))))
            if _worth_reading(values, end - start):
                found += 1
                text = script[start:end].encode("utf-8", "replace")
                number = f"{part.number}!script{found}"
                yield Part(number, types.JSON, "attachment", text, None, "utf-8", part.depth + 1)
    yield from _tables(part, columns)


def _worth_reading(values: list[Any], size: int) -> bool:
    if len(values) > 1:
        return True
    return any(
        size >= MIN_OBJECT if isinstance(value, Members) else len(value) > 2 for value in values
    )


def _is_column(value: object) -> bool:
    return isinstance(value, list) and len(value) >= MIN_LINES and all(map(is_scalar, value))


def _tables(part: Part, columns: list[Column]) -> Iterator[Table]:
    start = 0
    for at in range(1, len(columns) + 1):
        if at < len(columns) and len(columns[at][1]) == len(columns[start][1]):
            continue
        if at - start >= MIN_COLUMNS:
            cells = (values for _, values in columns[start:at])
            rows = [[name for name, _ in columns[start:at]], *map(list, zip(*cells, strict=True))]
            yield Table(part.location.at("script"), rows, "hidden", total_rows=len(rows))
        start = at
