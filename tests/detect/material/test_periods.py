"""Reference periods are read as people write them, and nothing else is taken for one."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.detect.material.periods import in_prose, periods, whole
from gateway.detect.normalise import fold

WRITTEN = date(2016, 9, 30)
MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
]  # fmt: skip


def read(text: str, day: date = WRITTEN) -> list[str]:
    return [f"{one.period.start} {one.period.end}" for one in periods(fold(text).lower(), day)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("April to August 2016", "2016-04-01 2016-08-31"),
        ("Apr-Aug 16", "2016-04-01 2016-08-31"),
        ("Apr–Aug 2016", "2016-04-01 2016-08-31"),
        ("between April 2016 and August 2016", "2016-04-01 2016-08-31"),
        ("October to March 2017", "2016-10-01 2017-03-31"),
        ("2016-08", "2016-08-01 2016-08-31"),
        ("Aug-16", "2016-08-01 2016-08-31"),
        ("Aug '16", "2016-08-01 2016-08-31"),
        ("Aug16", "2016-08-01 2016-08-31"),
        ("2016M08", "2016-08-01 2016-08-31"),
        ("2016 August", "2016-08-01 2016-08-31"),
        ("month of August 2016", "2016-08-01 2016-08-31"),
        ("05/2016", "2016-05-01 2016-05-31"),
        ("August 2016/17", "2016-08-01 2016-08-31"),
        ("February 2016/17", "2017-02-01 2017-02-28"),
        ("Q2 2016/17", "2016-07-01 2016-09-30"),
        ("2016/17 Q2", "2016-07-01 2016-09-30"),
        ("2016 Q2", "2016-04-01 2016-06-30"),
        ("2016-Q2", "2016-04-01 2016-06-30"),
        ("second quarter of 2016", "2016-04-01 2016-06-30"),
        ("June quarter 2016", "2016-04-01 2016-06-30"),
        ("quarter ending September 2016", "2016-07-01 2016-09-30"),
        ("3 months to August 2016", "2016-06-01 2016-08-31"),
        ("six months ending June 2016", "2016-01-01 2016-06-30"),
        ("H1 2016", "2016-01-01 2016-06-30"),
        ("first half of 2016", "2016-01-01 2016-06-30"),
        ("year ending June 2016", "2015-07-01 2016-06-30"),
        ("YE Jun 16", "2015-07-01 2016-06-30"),
        ("12 months to March 2017", "2016-04-01 2017-03-31"),
        ("rolling 12 months to Aug-16", "2015-09-01 2016-08-31"),
        ("12 months ending 31 August 2016", "2015-09-01 2016-08-31"),
        ("2016/17", "2016-04-01 2017-03-31"),
        ("FY2016-17", "2016-04-01 2017-03-31"),
        ("FY17", "2016-04-01 2017-03-31"),
        ("academic year 2016/17", "2016-09-01 2017-08-31"),
        ("2010-2016", "2010-01-01 2016-12-31"),
        ("week ending 12 August 2016", "2016-08-06 2016-08-12"),
        ("w/e 12/08/16", "2016-08-06 2016-08-12"),
        ("w/c 8 August 2016", "2016-08-08 2016-08-14"),
        ("as at 31 March 2016", "2016-03-31 2016-03-31"),
        ("at the end of August 2016", "2016-08-31 2016-08-31"),
        ("2016-08-01 00:00:00", "2016-08-01 2016-08-01"),
        ("31.08.2016", "2016-08-31 2016-08-31"),
        ("2016-W32", "2016-08-08 2016-08-14"),
        ("week 32 of 2016", "2016-08-08 2016-08-14"),
        ("Period 5 2016/17", "2016-08-01 2016-08-31"),
        ("P11 2016-17", "2017-02-01 2017-02-28"),
        ("summer 2016", "2016-06-01 2016-08-31"),
        ("autumn term 2016", "2016-09-01 2016-11-30"),
        ("1 April to 31 August 2016", "2016-04-01 2016-08-31"),
        ("01/04/2016 - 31/08/2016", "2016-04-01 2016-08-31"),
        ("5 months to end August 2016", "2016-04-01 2016-08-31"),
        ("Q1 to Q2 2016/17", "2016-04-01 2016-09-30"),
        ("Ebrill i Awst 2016", "2016-04-01 2016-08-31"),
        ("avril à août 2016", "2016-04-01 2016-08-31"),
        ("April bis August 2016", "2016-04-01 2016-08-31"),
        ("abril a agosto 2016", "2016-04-01 2016-08-31"),
        ("2e trimestre 2016", "2016-04-01 2016-06-30"),
        ("augustus 2016", "2016-08-01 2016-08-31"),
    ],
)
def test_each_way_to_write_a_period(text: str, expected: str) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("last month", "2016-08-01 2016-08-31"),
        ("this quarter", "2016-07-01 2016-09-30"),
        ("last quarter", "2016-04-01 2016-06-30"),
        ("last year", "2015-01-01 2015-12-31"),
        ("financial year to date", "2016-04-01 2016-09-30"),
        ("August", "2016-08-01 2016-08-31"),
        ("November", "2015-11-01 2015-11-30"),
        ("April to August", "2016-04-01 2016-08-31"),
        ("Q2", "2016-04-01 2016-06-30"),
    ],
)
def test_relative_periods_are_read_from_the_day_of_writing(text: str, expected: str) -> None:
    found = periods(fold(text).lower(), WRITTEN)
    assert read(text) == [expected]
    assert all(one.relative for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "32 August 2016", "2016-13", "page 2,016", "20,161 calls", "version 2016.5", "£2016",
        "31/02/2016", "the numbers", "2016%", "room 4016", "1234-2016-99",
    ],
)  # fmt: skip
def test_what_is_no_period_is_none(text: str) -> None:
    assert "2016-02-30 2016-02-30" not in read(text)
    assert [one for one in read(text) if not one.startswith("2016-01-01 2016-12-31")] == []


@pytest.mark.parametrize(
    "text",
    [
        "you may call", "a march through town", "the call on Aug 16", "on 16 Feb we met",
        "up 2.8% on last month", "down from last quarter", "published in December",
        "due on 10 November 2016", "last year: 4,012",
    ],
)  # fmt: skip
def test_in_prose_other_words_and_days_are_no_months(text: str) -> None:
    assert in_prose(text.lower(), WRITTEN) == []


def test_a_cell_is_a_period_only_as_a_whole() -> None:
    assert whole("apr-16", WRITTEN)
    assert whole("year ending june 2016 (p)", WRITTEN)
    assert whole("calls in april 2016", WRITTEN) is None
    assert whole("april 2016 and may 2016 and june 2016", WRITTEN) is None


@given(st.integers(1, 12), st.integers(1995, 2060), st.integers(0, 9))
def test_a_month_is_the_same_however_it_is_written(month: int, year: int, way: int) -> None:
    name = MONTHS[month - 1]
    text = [
        f"{name} {year}", f"{name[:3]} {year}", f"{name[:3]}-{year % 100:02}", f"{year}-{month:02}",
        f"{year}M{month:02}", f"{month}/{year}", f"{year} {name}", f"{name.upper()}, {year}",
        f"in {name} of {year}:", f"({name[:3]}. {year})",
    ][way]  # fmt: skip
    (found,) = periods(text.lower(), WRITTEN)
    assert (found.period.start.year, found.period.start.month) == (year, month)
    assert found.period.kind == "month"


@given(st.text(alphabet="0123456789/-. q'aprilmyendtow", max_size=120))
def test_nothing_makes_it_fail_and_every_period_ends_after_it_begins(text: str) -> None:
    for found in periods(text, WRITTEN):
        assert found.period.start <= found.period.end
        assert 0 <= found.start < found.end <= len(text)


def test_time_grows_with_the_length_alone() -> None:
    def cost(times: int) -> float:
        text = "apr-aug 16 to 2016/17 q2 week ending 12 " * times + "1/" * 20 * times
        started = process_time()
        periods(text, WRITTEN)
        return process_time() - started

    cost(100)
    assert cost(4000) < 40 * max(cost(400), 0.002)
