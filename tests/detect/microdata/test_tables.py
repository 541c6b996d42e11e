"""Tables of counts, code lists and lists of things are not taken for records."""

from __future__ import annotations

import random
from typing import Callable

import pytest

from gateway.detect.microdata import judge
from gateway.model.content import Table

Rows = list[list[str]]
AsTable = Callable[[Rows], Table]


def crossed(dice: random.Random) -> Rows:
    """Population by single year of age, sex and year, in long form."""
    rows = [["year", "sex", "age", "population"]]
    for year in range(2015, 2020):
        for sex in ("male", "female"):
            rows += [
                [str(year), sex, str(age), str(dice.randint(20_000, 90_000))] for age in range(91)
            ]
    return rows


def briefing(dice: random.Random) -> Rows:
    """A small table as it stands in a briefing, with title, total and note."""
    counts = [[dice.randint(100, 9000) for _ in range(3)] for _ in range(9)]
    total = [sum(column) for column in zip(*counts, strict=True)]
    rows = [["Table 1: Children looked after by region"], [], ["Region", "2016", "2017", "2018"]]
    rows += [[f"Region {number}", *map(str, row)] for number, row in enumerate(counts)]
    return [*rows, ["Total", *map(str, total)], ["Source: administrative returns"]]


def frequencies(dice: random.Random) -> Rows:
    """Cell counts whose other columns look like those of records."""
    rows = [["Admitted", "Gender", "Dept", "Freq"]]
    for admitted in ("Yes", "No"):
        for gender in ("Male", "Female"):
            rows += [[admitted, gender, dept, str(dice.randint(8, 500))] for dept in "ABCDEF"]
    return rows


def panel_of_places(dice: random.Random) -> Rows:
    rows = [["area code", "area name", "year", "claimants", "rate"]]
    for place in range(40):
        for year in range(2010, 2020):
            rate = f"{dice.uniform(1, 9):.1f}"
            rows.append(
                [
                    f"E{9_000_001 + place:08d}",
                    f"Borough {place}",
                    str(year),
                    str(dice.randint(100, 9999)),
                    rate,
                ]
            )
    return rows


def series(dice: random.Random) -> Rows:
    rows = [["Period", "Employment rate", "Unemployment rate", "Inactive (thousands)"]]
    for year in range(1990, 2020):
        rows += [
            [
                f"{year} Q{q}",
                f"{dice.uniform(60, 80):.1f}",
                f"{dice.uniform(3, 9):.1f}",
                str(dice.randint(8000, 9500)),
            ]
            for q in range(1, 5)
        ]
    return rows


def with_shorthand(dice: random.Random) -> Rows:
    rows = [["Cause", "Age group", "Deaths", "Rate per 100,000"]]
    for cause in range(12):
        for age in ("0 to 19", "20 to 64", "65 and over"):
            rows.append(
                [
                    f"Cause {cause}",
                    age,
                    dice.choice(["[c]", str(5 * dice.randint(1, 400))]),
                    f"{dice.uniform(1, 90):.1f}",
                ]
            )
    return rows


def life_table(dice: random.Random) -> Rows:
    rows = [["age", "qx", "lx", "ex"]]
    return rows + [
        [str(age), f"{dice.random():.5f}", str(100_000 - age * 900), f"{80 - age * 0.7:.1f}"]
        for age in range(101)
    ]


def side_by_side(dice: random.Random) -> Rows:
    rows = [["Region", "Men", "Women", "", "Age", "Men", "Women"]]
    counts = lambda: [str(dice.randint(1000, 9999)) for _ in range(2)]  # noqa: E731
    return rows + [
        [f"Region {n}", *counts(), "", f"{5 * n}–{5 * n + 4}", *counts()] for n in range(10)
    ]


def two_level_heads(dice: random.Random) -> Rows:
    rows = [
        ["Households by tenure"],
        [],
        ["Region", "2017", "", "2018", ""],
        ["", "Owned", "Rented", "Owned", "Rented"],
    ]
    return rows + [
        [f"Region {n}", *(f"{dice.randint(1, 99)},{dice.randint(100, 999)}" for _ in range(4))]
        for n in range(12)
    ]


def exchange_file(dice: random.Random) -> Rows:
    rows = [["REF_AREA", "SEX", "AGE", "TIME_PERIOD", "OBS_VALUE", "CONF_STATUS"]]
    for area in ("UK", "FR", "DE"):
        for sex in "FMT":
            for age in ("Y15-24", "Y25-54"):
                rows += [
                    [area, sex, age, str(year), f"{dice.uniform(1, 90):.1f}", "F"]
                    for year in range(2010, 2020)
                ]
    return rows


def cross_tabulation(dice: random.Random) -> Rows:
    """Percentages of answers by group: the words of a questionnaire, and no respondent."""
    rows = [["How satisfied are you?", "Total", "Male", "Female", "18-24", "25+"]]
    answers = ("Very satisfied", "Satisfied", "Neither", "Dissatisfied", "Very dissatisfied")
    return rows + [[answer, *(f"{dice.randint(2, 50)}%" for _ in range(5))] for answer in answers]


@pytest.mark.parametrize(
    "make",
    [crossed, briefing, frequencies, panel_of_places, series, with_shorthand, life_table,
     side_by_side, two_level_heads, exchange_file, cross_tabulation],
)  # fmt: skip
def test_a_table_of_counts_is_an_aggregate(
    make: Callable[[random.Random], Rows], dice: random.Random, as_table: AsTable
) -> None:
    assert judge(as_table(make(dice))).verdict == "aggregate"


def code_list(dice: random.Random) -> Rows:
    rows = [["Code", "Parent", "Description"]]
    return rows + [
        [f"{n // 10}.{n % 10}", str(n // 10), f"Manufacture of invented article number {n}"]
        for n in range(10, 200)
    ]


def price_list(dice: random.Random) -> Rows:
    rows = [["SKU", "Product", "Unit price", "Stock", "Weight"]]
    return rows + [
        [
            f"AB{n:04d}",
            f"Article {n}",
            f"{dice.uniform(1, 90):.2f}",
            str(dice.randint(0, 500)),
            f"{dice.uniform(1, 9):.2f}",
        ]
        for n in range(120)
    ]


def weather(dice: random.Random) -> Rows:
    rows = [["date", "temp_max", "rainfall", "wind", "weather"]]
    return rows + [
        [
            f"2012-{m:02d}-{d:02d}",
            f"{dice.uniform(-5, 30):.1f}",
            f"{dice.uniform(0, 9):.1f}",
            str(dice.randint(0, 40)),
            dice.choice(["sun", "rain"]),
        ]
        for m in range(1, 13)
        for d in range(1, 29)
    ]


def attendance(dice: random.Random) -> Rows:
    return [
        ["Name", "Present"],
        *([f"Member {letter}", dice.choice(["yes", "no"])] for letter in "ABCDE"),
    ]


@pytest.mark.parametrize("make", [code_list, price_list, weather, attendance])
def test_lists_of_things_are_not_microdata(
    make: Callable[[random.Random], Rows], dice: random.Random, as_table: AsTable
) -> None:
    assert judge(as_table(make(dice))).verdict != "microdata"


def test_a_list_of_contacts_is_a_question_for_a_person_and_names_its_identifiers(
    dice: random.Random, as_table: AsTable
) -> None:
    rows = [
        ["Team", "Email"],
        *([dice.choice(["Policy", "Press"]), f"colleague{n}@dept.example"] for n in range(30)),
    ]
    found = judge(as_table(rows))
    assert found.identifiers == ("e-mail address",)
    assert found.verdict in ("unsure", "microdata")


@pytest.mark.parametrize(
    "rows",
    [[], [[]], [[""]], [["one cell"]], [["Dear all,"], ["see below"], ["regards"]], [["a", "b"]]],
)
def test_prose_and_crumbs_are_not_tables(rows: Rows, as_table: AsTable) -> None:
    assert judge(as_table(rows)).verdict == "not-a-table"


def test_a_table_of_every_combination_with_its_count_is_no_list_of_persons(
    as_table: Callable[[Rows], Table],
) -> None:
    header = ["y", "s1", "s2", "s3", "s4", "gender", "age"]
    rows = [
        [str((i * 37) % 23), *("seen" if i >> bit & 1 else "missed" for bit in range(4)),
         ("male", "female")[i >> 4 & 1], ("young", "old")[i >> 5 & 1]]
        for i in range(64)
    ]  # fmt: skip
    assert judge(as_table([header, *rows])).verdict == "aggregate"


def test_bands_of_income_as_heads_are_heads_of_a_table(
    as_table: Callable[[Rows], Table],
) -> None:
    header = ["faith", "<$10k", "$10-20k", "$20-30k", "$30-40k", "$40-50k"]
    rows = [[f"Church {n}", *(str(17 + 31 * n * k % 907) for k in range(1, 6))] for n in range(15)]
    assert judge(as_table([header, *rows])).verdict == "aggregate"


def test_days_counted_in_equal_steps_are_a_series(
    as_table: Callable[[Rows], Table],
) -> None:
    rows = [["date", "cases", "humidity", "holiday"]] + [
        [str(11_708 + 7 * n), str(800 + 53 * n % 311), f"{(n * 0.377) % 9:.3f}", str(int(n % 9 == 0))]
        for n in range(80)
    ]  # fmt: skip
    assert judge(as_table(rows)).verdict == "aggregate"


def test_a_standard_population_by_bands_of_age_is_a_table(
    as_table: Callable[[Rows], Table],
) -> None:
    rows = [["agegroup", "world", "europe"]] + [
        [f"{5 * n}-{5 * n + 4}", str(9000 - 211 * n), str(7000 - 97 * n)] for n in range(17)
    ]
    assert judge(as_table(rows)).verdict == "aggregate"
