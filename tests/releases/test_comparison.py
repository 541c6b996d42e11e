"""Who approves a list reads what is different in plain words, and nothing is passed over."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Callable

import pytest

from gateway.model.people import Declaration, Delegation, Directory, Mailbox, Person
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.model.roster import Appointment, Exclusion, Role, Roster, Shift
from gateway.model.trace import Threshold
from gateway.releases.comparison import differences

LIST = """
    release:
      title: Fostering statistics
      instant: 2020-11-12T09:30:00
      contacts: [care-statistics@dept.example]
    roles:
      - {id: office, title: Private Office, count: 2}
      - {id: media, title: Media Officer}
      - {id: chief, title: Chief Economist}
    appointments:
      - {role: office, address: e.hart@dept.example, to: 2021-06-30}
      - {role: media, address: k.webb@dept.example}
      - {role: chief, address: b.wood@dept.example}
    production_team: [s.field@dept.example]
    """
Load = Callable[..., Register]


@pytest.fixture
def release(load: Load) -> Release:
    return load(x=LIST).releases["x"]


def with_people(release: Release, *appointments: Appointment) -> Release:
    return replace(release, roster=replace(release.roster, appointments=appointments))


def told(old: Release, new: Release) -> str:
    return "\n".join(differences(old, new, Directory()))


def test_a_list_does_not_differ_from_itself(release: Release) -> None:
    assert differences(release, release, Directory()) == ()


def test_how_much_material_counts_is_said(release: Release) -> None:
    said = told(release, replace(release, threshold=Threshold(30.0)))
    assert said == "Its registered material now counts from 30 bits on; before, from 22."


def test_who_is_new_and_who_is_gone_comes_first(release: Release) -> None:
    office, media, _ = release.roster.appointments
    new = with_people(
        release, office, media, Appointment("office", "g.birch@dept.example"),
        Appointment("chief", "a.vale@dept.example"),
    )  # fmt: skip
    assert told(release, new).splitlines() == [
        "Two people are new: g.birch@dept.example as “Private Office”;"
        " a.vale@dept.example as “Chief Economist”.",
        "One person is gone: b.wood@dept.example (“Chief Economist”).",
    ]


def test_people_are_called_by_their_names_where_they_are_known(release: Release) -> None:
    wood = Person("b-wood", "Bela Wood", ("b.wood@dept.example",))
    gone = with_people(release, *release.roster.appointments[:2])
    (sentence,) = differences(release, gone, Directory({"b-wood": wood}))
    assert "Bela Wood (b.wood@dept.example)" in sentence


def test_somebody_who_holds_another_role_as_well_or_instead_is_told_apart(release: Release) -> None:
    office, media, chief = release.roster.appointments
    also = with_people(release, office, media, chief, Appointment("office", chief.address))
    assert told(release, also) == "b.wood@dept.example is now also “Private Office”."
    instead = with_people(release, office, media, Appointment("office", chief.address))
    assert told(release, instead) == (
        "b.wood@dept.example is now “Private Office” instead of “Chief Economist”."
    )


def test_longer_terms_are_shown_beside_those_of_before(release: Release) -> None:
    office, *rest = release.roster.appointments
    declared = Declaration(date(2020, 7, 1), 4, date(2021, 7, 1))
    longer = replace(office, ends=None, declaration=declared)
    assert told(release, with_people(release, longer, *rest)) == (
        "e.hart@dept.example as “Private Office”: from the start without an end, declaration 4"
        " signed 1 July 2020, valid to 1 July 2021; before: from the start to 30 June 2021, no"
        " declaration."
    )


def test_a_longer_window_is_said_in_hours(release: Release) -> None:
    assert told(release, replace(release, window=timedelta(hours=48))) == (
        "The window is 24 hours longer: the list counts from Tue 10 Nov 2020, 09:30 GMT."
    )


def test_publication_that_comes_earlier_is_said_loudly(release: Release) -> None:
    sooner = replace(release, instant=release.instant - timedelta(days=3, hours=2))
    assert told(release, sooner) == (
        "Publication is 3 days and 2 hours EARLIER: Mon 9 Nov 2020, 07:30 GMT instead of"
        " Thu 12 Nov 2020, 09:30 GMT."
    )


def test_the_rest_of_a_roster_is_compared_too(release: Release) -> None:
    barred = Exclusion("k.webb@dept.example", date(2020, 11, 1), None, "INC-3")
    roster = replace(
        release.roster,
        production_team=frozenset({"w.holt@dept.example"}),
        exclusions=(barred,),
        declaration_required=True,
    )
    assert told(release, replace(release, roster=roster)).splitlines() == [
        "w.holt@dept.example is now in the production team.",
        "s.field@dept.example is no longer in the production team.",
        "k.webb@dept.example is barred from 1 November 2020 for good (INC-3).",
        "A signed declaration is now needed.",
    ]


def test_roles_that_are_renamed_new_or_larger_are_said(release: Release) -> None:
    roles = {
        "office": Role("office", "Private Office", count=4),
        "media": Role("media", "Duty Press Officer"),
        "analyst": Role("analyst", "Analyst"),
    }
    said = told(release, replace(release, roster=replace(release.roster, roles=roles)))
    assert said.splitlines() == [
        "The role “Private Office” is now for 4 people; before, for 2 people.",
        "The role “Media Officer” is now called “Duty Press Officer”.",
        "The role “Analyst” is new, for one person.",
        "The role “Chief Economist” is gone.",
    ]


@pytest.mark.parametrize("name", [f.name for f in fields(Release) if f.compare])
def test_whatever_field_of_a_release_differs_something_is_said(release: Release, name: str) -> None:
    other = {
        "window": timedelta(1, 1),
        "zone": "Asia/Tokyo",
        "lift": "instant-and-published",
        "threshold": Threshold(30.0),
    }.get(name, object())
    if name in ("id", "instant", "roster", "reviewed", "changed_by"):
        pytest.skip("has a test of its own, or says nothing of who may have what and when")
    if isinstance(getattr(release, name), tuple):
        other = ("something else",)
    assert differences(release, replace(release, **{name: other}), Directory())


OTHERWISE = {
    "roles": {},
    "appointments": (),
    "production_team": frozenset(),
    "quality_assurers": frozenset({"q.stone@dept.example"}),
    "exclusions": (Exclusion("a@dept.example", date(2020, 1, 1), None, "INC-1"),),
    "declaration_required": True,
    "declaration_version": 4,
    "mailboxes": (Mailbox("press@dept.example", ("k.webb@dept.example",)),),
    "delegations": (Delegation("b.wood@dept.example", "a.vale@dept.example"),),
    "shifts": (
        Shift("media", "a@dept.example", datetime(2020, 1, 1, 9, tzinfo=UTC),
              datetime(2020, 1, 1, 17, tzinfo=UTC)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", [f.name for f in fields(Roster) if f.compare])
def test_whatever_field_of_a_roster_differs_something_is_said(release: Release, name: str) -> None:
    roster = replace(release.roster, **{name: OTHERWISE[name]})
    assert differences(release, replace(release, roster=roster), Directory())
