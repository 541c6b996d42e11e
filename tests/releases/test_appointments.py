"""Who holds a role: for days, by turns of duty, by a letter, or in the holder's stead."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Callable

import pytest

from gateway.model.fault import Fault
from gateway.model.people import Delegation, Mailbox
from gateway.model.register import Register
from gateway.model.roster import Exclusion, Shift

Load = Callable[..., Register]
LoadFaults = Callable[..., list[Fault]]
HEAD = """\
release: {title: Something, instant: 2020-06-04T09:30:00}
roles: [{id: press, title: Media Officer}, {id: two, title: Office, count: 2}]
"""
PEOPLE = """\
people:
- {id: ada, name: Ada, addresses: [ada@dept.example, a.reed@dept.example]}
- {id: bea, name: Bea, addresses: [bea@dept.example]}
"""
LETTER = "letter: 'https://dept.example/letters/1'"


def appointments(*rows: str) -> str:
    return HEAD + "appointments:\n" + "".join(f"- {{{row}}}\n" for row in rows)


def rota(*rows: str) -> str:
    return HEAD + "rota:\n" + "".join(f"- {{{row}}}\n" for row in rows)


def test_the_syntax_of_the_domain_page_loads_as_it_stands_there(load: Load) -> None:
    text = """\
        release: {id: cla-2018, title: Children in care, instant: 2018-03-28T09:30:00, zone: Europe/London, window: PT24H, state: confirmed, market_sensitive: false, delivery: attach, lift: instant-and-published}
        roles: [{id: duty-press, title: Media Officer, organisation: Us, count: 2, justification: Lines}]
        appointments: [{role: duty-press, address: a.b@dept.example, from: 2018-01-08, to: 2018-06-30, declaration: {signed: 2018-01-10, version: 3, expires: 2019-01-10}}]
        mailboxes: [{address: ps.minister@dept.example, kind: shared, readers: [a.b@dept.example], all_must_be_listed: true}]
        delegates: [{principal: a.b@dept.example, delegate: c.d@dept.example, from: 2018-01-08, to: 2018-06-30, releases: [cla-2018]}]
        exclusions: [{address: e.f@dept.example, from: 2018-01-01, until: 2018-07-01, reason: INC-12}]
        production_team: [p@dept.example]
        """
    roster = load(cla_2018=text).releases["cla-2018"].roster
    assert roster.mailboxes == (Mailbox("ps.minister@dept.example", ("a.b@dept.example",)),)
    assert roster.delegations == (
        Delegation(
            "a.b@dept.example", "c.d@dept.example", date(2018, 1, 8), date(2018, 6, 30),
            frozenset({"cla-2018"}),
        ),
    )  # fmt: skip


def test_a_place_may_be_given_to_a_person_by_their_id(load: Load) -> None:
    roster = load(_people=PEOPLE, x=appointments("role: press, person: ada")).releases["x"].roster
    assert roster.appointments[0].address == "ada@dept.example"


def test_substitutes_and_an_exceptional_grant_are_read(load: Load) -> None:
    text = appointments(
        "role: two, address: a@b.example, substitutes: [C@b.example, d@b.example]",
        f"role: two, address: e@b.example, grant: exceptional, {LETTER}",
    )
    first, second = load(x=text).releases["x"].roster.appointments
    assert first.substitutes == ("c@b.example", "d@b.example")
    assert (second.grant, second.letter) == ("exceptional", "https://dept.example/letters/1")


def test_a_list_may_say_how_old_a_declaration_may_be(load: Load) -> None:
    roster = load(x=HEAD + "declaration_version: 4\n").releases["x"].roster
    assert (roster.declaration_version, roster.declaration_required) == (4, True)


def test_turns_of_duty_are_instants_on_the_clocks_of_the_release(load: Load) -> None:
    text = rota("role: press, person: ada, from: 2020-06-03T18:00:00, to: 2020-06-04T08:00:00Z")
    assert load(_people=PEOPLE, x=text).releases["x"].roster.shifts == (
        Shift(
            "press", "ada@dept.example", datetime(2020, 6, 3, 17, tzinfo=UTC),
            datetime(2020, 6, 4, 8, tzinfo=UTC),
        ),
    )  # fmt: skip


def test_an_exclusion_names_its_incident_and_may_name_the_person(load: Load) -> None:
    text = "exclusions: [{person: ada, from: 2020-01-01, reason: Second breach, incident: INC-9}]"
    everywhere = load(_people=PEOPLE, _exclusions=text, x=HEAD).exclusions
    bar = Exclusion("ada@dept.example", date(2020, 1, 1), None, "Second breach", "INC-9")
    assert everywhere == (bar,)
    assert load(_people=PEOPLE, x=HEAD + text).releases["x"].roster.exclusions == (bar,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (appointments("role: press, person: bob"), "there is no person 'bob'"),
        (appointments("role: press, person: ada, address: a@b.example"), "stands beside 'address'"),
        (appointments("role: press"), "'address' is missing"),
        (appointments("role: boss, person: ada"), "there is no role 'boss'"),
        (appointments("role: press, person: ada, grant: exceptional"), "needs a published letter"),
        (appointments(f"role: press, person: ada, {LETTER}"), "only an exceptional grant has one"),
        (appointments("role: press, person: ada, grant: exceptional, letter: here"), "letter: not a link"),
        (appointments("role: press, person: ada, grant: friendly"), "possible values"),
        (
            appointments(f"role: press, person: ada, grant: exceptional, {LETTER}, substitutes: [b@b.example]"),
            "lets in one person alone",
        ),
        (
            appointments("role: press, person: ada, substitutes: [a.reed@dept.example]"),
            "a.reed@dept.example is the holder's own address",
        ),
        (rota("role: press, person: ada, from: 2020-06-03T18:00:00"), "'to' is missing"),
        (rota("role: press, person: ada, from: 2020-06-03, to: 2020-06-04"), "not a date with a time"),
        (rota("role: press, person: ada, from: 2020-06-03T18:00:00, to: 2020-06-03T18:00:00"), "not after 'from'"),
        (rota("role: press, person: ada, from: 2020-03-29T01:30:00, to: 2020-03-29T08:00:00"), "never show this time"),
        (rota("role: press, person: ada, from: 2020-10-25T01:30:00, to: 2020-10-25T08:00:00"), "show this time twice"),
        (rota("role: boss, person: ada, from: 2020-06-03T18:00:00, to: 2020-06-03T19:00:00"), "there is no role 'boss'"),
        (HEAD + "delegates: [{principal: a@b.example, delegate: c@b.example, releases: [y]}]", "there is no release 'y'"),
        (HEAD + "mailboxes: [{address: ada@dept.example, readers: [b@b.example]}]", "that of one person, Ada"),
        (HEAD + "mailboxes: [{address: m@b.example, readers: [m@b.example]}]", "read through itself"),
        (HEAD + "declaration_version: 0", "number of a version"),
        (HEAD + "declaration_version: 2\ndeclaration_required: false", "asks for one of everybody"),
    ],
)  # fmt: skip
def test_what_cannot_be_honoured_does_not_load(faults: LoadFaults, text: str, said: str) -> None:
    found = faults(_people=PEOPLE, x=text)
    assert said in "\n".join(map(str, found))
    assert all(fault.line for fault in found)


def test_a_delegation_in_the_file_of_a_release_is_for_that_release(faults: LoadFaults) -> None:
    text = HEAD + "delegates: [{principal: a@b.example, delegate: c@b.example, releases: [y]}]"
    (fault,) = faults(x=text, y=HEAD)
    assert "not for this release" in fault.message
