"""A column is an identifier by the rate at which its values pass, never by one cell."""

from __future__ import annotations

import random
from typing import Callable

from gateway.detect.microdata import identifier_columns, judge
from gateway.detect.microdata.identifiers import (
    card_number,
    identifier_kind,
    nhs_number,
    utr,
    vat_number,
)
from gateway.model.content import Table

AsTable = Callable[[list[list[str]]], Table]


def valid_nhs(dice: random.Random) -> str:
    while True:
        number = f"{dice.randint(4_000_000_000, 4_999_999_999)}"
        if nhs_number(number):
            return number


def test_checksums_take_what_their_rule_says() -> None:
    assert nhs_number("943 476 5919") and not nhs_number("943 476 5918")
    assert vat_number("GB 980 7806 84") and not vat_number("GB 980 7806 85")
    assert utr("1955839661") and not utr("2955839661")
    assert card_number("4000 0566 5566 5556") and not card_number("4000 0566 5566 5557")


def test_repdigits_prove_nothing() -> None:
    assert not any(check("0" * 10) or check("1" * 10) for check in (nhs_number, utr))


def test_random_ten_digit_numbers_are_not_a_column_of_nhs_numbers(dice: random.Random) -> None:
    values = [str(dice.randint(10**9, 10**10 - 1)) for _ in range(200)]
    assert identifier_kind(values, ()) is None


def test_a_column_of_valid_nhs_numbers_is_named_by_kind(
    dice: random.Random, as_table: AsTable
) -> None:
    rows = [["ref", "value"], *([valid_nhs(dice), str(dice.randint(1, 9))] for _ in range(40))]
    found = judge(as_table(rows))
    assert (found.verdict, found.identifiers) == ("microdata", ("NHS number",))
    assert identifier_columns(as_table(rows)) == (("A", "NHS number"),)


def test_a_bare_list_of_insurance_numbers_is_a_list_of_persons(
    dice: random.Random, as_table: AsTable
) -> None:
    rows = [[f"AB{dice.randint(100000, 999999)}C"] for _ in range(20)]
    assert judge(as_table(rows)).verdict == "microdata"


def test_eight_digits_are_company_numbers_only_where_the_header_says_so(
    dice: random.Random,
) -> None:
    values = [str(dice.randint(10**7, 10**8 - 1)) for _ in range(30)]
    assert identifier_kind(values, ("company", "number")) == "company number"
    assert identifier_kind(values, ("population",)) is None


def test_a_statistical_code_is_a_place_not_a_person(as_table: AsTable) -> None:
    rows = [["code", "count"], *([f"E{9_000_000 + n:08d}", str(n * 31)] for n in range(1, 40))]
    found = judge(as_table(rows))
    assert found.identifiers == () and found.verdict == "aggregate"
