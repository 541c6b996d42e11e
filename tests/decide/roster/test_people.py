"""Whatever holds for one address of a person holds for all of them."""

from __future__ import annotations

from datetime import date

import pytest
from support.lists import SIGNED, appointed, ask, directory, local, person, release

from gateway.model.people import Declaration
from gateway.model.roster import Exclusion

KNOWN = directory(person("ada", "ada@dept.example", "a.reed@dept.example"))
EVERY = ("ada@dept.example", "a.reed@dept.example")


@pytest.mark.parametrize("address", EVERY)
@pytest.mark.parametrize("listed", EVERY)
def test_any_address_of_a_listed_person_is_listed(listed: str, address: str) -> None:
    assert ask(release(appointed(listed)), address, among=KNOWN).status == "listed"


@pytest.mark.parametrize("address", EVERY)
@pytest.mark.parametrize("barred", EVERY)
def test_an_exclusion_of_one_address_bars_the_person(barred: str, address: str) -> None:
    bar = Exclusion(barred, date(2020, 1, 1), None, "INC-1")
    subject = release(appointed("ada@dept.example"))
    assert ask(subject, address, among=KNOWN, exclusions=(bar,)).status == "excluded"
    own = release(appointed("ada@dept.example"), exclusions=(bar,))
    assert ask(own, address, among=KNOWN).status == "excluded"


@pytest.mark.parametrize("team", ["production_team", "quality_assurers"])
def test_any_address_of_a_producer_is_a_producers(team: str) -> None:
    subject = release(**{team: frozenset({"ada@dept.example"})})
    assert ask(subject, "a.reed@dept.example", among=KNOWN).status == "production"


@pytest.mark.parametrize("address", ["ada+stats@dept.example", "a.reed+x@dept.example"])
def test_a_tagged_address_is_nobodys(address: str) -> None:
    found = ask(release(appointed("ada@dept.example")), address, among=KNOWN)
    assert found.status == "not-listed"
    assert found.sentence == (
        "An address with a +tag is never the one on a list, so it counts as not listed."
    )


def test_a_tagged_address_is_not_listed_even_where_a_list_has_it() -> None:
    tagged = "ada+stats@dept.example"
    known = directory(person("ada", tagged))
    assert ask(release(appointed(tagged)), tagged, among=known).status == "not-listed"


def test_who_left_is_expired_after_their_last_day_whatever_the_list_says() -> None:
    known = directory(person("ada", left=date(2020, 6, 3)))
    subject = release(
        appointed("ada@dept.example"), production_team=frozenset({"ada@dept.example"})
    )
    assert ask(subject, "ada@dept.example", local(2020, 6, 3, 23, 59), among=known).allowed
    found = ask(subject, "ada@dept.example", local(2020, 6, 4, 0, 0), among=known)
    assert (found.status, found.sentence) == ("expired", "They left on 3 June 2020.")


def test_an_exclusion_goes_before_leaving() -> None:
    known = directory(person("ada", left=date(2020, 6, 1)))
    bar = Exclusion("ada@dept.example", date(2020, 1, 1), None, "INC-1")
    found = ask(release(), "ada@dept.example", among=known, exclusions=(bar,))
    assert found.status == "excluded"


def test_a_persons_own_declaration_counts_where_the_appointment_has_none() -> None:
    subject = release(appointed("ada@dept.example"), declaration_required=True)
    unsigned, signed = directory(person("ada")), directory(person("ada", declaration=SIGNED))
    assert ask(subject, "ada@dept.example", among=unsigned).status == "missing-declaration"
    assert ask(subject, "ada@dept.example", among=signed).status == "listed"


def test_the_appointments_declaration_goes_before_the_persons() -> None:
    lapsed = Declaration(date(2018, 1, 1), 3, date(2019, 1, 1))
    subject = release(appointed("ada@dept.example", declaration=lapsed))
    found = ask(subject, "ada@dept.example", among=directory(person("ada", declaration=SIGNED)))
    assert found.status == "missing-declaration"


def test_a_declaration_of_an_older_version_does_not_count() -> None:
    subject = release(appointed("ada@dept.example", declaration=SIGNED), declaration_version=4)
    found = ask(subject, "ada@dept.example")
    assert found.status == "missing-declaration"
    assert found.sentence == (
        "They are on the list as Media Officer, but they have signed version 3 of the declaration,"
        " and version 4 is asked for."
    )
    same = release(appointed("ada@dept.example", declaration=SIGNED), declaration_version=3)
    assert ask(same, "ada@dept.example").status == "listed"


def test_a_list_that_asks_for_a_version_asks_for_a_declaration() -> None:
    found = ask(release(appointed("ada@dept.example"), declaration_version=1), "ada@dept.example")
    assert found.status == "missing-declaration"


def test_in_a_complete_directory_an_address_that_nobody_has_is_on_no_list() -> None:
    subject = release(
        appointed("ada@dept.example"),
        appointed("b@dept.example"),
        production_team=frozenset({"c@dept.example"}),
    )
    complete = directory(person("ada"), complete=True)
    assert ask(subject, "ada@dept.example", among=complete).status == "listed"
    for unknown in ("b@dept.example", "c@dept.example"):
        found = ask(subject, unknown, among=complete)
        assert found.status == "not-listed"
        assert found.sentence == "Nobody in the directory has this address, so it is on no list."
