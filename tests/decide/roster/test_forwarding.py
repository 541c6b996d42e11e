"""An address whose mail is forwarded may have a release where every place it ends up in may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from support.lists import (
    IN_WINDOW,
    appointed,
    ask,
    directory,
    mailbox,
    person,
    register,
    release,
)

from gateway.decide.roster import standing as standing_of
from gateway.model.people import Directory, Forward, Group
from gateway.model.release import Release, Standing
from gateway.model.roster import Exclusion

A, B, C = "a@dept.example", "b@dept.example", "c@dept.example"
HOME = "a.person@webmail.example"


def on_list(*addresses: str, **more: Any) -> Release:
    return release(*(appointed(address) for address in addresses), **more)


def onward(forwards: dict[str, tuple[str, ...]], *people: Any, **more: Any) -> Directory:
    found = {address: Forward(targets, "staff") for address, targets in forwards.items()}
    return directory(*people, forwards=found, **more)


def standing(subject: Release, among: Directory, **more: Any) -> Standing:
    return ask(subject, A, among=among, **more)


def test_a_listed_person_whose_mail_goes_on_to_a_stranger_may_not_have_it() -> None:
    found = standing(on_list(A), onward({A: (HOME,)}))
    assert (found.status, found.allowed) == ("not-listed", False)
    assert found.sentence == (
        "Mail to it is forwarded to a.person@webmail.example, who is not on the list."
    )


def test_a_listed_person_whose_mail_goes_on_to_listed_people_may_have_it() -> None:
    assert standing(on_list(A, B, C), onward({A: (B, C)})).status == "listed"
    assert standing(on_list(A, B), onward({A: (B, C)})).status == "not-listed"


def test_before_the_window_it_is_said_at_once_that_it_will_never_count() -> None:
    early = IN_WINDOW - timedelta(days=3)
    assert standing(on_list(A), onward({A: (HOME,)}), at=early).status == "not-listed"
    found = standing(on_list(A, B), onward({A: (B,)}), at=early)
    assert found.status == "not-yet" and "opens on" in found.sentence


def test_forwarding_to_somebody_listed_lists_nobody() -> None:
    assert standing(on_list(B), onward({A: (B,)})).status == "not-listed"


def test_mail_that_goes_on_from_where_it_went_is_followed() -> None:
    assert standing(on_list(A, B), onward({A: (B,), B: (HOME,)})).status == "not-listed"
    chain = {f"p{n}@dept.example": (f"p{n + 1}@dept.example",) for n in range(5_000)}
    everybody = on_list(A, *chain, "p5000@dept.example")
    assert standing(everybody, onward({A: ("p0@dept.example",), **chain})).status == "not-listed"


def test_two_who_forward_to_each_other_are_on_no_list() -> None:
    assert standing(on_list(A, B), onward({A: (B,), B: (A,)})).status == "not-listed"


def test_another_address_of_the_same_person_is_no_other_place() -> None:
    pa = person("pa", A, "a2@dept.example")
    assert standing(on_list(A), onward({A: ("a2@dept.example",)}, pa)).status == "listed"


def test_what_holds_for_one_address_of_a_person_holds_for_all() -> None:
    pa = person("pa", A, "a2@dept.example")
    assert standing(on_list(A), onward({"a2@dept.example": (HOME,)}, pa)).status == "not-listed"


def test_mail_may_go_on_to_a_list_or_mailbox_of_listed_people() -> None:
    desk = "desk@dept.example"
    shared = onward({A: (desk,)}, mailboxes=[mailbox(desk, B, C)])
    assert standing(on_list(A, B, C), shared).status == "listed"
    assert standing(on_list(A, B), shared).status == "not-listed"


def test_a_reader_of_a_mailbox_who_forwards_to_a_stranger_keeps_it_out() -> None:
    desk = "desk@dept.example"
    among = onward({B: (HOME,)}, mailboxes=[mailbox(desk, A, B)])
    assert ask(on_list(A, B), desk, among=among).status == "not-listed"
    members = onward({B: (HOME,)}, groups={desk: Group(desk, (A, B))})
    assert ask(on_list(A, B), desk, among=members).status == "not-listed"


def test_a_mailbox_whose_own_place_counts_may_not_forward_either() -> None:
    desk = "desk@dept.example"
    loose = [mailbox(desk, B, all_must_be_listed=False)]
    assert ask(on_list(desk), desk, among=onward({}, mailboxes=loose)).status == "listed"
    among = onward({desk: (HOME,)}, mailboxes=loose)
    assert ask(on_list(desk), desk, among=among).status == "not-listed"


def test_the_production_team_may_not_forward_to_whoever_may_not_have_it_yet() -> None:
    early = IN_WINDOW - timedelta(days=3)
    team = on_list(B, production_team=frozenset({A}))
    assert standing(team, onward({}), at=early).status == "production"
    found = standing(team, onward({A: (B,)}), at=early)
    assert (found.status, found.sentence) == (
        "not-yet", "Mail to it is forwarded to b@dept.example, who may not have it yet.",
    )  # fmt: skip
    assert standing(team, onward({A: (B,)})).status == "production"


def test_where_nobody_can_tell_where_it_goes_it_is_on_no_list() -> None:
    unread = directory(forwards={A: Forward((), "staff", "'x' is not in the directory")})
    found = standing(on_list(A), unread)
    assert (found.status, found.sentence) == (
        "not-listed",
        "Mail to it is forwarded, and nobody can tell where to: 'x' is not in the directory.",
    )


def test_whoever_forwards_may_send_it_all_the_same() -> None:
    subject, among = on_list(A), onward({A: (HOME,)})
    asked = standing_of(register(subject, directory=among), subject, A, IN_WINDOW, onward=False)
    assert asked.status == "listed"


def test_an_excluded_person_to_whom_it_goes_bars_it() -> None:
    barred = on_list(A, B, exclusions=(Exclusion(B, date(2020, 1, 1), date(2021, 1, 1), "INC-1"),))
    assert not standing(barred, onward({A: (B,)})).allowed
