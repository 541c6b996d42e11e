"""What people and programs write in many ways is one value."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.unit_value import day_order, kept, readings, shape

ONE_VALUE = {
    "leading zeros": ["0012345", "12345", " 12345 ", "000012345"],
    "thousands and floats": ["1234567", "1,234,567", "1 234 567", "1234567.0", "1.234567E6", "£1,234,567"],
    "money": ["1234.5", "1,234.50", "£1,234.50", "1234.500 GBP", "1.234,50"],
    "negative sums": ["-1234", "(1,234)", "\u22121,234"],
    "names in any order": ["SMITH, Jane", "Jane Smith", "jane  smith", "Dr Jane Smith", "Ms J\u00e1ne Sm\u00efth"],
    "forms of firms": ["Acme Widgets Ltd", "ACME WIDGETS LIMITED.", "The Acme Widgets Ltd"],
    "postcodes": ["NE1 4LP", "ne14lp", "NE1  4LP"],
    "codes with zeros": ["SC001234", "sc 1234", "SC-001234"],
    "numbers in groups": ["9434765919", "943 476 5919", "943-476-5919"],
    "days": ["1980-03-12", "12/03/1980", "12.3.1980", "12 March 1980", "12-Mar-80", "March 12, 1980",
             "12th March 1980", "19800312", "1980-03-12 00:00:00", "1980-03-12T00:00:00Z"],
}  # fmt: skip


@pytest.mark.parametrize("spellings", ONE_VALUE.values(), ids=ONE_VALUE)
def test_every_spelling_of_a_value_is_found_by_what_a_register_keeps(spellings: list[str]) -> None:
    for written in spellings:
        order = day_order([written])
        for typed in spellings:
            assert kept(written, order) in readings(typed), (written, typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane Smith", "John Smith"), ("12345", "123456"), ("1/2", "12"), ("10.0.0.1", "10001"),
        ("NE1 4LP", "NE1 4LQ"), ("1234.5", "12345"), ("Acme 1 Ltd", "Acme 2 Ltd"),
    ],
)  # fmt: skip
def test_different_values_stay_apart(one: str, other: str) -> None:
    assert kept(one) not in readings(other)


@pytest.mark.parametrize("cell", ["", " ", "n/a", "NULL", "..", "-", "unknown", "x" * 201])
def test_what_says_nothing_is_no_value(cell: str) -> None:
    assert kept(cell) is None
    assert readings(cell) == ()


def test_a_column_says_in_which_order_its_dates_are() -> None:
    assert day_order(["03/04/1980", "25/12/1981", ""]) == "day-first"
    assert day_order(["03/04/1980", "12/25/1981"]) == "month-first"
    assert day_order(["03/04/1980", "Acme Ltd", "12"]) == ""
    assert kept("03/04/1980", "month-first") == b"d:1980-03-04"


def test_a_day_that_may_be_meant_in_two_orders_is_read_in_both() -> None:
    assert set(readings("03/12/1980")) == {b"d:1980-12-03", b"d:1980-03-12"}


@given(st.text(max_size=60))
def test_whatever_is_typed_is_found_again_as_it_was_typed(text: str) -> None:
    value = kept(text)
    assert (value is None) == (readings(text) == ())
    assert value is None or value in readings(text)


@given(st.integers(0, 10**15), st.integers(0, 6))
def test_zeros_before_a_number_and_signs_between_its_thousands_change_nothing(
    number: int, zeros: int
) -> None:
    assert kept("0" * zeros + str(number)) == kept(f"{number:,}") == kept(f"{number}.0")


@given(st.dates(date(1931, 1, 1), date(2029, 12, 31)))
def test_a_day_is_the_same_in_every_usual_way_of_writing(day: date) -> None:
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d-%b-%y", "%B %d, %Y", "%Y%m%d", "%m/%d/%Y"):
        assert kept(day.isoformat(), "day-first") in readings(day.strftime(form))


def test_shapes_tell_columns_apart() -> None:
    cells = ["12345", "NE1 4LP", "12/03/1980", "Acme Widgets Ltd"]
    assert [shape(readings(cell)[0]) for cell in cells] == ["n5", "c6", "d", "t3"]
