"""A recipient who resembles somebody on the list, through real SMTP: held, and the notice and the
alert say whom they may have been taken for; to nobody who may not know who is on the list."""

from __future__ import annotations

from typing import Callable

import pytest
from end_to_end.letters import mail
from end_to_end.test_incidents import BANNER, Aftermath, at, text
from support.gateway import InThread
from support.sink import Sink

Play = Callable[..., Aftermath]
PACK = f"{BANNER}\nChildren in care and care leavers, 2018: please find the papers below.\n"
DAY_BEFORE = "2018-03-27T13:31"
PERSONNEL = (
    "EMBARGOED UNTIL 9:30AM ON THURSDAY 4 JUNE 2020\n\n"
    "Service personnel statistics, April 2020: please find the papers below.\n"
)
TITLES = (
    "The list says “Deputy Head Personnel Policy”, held by h.reed@dept.example until 31 May 2020; the"
    " directory says that people.policy@dept.example is “Deputy Head, People Policy”. A title that"
    " resembles one on the list is not on the list."
)


@pytest.fixture
def play(gateway: InThread, sink: Sink) -> Play:
    def run(when: str, sender: str, to: list[str], body: str = PACK) -> Aftermath:
        gateway.clock.at = at(when)
        gateway.send(sender, to, mail(sender, to, "For your use", body, at(when), None))
        return Aftermath(gateway, sink, sender)

    return run


def flat(words: str) -> str:
    return " ".join(words.split())


def test_a_similar_title_is_held_with_both_titles_shown(play: Play) -> None:
    to = ["k.webb@dept.example", "people.policy@dept.example"]
    after = play("2020-06-03T10:05", "w.holt@dept.example", to, PERSONNEL)
    assert (after.delivered, after.held) == ({to[0]}, {to[1]})
    for letter in (after.notices[0], after.alerts[0]):
        assert TITLES in flat(text(letter))
    assert "lookalike-off-list" in text(after.alerts[0])


@pytest.mark.parametrize(
    "address, sentence",
    [
        ("n.frost@others.example",
         "n.frost@others.example is at others.example, which differs by one letter from the domain of"
         " n.frost@other.example, who is on the list as “Private Secretary”."),
        ("r.dale@other.example",
         "r.dale@other.example has the name of r.dale@dept.example, who is on the list as “Deputy"
         " Director, Care Policy”; a namesake is not on the list."),
        ("p.lowe+inbox@dept.example",
         "p.lowe+inbox@dept.example has a +tag, so that it is not p.lowe@dept.example, who is on the"
         " list as “Private Office to the Secretary of State”."),
        ("v.pike@webmail.example",
         "v.pike@webmail.example has the same words before the @ as v.pike@dept.example, who is"
         " excluded from pre-release lists."),
    ],
)  # fmt: skip
def test_a_slip_of_the_address_book_is_held_and_explained(
    play: Play, address: str, sentence: str
) -> None:
    after = play(DAY_BEFORE, "s.field@dept.example", ["r.dale@dept.example", address])
    assert (after.delivered, after.held) == ({"r.dale@dept.example"}, {address})
    assert sentence in flat(text(after.notices[0]))
    assert sentence in flat(text(after.alerts[0]))


def test_who_may_not_have_the_release_is_not_told_who_may(play: Play) -> None:
    after = play(DAY_BEFORE, "a.cole@dept.example", ["r.dale@other.example"])
    assert after.held == {"r.dale@other.example"}
    said = text(after.notices[0])
    assert "They are not on the list for this release." in flat(said)
    assert "r.dale@dept.example" not in said
    assert "r.dale@dept.example, who is on the list" in flat(text(after.alerts[0]))


def test_two_figures_beside_the_name_of_a_release_are_held_from_a_namesake_alone(
    play: Play,
) -> None:
    body = "Children in care 2018: up 2.4 per cent, to 75,420, for your diary on Thursday.\n"
    to = ["r.dale@other.example", "a.cole@dept.example"]
    after = play("2018-03-23T15:00", "r.dale@dept.example", to, body)
    assert (after.delivered, after.held) == ({to[1]}, {to[0]})


def test_a_colleague_with_the_same_surname_may_be_met_for_lunch(play: Play) -> None:
    body = "Children in care 2018 is out tomorrow; lunch at the usual place afterwards?\n"
    after = play(DAY_BEFORE, "e.hart@dept.example", ["s.dale@dept.example"], body)
    assert after.delivered == {"s.dale@dept.example"}
    assert not after.alerts and not after.notices
