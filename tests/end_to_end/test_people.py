"""Mailboxes, delegates, substitutes and people on duty, through real SMTP: the notice says why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from end_to_end.letters import mail
from end_to_end.test_incidents import Aftermath, at, text
from support.gateway import InThread
from support.sink import Sink

Send = Callable[[str, list[str]], Aftermath]
SENDER = "c.lane@dept.example"
PACK = (
    "EMBARGOED UNTIL 9:30AM ON THURSDAY 16 SEPTEMBER 2027\n\n"
    "Public service productivity, 2026: please find the papers below.\n"
)
DUTY, DESK = "d.ash@dept.example", "news.desk@dept.example"
DELEGATE, OFFICE = "f.rowan@dept.example", "ps.chief.economist@dept.example"
SUBSTITUTE, MEDIA = "i.flint@dept.example", "media.officers@dept.example"


@pytest.fixture
def send(gateway: InThread, sink: Sink) -> Send:
    def run(when: str, to: list[str]) -> Aftermath:
        gateway.clock.at = at(when)
        content = mail(SENDER, to, "Public service productivity, 2026", PACK, at(when), None)
        assert gateway.send(SENDER, to, content).startswith("250 2.0.0")
        return Aftermath(gateway, sink, SENDER)

    return run


def said(after: Aftermath) -> str:
    (notice,) = after.notices
    return " ".join(text(notice).split())


def test_the_duty_press_officer_and_the_desk_that_they_read_wait_for_their_turn(send: Send) -> None:
    after = send("2027-09-15T17:00", [DUTY, DESK])
    assert (after.held, after.delivered) == ({DUTY, DESK}, set())
    assert "It is a press mailbox, and 1 of its 2 readers may not have it yet" in said(after)
    assert "may have it from 18:00 on Wednesday 15 September 2027. Send it then." in said(after)


def test_while_they_are_on_duty_both_may_have_it(send: Send) -> None:
    after = send("2027-09-15T20:35", [DUTY, DESK])
    assert (after.held, after.delivered) == (set(), {DUTY, DESK})


def test_a_delegate_and_the_private_office_have_what_the_principal_has(send: Send) -> None:
    after = send("2027-09-15T20:35", [DELEGATE, OFFICE, "chief.economist@dept.example"])
    assert after.held == set()


def test_a_substitute_counts_while_the_holder_is_away_and_so_does_the_list_of_both(
    send: Send,
) -> None:
    to = [SUBSTITUTE, MEDIA, "k.webb@dept.example"]
    assert send("2027-09-15T20:35", to).held == set()


def test_beside_the_holder_the_substitute_is_held_and_so_is_every_list_that_reaches_them(
    send: Send,
) -> None:
    after = send("2027-09-16T08:00", [SUBSTITUTE, MEDIA, "k.webb@dept.example"])
    assert after.held == {SUBSTITUTE, MEDIA}
    assert "It is a distribution list, and 1 of its 2 members is not on the list" in said(after)
    assert "only on days when the holder is away" in said(after)


def test_a_tagged_address_of_somebody_listed_and_somebody_who_left_are_held(send: Send) -> None:
    to = ["k.webb+stats@dept.example", "t.moss@dept.example", "k.webb@dept.example"]
    after = send("2027-09-15T20:35", to)
    assert (after.held, after.delivered) == (set(to[:2]), {to[2]})
    assert "They left on 28 September 2018." in said(after)
