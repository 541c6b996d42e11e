"""Rows of units are recognised, however few, however packaged."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Callable

import pytest

from gateway.detect.microdata import judge
from gateway.model.content import Table
from gateway.model.message import Location

Rows = list[list[str]]
Make = Callable[[int], Rows]
AsTable = Callable[[Rows], Table]


def test_an_unmarked_table_of_15_firms_and_44_variables_is_microdata(
    firm_rows: Make, as_table: AsTable
) -> None:
    assert judge(as_table(firm_rows(15))).verdict == "microdata"


def test_15000_firms_are_microdata_just_like_15(firm_rows: Make, as_table: AsTable) -> None:
    found = judge(as_table(firm_rows(15_000)))
    assert (found.verdict, found.rows, found.columns) == ("microdata", 15_000, 44)


@pytest.mark.parametrize("count", [6, 12, 40, 400])
def test_a_low_row_count_never_clears_respondents(
    count: int, person_rows: Make, as_table: AsTable
) -> None:
    assert judge(as_table(person_rows(count))).verdict == "microdata"


def test_a_remark_that_it_is_only_dummy_data_changes_nothing(
    firm_rows: Make, as_table: AsTable
) -> None:
    rows = [["This is only dummy data for testing"], [], *firm_rows(15)]
    assert judge(as_table(rows)).verdict == "microdata"


def test_a_hidden_sheet_is_judged_like_a_visible_one(firm_rows: Make, as_table: AsTable) -> None:
    table = as_table(firm_rows(15))
    for state in ("hidden", "very-hidden"):
        assert judge(replace(table, visibility=state)) == judge(table)


def test_records_without_a_header_row_are_still_records(
    person_rows: Make, as_table: AsTable
) -> None:
    rows = [
        [*row[:2], {"1": "male", "2": "female"}[row[2]], *row[3:]] for row in person_rows(120)[1:]
    ]
    assert judge(as_table(rows)).verdict == "microdata"


def test_a_questionnaire_under_two_header_rows_is_microdata(
    dice: random.Random, as_table: AsTable
) -> None:
    rows = [
        [
            "RespondentID",
            "Do you own your home?",
            "Which of these have you used?",
            "",
            "",
            "How satisfied are you?",
        ],
        ["", "Response", "Library", "Pool", "Park", "Response"],
    ]
    for number in range(60):
        ticks = [name if dice.random() < 0.5 else "" for name in ("Library", "Pool", "Park")]
        answer = dice.choice(["Very satisfied", "Satisfied", "Dissatisfied"])
        rows.append([str(31_000_000 + number * 71), dice.choice(["Yes", "No"]), *ticks, answer])
    assert judge(as_table(rows)).verdict == "microdata"


def test_answers_to_numbered_items_without_any_identifier_are_microdata(
    dice: random.Random, as_table: AsTable
) -> None:
    rows = [[f"TRUST_{item}" for item in range(1, 13)]]
    rows += [[str(dice.randint(1, 5)) for _ in range(12)] for _ in range(200)]
    assert judge(as_table(rows)).verdict == "microdata"


def test_a_panel_of_firms_is_microdata_though_it_crosses_completely(
    dice: random.Random, as_table: AsTable
) -> None:
    rows = [["company", "year", "turnover", "employees", "capital"]]
    for firm in range(12):
        for year in range(2001, 2011):
            rows.append(
                [f"Firm {firm}", str(year), *(str(dice.randint(10, 99_999)) for _ in range(3))]
            )
    assert judge(as_table(rows)).verdict == "microdata"


def test_fields_stacked_under_each_other_are_read_as_records(
    dice: random.Random, as_table: AsTable
) -> None:
    rows = [["key", "value"]]
    for number in range(40):
        rows += [
            ["Name:", f"Person {number}"],
            ["Offence:", f"offence {dice.random()}"],
            ["Sentence:", f"{number} months and {dice.random()} days"],
        ]
    assert judge(as_table(rows)).verdict == "microdata"


def test_patients_followed_up_in_three_columns_are_microdata(
    dice: random.Random, as_table: AsTable
) -> None:
    rows = [["time", "status", "arm"]]
    rows += [
        [str(dice.randint(1, 60)), dice.choice("01"), dice.choice(["A", "B"])] for _ in range(25)
    ]
    assert judge(as_table(rows)).verdict == "microdata"


def test_a_registers_cover_rows_do_not_hide_it(person_rows: Make, as_table: AsTable) -> None:
    rows = [["Extract from the register"], ["Prepared by the team"], [], *person_rows(80)]
    found = judge(as_table(rows))
    assert found.verdict == "microdata" and "rows 5–84" in found.where


def test_pseudonymised_transactions_are_records_of_firms(
    dice: random.Random, as_table: AsTable
) -> None:
    rows = [["trader", "commodity", "country", "value", "date"]]
    for _ in range(150):
        day = f"2019-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
        code = f"T{dice.randint(0, 10**9):010d}"
        rows.append(
            [
                code,
                str(dice.randint(10**7, 10**8)),
                dice.choice(["US", "FR", "DE"]),
                str(dice.randint(1, 10**6)),
                day,
            ]
        )
    assert judge(as_table(rows)).verdict in ("microdata", "unsure")


def test_a_handful_of_named_employees_with_pay_is_microdata(as_table: AsTable) -> None:
    names = ("Emma Sample", "Jack Trial", "Anna Probe", "Paul Essay", "Ruth Draft")
    rows = [
        ["name", "age", "salary", "grade"],
        *([n, str(30 + i), str(31_000 + 777 * i), "SEO"] for i, n in enumerate(names)),
    ]
    found = judge(as_table(rows))
    assert found.verdict == "microdata" and "personal name" in found.identifiers


def test_answers_stamped_as_they_came_in_are_no_time_series(
    dice: random.Random, as_table: AsTable
) -> None:
    rows = [["Timestamp", "sex", "height"]]
    for number in range(40):
        clock = f"2019-03-{1 + number // 8:02d} {8 + number % 8:02d}:{dice.randint(0, 59):02d}:{dice.randint(0, 59):02d}"
        rows.append([clock, dice.choice(["Male", "Female"]), str(dice.randint(150, 200))])
    assert judge(as_table(rows)).verdict == "microdata"


def test_a_file_of_a_statistics_program_is_judged_by_its_labels_too(
    dice: random.Random, as_table: AsTable
) -> None:
    rows = [["v1", "v2", "v3"]]
    rows += [
        [str(dice.randint(18, 90)), dice.choice("12"), str(dice.randint(1, 7))] for _ in range(40)
    ]
    plain = judge(as_table(rows))
    labels = ("Age of respondent", "Sex of respondent", "Highest education")
    told = judge(replace(as_table(rows), form="statistical", labels=labels, coded=(1, 2)))
    assert told.verdict == "microdata" and told.score > plain.score + 2
    assert "value-labels" in {signal.name for signal in told.signals}


def test_replicate_weights_are_those_of_survey_records(
    as_table: Callable[[Rows], Table],
) -> None:
    header = ["finalwgt", "birth_weight", *(f"bsrw{n}" for n in range(1, 31))]
    rows = [
        [f"{20 + n * 1.37:.3f}", str(1400 + 91 * n % 2300), *(f"{(n * k * 7.31) % 90:.3f}" for k in range(1, 31))]
        for n in range(60)
    ]  # fmt: skip
    assert judge(as_table([header, *rows])).verdict == "microdata"


def test_scales_of_several_waves_are_no_axis_of_years(
    dice: random.Random, as_table: Callable[[Rows], Table]
) -> None:
    header = [
        "study",
        "film",
        "soc",
        *(f"{scale}{wave}" for wave in (1, 2, 3) for scale in ("EA", "TA", "PA", "NA")),
    ]
    rows = [
        [
            dice.choice(["maps", "flat"]),
            dice.choice("1234"),
            str(dice.randint(1, 13)),
            *(str(dice.randint(0, 40)) for _ in range(12)),
        ]
        for _ in range(90)
    ]
    found = judge(as_table([header, *rows]))
    assert "time-axis-headers" not in {signal.name for signal in found.signals}


@pytest.mark.parametrize("key", ["patient_id", "LA child id", "NHS number"])
def test_a_key_of_persons_is_not_outweighed_by_wards_and_days(key: str) -> None:
    dice = random.Random(5)
    wards = ("Ward A", "Ward B", "Maternity", "Surgical")
    rows = [[key, "ward", "admission_date", "outcome"]]
    rows += [
        [f"{100000 + 7 * n}", dice.choice(wards),
         f"2026-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}", dice.choice(("home", "died"))]
        for n in range(40)
    ]  # fmt: skip
    assert judge(Table(Location("1"), rows)).verdict == "microdata"
