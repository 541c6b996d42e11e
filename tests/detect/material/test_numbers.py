"""Which numbers of a text are figures, and how exactly they are meant."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.detect.material.claims import MOST_WAYS, Claim
from gateway.detect.material.numbers import MOST_CLAIMS, read_claims


def claims(text: str) -> list[Claim]:
    return read_claims(text).claims


def the_claim(text: str) -> Claim:
    found = claims(text)
    assert len(found) == 1, found
    return found[0]


def value(claim: Claim) -> Fraction:
    return Fraction(claim.digits) * Fraction(10) ** claim.exponent


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12,345 households", "12345"),
        ("12 345 ménages dont", "12345"),
        ("12\u202f345 people", "12345"),
        ("12.345,5 kg", "12345.5"),
        ("12'345 Personen", "12345"),
        ("１２,３４５ people", "12345"),
        ("12.3k people", "12300"),
        ("12.3 thousand people", "12300"),
        ("1.2m people", "1200000"),
        ("£1.2bn", "1200000000"),
        ("1,2 Mio Personen", "1200000"),
        ("3 lakh people", "300000"),
        ("12,34,567 people", "1234567"),
        ("-4.3%", "4.3"),
        ("4.3 per cent", "4.3"),
        ("25 basis points", "0.25"),
        ("the index stood at 104.7", "104.7"),
        ("a total of 12345 people", "12345"),
        ("total:12,345", "12345"),
        ("GBP12,345", "12345"),
        ("there were 12,345\u00b2 carers", "12345"),
        ("twelve thousand three hundred and forty-five carers", "12345"),
        ("Twelve Thousand, Three Hundred And Forty Five carers", "12345"),
        ("two and a half million people", "2500000"),
        ("one point two million people", "1200000"),
        ("four point three per cent", "4.3"),
        ("a hundred and twenty thousand people", "120000"),
        ("twenty-three per cent", "23"),
        ("four and a half per cent", "4.5"),
        ("the core rate is three point nine", "3.9"),
        ("129p a litre", "129"),
        ("143.9 TWh", "143900000000000"),
        ("5.2 billion from the one, 4.6 from the other", "4600000000"),
        ("33-34,000 of them", "34000"),
    ],
)
def test_one_figure_can_be_written_in_many_ways(text: str, number: str) -> None:
    assert Fraction(number) in [value(claim) for claim in claims(text)]


@pytest.mark.parametrize(
    "text",
    [
        "on 12 November 2020 at 9.30am",
        "by 12th November, or November 12",
        "from 09:30 to 17:45 on 2020-11-12, 12/11/2020 or 12.11.2020",
        "Monday, 9.30 a.m. or 5.30 p.m.",
        "call 020 7946 0018 or +44 20 7946 0018",
        "version 1.2 or v1.2.3, see section 4.3 of 10.0.0.1",
        "page 12, Table 34, ref 47113, room 316, extension 4711",
        "in 2016, 2016/17 and 2016-17",
        "SW1A 2AA",
        "16-year-olds and a 12-month sentence",
        "card 4111 1111 1111 1111",
        "https://example.org/a/12345?id=34567&n=3456",
        "E09000001 and B2B",
        "the third party and half an hour in the third quarter",
        "one of the two, in one way or another, one in the office",
        "number 123456789012 is an identifier",
    ],
)
def test_dates_telephones_and_references_are_no_figures(text: str) -> None:
    assert claims(text) == []


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("12,345", "12344.5", "12346"),
        ("12,300", "12250", "12400"),
        ("12,000", "11500", "13000"),
        ("12.0 thousand", "11950", "12100"),
        ("nearly 12,400", "12300", "12400"),
        ("around 12,400", "12300", "12500"),
        ("between 12,300 and 12,400", "12300", "12400"),
        ("12.3-12.4k", "12300", "12400"),
    ],
)
def test_a_figure_stands_for_all_that_is_written_so(text: str, low: str, high: str) -> None:
    assert (Fraction(low), Fraction(high)) in [claim.interval for claim in claims(text)]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("a quarter of them", 24, 26),
        ("one in five children", 19, 21),
        ("1 in 5 children", 19, 21),
        ("two thirds of places", 65, 67),
        ("2/3 of places", 65, 67),
        ("½ the places", 49, 51),
        ("more than half of all", 49, 53),
        ("three-quarters of staff", 74, 76),
    ],
)
def test_fractions_are_percentages(text: str, low: int, high: int) -> None:
    claim = the_claim(text)
    assert claim.percent
    assert claim.interval == (low, high)


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("just over 12,300", "over"),
        ("more than £12,300", "over"),
        ("in excess of 12,300", "over"),
        ("just under 12,300", "under"),
        ("nearly £1.2bn", "under"),
        ("fewer than 12,300", "under"),
        ("roughly 12,300", "about"),
        ("c. 12,300", "about"),
        ("~12,300", "about"),
        ("12,300-odd", "about"),
        ("some twelve thousand", "about"),
        ("exactly 12,300", ""),
    ],
)
def test_words_like_nearly_belong_to_the_figure(text: str, hedge: str) -> None:
    assert the_claim(text).hedge == hedge


def test_rising_from_one_figure_to_another_is_two_figures_and_no_range() -> None:
    assert [claim.to for claim in claims("rose from 12,300 to 12,400")] == [None, None]


def test_an_ambiguous_number_is_read_both_ways() -> None:
    assert {value(claim) for claim in claims("1.234 Haushalte")} == {1234, Fraction("1.234")}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("In thousands: incidents 317.5", "317500"),
        ("Households ('000s)\nNorth 31.4", "31400"),
        ("Exports (£ million)\nNorth 2,331.4", "2331400000"),
        ("All figures in billions; North 3.14", "3140000000"),
    ],
)
def test_a_magnitude_above_the_numbers_counts_for_them(text: str, number: str) -> None:
    assert Fraction(number) in [value(claim) for claim in claims(text)]


def test_the_label_of_the_next_line_is_no_magnitude() -> None:
    assert [value(claim) for claim in claims("A 12.4\nB 13.5\nM 14.5\nK 15.5")] == [
        Fraction(number) for number in ("12.4", "13.5", "14.5", "15.5")
    ]


def test_quoting_and_wrapping_do_not_part_a_number_from_its_unit() -> None:
    assert value(the_claim("> up to now 1.2\n> million people")) == 1_200_000


@given(st.text(alphabet="0123456789.,' -/:%£kmn thousandhundre\n>(", max_size=200))
def test_any_text_is_read(text: str) -> None:
    read = read_claims(text)
    for claim in read.claims:
        assert 0 <= claim.start < claim.end <= len(read.text)
        assert len(claim.ways()) <= MOST_WAYS
        assert claim.interval[0] <= claim.interval[1]


@given(st.integers(11, 10**9 - 1))
def test_grouped_digits_and_plain_ones_are_one_number(number: int) -> None:
    assert value(the_claim(f"there are {number:,} of them")) == number
    assert number in [value(claim) for claim in claims(f"{number:,}".replace(",", " "))]


@given(st.integers(1, 60))
def test_a_row_of_numbers_of_three_digits_is_read_however_long_it_is(count: int) -> None:
    found = claims(" ".join(["812"] * count))
    assert len({claim.start for claim in found if claim.digits == 812}) == count


def test_more_numbers_than_are_read_are_said_to_be_more() -> None:
    assert read_claims("1,234 " * (MOST_CLAIMS + 1)).cut
    assert not read_claims("1,234 " * 10).cut
