"""A period in a file is read in one way, or not at all."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.period import Period, months, written, year_to


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2016-03", "2016-03-01", "2016-03-31"),
        ("2016-02-29", "2016-02-29", "2016-02-29"),
        ("2016-Q3", "2016-07-01", "2016-09-30"),
        ("2016Q3", "2016-07-01", "2016-09-30"),
        ("2016", "2016-01-01", "2016-12-31"),
        ("2016/17", "2016-04-01", "2017-03-31"),
        ("2016-04 to 2016-09", "2016-04-01", "2016-09-30"),
    ],
)
def test_what_a_file_may_say(text: str, start: str, end: str) -> None:
    found = written(text)
    assert found
    assert (found.start.isoformat(), found.end.isoformat()) == (start, end)


@pytest.mark.parametrize(
    "text",
    ["", "March 2016", "2016-13", "2016-02-30", "2016/18", "2016-Q5", "2016-09 to 2016-04", "0000",
     "2016-04 to", "9999-12"],
)  # fmt: skip
def test_anything_else_is_no_period(text: str) -> None:
    assert written(text) is None


def test_it_is_named_by_its_last_month_or_by_its_last_day() -> None:
    assert months(2016, 8).ends == "2016-08"
    assert Period(date(2016, 8, 6), date(2016, 8, 12), "week").ends == "2016-08-12"


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_twelve_months_to_a_day_end_with_its_month(day: date) -> None:
    found = year_to(day)
    assert (found.end.year, found.end.month) == (day.year, day.month)
    assert (found.end - found.start).days in (364, 365)
