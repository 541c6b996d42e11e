"""What a list says becomes entries of a release file, and what it is silent about is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.fault import Faults
from gateway.model.people import Directory, Person
from gateway.releases.importing.draft import Draft, draft, merged
from gateway.releases.importing.entry import Line, Listing
from gateway.releases.importing.sections import replaced, with_authors, written
from gateway.releases.importing.suggestions import suggestions
from gateway.yaml_source import parse

PEOPLE = frozenset({"title", "address"})
TODAY = date(2027, 11, 1)


def drafted(*lines: Line, before: dict[str, Any] | None = None, told: frozenset[str] = PEOPLE,
            directory: Directory = Directory()) -> Draft:  # fmt: skip # noqa: B008
    return draft(Listing(lines, told), before or {}, directory)


def test_rows_of_one_role_become_one_role_with_as_many_places_as_its_fullest_day() -> None:
    found = drafted(
        Line("Media Officer", address="a@dept.example", ends=date(2027, 6, 30)),
        Line("media officer", address="b@dept.example", starts=date(2027, 7, 1)),
        Line("Media  Officer", address="c@dept.example"),
    )
    assert found.roles == ({"id": "media-officer", "title": "Media Officer", "count": 2},)
    assert [entry["role"] for entry in found.appointments or ()] == ["media-officer"] * 3


def test_the_same_title_in_another_organisation_is_another_role() -> None:
    found = drafted(
        Line("Chief Economist", "The Treasury", address="a@x.example"),
        Line("Chief Economist", "The Bank", address="b@x.example"),
    )
    assert [role["id"] for role in found.roles] == ["chief-economist", "chief-economist-the-bank"]


def test_posts_of_a_list_of_titles_add_up() -> None:
    told = frozenset({"title"})
    found = drafted(Line("Analyst"), Line("Analyst", count=2), told=told)
    assert (found.roles[0]["count"], found.appointments) == (3, None)


def test_roles_keep_their_ids_and_whatever_else_the_file_says_of_them() -> None:
    before = {"roles": [{"id": "press", "title": "Media Officer", "window": "PT1H", "count": 3}]}
    found = drafted(Line("Media officer", address="a@dept.example"), before=before)
    assert found.roles == ({"id": "press", "title": "Media officer", "count": 3, "window": "PT1H"},)


def test_people_keep_what_the_list_has_no_column_for() -> None:
    declaration = {"signed": date(2027, 1, 6), "version": 4}
    entry = {"role": "press", "person": "webb", "declaration": declaration, "grant": "exceptional"}
    before = {"roles": [{"id": "press", "title": "Media"}], "appointments": [entry]}
    directory = Directory({"webb": Person("webb", "K Webb", ("k.webb@dept.example",))})
    line = Line("Media", address="k.webb@dept.example", starts=date(2027, 2, 1))
    found = drafted(line, before=before, told=PEOPLE | {"starts"}, directory=directory)
    assert found.appointments == ({**entry, "from": date(2027, 2, 1)},)


def test_an_empty_cell_of_a_column_that_there_is_takes_the_old_value_away() -> None:
    entry = {"role": "media", "address": "a@dept.example", "to": date(2027, 1, 1)}
    before = {"roles": [{"id": "media", "title": "Media"}], "appointments": [entry]}
    found = drafted(Line("Media", address="a@dept.example"), before=before, told=PEOPLE | {"ends"})
    assert found.appointments == ({"role": "media", "address": "a@dept.example"},)


def test_rows_that_contradict_each_other_are_all_told() -> None:
    lines = [
        Line("Media", count=2, justification="One", address="a@x.example", place=("l.csv", 2)),
        Line("Media", count=3, justification="Two", address="b@x.example", place=("l.csv", 3)),
    ]
    with pytest.raises(Faults) as found:
        drafted(*lines)
    assert [(fault.line, fault.message.split()[1]) for fault in found.value.faults] == [
        (3, "count"), (3, "justification"),
    ]  # fmt: skip


def test_files_with_titles_alone_may_stand_beside_files_with_people() -> None:
    listing = merged(
        [
            Listing((Line("Media", address="a@x.example", place=("a.csv", 2)),), PEOPLE),
            Listing((Line("Chief", place=("b.html", 1)),), frozenset({"title"}), ("left out",)),
        ]
    )
    assert listing.names_people and len(listing.lines) == 2
    assert listing.notes == ("left out", "b.html: only titles, so nobody is named for them")


def test_suggestions_are_people_with_such_a_title_who_are_still_there() -> None:
    people = [
        Person("a", "Al", ("a@dept.example",), "Head of the News", "The Department"),
        Person("b", "Bo", ("b@dept.example",), "Head of Estates", "The Department"),
        Person("c", "Cy", ("c@dept.example",), "Head of News", "The Department", left=date(2027, 1, 1)),
        Person("d", "Di", ("d@other.example",), "Head of News", "The Other Department"),
    ]  # fmt: skip
    directory = Directory({person.id: person for person in people})
    found = suggestions(directory, "Head of News", "The Department", TODAY)
    assert [one.address for one in found] == ["a@dept.example"]
    assert "Head of the News" in found[0].sentence


TEXTS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=40)
ENTRIES = st.fixed_dictionaries(
    {"id": TEXTS, "title": TEXTS},
    optional={
        "count": st.integers(1, 1000),
        "window": st.sampled_from(["PT1H", "P5D"]),
        "flag": st.booleans(),
        "from": st.dates(date(1990, 1, 1), date(2199, 1, 1)),
        "declaration": st.fixed_dictionaries({"signed": st.dates(date(1990, 1, 1), date(2199, 1, 1))}),
        "substitutes": st.lists(TEXTS, max_size=3),
    },
)  # fmt: skip


@given(st.lists(ENTRIES, min_size=1, max_size=4), st.lists(ENTRIES, max_size=4), TEXTS)
def test_what_is_written_is_what_is_read(
    roles: list[dict[str, Any]], people: list[dict[str, Any]], name: str
) -> None:
    appointments = [{"role": "x", "address": "a@dept.example", **entry} for entry in people]
    made = Draft(
        tuple(roles), (), tuple(appointments), (), (name,) * len(appointments), tuple(roles)
    )
    before = "release: {title: X}\nroles: []\n# kept\nproduction_team: []\n"
    text = replaced(before, parse(before.encode(), ""), written(made, {}))
    assert parse(text.encode(), "").value == {
        "release": {"title": "X"},
        "roles": roles,
        "production_team": [],
        "appointments": appointments,
    }
    assert "\n# kept\nproduction_team: []\n" in text


@pytest.mark.parametrize(
    ("before", "authors", "after"),
    [
        ("release:\n    title: X\n", ["a@x.example"],
         "release:\n    changed_by: a@x.example\n    title: X\n"),
        ("release:\n  title: X\n  changed_by: b@x.example # old\n", ["a@x.example", "b@x.example"],
         "release:\n  title: X\n  changed_by: [a@x.example, b@x.example]\n"),
        ("release: {title: X}\n", ["a@x.example"], None),
    ],
)  # fmt: skip
def test_who_changed_it_is_written_into_the_release(
    before: str, authors: list[str], after: str | None
) -> None:
    found = with_authors(before, parse(before.encode(), ""), authors)
    assert found == after
    assert found is None or yaml.safe_load(found)["release"]["title"] == "X"
