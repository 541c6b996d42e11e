"""Places on a list that never count, or not as they seem, are told before the day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from support.lists import appointed, directory, local, mailbox, person, register, release, turn

from gateway.model.people import Directory, Group
from gateway.model.roster import Exclusion, Role
from gateway.releases import concerns

NOW = datetime(2020, 6, 1, tzinfo=UTC)
A = "a@dept.example"


def told(*appointments: Any, among: Directory | None = None, **lists: Any) -> list[str]:
    roles = {"press": Role("press", "Media Officer", count=9)}
    subject = release(*appointments, **{"roles": roles, "contacts": ("c@dept.example",)} | lists)
    return list(concerns(register(subject, directory=among or Directory()), NOW))


def test_a_list_in_order_is_no_concern() -> None:
    assert told(appointed(A), among=directory(person("a"), complete=True)) == []


def test_who_left_before_their_appointment_begins() -> None:
    known = directory(person("a", left=date(2020, 5, 1)))
    assert told(appointed(A, starts=date(2020, 5, 2)), among=known) == [
        "x: A left on 2020-05-01, before the appointment of 2020-05-02 begins, so that it never"
        " counts"
    ]


def test_an_address_with_a_tag() -> None:
    assert told(appointed("a+x@dept.example")) == [
        "x: a+x@dept.example has a +tag, which no list knows: write the address without it"
    ]


def test_an_address_in_letters_of_two_alphabets() -> None:
    assert "mixes letters of two alphabets" in told(appointed("k.wеbb@dept.example"))[0]
    assert told(appointed("κ.νικος@dept.example")) == []
    assert told(appointed("zoë@dept.example")) == []


def test_an_exclusion_of_an_address_with_a_tag_bars_nobody_else() -> None:
    barred = Exclusion("a+x@dept.example", date(2020, 1, 1), None, "told")
    said = (
        "the exclusion of a+x@dept.example bars that spelling alone, which is on no list anyway:"
        " write the address without its +tag"
    )
    assert told(appointed(A), exclusions=(barred,)) == [f"x: {said}"]
    everywhere = register(
        release(appointed(A), roles={"press": Role("press", "M")}, contacts=(A,)),
        exclusions=(barred,),
    )
    assert list(concerns(everywhere, NOW)) == [said]


def test_a_mailbox_that_only_those_read_who_work_on_it_is_no_concern() -> None:
    box, team = "care-statistics@dept.example", {"s@dept.example", "q@dept.example"}
    known = directory(mailboxes=[mailbox(box, *sorted(team))])
    assert told(appointed(A), among=known, production_team=frozenset({box, *team})) == []
    assert told(appointed(A), among=known, production_team=frozenset({box})) == [
        f"x: {box} is read by several people, so that what counts is whether each of them is on the"
        " list"
    ]


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("press.office@dept.example", True),
        ("ps.minister@dept.example", True),
        ("care-statistics@dept.example", True),
        ("cla.outputs@dept.example", True),
        ("c.lane@dept.example", False),
    ],
)
def test_a_mailbox_of_others_among_those_who_work_on_it(address: str, warned: bool) -> None:
    found = told(appointed(A), production_team=frozenset({address}))
    assert any("sounds as if others read it" in one for one in found) is warned


def test_a_mailbox_or_a_distribution_list_on_a_list() -> None:
    said = ["x: a@dept.example is read by several people, so that what counts is whether each of"
            " them is on the list"]  # fmt: skip
    assert told(appointed(A), among=directory(mailboxes=[mailbox(A, "b@dept.example")])) == said
    assert told(appointed(A), mailboxes=(mailbox(A, "b@dept.example"),)) == said
    group = directory(groups={A: Group(A, ("b@dept.example",))})
    assert told(appointed(A), among=group) == said


def test_an_address_that_nobody_has_in_a_complete_directory() -> None:
    assert told(appointed(A), among=directory(complete=True)) == [
        "x: nobody in the directory has a@dept.example, so that it does not count"
    ]


def test_a_role_that_is_held_by_turns_of_duty_is_held() -> None:
    night = turn(A, local(2020, 6, 3, 18, 0), local(2020, 6, 4, 8, 0))
    early = turn(A, local(2020, 6, 1, 18, 0), local(2020, 6, 2, 8, 0))
    assert told(shifts=(night,)) == []
    assert told(shifts=(early,)) == ["x: nobody holds the role 'Media Officer' on 2020-06-04"]


def test_a_mailbox_with_a_place_of_its_own_and_more_readers_than_places() -> None:
    readers = [f"r{number}@dept.example" for number in range(10)]
    desk = mailbox(A, *readers, all_must_be_listed=False)
    assert told(appointed(A), among=directory(mailboxes=[desk])) == [
        "x: 'Media Officer' is a place for 9, and a@dept.example, which holds it, is read by 10"
        " people"
    ]


@pytest.mark.parametrize(
    "name", ["news.desk", "ps-minister", "press", "care_team", "private.office2"]
)
def test_an_address_that_sounds_like_a_mailbox_and_is_given_as_nobodys(name: str) -> None:
    address = f"{name}@dept.example"
    assert told(appointed(address)) == [
        f"x: {address} sounds as if several people read it: if so, name them under 'mailboxes', or"
        " nobody can tell who gets it"
    ]
    assert told(appointed(address), among=directory(person("a", address))) == []


@pytest.mark.parametrize("name", ["a.person", "p.desktop", "teams.anna", "o.pressman"])
def test_an_address_that_sounds_like_a_person_is_no_concern(name: str) -> None:
    assert told(appointed(f"{name}@dept.example")) == []
