"""At no time may more people hold a role than the published list says."""

from __future__ import annotations

from typing import Callable

import pytest

from gateway.model.fault import Fault
from gateway.model.register import Register

Load = Callable[..., Register]
LoadFaults = Callable[..., list[Fault]]
PEOPLE = "people: [{id: ada, name: Ada, addresses: [ada@dept.example, a.reed@dept.example]}]\n"


def lists(*rows: str, rota: tuple[str, ...] = (), count: int = 1) -> str:
    head = "release: {title: Something, instant: 2020-06-04T09:30:00}\n"
    roles = f"roles: [{{id: press, title: Media Officer, count: {count}}}]\n"
    posts = "appointments:\n" + "".join(f"- {{role: press, {row}}}\n" for row in rows)
    turns = "rota:\n" + "".join(f"- {{role: press, {row}}}\n" for row in rota)
    return head + roles + (posts if rows else "") + (turns if rota else "")


NIGHT = "address: a@b.example, from: 2020-06-03T18:00:00, to: 2020-06-04T08:00:00"
DAY = "address: c@b.example, from: 2020-06-04T08:00:00, to: 2020-06-04T18:00:00"
EARLY = "address: c@b.example, from: 2020-06-04T07:59:59, to: 2020-06-04T18:00:00"


def test_a_turn_that_begins_when_another_ends_is_no_overlap(load: Load) -> None:
    assert len(load(x=lists(rota=(DAY, NIGHT))).releases["x"].roster.shifts) == 2


def test_two_turns_at_once_are_more_than_one_person(faults: LoadFaults) -> None:
    (fault,) = faults(x=lists(rota=(NIGHT, EARLY)))
    assert fault.line == 5
    assert "held by 2 people at 2020-06-04T07:59+01:00, and the list has 1" in fault.message


def test_as_many_may_be_on_duty_as_the_list_says(load: Load) -> None:
    assert load(x=lists(rota=(NIGHT, EARLY), count=2))


def test_somebody_on_duty_beside_somebody_appointed_is_one_more(faults: LoadFaults) -> None:
    text = lists("address: c@b.example, from: 2020-06-04", rota=(NIGHT,))
    (fault,) = faults(x=text)
    assert "held by 2 people on 2020-06-04" in fault.message


def test_an_appointment_that_ends_the_day_before_leaves_room_for_a_turn(load: Load) -> None:
    assert load(x=lists("address: c@b.example, to: 2020-06-02", rota=(NIGHT,)))


@pytest.mark.parametrize("other", ["ada@dept.example", "a.reed@dept.example"])
def test_one_person_counts_once_whatever_the_address(load: Load, other: str) -> None:
    posts = ("address: ada@dept.example, to: 2020-05-31", f"address: {other}, from: 2020-06-01")
    assert load(_people=PEOPLE, x=lists(*posts))
    night = NIGHT.replace("a@b.example", "a.reed@dept.example")
    assert load(_people=PEOPLE, x=lists("address: ada@dept.example", rota=(night,)))


def test_two_addresses_of_one_person_are_one_person(load: Load) -> None:
    posts = ("address: ada@dept.example", "address: a.reed@dept.example")
    assert load(_people=PEOPLE, x=lists(*posts))


def test_substitutes_take_no_place_of_their_own(load: Load) -> None:
    assert load(x=lists("address: a@b.example, substitutes: [c@b.example, d@b.example]"))
