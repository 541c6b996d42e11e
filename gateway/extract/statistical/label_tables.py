"""Labels of values as tables: whoever has more to say than a file of two columns shows may say it
there, one record a code, a cell a code, or a list of names under numbers."""

from __future__ import annotations

from typing import Any, Iterator, Mapping

from gateway.extract.statistical.column_text import cell_text
from gateway.extract.text.repeating_cells import tables_of_cells
from gateway.model.content import Table
from gateway.model.message import Location

MIN_CODES, MIN_VARIABLES = 5, 3
# Fewer codes than these explain the answers to a question.
MANY_CODES = 30
Sets = Mapping[str, Mapping[Any, str]]


def label_tables(location: Location, sets: Sets) -> Iterator[Table]:
    """`sets` are the labels of each variable's codes."""
    place = location.at("value labels")
    by_codes: dict[tuple[Any, ...], dict[tuple[str, ...], str]] = {}
    for variable, labels in sets.items():
        said = tuple(map(str, labels.values()))
        alike = by_codes.setdefault(tuple(labels), {})
        if said in alike or len(said) < MIN_CODES:
            continue
        alike[said] = variable
        for _, _, rows in tables_of_cells(said):
            yield Table(place, rows, "hidden", total_rows=len(rows))
        if len(said) >= MANY_CODES:
            listed = zip(map(cell_text, labels), said, strict=True)
            rows = [["code", "label"], *map(list, listed)]
            yield Table(place, rows, "hidden", total_rows=len(rows))
    for codes, alike in by_codes.items():
        if len(codes) >= MIN_CODES and len(alike) >= MIN_VARIABLES:
            columns = [tuple(map(cell_text, codes)), *alike]
            rows = [["code", *alike.values()], *map(list, zip(*columns, strict=True))]
            yield Table(place, rows, "hidden", total_rows=len(rows))
