"""Laws of standing, for any lists and any people (hypothesis)."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Iterator
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from support.lists import directory, release

from gateway.decide.roster import standing
from gateway.model.address import normalise_address
from gateway.model.people import Absence, Declaration, Delegation, Group, Mailbox, Person
from gateway.model.regime import Regime
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.model.roster import Appointment, Exclusion, Roster, Shift

A, A2, B, C = "a@dept.example", "a.alias@dept.example", "b@dept.example", "c@other.example"
DESK, OFFICE, LIST = "desk@dept.example", "office@dept.example", "list@dept.example"
PEOPLE, SHARED = (A, A2, B, C), (DESK, OFFICE, LIST)
LONDON = ZoneInfo("Europe/London")

persons, everybody = st.sampled_from(PEOPLE), st.sampled_from((*PEOPLE, *SHARED))
days = st.dates(date(2020, 5, 20), date(2020, 6, 12))
some_day = st.none() | st.none() | days
times = st.datetimes(datetime(2020, 5, 20), datetime(2020, 6, 12), timezones=st.just(UTC))
declarations = st.none() | st.builds(Declaration, days, st.integers(1, 2), some_day)
roles = st.sampled_from(["press", "chief"])
rarely = st.sampled_from([False, False, False, True])


def few(one: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=most).map(tuple)


exclusions = few(st.builds(Exclusion, everybody, days, some_day, st.just("INC-1")))
appointments = few(
    st.builds(
        Appointment, roles, st.one_of(persons, everybody), some_day, some_day, declarations, few(persons),
        st.sampled_from(["list", "list", "exceptional"]), st.sampled_from(["", "https://x.example"]),
    ),
    4,
)  # fmt: skip
delegations = few(
    st.builds(
        Delegation, persons, persons, some_day, some_day,
        st.sampled_from([frozenset(), frozenset({"x"}), frozenset({"y"})]), declarations,
    )
)  # fmt: skip
mailboxes = few(
    st.builds(
        Mailbox, st.sampled_from(SHARED), few(everybody, 3), st.just("shared"), st.booleans()
    )
)  # fmt: skip
groups = few(st.builds(Group, st.just(LIST), few(everybody, 3), st.just(""), st.sampled_from(["", "?"])), 1)  # fmt: skip
known_people = st.builds(
    lambda ada, bea, who: tuple(one for one in (ada, bea) if one.id in who),
    *(
        st.builds(
            Person, st.just(id), st.just(id), st.just(addresses), declaration=declarations,
            guidance_read=some_day, left=some_day,
        )
        for id, addresses in (("ada", (A, A2)), ("bea", (B,)))
    ),
    who=st.sets(st.sampled_from(["ada", "bea"])),
)  # fmt: skip
directories = st.builds(
    lambda people, boxes, lists, complete, delegates, absences: directory(
        *people, mailboxes=boxes, groups={one.address: one for one in lists}, complete=complete,
        delegations=delegates, absences=absences,
    ),
    known_people, mailboxes, groups, rarely, delegations,
    few(st.builds(Absence, persons, days, days)),
)  # fmt: skip
regimes = st.builds(
    lambda **law: {"law": Regime("law", "Law", "", {"": timedelta(hours=24)}, **law)},
    grant_months=st.sampled_from([None, 1]),
    declaration_required=rarely,
    guidance_required=rarely,
    exceptional_only=rarely,
)  # fmt: skip
rosters = st.fixed_dictionaries(
    {
        "production_team": st.frozensets(everybody, max_size=1),
        "quality_assurers": st.frozensets(persons, max_size=1),
        "shifts": few(st.builds(Shift, roles, persons, times, times)),
        "mailboxes": mailboxes,
        "delegations": delegations,
        "exclusions": exclusions,
        "declaration_required": rarely,
        "declaration_version": st.sampled_from([None, None, None, 2]),
        "regime": st.sampled_from(["", "", "", "law", "law", "gone"]),
        "state": st.sampled_from([*["confirmed"] * 5, "postponed"]),
        "window": st.sampled_from([timedelta(days=1), timedelta(days=30)]),
    }
)
registers = st.builds(
    lambda posts, lists, known, laws, barred: Register(
        {"x": release(*posts, **lists)}, barred, directory=known, regimes=laws
    ),
    appointments, rosters, directories, regimes, exclusions,
)  # fmt: skip


def of(register: Register) -> Release:
    return register.releases["x"]


def ask(register: Register, address: str, at: datetime) -> Any:
    return standing(register, of(register), address, at)


def allowed(register: Register, at: datetime) -> set[str]:
    return {who for who in (*PEOPLE, *SHARED) if ask(register, who, at).allowed}


def with_roster(register: Register, roster: Roster) -> Register:
    return replace(register, releases={"x": replace(of(register), roster=roster)})


@given(registers, exclusions, times)
def test_adding_an_exclusion_never_clears_anyone(
    register: Register, added: tuple[Exclusion, ...], at: datetime
) -> None:
    everywhere = replace(register, exclusions=register.exclusions + added)
    assert allowed(everywhere, at) <= allowed(register, at)
    roster = of(register).roster
    here = replace(roster, exclusions=roster.exclusions + added)
    assert allowed(with_roster(register, here), at) <= allowed(register, at)


@given(registers, times, st.data())
def test_taking_a_place_away_never_clears_anyone(
    register: Register, at: datetime, data: st.DataObject
) -> None:
    roster = of(register).roster
    places = [
        (key, entry)
        for key in ("appointments", "shifts", "delegations", "production_team", "quality_assurers")
        for entry in getattr(roster, key)
    ]
    if not places:
        return
    key, gone = data.draw(st.sampled_from(places))
    left = type(getattr(roster, key))(one for one in getattr(roster, key) if one != gone)
    fewer = with_roster(register, replace(roster, **{key: left}))
    assert allowed(fewer, at) <= allowed(register, at)


@given(registers, times, st.integers(0, 3))
def test_taking_a_substitute_or_a_delegation_of_every_list_away_never_clears_anyone(
    register: Register, at: datetime, number: int
) -> None:
    known = register.directory
    fewer = replace(
        known, delegations=known.delegations[:number] + known.delegations[number + 1 :]
    )  # fmt: skip
    assert allowed(replace(register, directory=fewer), at) <= allowed(register, at)
    roster = of(register).roster
    posts = tuple(replace(one, substitutes=one.substitutes[:number]) for one in roster.appointments)
    fewer_posts = with_roster(register, replace(roster, appointments=posts))
    assert allowed(fewer_posts, at) <= allowed(register, at)


@given(registers, times, st.sampled_from(["ada", "bea"]))
def test_removing_a_person_never_clears_anyone(
    register: Register, at: datetime, gone: str
) -> None:  # fmt: skip
    """With all that they have: whoever reads a mailbox reads it still, and is not listed any more."""
    assert allowed(without(register, gone), at) <= allowed(register, at)


@given(registers, times, st.sampled_from(["ada", "bea"]))
def test_in_a_complete_directory_striking_a_person_alone_never_clears_anyone(
    register: Register, at: datetime, gone: str
) -> None:
    known = replace(register.directory, complete=True)
    people = {id: one for id, one in known.people.items() if id != gone}
    struck = replace(register, directory=replace(known, people=people))
    assert allowed(struck, at) <= allowed(replace(register, directory=known), at)


@given(registers, times, st.sampled_from(["ada", "bea"]))
def test_nobodys_standing_depends_on_people_who_have_nothing_to_do_with_them(
    register: Register, at: datetime, other: str
) -> None:
    person = register.directory.people.get(other)
    if person is None:
        return
    linked = links(register, person.addresses)
    elsewhere = without(register, other)
    for address in {*PEOPLE, *SHARED} - linked:
        assert ask(register, address, at) == ask(elsewhere, address, at)


@given(registers, st.text(max_size=12), times)
def test_a_stranger_is_never_cleared(register: Register, local: str, at: datetime) -> None:
    assert not ask(register, f"{local}@elsewhere.example", at).allowed


@given(registers, times, persons, st.text("abc", min_size=1, max_size=3))
def test_a_tagged_address_is_never_cleared(
    register: Register, at: datetime, address: str, tag: str
) -> None:
    name, _, domain = address.partition("@")
    assert not ask(register, f"{name}+{tag}@{domain}", at).allowed


@given(registers, times, st.sampled_from((*PEOPLE, *SHARED)))
def test_however_an_address_is_written_the_answer_is_the_same(
    register: Register, at: datetime, address: str
) -> None:
    name, _, domain = address.partition("@")
    for written in (f"<{address}>", address.upper(), f'"{name}"@{domain}.'):
        assert normalise_address(written) == normalise_address(normalise_address(written))
        assert replace(ask(register, written, at), address=address) == ask(register, address, at)


@given(registers, times, times)
def test_between_two_known_instants_the_clock_changes_nothing(
    register: Register, one: datetime, other: datetime
) -> None:
    first, last = sorted((one, other))
    changes = [moment for moment in known_instants(register) if first < moment <= last]
    last = min(changes) - timedelta(microseconds=1) if changes else last
    for address in (*PEOPLE, *SHARED):
        assert ask(register, address, first) == ask(register, address, last)


@given(registers, times)
def test_somebody_who_may_not_have_it_yet_may_have_it_from_the_time_that_is_told(
    register: Register, at: datetime
) -> None:
    for address in (*PEOPLE, *SHARED):
        begins = ask(register, address, at).begins
        if begins is not None:
            assert at < begins < of(register).instant
            assert ask(register, address, begins).allowed
            assert not ask(register, address, begins - timedelta(microseconds=1)).allowed


def without(register: Register, id: str) -> Register:
    """The register after somebody is taken off every list and out of the directory."""
    known = register.directory
    person = known.people.get(id)
    if person is None:
        return register
    theirs = set(person.addresses)
    roster = of(register).roster
    fewer = replace(
        roster,
        appointments=tuple(
            replace(one, substitutes=tuple(s for s in one.substitutes if s not in theirs))
            for one in roster.appointments
            if one.address not in theirs
        ),
        shifts=tuple(one for one in roster.shifts if one.address not in theirs),
        production_team=roster.production_team - theirs,
        quality_assurers=roster.quality_assurers - theirs,
        delegations=tuple(one for one in roster.delegations if not _names(one, theirs)),
    )
    smaller = replace(
        known,
        people={key: one for key, one in known.people.items() if key != id},
        delegations=tuple(one for one in known.delegations if not _names(one, theirs)),
    )
    return replace(with_roster(register, fewer), directory=smaller)


def _names(delegation: Delegation, addresses: set[str]) -> bool:
    return delegation.principal in addresses or delegation.delegate in addresses


def links(register: Register, addresses: tuple[str, ...]) -> set[str]:
    """Everybody whose standing may hang on these addresses."""
    known, roster = register.directory, of(register).roster
    found = set(addresses)
    for one in (*known.delegations, *roster.delegations):
        if found.intersection(known.aliases(one.principal)):
            found.update(known.aliases(one.delegate))
    for post in roster.appointments:
        if set(addresses).intersection(known.aliases(post.address)):
            found.update(alias for s in post.substitutes for alias in known.aliases(s))
    boxes: list[Mailbox | Group] = [
        *known.mailboxes.values(), *roster.mailboxes, *known.groups.values(),
    ]  # fmt: skip
    for _ in boxes:
        for box in boxes:
            reached = box.members if isinstance(box, Group) else box.readers
            if found.intersection(reached):
                found.add(box.address)
    return found


def known_instants(register: Register) -> Iterator[datetime]:
    """When something that is written down begins or ends: the start of each day that is named, and
    of the day after it; turns of duty; the opening of the window."""
    yield of(register).opens
    for day in set(_days((register.exclusions, of(register).roster, register.directory))):
        for begins in (day, day + timedelta(days=1)):
            yield datetime.combine(begins, time(), LONDON).astimezone(UTC)
    for appointment in of(register).roster.appointments:
        last = register.regimes["law"].last_day(appointment.starts) if appointment.starts else None
        if last:
            yield datetime.combine(last + timedelta(days=1), time(), LONDON).astimezone(UTC)
    for shift in of(register).roster.shifts:
        yield from (shift.starts, shift.ends)


def _days(value: Any) -> Iterator[date]:
    if isinstance(value, date) and not isinstance(value, datetime):
        yield value
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from _days(one)
    elif isinstance(value, dict):
        yield from _days(list(value.values()))
    elif hasattr(value, "__dataclass_fields__"):
        for field in fields(value):
            yield from _days(getattr(value, field.name))
