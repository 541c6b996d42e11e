"""Invented tables, seeded, for the judge of tables."""

from __future__ import annotations

import random
from typing import Callable

import pytest

from gateway.model.content import Table
from gateway.model.message import Location

Rows = list[list[str]]


@pytest.fixture
def dice() -> random.Random:
    return random.Random(20130416)


@pytest.fixture
def as_table() -> Callable[[Rows], Table]:
    return lambda rows: Table(Location("2", "attachment"), rows)


@pytest.fixture
def firm_rows(dice: random.Random) -> Callable[[int], Rows]:
    """Business returns: reference, classification, region and 41 question codes."""

    def make(count: int) -> Rows:
        header = ["ruref", "sic07", "region"] + [f"q{number}" for number in range(101, 142)]
        rows = [header]
        for number in range(count):
            answers = [
                str(dice.randint(1, 2)) if column % 3 == 0 else str(dice.randint(0, 2_000_000))
                for column in range(41)
            ]
            industry, region = str(dice.choice([10110, 46900, 62010])), dice.choice("ABDEFGHJK")
            rows.append([str(49_900_000_000 + number * 137), industry, region, *answers])
        return rows

    return make


@pytest.fixture
def person_rows(dice: random.Random) -> Callable[[int], Rows]:
    """Survey respondents with the usual attributes."""

    def make(count: int) -> Rows:
        rows = [["serial", "age", "sex", "marital", "region", "hours", "wage", "health"]]
        for number in range(count):
            rows.append([
                str(700_001 + number * 3), str(dice.randint(16, 89)), dice.choice("12"),
                str(dice.randint(1, 5)), str(dice.randint(1, 12)), str(dice.choice([-8, 0, 16, 37, 40])),
                f"{dice.uniform(5, 60):.2f}", dice.choice(["good", "fair", "poor", "refused"]),
            ])  # fmt: skip
        return rows

    return make
