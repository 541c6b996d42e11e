"""A column is an identifier by the rate at which its values pass, never by one cell."""

from __future__ import annotations

import random
from typing import Callable

import pytest

from gateway.detect.microdata import identifier_columns, judge
from gateway.detect.microdata.identifiers import (
    KINDS,
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


# Published specimens of the issuing offices, or made up and completed with their check digits.
SPECIMENS = {
    "bank account number (IBAN)": ("DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 01"),
    "legal entity identifier": ("529900T8BM49AURSDO55", "529900T8BM49AURSDO56"),
    "personal public service number": ("1234567T", "1234567U"),
    "national identity number": ("12345678Z", "12345678A"),
    "taxpayer reference": ("86095742719", "86095742718"),
}


def holds(name: str, text: str) -> bool:
    return any(kind.name == name and not kind.needed and kind.holds(text) for kind in KINDS)


@pytest.mark.parametrize("name", SPECIMENS)
def test_numbers_of_other_countries_are_checked_by_their_own_rule(name: str) -> None:
    right, wrong = SPECIMENS[name]
    assert holds(name, right) and not holds(name, wrong)


def test_columns_of_numbers_that_only_look_alike_are_no_identifiers(dice: random.Random) -> None:
    forms = (
        lambda: str(dice.randint(10**8, 10**9 - 1)),
        lambda: str(dice.randint(10**10, 10**11 - 1)),
        lambda: str(dice.randint(10**13, 10**14 - 1)),
        lambda: f"{dice.randint(10**7, 10**8 - 1)}{dice.choice('ABCDEFGH')}",
        lambda: "1" * 9,
    )
    for form in forms:
        assert identifier_kind([form() for _ in range(60)], ()) is None


def test_a_surname_needs_no_list_of_names_where_the_header_asks_for_it(as_table: AsTable) -> None:
    names = ["Иванова", "Nguyễn", "O'Brien", "Öztürk", "Łukasik", "Adeyemi", "García", "李"]
    rows = [["surname", "grade", "points"], *([n, "A", str(40 + i)] for i, n in enumerate(names))]
    assert judge(as_table(rows)).identifiers == ("personal name",)
