"""A cell of a list says one thing, or is refused with what to write instead."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.releases.entries import Unfit
from gateway.releases.importing.cells import address, day, line, people


@pytest.mark.parametrize(
    "cell",
    ["2018-01-08", "2018-01-08T00:00:00", "2018-01-08 00:00", "08/01/2018", "8.1.2018",
     "8 January 2018", "8th Jan 2018", "8-Jan-2018", " 8/1/2018 "],
)  # fmt: skip
def test_days_are_read_as_europe_writes_them(cell: str) -> None:
    assert day(cell) == date(2018, 1, 8)


@pytest.mark.parametrize("cell", ["31 June 2018", "31/6/2018", "2018-06-31", "31st Jun 2018"])
def test_a_day_that_its_month_does_not_have_names_the_last_one(cell: str) -> None:
    with pytest.raises(Unfit, match="no such day") as caught:
        day(cell)
    assert caught.value.hint == "the last day of June 2018 is 2018-06-30"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("01/31/2018", "a month after the day"),
        ("30/02/2018", "no such day"),
        ("2018-02-30", "no such day"),
        ("soon", "not a day"),
        ("43108", "not a day"),
        ("8/1/18", "not a day"),
        ("2018-01-08T09:30:00", "not a day"),
        ("8 Foo 2018", "not a day"),
        ("01/01/1800", "not a plausible year"),
    ],
)
def test_a_day_that_could_mean_two_things_is_refused(cell: str, said: str) -> None:
    with pytest.raises(Unfit, match=said):
        day(cell)


@pytest.mark.parametrize("cell", ["=1+1", '=HYPERLINK("x")', "@SUM(A1)", "|calc", "+=1"])
def test_formulas_are_no_titles(cell: str) -> None:
    with pytest.raises(Unfit, match="formula"):
        line(cell)


@pytest.mark.parametrize("cell", ["a.person@dept.example", "mailto:A.Person@dept.example",
                                  "<a.person@dept.example>"])  # fmt: skip
def test_one_address_may_be_written_as_programs_copy_it(cell: str) -> None:
    assert address(cell) == "a.person@dept.example"


def test_several_addresses_in_a_cell_are_refused() -> None:
    with pytest.raises(Unfit, match="several addresses"):
        address("a@dept.example; b@dept.example")


@pytest.mark.parametrize(("cell", "many"), [("2", 2), ("2.0", 2), (" 12 ", 12)])
def test_numbers_of_people_are_whole(cell: str, many: int) -> None:
    assert people(cell) == many


@pytest.mark.parametrize("cell", ["two", "2.5", "0", "-1", "99999"])
def test_other_numbers_are_refused(cell: str) -> None:
    with pytest.raises(Unfit):
        people(cell)
