"""The period of a row is found wherever a table says it; rows without numbers say nothing."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.detect.material.periods_table import dated_rows, guess_head

WRITTEN = date(2016, 9, 30)


def dated(*lines: str, titles: tuple[str, ...] = ()) -> dict[str, int]:
    rows = [line.split("|") for line in lines]
    found = dated_rows(rows, -1, titles, WRITTEN)
    return {period.ends: count for period, count in found.rows.items()}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("area|month|value", "N|2016-03|12", "N|2016-08|14"), {"2016-03": 1, "2016-08": 1}),
        (("area|Apr-16|Aug-16", "N|1|2", "S|3|4"), {"2016-04": 2, "2016-08": 2}),
        (("Year|Month|Area|Value", "2016|August|N|5"), {"2016-08": 1}),
        (("year|month|area|value", "2016|8|N|5"), {"2016-08": 1}),
        (("financial_year|month|area|value", "2016/17|Feb|N|5"), {"2017-02": 1}),
        (("Year|Jan|Feb", "2015|1|2", "2016|3|4"),
         {"2015-01": 1, "2015-02": 1, "2016-01": 1, "2016-02": 1}),
        (("|2016||2017", "area|Nov|Dec|Jan", "N|1|2|3"),
         {"2016-11": 1, "2016-12": 1, "2017-01": 1}),
        (("date|area|value", "2016-08-01 00:00:00|N|5"), {"2016-08": 1}),
        (("Month|area|value", "42583|N|5"), {"2016-08": 1}),
        (("period|area|value", "201608|N|5"), {"2016-08": 1}),
        (("Assaults April to August 2016", "area|measure|value", "N|A|5", "S|B|7"),
         {"2016-08": 2}),
        (("N|A1|Aug-16|400", "S|A1|Aug-16|410"), {"2016-08": 2}),
    ],
)  # fmt: skip
def test_each_place_where_a_table_says_its_period(
    lines: tuple[str, ...], expected: dict[str, int]
) -> None:
    assert dated(*lines) == expected


def test_the_name_of_the_sheet_or_file_says_it_where_nothing_else_does() -> None:
    lines = "area|measure|value", "N|A|5"
    assert dated(*lines, titles=("sheet Aug 2016", "x")) == {"2016-08": 1}
    assert dated(*lines, titles=("", "hub_export_Apr-Aug-2016")) == {"2016-08": 1}
    assert dated("area|month|value", "N|2016-03|5", titles=("", "hub Aug 2016")) == {"2016-03": 1}


def test_the_year_of_bare_months_may_stand_above() -> None:
    lines = "Response times 2016/17", "area|Apr|Feb", "N|1|2"
    assert dated(*lines) == {"2016-04": 1, "2017-02": 1}


def test_a_form_that_is_not_filled_in_says_nothing() -> None:
    assert dated("area|month|value", "N|2016-08|") == {}
    assert dated("area|month|value", "N|2016-08|0") == {}
    assert dated("area|Mar-16|Apr-16", "N|5|", "S|7|..") == {"2016-03": 2}


def test_when_a_file_was_made_is_not_what_its_figures_are_about() -> None:
    rows = [["Extracted: 12 September 2016"], ["area", "value"], ["N", "5"]]
    assert dated_rows(rows, -1, (), WRITTEN).rows == {}
    assert dated_rows(rows, -1, (), WRITTEN).undated == 1
    assert dated("area|extract_date|month|value", "N|2016-09-12|2016-03|5") == {"2016-03": 1}
    assert dated("Published 10 November 2016", "area|month|value", "N|2016-03|5") == {"2016-03": 1}


def test_numbers_that_only_look_like_years_are_values() -> None:
    assert dated("area|beds|month", "N|2016|2015-03", "S|1998|2015-03") == {"2015-03": 2}


def test_days_are_months_only_where_all_are_the_first_of_one() -> None:
    assert dated("date|value", "01/08/2016|5", "01/09/2016|5") == {"2016-08": 1, "2016-09": 1}
    assert dated("date|value", "01/08/2016|5", "12/08/2016|5") == {"2016-08-01": 1, "2016-08-12": 1}


def test_the_heads_are_the_last_row_of_words_before_the_values() -> None:
    rows = [["Title", ""], ["", ""], ["area", "Apr-16"], ["N", "5"]]
    assert guess_head(rows) == 2
    assert guess_head([["N", "5"], ["S", "6"]]) == -1
