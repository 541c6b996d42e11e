"""Rows of a live register are found however they are written, and nothing else is."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Sequence

import pytest
from support.unit_rows import HEAD, KEY, built, units, write_csv

from gateway.detect.material.row_cells import Budget
from gateway.detect.material.row_tables import match_table
from gateway.detect.material.rows import RegisterRows
from gateway.model.content import Content, Table, Text
from gateway.model.finding import Finding
from gateway.model.message import Gap, Location
from gateway.model.unit_register import UnitRegisters
from gateway.releases.unit_registers.opened import open_registers

ROWS = units(4000)
REAL = random.Random(3).sample(ROWS, 15)
OTHERS = units(4000, seed=2)


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> UnitRegisters:
    folder = tmp_path_factory.mktemp("rows")
    built(folder / "registers", write_csv(folder / "rows.csv", ROWS))
    return open_registers(folder / "registers", KEY)


def found(registers: UnitRegisters, *contents: Content) -> tuple[list[Finding], list[Gap]]:
    part = RegisterRows(registers).of_part()
    for content in contents:
        if isinstance(content, Table):
            part.table(content)
        elif isinstance(content, Text):
            part.text(content)
    return part.conclude()


def table(rows: Sequence[Sequence[str]], where: str = "sheet Data") -> Table:
    return Table(Location("2", "rows.xlsx", where), rows, total_rows=len(rows))


def body(text: str) -> Text:
    return Text(Location("1", None, "body"), text)


def count(registers: UnitRegisters, *contents: Content) -> int:
    """How many rows of the register are found in all."""
    return sum(int(str(finding.facts["rows"])) for finding in found(registers, *contents)[0])


def test_how_many_rows_of_a_table_are_in_which_register_is_said(registers: UnitRegisters) -> None:
    rows = [HEAD, *REAL[:14], OTHERS[5]]
    (finding,), gaps = found(registers, table(rows))
    assert (finding.kind, finding.confidence, gaps) == ("register-rows", "high", [])
    facts = finding.facts
    assert (facts["register"], facts["rows"], facts["of"]) == ("business", 14, 15)
    assert set(facts["fields"]) <= set(HEAD) and {"reference", "name"} <= set(facts["fields"])
    assert facts["columns"][:2] == ["A", "B"]
    assert finding.location == Location("2", "rows.xlsx", "sheet Data")


def test_a_finding_repeats_no_value(registers: UnitRegisters) -> None:
    findings, _ = found(registers, table([HEAD, *REAL]), body(" ".join(REAL[0])))
    told = repr(findings)
    assert not [cell for row in REAL for cell in row if len(cell) > 4 and cell in told]


def test_values_written_in_another_way_are_the_same_values(registers: UnitRegisters) -> None:
    def written(row: list[str]) -> list[str]:
        day, month, year = row[8].split("/")
        return [
            row[0].lstrip("0"), row[1].upper().replace("LTD", "LIMITED"), row[2].replace(" ", "").lower(),
            f"£{int(row[7]):,}", f"{row[6]}.0", f"{year}-{month}-{day} 00:00:00",
        ]  # fmt: skip

    assert count(registers, table([["a"] * 6, *map(written, REAL)])) == 15


def test_columns_may_stand_in_any_order_among_any_others(registers: UnitRegisters) -> None:
    source = random.Random(9)
    order = source.sample(range(9), 9)
    rows = [
        [str(source.randrange(10**6)) for _ in range(18)] + [row[n] for n in order] + ["x"] * 17
        for row in REAL
    ]
    assert count(registers, table(rows)) == 15


def test_a_table_on_its_side_and_names_in_two_cells_are_found(registers: UnitRegisters) -> None:
    assert count(registers, table([list(cells) for cells in zip(HEAD, *REAL, strict=True)])) == 15
    split = [[row[0], *row[1].split(" ", 1)] for row in REAL]
    assert count(registers, table(split)) == 15


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_a_few_rows_are_enough_where_two_telling_fields_agree(
    registers: UnitRegisters, rows: int
) -> None:
    assert count(registers, table([row[:2] for row in REAL[:rows]])) == rows


def test_names_and_dates_of_several_rows_are_enough(registers: UnitRegisters) -> None:
    assert count(registers, table([[row[1], row[8]] for row in REAL])) == 15


def test_one_real_row_among_a_thousand_is_found(registers: UnitRegisters) -> None:
    rows = [*OTHERS[:999], REAL[0]]
    random.Random(4).shuffle(rows)
    (finding,), _ = found(registers, table([HEAD, *rows]))
    assert (finding.facts["rows"], finding.facts["of"]) == (1, 1000)


def test_the_same_row_twice_is_one_row(registers: UnitRegisters) -> None:
    assert count(registers, table([REAL[0], REAL[0], REAL[1]])) == 2
    assert count(registers, table(REAL), table(REAL, "sheet Copy")) == 15


@pytest.mark.parametrize(
    "columns", [[2, 4], [2, 3, 4], [3, 4, 5], [0], [5, 6], [4, 6]],
    ids=["postcode and region", "postcode, town and region", "town, region and industry",
         "references alone", "industry and size", "region and size"],
)  # fmt: skip
def test_what_many_units_share_proves_nothing(registers: UnitRegisters, columns: list[int]) -> None:
    """A list of places or of industries is no list of units, though every value is in the register."""
    assert found(registers, table([[row[n] for n in columns] for row in ROWS[:500]])) == ([], [])


def test_fields_of_different_rows_are_no_row(registers: UnitRegisters) -> None:
    mixed = [[ROWS[n][0], ROWS[n + 1][1], ROWS[n + 2][2], ROWS[n + 3][8]] for n in range(500)]
    assert found(registers, table(mixed)) == ([], [])


def test_units_of_the_same_kind_that_are_not_in_the_register_are_not_found(
    registers: UnitRegisters,
) -> None:
    assert found(registers, table([HEAD, *OTHERS])) == ([], [])
    for start in range(0, 400, 4):
        assert found(registers, table(OTHERS[start : start + 4])) == ([], [])


def test_invented_rows_under_real_references_are_not_found(registers: UnitRegisters) -> None:
    """References run from one on everywhere: a number that some unit has too says nothing."""
    rows = [[ROWS[n][0], *OTHERS[n][1:]] for n in range(2000)]
    assert found(registers, table([HEAD, *rows])) == ([], [])


def test_one_invented_row_under_a_real_reference_is_not_found(registers: UnitRegisters) -> None:
    for n in range(0, 3000, 2):
        if ROWS[n][1] != OTHERS[n][1]:  # reference and name would be two fields of one row
            assert found(registers, table([[ROWS[n][0], *OTHERS[n][1:]]])) == ([], [])


def test_a_table_of_counts_of_the_same_office_is_not_found(registers: UnitRegisters) -> None:
    source = random.Random(8)
    rows = [["Region", "Industry", "Enterprises", "Turnover"]]
    rows += [
        [
            f"Region {n % 8}",
            str(10_000 + n),
            str(source.randrange(5000)),
            f"{source.randrange(10**9):,}",
        ]
        for n in range(600)
    ]
    assert found(registers, table(rows)) == ([], [])


@pytest.mark.parametrize(
    "write",
    [
        lambda r: f"Hello,\n\nsee ref {r[0]} {r[1]}, turnover {int(r[7]):,} - the rest later.\n",
        lambda r: f"{r[1]} at {r[2]} registered on {r[8]}. Shall we ask them?",
        lambda r: f"Ref: {r[0].lstrip('0')}\nName: {r[1]}\nPostcode: {r[2]}\n",
        lambda r: ",".join(r),
        lambda r: " | ".join(r),
        lambda r: f"> > ring {r[1].upper()} ({r[2].replace(' ', '')}, turnover £{int(r[7]):,})",
    ],
    ids=["in a sentence", "without its reference", "with labels", "as CSV", "with bars", "quoted"],
)
def test_a_row_in_running_text_is_found(registers: UnitRegisters, write: object) -> None:
    text = "Dear colleague, thank you for the minutes of 3 March 2026.\n" + write(REAL[3])  # type: ignore[operator]
    (finding,), gaps = found(registers, body(text))
    assert (finding.facts["rows"], finding.facts["of"], gaps) == (1, None, [])


def test_rows_of_a_text_are_counted(registers: UnitRegisters) -> None:
    text = "\n\n".join(f"Ref {row[0]}\n{row[1]}\n{row[2]}" for row in REAL)
    assert count(registers, body(text)) == 15
    # What a reader made a table of is the same rows.
    assert count(registers, body(text), table(REAL)) == 15


@pytest.mark.parametrize(
    "text",
    [
        "Dear all, the meeting is on 12 March 2026 at 10:30 in room 2.17, Newport NP10 8XG.",
        "Invoice 10012345 of 01/02/2026, £1,234.50, Acme Foods Ltd, 12 Long Street, Barton.",
        f"Our reference {ROWS[7][0]} is about the town of {ROWS[7][3]} in {ROWS[7][4]}.",
        "There were 123,456 cases in 2025, up 4.3% from 118,234 in 2024. " * 20,
    ],
)
def test_ordinary_text_is_not_found(registers: UnitRegisters, text: str) -> None:
    assert found(registers, body(text)) == ([], [])


def test_rows_that_stand_singly_in_many_places_are_put_together(registers: UnitRegisters) -> None:
    """A name and a date on a page of its own prove little; on fifteen pages they prove enough."""
    pages = [table([[row[1], row[8]]], f"page {n}") for n, row in enumerate(REAL)]
    findings, _ = found(registers, *pages)
    assert sum(int(str(finding.facts["rows"])) for finding in findings) == 15
    assert findings[-1].confidence == "high"


def test_rows_in_a_hidden_sheet_are_said_to_be_hidden(registers: UnitRegisters) -> None:
    hidden = Table(Location("2"), REAL, "very-hidden", len(REAL))
    (finding,), _ = found(registers, hidden)
    assert finding.hidden


def test_a_register_that_is_missing_is_a_gap_on_tables_alone() -> None:
    missing = UnitRegisters(missing={"patients": "there is no such register"})
    assert RegisterRows(missing)
    assert found(missing, body("ref 12345678")) == ([], [])
    _, (gap,) = found(missing, table(REAL))
    assert gap.reason == "unreadable"
    assert gap.detail == "rows were not compared with register patients: there is no such register"
    assert gap.location == Location("2", "rows.xlsx", "unit registers")


def test_work_that_goes_too_far_is_a_gap(registers: UnitRegisters) -> None:
    digest = registers.digest
    assert digest is not None
    budget = Budget(texts=100)
    match_table(ROWS, registers.opened, digest, budget)
    assert budget.spent
    budget = Budget(candidates=10)
    match_table(ROWS, registers.opened, digest, budget)
    assert budget.spent


def test_one_name_on_every_row_is_cut_off_and_the_other_rows_are_found(tmp_path: Path) -> None:
    name = "Nova Barton Foods Ltd"
    units_ = [[row[0], name, *row[2:]] if n < 1000 else row for n, row in enumerate(ROWS)]
    built(tmp_path / "registers", write_csv(tmp_path / "rows.csv", units_))
    registers = open_registers(tmp_path / "registers", KEY)
    real = units_[2000:2015]
    findings, gaps = found(registers, table([HEAD, *real, *([["", name, "", "7"]] * 5000)]))
    assert [finding.facts["rows"] for finding in findings] == [15]
    assert [gap.reason for gap in gaps] == ["limit"]


@pytest.mark.parametrize("rows", [401, 1])
def test_a_table_that_is_too_wide_is_a_gap(registers: UnitRegisters, rows: int) -> None:
    wide = [["12345678"] * 501] * rows
    _, (gap,) = found(registers, table(wide))
    assert gap.reason == "limit"


def test_units_as_six_hundred_columns_are_found(registers: UnitRegisters) -> None:
    assert count(registers, table([list(cells) for cells in zip(*ROWS[:600], strict=True)])) == 600


def test_without_registers_there_is_nothing_to_do() -> None:
    assert not RegisterRows(UnitRegisters())


def test_several_registers_are_told_apart(tmp_path: Path) -> None:
    built(tmp_path / "r", write_csv(tmp_path / "a.csv", ROWS[:500]), "first")
    built(tmp_path / "r", write_csv(tmp_path / "b.csv", OTHERS[:500]), "second")
    both = open_registers(tmp_path / "r", KEY)
    findings, _ = found(both, table([HEAD, *ROWS[:10], *OTHERS[:20]]))
    assert {f.facts["register"]: f.facts["rows"] for f in findings} == {"first": 10, "second": 20}


@pytest.mark.parametrize("size", [15, 100])
def test_small_registers_are_matched_too(tmp_path: Path, size: int) -> None:
    built(tmp_path / "r", write_csv(tmp_path / "a.csv", ROWS[:size]))
    small = open_registers(tmp_path / "r", KEY)
    assert count(small, table([HEAD, *ROWS[:15]])) == 15
    assert count(small, body(f"see {ROWS[4][0]} {ROWS[4][1]} for more")) == 1
    assert found(small, table([HEAD, *OTHERS[:500]])) == ([], [])


def test_fifteen_records_of_forty_four_variables_are_found_among_others(tmp_path: Path) -> None:
    """Real rows in a file that was meant to be invented: some of its variables are the register's."""
    source = random.Random(6)
    head = HEAD + [f"v{n}" for n in range(35)]
    wide = [
        row + [str(source.randrange(10 ** source.randint(1, 7))) for _ in range(35)]
        for row in ROWS[:600]
    ]
    path = write_csv(tmp_path / "wide.csv", wide, head)
    built(tmp_path / "r", path, "survey", key_columns=["reference", "name"], fields=head[2:20])
    survey = open_registers(tmp_path / "r", KEY)
    (finding,), _ = found(survey, table([head, *wide[100:115]]))
    assert (finding.facts["rows"], finding.facts["of"]) == (15, 15)
    invented = [[f"{n:011d}", *row[1:]] for n, row in enumerate(units(15, seed=7))]
    invented = [row + wide[0][9:] for row in invented]
    assert found(survey, table([head, *invented])) == ([], [])
