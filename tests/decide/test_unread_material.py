"""While registered material cannot be read, what may hold some of it waits, and letters go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.cases import BODY, case
from support.cases import mention as naming

from gateway.decide.unread_material import concerned, with_unread_material
from gateway.model.finding import PartFacts
from gateway.model.message import Gap, Location
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.model.roster import Roster
from gateway.model.trace import UNREAD_MATERIAL, MaterialSource, unread_material
from gateway.rulebook.stage import INSTANT

SOON, WEEKS_BEFORE = INSTANT - timedelta(hours=14), INSTANT - timedelta(days=20)
HAVING = frozenset({"example-release"})


def release(id: str = "example-release", **changes: Any) -> Release:
    values: dict[str, Any] = {
        "id": id, "title": id, "instant": INSTANT, "zone": "Europe/London",
        "window": timedelta(hours=24), "state": "confirmed", "roster": Roster({}, (), frozenset()),
    }  # fmt: skip
    return Release(**values | changes)


def register(*releases: Release) -> Register:
    return Register({one.id: one for one in releases or (release(), release("another"))})


def attached(kind: str, **changes: Any) -> PartFacts:
    return PartFacts("2", "a", "attachment", kind, kind, 100, "1" * 64, **changes)


FIGURES = case("a.cole@dept.example", message={"figures": 3})
LETTER = case("a.cole@dept.example", message={"figures": 2})
NAMED = case("a.cole@dept.example", mentions=(naming(),))
TABLE = case("a.cole@dept.example", parts=(replace(BODY, verdict="aggregate"),))


@pytest.mark.parametrize("message", [FIGURES, NAMED, TABLE])
def test_what_may_be_material_of_a_release_that_is_near_waits(message) -> None:
    assert concerned(message, HAVING, register(), SOON)


def test_a_letter_goes_on() -> None:
    assert not concerned(LETTER, HAVING, register(), SOON)


@pytest.mark.parametrize(
    ("kind", "waits"),
    [
        ("application/pdf", True),
        ("application/zip", True),
        ("text/csv", True),
        ("image/png", False),
        ("text/calendar", False),
    ],
)
def test_a_document_waits_and_a_picture_does_not(kind: str, waits: bool) -> None:
    message = case("a.cole@dept.example", parts=(BODY, attached(kind)))
    assert concerned(message, HAVING, register(), SOON) is waits


def test_weeks_before_only_what_names_the_release_waits() -> None:
    assert concerned(NAMED, HAVING, register(), WEEKS_BEFORE)
    assert not concerned(FIGURES, HAVING, register(), WEEKS_BEFORE)


def test_at_the_instant_nothing_waits_any_more() -> None:
    second = timedelta(seconds=1)
    for message in (FIGURES, NAMED):
        assert concerned(message, HAVING, register(), INSTANT - second)
        assert not concerned(message, HAVING, register(), INSTANT)


def test_another_release_without_material_makes_nothing_wait() -> None:
    other = case("a.cole@dept.example", mentions=(naming("another"),))
    assert not concerned(other, HAVING, register(), WEEKS_BEFORE)


def test_a_release_that_is_overdue_or_postponed_counts_as_near_and_a_cancelled_one_does_not() -> (
    None
):
    def waits(**changes: Any) -> bool:
        return concerned(FIGURES, HAVING, register(release(**changes)), INSTANT)

    assert waits(lift="instant-and-published")
    assert waits(state="postponed")
    assert not waits(state="cancelled")


def test_material_of_a_release_that_nobody_knows_counts_as_near() -> None:
    assert concerned(FIGURES, frozenset({"forgotten"}), register(), WEEKS_BEFORE)


def test_where_nobody_knows_whose_material_it_is_every_release_counts() -> None:
    assert concerned(FIGURES, frozenset(), register(), SOON)
    assert not concerned(LETTER, frozenset(), register(), SOON)


def source(fault: str) -> MaterialSource:
    return MaterialSource(Path("material"), Path("key"), "1", HAVING, fault)


def gaps(message, fault: str, at: datetime = SOON) -> list[Gap]:
    found = with_unread_material(message, source(fault), register(), at).gaps
    return [gap for gap in found if gap.location == UNREAD_MATERIAL]


def test_a_gap_says_once_that_and_why() -> None:
    in_parts = (
        unread_material("no key"),
        Gap(Location("2"), "encrypted"),
        unread_material("no key"),
    )
    (gap,) = gaps(replace(FIGURES, gaps=in_parts), "the key file is missing")
    assert gap.reason == "unreadable" and "the key file is missing" in gap.detail
    left = with_unread_material(replace(FIGURES, gaps=in_parts), source(""), register(), SOON).gaps
    assert len(left) == 2


def test_a_letter_has_no_gap_even_if_a_child_could_not_open_the_material() -> None:
    assert gaps(replace(LETTER, gaps=(unread_material("no key"),)), "") == []


def test_where_material_can_be_read_nothing_changes() -> None:
    assert with_unread_material(FIGURES, source(""), register(), SOON) is FIGURES
    assert with_unread_material(FIGURES, None, register(), SOON) is FIGURES
