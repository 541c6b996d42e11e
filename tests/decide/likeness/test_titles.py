"""Titles: what is taken for what, and that alike is never the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.lists import IN_WINDOW, appointed, directory, person, register, release

from gateway.decide.likeness import NearMiss, near_misses
from gateway.decide.likeness.titles import alike, read_title
from gateway.model.roster import Role
from gateway.releases import load_register

RULES = Path(__file__).resolve().parents[3] / "rules"
LIKE = load_register(RULES / "releases", None, "Europe/London").like
ROLES = {
    "policy": Role("policy", "Deputy Head Personnel Policy", "The Department"),
    "chief": Role("chief", "Chief Economist", "The Department"),
    "press": Role("press", "Media Officer x 2", "", 2),
}
LIST = release(
    appointed("h.reed@dept.example", "policy"), appointed("b.wood@dept.example", "chief"),
    appointed("k.webb@dept.example"), roles=ROLES,
)  # fmt: skip


def found(title: str, organisation: str = "The Department") -> tuple[NearMiss, ...]:
    known = directory(person("ann", "a.vale@dept.example", title=title, organisation=organisation))
    return near_misses(
        register(LIST, directory=known, like=LIKE), LIST, "a.vale@dept.example", IN_WINDOW
    )


@pytest.mark.parametrize(
    "one, other",
    [
        ("Deputy Head Personnel Policy", "Deputy Head, People Policy"),
        ("Deputy Head Personnel Policy", "Head of HR Policy"),
        ("Deputy Head Personnel Policy", "Deputy Head of Human Resources Policy and Pay"),
        ("Media Officer x 2", "Duty Press Officer"),
        ("Media Officer", "Senior Media Officer"),
        ("Private Secretary to the Minister for Children", "Private Office to the Minister for Children (1 person)"),
        ("Private Sectretary to the Permanent Secretary", "Private Secretary to the Permanent Secretary"),
        ("Chief Economist", "Deputy Chief Economist"),
        ("Deputy Director, Care Policy", "Deputy Director, Care Policy and Reform"),
    ],
)  # fmt: skip
def test_titles_that_are_taken_for_one_another(one: str, other: str) -> None:
    first, second = read_title(one, LIKE), read_title(other, LIKE)
    assert alike(first, second) is not None
    assert alike(first, second) == alike(second, first)


@pytest.mark.parametrize(
    "one, other",
    [
        ("Deputy Director, Care Policy", "Deputy Director, Trade Policy"),
        ("Head of Media", "Media Assistant"),
        ("Permanent Secretary", "Private Secretary"),
        ("Head of Fostering Policy", "Head of Prisons Policy"),
        ("Statistician", "Media Officer"),
        ("Chief Economist", "Chief Scientist"),
        ("Director General", ""),
        ("", ""),
    ],
)
def test_titles_that_are_not(one: str, other: str) -> None:
    assert alike(read_title(one, LIKE), read_title(other, LIKE)) is None


def test_a_similar_title_is_held_against_the_published_one() -> None:
    (near,) = found("Deputy Head, People Policy")
    assert near == NearMiss(
        "title",
        "Deputy Head Personnel Policy",
        "The list says “Deputy Head Personnel Policy”, held by h.reed@dept.example; the directory says"
        " that a.vale@dept.example is “Deputy Head, People Policy”. A title that resembles one on the"
        " list is not on the list.",
        "high",
    )


def test_the_very_title_of_the_list_puts_nobody_on_it() -> None:
    (near,) = found("Chief Economist")
    assert near.sentence.endswith("A title alone puts nobody on the list.")


def test_the_same_post_in_another_department_is_another_post() -> None:
    (near,) = found("Chief Economist", "The Other Department")
    assert (near.kind, near.sentence) == (
        "post",
        "The list says “Chief Economist” of The Department, held by b.wood@dept.example; the directory"
        " says that a.vale@dept.example is “Chief Economist” of The Other Department. The same post in"
        " another department is not on the list.",
    )


def test_an_address_that_spells_a_post_reads_like_it() -> None:
    known = register(LIST, like=LIKE)
    (near,) = near_misses(known, LIST, "people.policy@dept.example", IN_WINDOW)
    assert (near.kind, near.sentence) == (
        "title",
        "The list says “Deputy Head Personnel Policy”, held by h.reed@dept.example;"
        " people.policy@dept.example reads as if it were that post. A title that resembles one on the"
        " list is not on the list.",
    )


def test_a_title_of_something_else_says_nothing() -> None:
    assert found("Head of Estates") == ()
