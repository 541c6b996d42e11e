"""Small tables of one form: a record a sheet is found, a bulletin of small tables is not."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from typing import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.detect import Context, Detected, Detectors, DetectorSpec
from gateway.model.content import Content, Table, Text
from gateway.model.message import Location

Rows = list[list[str]]
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
DETECTORS = Detectors(DetectorSpec(()))
FIRST = ["Amy", "Ben", "Cara", "Dev", "Ewa", "Finn"]


def inspected(contents: list[Content]) -> Detected:
    return DETECTORS.inspect(contents, Context(NOW, NOW, "Europe/London"))


def at(number: int) -> Location:
    return Location("2", "book.xlsx", f"sheet {number}")


def found(contents: list[Content]) -> list[str]:
    findings = inspected(contents).findings
    return [finding.location.where for finding in findings if finding.kind == "microdata"]


def as_file(number: int, rows: Rows) -> Content:
    text = "\n".join(",".join(row) for row in rows)
    return Text(Location(f"2!{number}", f"{number}.txt", ""), text)


def as_fields(number: int, rows: Rows) -> Content:
    text = "\n".join(f"{name}: {value}" for name, value in zip(*rows, strict=True))
    return Text(Location(f"2!{number}", f"{number}.json", ""), text)


def as_form(number: int, rows: Rows) -> Content:
    return Table(at(number), [list(pair) for pair in zip(*rows, strict=True)])


def as_sheet(number: int, rows: Rows) -> Content:
    return Table(at(number), rows)


@pytest.mark.parametrize("written", [as_file, as_fields, as_form, as_sheet])
@pytest.mark.parametrize("kind", ["firm_rows", "person_rows"])
def test_one_record_a_sheet_page_or_file_is_found(
    written: Callable[[int, Rows], Content], kind: str, request: pytest.FixtureRequest
) -> None:
    head, *records = request.getfixturevalue(kind)(30)
    where = found([written(number, [head, row]) for number, row in enumerate(records)])
    assert any("30 small tables of one form" in place for place in where)


def test_two_records_a_sheet_say_from_where_to_where(
    person_rows: Callable[[int], Rows],
) -> None:
    head, *records = person_rows(40)
    sheets = [as_sheet(n, [head, *records[2 * n : 2 * n + 2]]) for n in range(20)]
    assert found(sheets) == [
        "20 small tables of one form, from sheet 0 to sheet 19, columns A–H, rows 2–41"
    ]


def test_a_column_a_file_is_put_side_by_side(person_rows: Callable[[int], Rows]) -> None:
    columns = list(zip(*person_rows(40), strict=True))
    files: list[Content] = [
        Text(Location(f"2!{n}", f"{cells[0]}.txt", ""), "\n".join(cells[1:]))
        for n, cells in enumerate(columns)
    ]
    assert any("8 small tables" in place for place in found(files))


def test_three_records_are_too_few_to_be_judged(firm_rows: Callable[[int], Rows]) -> None:
    head, *records = firm_rows(3)
    assert found([as_sheet(n, [head, row]) for n, row in enumerate(records)]) == []


def counts(dice: random.Random, label: str, names: list[str]) -> Rows:
    rows = [[label, "Number", "Per cent"]]
    return rows + [[name, str(dice.randint(100, 9999)), str(dice.randint(1, 99))] for name in names]


def test_a_bulletin_of_small_tables_is_none(dice: random.Random) -> None:
    tables: list[Content] = [
        as_sheet(n, counts(dice, "Sex", ["Male", "Female", "Total"])) for n in range(40)
    ]
    tables += [as_sheet(n, counts(dice, "Area", [f"District {n}"])) for n in range(40, 80)]
    assert found(tables) == []


def test_minutes_invoices_and_models_are_none(dice: random.Random) -> None:
    def number(most: int) -> str:
        return str(dice.randint(1, most))

    contents: list[Content] = []
    for n in range(15):
        owner, due = dice.choice(FIRST), f"{number(28)} May"
        contents += [
            as_sheet(n, [["Action", "Owner", "Due"], [f"Circulate draft {n}", owner, due]]),
            as_sheet(n, [["Item", "Quantity", "Price", "Amount"], ["Paper", number(9), number(99), number(900)]]),
            as_sheet(n, [["term", "estimate", "std.error", "p.value"],
                         *([name, f"{dice.gauss(0, 1):.4f}", f"{dice.random():.4f}", f"{dice.random():.4f}"]
                           for name in ("(Intercept)", "age", "sexM"))]),
            Text(at(n), f"Date: {due}\nRoom: {number(9)}\nChair: {owner} Example\nNotes: none\nItems: {number(5)}"),
            Text(at(n), f"Wages in {n}\nUp {number(9)}% on the year\nFewer than expected\nSee table {n}"),
        ]  # fmt: skip
    assert found(contents) == []


def test_many_small_tables_cost_little_and_a_limit_is_told() -> None:
    tables: list[Content] = [
        as_sheet(n, [[f"a{n // 4}", "b", "c", "d"], [str(n), "2", "3", "4"]]) for n in range(9000)
    ]
    begun = time.process_time()
    gaps = inspected(tables).gaps
    assert time.process_time() - begun < 20
    assert {gap.reason for gap in gaps} == {"limit"}


CELLS = st.lists(st.lists(st.text(max_size=8), max_size=6), max_size=5)


@settings(max_examples=60, deadline=None)
@given(st.lists(CELLS, max_size=8), st.lists(st.text(max_size=60), max_size=5))
def test_nothing_makes_it_fail(tables: list[Rows], texts: list[str]) -> None:
    contents: list[Content] = [as_sheet(n, rows) for n, rows in enumerate(tables)]
    contents += [Text(at(n), text) for n, text in enumerate(texts)]
    assert not [gap for gap in inspected(contents * 2).gaps if gap.reason == "crashed"]
