"""The ONS says instants in UTC, and in free text what is not final."""

from __future__ import annotations

import json
from typing import Any

import pytest


def release(date: Any = "2020-07-09T08:30:00.000Z", **flags: Any) -> dict[str, Any]:
    return {
        "uri": "/releases/orchardsurvey2020",
        "type": "release",
        "description": {
            "title": "Orchard survey: 2020",
            "releaseDate": date,
            "finalised": True,
            "published": False,
            "cancelled": False,
            "provisionalDate": "",
            **flags,
        },
    }


def searched(*releases: Any) -> str:
    return json.dumps({"result": {"results": list(releases)}})


@pytest.mark.parametrize(
    ("one", "meant"),
    [
        (release(), "2020-07-09 09:30 +0100 confirmed"),
        (release("2020-07-08T23:00:00.000Z"), "2020-07-09 confirmed"),
        (release("2020-07-08T23:00Z"), "2020-07-09 confirmed"),
        (release("2020-12-08T00:00:00.000Z"), "2020-12-08 confirmed"),
        (release(published=True), "2020-07-09 09:30 +0100 published"),
        (release(cancelled=True, published=True), "2020-07-09 09:30 +0100 cancelled"),
        (release(finalised=False), "2020-07-09 09:30 +0100 provisional"),
        (release(finalised=False, provisionalDate="July 2020"), "no day provisional"),
        (
            release(finalised=False, provisionalDate="16 July 2020 9:30am"),
            "2020-07-16 09:30 +0100 provisional",
        ),
        (release(provisionalDate="July 2020"), "2020-07-09 09:30 +0100 confirmed"),
    ],
)
def test_a_release_is_an_instant_in_utc_or_a_local_day(
    read: Any, shown: Any, one: Any, meant: str
) -> None:
    listing = read("ons", searched(one))
    assert [shown(found) for found in listing.announcements] == [meant]
    assert not listing.faults


def test_the_new_spelling_reads_the_same(read: Any, shown: Any) -> None:
    new = {
        "uri": "/releases/x",
        "description": {
            "title": "X",
            "release_date": "2020-07-09T08:30:00Z",
            "finalised": True,
            "provisional_date": "",
        },
        "date_changes": [{"previous_date": "2020-07-02T08:30:00Z", "change_notice": "late"}],
    }
    (one,) = read("ons", json.dumps({"releases": [new]})).announcements
    assert shown(one) == "2020-07-09 09:30 +0100 confirmed"
    assert [f"{at:%d %B}" for at in one.changes] == ["02 July"]


def test_changed_dates_are_kept_and_unreadable_ones_harm_nothing(read: Any) -> None:
    page = release() | {
        "dateChanges": [
            {"previousDate": "2020-07-01T23:00:00.000Z", "changeNotice": "late data"},
            {"previousDate": "soon"},
            5,
        ]
    }
    listing = read("ons", json.dumps(page))
    (one,) = listing.announcements
    assert len(one.changes) == 1 and not listing.faults


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (release("2020-07-09T08:30:00"), "releaseDate without an offset"),
        (release("9 July"), "releaseDate without an offset"),
        (release(None), "it has no releaseDate"),
        (release("2020-07-32T08:30:00Z"), "there is no"),
        (release(cancelled="no"), "'cancelled' is neither true nor false"),
        (release(finalised=False, provisionalDate="soon"), "cannot read “soon” as a day"),
    ],
)
def test_what_cannot_be_relied_on_has_no_instant(read: Any, one: Any, why: str) -> None:
    listing = read("ons", searched(one))
    assert [found.instant for found in listing.announcements] == [None]
    assert why in str(listing.faults[0])


def test_something_else_is_no_calendar_of_the_ons(read: Any) -> None:
    for content in ("{}", "[5]", "", '{"result": {}}', '{"releases": "none"}'):
        listing = read("ons", content)
        assert not listing.announcements and listing.faults
