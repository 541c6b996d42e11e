"""`_people.yaml`: everybody the department knows, with every fault at its line."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path
from typing import Callable

import pytest

from gateway.model.fault import Fault
from gateway.model.people import Absence, Declaration, Delegation, Group, Mailbox, Person
from gateway.model.register import Register

Load = Callable[..., Register]
LoadFaults = Callable[..., list[Fault]]
RELEASE = "release: {title: Something, instant: 2018-03-28T09:30:00}\n"
FULL = """\
    complete: true
    people:
      - id: ada
        name: Ada Reed
        title: Chief Economist
        organisation: The Department
        addresses: [A.Reed@dept.example, ada@dept.example]
        declaration: {signed: 2018-01-10, version: 3, expires: 2019-01-10}
        guidance_read: 2018-01-11
        left: 2018-12-31
        previous: [Deputy Director, Statistician]
      - {id: bea, name: Bea Wood, addresses: [b.wood@dept.example]}
    mailboxes:
      - {address: ps.minister@dept.example, kind: private-office, readers: [ada@dept.example]}
      - {address: news@dept.example, readers: [b.wood@dept.example], all_must_be_listed: false}
    groups:
      - {address: economists@dept.example, members: [ada@dept.example, news@dept.example]}
    delegates:
      - principal: ada@dept.example
        delegate: b.wood@dept.example
        from: 2018-02-01
        to: 2018-02-28
        releases: [x]
        declaration: {signed: 2018-01-12}
    absences:
      - {person: ada, from: 2018-02-01, to: 2018-02-28}
    """


def people(*rows: str, more: str = "") -> str:
    return "people:\n" + "".join(f"- {{{row}}}\n" for row in rows) + more


def test_everything_that_the_file_may_say_is_read(load: Load) -> None:
    known = load(_people=FULL, x=RELEASE).directory
    assert known.complete
    assert known.people["ada"] == Person(
        "ada", "Ada Reed", ("a.reed@dept.example", "ada@dept.example"), "Chief Economist",
        "The Department", Declaration(date(2018, 1, 10), 3, date(2019, 1, 10)), date(2018, 1, 11),
        date(2018, 12, 31), ("Deputy Director", "Statistician"),
    )  # fmt: skip
    assert known.person_of["ada@dept.example"].id == "ada"
    assert known.mailboxes["ps.minister@dept.example"] == Mailbox(
        "ps.minister@dept.example", ("ada@dept.example",), "private-office"
    )
    assert not known.mailboxes["news@dept.example"].all_must_be_listed
    assert known.groups["economists@dept.example"] == Group(
        "economists@dept.example", ("ada@dept.example", "news@dept.example"), "_people.yaml"
    )
    assert known.delegations == (
        Delegation(
            "ada@dept.example", "b.wood@dept.example", date(2018, 2, 1), date(2018, 2, 28),
            frozenset({"x"}), Declaration(date(2018, 1, 12)),
        ),
    )  # fmt: skip
    assert known.absences == (
        Absence("a.reed@dept.example", date(2018, 2, 1), date(2018, 2, 28)),
    )  # fmt: skip


def test_without_the_file_nobody_is_known_and_lists_load_all_the_same(load: Load) -> None:
    assert not load(x=RELEASE).directory.people


def test_a_directory_travels_to_every_worker(load: Load) -> None:
    register = load(_people=FULL, x=RELEASE)
    assert pickle.loads(pickle.dumps(register)).directory == register.directory


def test_the_digest_of_the_register_names_its_people_too(load: Load) -> None:
    first = load(_people=FULL, x=RELEASE).digest
    assert (
        load(_people=FULL.replace("left: 2018-12-31", "left: 2018-12-30"), x=RELEASE).digest
        != first
    )


def test_a_release_whose_name_sorts_before_it_knows_its_people(load: Load) -> None:
    roles = "roles: [{id: a, title: A}]\nappointments: [{role: a, person: bea}]\n"
    register = load(_people=FULL, **{"2018_x": RELEASE + roles, "x": RELEASE})
    (appointment,) = register.releases["2018-x"].roster.appointments
    assert appointment.address == "b.wood@dept.example"


ADA = "id: ada, name: Ada, addresses: [ada@dept.example]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (people(ADA, ADA.replace("@", "2@")), "the person 'ada' is there already"),
        (people(ADA, ADA.replace("id: ada", "id: bea")), "ada@dept.example is Ada's already"),
        (people("id: a, name: A, addresses: [a@b.example, A@B.example]"), "written twice"),
        (people("id: a, name: A, addresses: []"), "addresses: none"),
        (people("id: a, name: A"), "addresses: none"),
        (people("id: a, addresses: [a@b.example]"), "'name' is missing"),
        (people(ADA + ", left: 2018-02-30"), "no such day"),
        (people(ADA + ", guidance_read: yes"), "not a date"),
        (people(ADA + ", nickname: A"), "unknown key 'nickname'"),
        (people(ADA + ", declaration: {signed: 2018-02-03, expires: 2018-01-01}"), "before 'signed'"),
        ("complete: perhaps", "true or false"),
        ("mailboxes: [{address: m@b.example, readers: []}]", "readers: nobody"),
        ("mailboxes: [{address: m@b.example}]", "readers: nobody"),
        ("mailboxes: [{address: m@b.example, readers: [a@b.example], kind: fax}]", "possible values"),
        (
            "mailboxes:\n- {address: m@b.example, readers: [a@b.example]}\n"
            "- {address: M@b.example, readers: [c@b.example]}\n",
            "it is there already",
        ),
        (
            people(ADA, more="mailboxes: [{address: ada@dept.example, readers: [b@b.example]}]"),
            "it is that of one person, Ada",
        ),
        (
            people(ADA, more="groups: [{address: ada@dept.example, members: [b@b.example]}]"),
            "it is that of one person, Ada",
        ),
        ("mailboxes: [{address: m@b.example, readers: [m@b.example]}]", "read through itself"),
        ("groups: [{address: m@b.example, members: []}]", "members: nobody"),
        ("absences: [{person: bob, from: 2018-01-01, to: 2018-01-02}]", "there is no person 'bob'"),
        ("absences: [{address: a@b.example, from: 2018-01-02, to: 2018-01-01}]", "before 'from'"),
        ("absences: [{address: a@b.example, from: 2018-01-02}]", "'to' is missing"),
        ("delegates: [{principal: a@b.example, delegate: A@b.example}]", "principal's own address"),
        ("delegates: [{principal: a@b.example}]", "'delegate' is missing"),
        (
            "delegates: [{principal: a@b.example, delegate: c@b.example, releases: [y]}]",
            "there is no release 'y'",
        ),
        (
            "delegates: [{principal: a@b.example, delegate: c@b.example, from: 2018-01-02, to: 2018-01-01}]",
            "before 'from'",
        ),
    ],
)  # fmt: skip
def test_what_contradicts_itself_does_not_load(faults: LoadFaults, text: str, said: str) -> None:
    found = faults(_people=text, x=RELEASE)
    assert said in "\n".join(map(str, found))
    assert all(fault.line for fault in found)


def test_nobody_delegates_to_another_address_of_their_own(faults: LoadFaults) -> None:
    own = "delegates: [{principal: a@b.example, delegate: a2@b.example}]"
    text = people("id: a, name: A, addresses: [a@b.example, a2@b.example]", more=own)
    assert "principal's own address" in str(faults(_people=text, x=RELEASE)[0])


def test_nobody_acts_for_a_mailbox(faults: LoadFaults) -> None:
    text = (
        "mailboxes: [{address: m@b.example, readers: [a@b.example]}]\n"
        "delegates: [{principal: m@b.example, delegate: c@b.example}]\n"
    )
    assert "several people are behind this address" in str(faults(_people=text, x=RELEASE)[0])


def test_a_circle_of_mailboxes_is_told_once_and_drawn(faults: LoadFaults) -> None:
    text = """\
        mailboxes:
          - {address: a@b.example, readers: [x@b.example, b@b.example]}
          - {address: b@b.example, readers: [c@b.example]}
          - {address: c@b.example, readers: [a@b.example]}
          - {address: d@b.example, readers: [a@b.example]}
        """
    (fault,) = faults(_people=text, x=RELEASE)
    assert (fault.line, Path(fault.file).name) == (2, "_people.yaml")
    assert "a@b.example > b@b.example > c@b.example > a@b.example" in fault.message


def test_a_circle_through_a_distribution_list_and_a_release_is_found(faults: LoadFaults) -> None:
    everywhere = """\
        groups: [{address: list@b.example, members: [desk@b.example]}]
        mailboxes: [{address: desk@b.example, readers: [own@b.example]}]
        """
    own = RELEASE + "mailboxes: [{address: own@b.example, readers: [list@b.example]}]\n"
    (fault,) = faults(_people=everywhere, x=own)
    assert Path(fault.file).name == "x.yaml"


def test_many_mailboxes_that_read_each_other_in_a_row_load_quickly(load: Load) -> None:
    rows = "".join(
        f"- {{address: m{n}@b.example, readers: [m{n + 1}@b.example, m{n + 2}@b.example]}}\n"
        for n in range(3000)
    )
    assert len(load(_people="mailboxes:\n" + rows, x=RELEASE).directory.mailboxes) == 3000


def test_every_fault_of_people_and_lists_is_told_at_once(faults: LoadFaults) -> None:
    found = faults(
        _people=people(
            ADA, ADA, more="absences: [{person: bob, from: 2018-01-01, to: 2018-01-02}]"
        ),
        _exclusions="exclusions: [{person: bob, from: 2018-01-01, reason: r}]",
        x=RELEASE + "roles: [{id: a, title: A}]\nappointments: [{role: a, person: bob}]\n",
        y=RELEASE + "delegates: [{principal: a@b.example, delegate: a@b.example}]\n",
    )
    told = {(Path(fault.file).name, fault.line) for fault in found}
    assert told == {
        ("_people.yaml", 3), ("_people.yaml", 4), ("_exclusions.yaml", 1), ("x.yaml", 3),
        ("y.yaml", 2),
    }  # fmt: skip
