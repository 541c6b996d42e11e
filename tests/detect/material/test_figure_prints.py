"""What is registered of a figure: every way to write it, and nothing that gives it away."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pytest import MonkeyPatch
from support.registered_figures import prints_of, table, text

from gateway.detect.material.figure_forms import Form
from gateway.detect.material.figure_look_up import questions
from gateway.detect.material.figure_prints import canonical
from gateway.detect.material.figure_tables import figures_of
from gateway.detect.material.numbers import read_claims
from gateway.model.content import Table, Text
from gateway.model.keyed import DIGEST
from gateway.model.material import FIGURE, Digesters


def knows(contents: Text | Table, typed: str, key: bytes = bytes(range(32))) -> bool:
    """Whether one of the readings of what was typed is registered."""
    prints = prints_of(contents)
    digests = np.frombuffer(prints.digests, DIGEST)
    entries = np.frombuffer(prints.entries, FIGURE)
    for _, number, shown in questions(read_claims(typed).claims):
        asked = Digesters(key).figure(number)
        if (entries["digits"][digests == asked] >= shown).any():
            return True
    return False


ONE = ["Area | 2019 | 2020", "Northshire | {0} | {1}", "Eastvale | 8,112 | 8,045"]


def one(last: str, before: str = "9,004") -> Table:
    return table([row.format(before, last) for row in ONE])


@given(st.integers(1000, 9_999_999), st.integers(2, 7), st.sampled_from(["up", "down", "even"]))
def test_every_rounding_of_a_registered_figure_is_known(figure: int, digits: int, how: str) -> None:
    length = len(str(figure))
    unit = 10 ** max(0, length - digits)
    whole, rest = divmod(figure, unit)
    rounded = {
        "up": whole + (2 * rest >= unit),
        "down": whole,
        "even": round(Fraction(figure, unit)),
    }
    assert knows(one(str(figure)), f"there were {int(rounded[how]) * unit:,} of them")


@given(st.integers(1_000_000, 9_999_999))
def test_a_scaled_figure_is_the_same_figure(figure: int) -> None:
    assert knows(one(f"{figure:,}"), f"about {figure / 1e6:.2f} million")
    assert knows(one(f"{figure:,}"), f"{figure // 1000:,}k")
    assert knows(one(f"{figure:,}"), f"just over {figure // 100_000 / 10}m")


@given(st.integers(10_000, 99_999))
def test_what_is_said_with_a_hedge_is_known(figure: int) -> None:
    hundreds = figure // 100 * 100
    assert knows(one(str(figure)), f"just over {hundreds:,}")
    assert knows(one(str(figure)), f"nearly {hundreds + 100:,}")
    assert knows(one(str(figure)), f"between {hundreds:,} and {hundreds + 100:,}")


def test_changes_since_the_last_period_are_worked_out() -> None:
    known = one("9,516", "9,004")
    assert knows(known, "512 more than last year")
    assert knows(known, "up 5.7%")
    assert knows(known, "up by nearly 6 per cent".replace("6", "5.7"))
    assert not knows(known, "up 5.3%")


def test_a_change_is_also_counted_from_the_same_quarter_a_year_before() -> None:
    quarters = table(
        ["Quarter | Claims", "2019 Q4 | 40,000", "2020 Q1 | 43,000", "2020 Q2 | 41,000",
         "2020 Q3 | 47,000", "2020 Q4 | 50,010"]
    )  # fmt: skip
    assert knows(quarters, "25.0%")
    assert knows(quarters, "6.4% on the quarter")


def test_shares_of_the_total_are_worked_out() -> None:
    kinds = table(["Kind | Places", "Total | 40,120", "Kinship | 10,030", "Other | 30,090"])
    assert knows(kinds, "a quarter of places")
    assert knows(kinds, "25.0%")
    assert knows(kinds, "75%")


def test_what_a_percentage_leaves_is_known() -> None:
    assert knows(table(["Trust | Seen in time, %", "Halden | 71.4", "Corfe | 69.9"]), "28.6%")


def test_a_heading_in_millions_scales_its_figures() -> None:
    trade = table(["Exports, £ million | 2019 | 2020", "Goods | 31,002 | 33,456"])
    assert knows(trade, "£33.5bn")
    assert knows(trade, "33,456")


def test_fractions_of_one_are_percentages_as_spreadsheets_keep_them() -> None:
    assert knows(table(["Area | Rate", "Halden | 0.0432", "Corfe | 0.071"]), "4.3%")


def test_figures_of_sentences_are_registered() -> None:
    briefing = text("There were 12,876 vacant places on 31 March 2020, a quarter of all.")
    assert knows(briefing, "12.9k places")
    assert not knows(briefing, "31 March 2020")


def test_places_name_cells_and_never_what_stands_in_them() -> None:
    prints = prints_of(one("12,345"), text("Carers numbered 43,212 in all."))
    assert "sheet Table_1, C2" in prints.places
    assert "body, sentence 1" in prints.places
    assert not [
        place for place in prints.places if re.search("12345|12,345|43,212|Northshire", place)
    ]


def test_prices_in_pence_are_known_in_pounds() -> None:
    assert knows(table(["Item, pence | 2020", "Pint | 467", "Loaf | 145"]), "£4.67")


def test_energies_are_known_in_another_magnitude() -> None:
    assert knows(table(["Fuel (GWh) | 2023", "Gas | 143902", "Coal | 1640"]), "143.9 TWh")


def test_numbers_like_years_are_numbers_where_their_column_is_none() -> None:
    starts = table(["Region | Starts | Completions", "North | 2084 | 1930", "South | 3122 | 2871"])
    assert knows(starts, "2,084 starts")
    assert knows(starts, "1,930 completions")


def test_years_of_a_column_or_heading_are_no_figures() -> None:
    years = table(["Year | Starts", "2019 | 12,084", "2020 | 13,001", "2021 | 12,999"])
    figures = list(figures_of(years.rows))
    assert [figure.digits for figure in figures] == [12084, 13001, 12999]
    assert [figure.period for figure in figures] == [(2019, 0), (2020, 0), (2021, 0)]


def test_what_programs_write_into_files_is_not_registered() -> None:
    assert prints_of(text("Accent 12, List 34 and 5,678", "styles hidden text")).figures == 0


def test_of_more_figures_than_are_registered_there_is_a_gap(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.detect.material.figure_prints.MOST_FIGURES", 3)
    prints = prints_of(one("9,516"))
    assert prints.figures == 3
    assert [gap.reason for gap in prints.gaps] == ["limit"]


def test_older_columns_are_told_from_the_latest() -> None:
    forms = {(figure.row, figure.column): figure.period for figure in figures_of(one("9,516").rows)}
    assert forms[1, 1] == (2019, 0)
    assert forms[1, 2] == (2020, 0)
    entries = np.frombuffer(prints_of(one("9,516")).entries, FIGURE)
    assert {int(Form.BACK), int(Form.CELL)} <= set(entries["form"].tolist())


def test_stubs_heads_and_sections_name_a_figure() -> None:
    rows = table(
        ["Table 1: Placements", "Type | Boys | Girls", "Wales", "Kinship | 1,234 | 1,311"]
    ).rows
    figures = list(figures_of(rows))
    assert (figures[1].stub, figures[1].heads, figures[1].section) == ("kinship", "girls", "wales")


def test_without_the_key_trying_every_figure_finds_nothing() -> None:
    known = np.frombuffer(prints_of(one("43,212")).digests, DIGEST)
    other = Digesters(bytes(32)).figure
    guesses = other.many([canonical(False, number, 0) for number in range(40_000, 50_000)])
    assert not np.isin(guesses, known).any()


def test_nothing_registered_is_written_in_clear() -> None:
    prints = prints_of(one("43,212"))
    raw = prints.digests + prints.entries + prints.context
    for size in (4, 8):
        assert (43212).to_bytes(size, "little") not in raw


@given(
    st.lists(
        st.lists(st.text(alphabet="0123456789.,%-£ akQ\u00a0(", max_size=12), max_size=6),
        max_size=8,
    )
)
def test_any_table_is_registered(rows: list[list[str]]) -> None:
    prints = prints_of(Table(text("").location, rows))
    assert len(prints.entries) // FIGURE.itemsize == len(prints.digests) // 8
