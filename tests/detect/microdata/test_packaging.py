"""However records are packaged, they stay records; and packaging makes no records of a table."""

from __future__ import annotations

import random
from typing import Callable

import pytest

from gateway.detect.microdata import SHIPPED, judge
from gateway.model.content import Table
from gateway.model.message import Location

Rows = list[list[str]]
Source = Callable[[random.Random], Rows]
Change = Callable[[Rows, random.Random], Rows]


def respondents(dice: random.Random) -> Rows:
    rows = [["serial", "age", "sex", "marital status", "region", "hours", "wage", "health"]]
    for number in range(60):
        rows.append([
            str(700_001 + number * 3), str(dice.randint(16, 89)), dice.choice(["male", "female"]),
            dice.choice(["single", "married", "divorced"]), str(dice.randint(1, 12)),
            str(dice.choice([0, 16, 37, 40])), f"{dice.uniform(5, 60):.2f}",
            dice.choice(["good", "fair", "poor", "refused"]),
        ])  # fmt: skip
    return rows


def business_returns(dice: random.Random) -> Rows:
    rows = [["ruref", "sic07", "region", *(f"q{n}" for n in range(101, 131))]]
    for number in range(40):
        answers = [
            str(dice.randint(1, 2) if n % 3 == 0 else dice.randint(0, 10**6)) for n in range(30)
        ]
        rows.append(
            [
                str(49_900_000_000 + number * 137),
                dice.choice(["10110", "46900"]),
                dice.choice("ABDE"),
                *answers,
            ]
        )
    return rows


def named_pupils(dice: random.Random) -> Rows:
    rows = [["pupil name", "date of birth", "gender", "school", "score", "absent"]]
    for number in range(50):
        born = f"{dice.randint(1, 28):02d}/{dice.randint(1, 12):02d}/{dice.randint(2005, 2012)}"
        name = f"{dice.choice(['Emma', 'Jack', 'Anna', 'Paul'])} {dice.choice(['Sample', 'Trial', 'Probe'])}{number}"
        rows.append(
            [
                name,
                born,
                dice.choice("MF"),
                str(dice.randint(100, 140)),
                str(dice.randint(20, 99)),
                str(dice.randint(0, 9)),
            ]
        )
    return rows


def befragte(dice: random.Random) -> Rows:
    """Respondents under German headers."""
    rows = [["Kennung", "Geschlecht", "Alter", "Familienstand", "Beruf", "Einkommen"]]
    for number in range(50):
        rows.append([
            str(31_004 + 7 * number), dice.choice(["männlich", "weiblich"]), str(dice.randint(18, 90)),
            dice.choice(["ledig", "verheiratet", "geschieden"]), str(dice.randint(1, 9)), str(dice.randint(900, 6000)),
        ])  # fmt: skip
    return rows


def answers(dice: random.Random) -> Rows:
    rows = [["Q1", "Q2", "Q3", "Q4", "Q5", "Q6"]]
    scale = ["Strongly agree", "Agree", "Neutral", "Disagree"]
    return rows + [[dice.choice(scale) for _ in range(6)] for _ in range(60)]


def figures(dice: random.Random) -> Rows:
    rows = [["Region", "2016", "2017", "2018", "2019"]]
    return rows + [
        [f"Region {n}", *(str(dice.randint(100, 9000)) for _ in range(4))] for n in range(50)
    ]


def crossed(dice: random.Random) -> Rows:
    rows = [["year", "sex", "age group", "claimants", "rate"]]
    for year in range(2012, 2019):
        for sex in ("male", "female"):
            for age in ("16-24", "25-49", "50+"):
                rows.append(
                    [
                        str(year),
                        sex,
                        age,
                        str(dice.randint(1000, 90_000)),
                        f"{dice.uniform(1, 9):.1f}",
                    ]
                )
    return rows


def places_over_time(dice: random.Random) -> Rows:
    rows = [["area code", "area name", "year", "vacancies", "rate"]]
    for place in range(20):
        for year in range(2010, 2016):
            rows.append(
                [
                    f"E{9_000_001 + place:08d}",
                    f"Borough {place}",
                    str(year),
                    str(dice.randint(100, 9999)),
                    f"{dice.uniform(1, 9):.1f}",
                ]
            )
    return rows


def months(dice: random.Random) -> Rows:
    rows = [["Period", "Employment rate", "Unemployment rate", "Inactive (thousands)"]]
    return rows + [
        [f"{year} Q{q}", f"{dice.uniform(60, 80):.1f}", f"{dice.uniform(3, 9):.1f}", str(dice.randint(8000, 9500))]
        for year in range(2001, 2016) for q in range(1, 5)
    ]  # fmt: skip


RECORDS: tuple[Source, ...] = (respondents, business_returns, named_pupils, befragte, answers)
TABLES: tuple[Source, ...] = (figures, crossed, places_over_time, months)


def shuffled_columns(rows: Rows, dice: random.Random) -> Rows:
    order = dice.sample(range(len(rows[0])), len(rows[0]))
    return [[row[i] for i in order] for row in rows]


def shuffled_rows(rows: Rows, dice: random.Random) -> Rows:
    return [rows[0], *dice.sample(rows[1:], len(rows) - 1)]


def under_a_title(rows: Rows, dice: random.Random) -> Rows:
    return [["Table 1: Extract, 2020"], ["Source: our survey"], [], *rows]


def with_a_totals_row(rows: Rows, dice: random.Random) -> Rows:
    last = ["Total"]
    for column in range(1, len(rows[0])):
        cells = [row[column] for row in rows[1:]]
        last.append(str(sum(map(int, cells))) if all(map(str.isdecimal, cells)) else "")
    return [*rows, last]


def with_columns_of_totals(rows: Rows, dice: random.Random) -> Rows:
    added = [["Total", "Mean", "Percent"]] + [
        [str(n * 7), f"{n * 1.1:.1f}", str(n % 100)] for n in range(len(rows) - 1)
    ]
    return [[*row, *more] for row, more in zip(rows, added, strict=True)]


def with_blank_rows(rows: Rows, dice: random.Random) -> Rows:
    rows = list(rows)
    for _ in range(30):
        rows.insert(dice.randrange(1, len(rows) + 1), [""] * len(rows[0]))
    return rows


def turned(rows: Rows, dice: random.Random) -> Rows:
    return [list(column) for column in zip(*rows[:41], strict=True)]


def in_two_blocks(rows: Rows, dice: random.Random) -> Rows:
    half = (len(rows) - 1) // 2
    left, right = rows[1 : 1 + half], rows[1 + half : 1 + 2 * half]
    return [[*rows[0], "", *rows[0]], *([*a, "", *b] for a, b in zip(left, right, strict=True))]


def below_a_table(rows: Rows, dice: random.Random) -> Rows:
    return [*figures(dice), *rows]


def above_a_table(rows: Rows, dice: random.Random) -> Rows:
    return [*rows, *figures(dice)]


def beside_a_table(rows: Rows, dice: random.Random) -> Rows:
    table = figures(dice)
    return [[*(table[n] if n < len(table) else [""] * 5), "", *row] for n, row in enumerate(rows)]


def cut_to_fifteen(rows: Rows, dice: random.Random) -> Rows:
    return rows[:16]


def cut_to_five(rows: Rows, dice: random.Random) -> Rows:
    return rows[:6]


def _each(rows: Rows, of: Callable[[str], str]) -> Rows:
    """Every cell but those of years, which nobody rounds."""
    kept = [head in ("year", "date of birth") for head in rows[0]]
    return [
        rows[0],
        *([c if k else of(c) for c, k in zip(row, kept, strict=True)] for row in rows[1:]),
    ]


def rounded(rows: Rows, dice: random.Random) -> Rows:
    def near(cell: str) -> str:
        return str(5 * round(int(cell) / 5)) if cell.isdecimal() and 3 <= len(cell) <= 9 else cell

    return _each(rows, near)


def with_separated_thousands(rows: Rows, dice: random.Random) -> Rows:
    def grouped(cell: str) -> str:
        return f"{int(cell):,}" if cell.isdecimal() and 4 <= len(cell) <= 9 else cell

    return _each(rows, grouped)


def dressed_up(rows: Rows, dice: random.Random) -> Rows:
    """What costs a sender a minute: a title, a note, a total, a few suppression marks."""
    rows = [list(row) for row in rows]
    for _ in range(5):
        dice.choice(rows[1:])[dice.randrange(len(rows[0]))] = "[c]"
    tail = [["Total"], ["Note: [c] means suppressed"], ["Source: national statistics"]]
    return [*under_a_title(rows, dice), *tail]


def without_header(rows: Rows, dice: random.Random) -> Rows:
    return rows[1:]


CHANGES: tuple[Change, ...] = (
    shuffled_columns, shuffled_rows, under_a_title, with_a_totals_row, with_columns_of_totals,
    with_blank_rows, turned, in_two_blocks, below_a_table, above_a_table, beside_a_table,
    cut_to_fifteen, cut_to_five, rounded, with_separated_thousands, dressed_up, without_header,
)  # fmt: skip


def verdict(rows: Rows) -> str:
    return judge(Table(Location("1"), rows)).verdict


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("source", RECORDS)
@pytest.mark.parametrize("seed", range(3))
def test_records_stay_records(source: Source, change: Change, seed: int) -> None:
    dice = random.Random(seed)
    assert verdict(change(source(dice), dice)) == "microdata"


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("source", TABLES)
@pytest.mark.parametrize("seed", range(2))
def test_tables_of_figures_stay_tables(source: Source, change: Change, seed: int) -> None:
    dice = random.Random(seed)
    found = verdict(change(source(dice), dice))
    assert found != "microdata"
    if change not in (without_header, cut_to_five, beside_a_table):
        assert found in ("aggregate", "not-a-table")


@pytest.mark.parametrize("lead", [300, 5000])
def test_records_far_below_a_table_are_found_and_placed(lead: int) -> None:
    dice = random.Random(lead)
    table = [["Region", "Count", "Rate"]]
    table += [
        [f"Region {n}", str(dice.randint(1, 999)), f"{dice.random():.2f}"] for n in range(lead)
    ]
    found = judge(Table(Location("1", "", "sheet Data"), [*table, *respondents(dice)]))
    assert found.verdict == "microdata"
    assert f"rows {lead + 3}" in found.where and found.where.startswith("sheet Data, ")


def test_cells_that_anybody_can_add_take_away_no_more_than_their_bound() -> None:
    dice = random.Random(4)
    found = judge(Table(Location("1"), dressed_up(respondents(dice), dice)))
    typed = [s.weight for s in found.signals if s.name in (
        "shorthand", "total-labels", "titles-and-notes", "sums-hold", "grouped-thousands", "rounded-counts",
    )]  # fmt: skip
    assert typed and sum(typed) >= SHIPPED.typed - 0.05


@pytest.mark.parametrize("source", [*RECORDS, *TABLES])
def test_every_verdict_says_what_would_change_it(source: Source) -> None:
    found = judge(Table(Location("1"), source(random.Random(1))))
    assert found.changes or found.score < SHIPPED.aggregate - 1
    assert all(len(sentence) < 300 for sentence in found.changes)


def test_what_would_change_it_quotes_nothing(person_rows: Callable[[int], Rows]) -> None:
    rows = [
        [f"SECRET{cell}" if n % 2 else cell for n, cell in enumerate(row)]
        for row in person_rows(40)
    ]
    assert "SECRET" not in " ".join(judge(Table(Location("1"), rows)).changes)


def test_columns_of_totals_and_means_beside_a_few_columns_clear_no_records() -> None:
    dice = random.Random(7)
    rows = [["number", "treat", "age", "total", "mean"]]
    for _ in range(40):
        taken, age = dice.randint(1, 90), dice.randint(18, 60)
        treated = dice.choice(["drug", "placebo"])
        rows.append([str(taken), treated, str(age), str(taken + age), f"{(taken + age) / 2:.1f}"])
    assert judge(Table(Location("1"), [row[:3] for row in rows])).verdict == "microdata"
    assert judge(Table(Location("1"), rows)).verdict == "microdata"
