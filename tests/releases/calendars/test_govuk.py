"""GOV.UK says days in words without a zone, and drops what is published."""

from __future__ import annotations

import json
from typing import Any

import pytest


def announcement(
    shown: str | None = "28 March 2018 9:30am", state: str | None = "confirmed", **more: Any
) -> dict[str, Any]:
    return {
        "title": "Children in care, 2018",
        "link": "/government/statistics/announcements/children-in-care-2018",
        "format": "statistics_announcement",
        "statistics_announcement_state": state,
        "metadata": {"display_date": shown, **more.pop("metadata", {})},
        **more,
    }  # fmt: skip


def search(*results: Any, **more: Any) -> str:
    return json.dumps({"results": list(results), "total": len(results), "start": 0, **more})


@pytest.mark.parametrize(
    ("said", "state", "meant"),
    [
        ("28 March 2018 9:30am", "confirmed", "2018-03-28 09:30 +0100 confirmed"),
        ("24 March 2018 9:30am", "provisional", "2018-03-24 09:30 +0000 provisional"),
        ("Wednesday 28 March 2018 at 9.30 a.m.", "confirmed", "2018-03-28 09:30 +0100 confirmed"),
        ("28 March 2018 12:05am", "confirmed", "2018-03-28 00:05 +0100 confirmed"),
        ("28 March 2018 noon", "confirmed", "2018-03-28 12:00 +0100 confirmed"),
        ("28 March 2018", "confirmed", "2018-03-28 confirmed"),
        ("March 2018", "provisional", "no day provisional"),
        ("March to April 2018", "provisional", "no day provisional"),
        ("28 March 2018 9:30am", "cancelled", "2018-03-28 09:30 +0100 cancelled"),
    ],
)
def test_days_are_local_and_cancelled_ones_keep_theirs(
    read: Any, shown: Any, said: str, state: str, meant: str
) -> None:
    listing = read("govuk", search(announcement(said, state)))
    assert [shown(one) for one in listing.announcements] == [meant]
    assert not listing.faults and not listing.notes


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("31 February 2018 9:30am", "there is no such day as 31 February 2018"),
        ("31 June 2018 9:30am", "June 2018 has 30 days"),
        ("Wednesday 27 March 2018 9:30am", "is a Tuesday"),
        ("28 March 2018 13:30pm", "there is no “13:30pm”"),
        ("28 March 2018 midnight", "either end of the day"),
        ("About now", "cannot read “About now” as a day"),
        ("28 March 1066 9:30am", "the year 1066 is not plausible"),
        (None, "it has no date"),
    ],
)
def test_what_cannot_be_dated_is_a_fault_and_has_no_instant(
    read: Any, shown: Any, said: str | None, why: str
) -> None:
    listing = read("govuk", search(announcement(said), announcement(link="/other")))
    assert [shown(one) for one in listing.announcements] == [
        "no day confirmed",
        "2018-03-28 09:30 +0100 confirmed",
    ]
    (fault,) = listing.faults
    assert "entry 1" in str(fault) and why in str(fault)


def test_a_state_that_nobody_knows_makes_nothing_certain(read: Any, shown: Any) -> None:
    listing = read("govuk", search(announcement(state="bananas")))
    assert [shown(one) for one in listing.announcements] == ["no day provisional"]
    assert "a state that is not known" in str(listing.faults[0])


def test_text_and_timestamp_that_differ_are_read_as_the_later(read: Any, shown: Any) -> None:
    stamped = announcement(release_timestamp="2018-04-04T09:30:00.000+01:00")
    listing = read("govuk", search(stamped))
    assert [shown(one) for one in listing.announcements] == ["2018-04-04 09:30 +0100 confirmed"]
    assert "the later one counts" in listing.notes[0]


def test_a_timestamp_beside_a_month_is_a_placeholder(read: Any, shown: Any) -> None:
    stamped = announcement(
        "March 2018", "provisional", release_timestamp="2018-03-31T09:30:00+01:00"
    )
    listing = read("govuk", search(stamped))
    assert [shown(one) for one in listing.announcements] == ["no day provisional"]


def test_the_date_of_before_is_kept_as_a_change(read: Any) -> None:
    moved = announcement(metadata={"previous_display_date": "21 March 2018 9:30am"})
    (one,) = read("govuk", search(moved)).announcements
    assert [f"{at:%d %B}" for at in one.changes] == ["21 March"]


def test_a_single_announcement_of_the_content_store_is_read_too(read: Any, shown: Any) -> None:
    item = {
        "base_path": "/government/statistics/announcements/x",
        "title": "X",
        "details": {"display_date": "28 March 2018 9:30am", "state": "confirmed"},
    }
    (one,) = read("govuk", json.dumps(item)).announcements
    assert shown(one) == "2018-03-28 09:30 +0100 confirmed"


def test_what_is_published_already_is_left_out_and_a_short_page_is_told(read: Any) -> None:
    listing = read(
        "govuk", search(announcement(), announcement(format="official_statistics"), total=40)
    )
    assert len(listing.announcements) == 1
    assert "it has 40 entries, of which 2 were read" in listing.notes[0]


@pytest.mark.parametrize(
    "content",
    [
        "", "<html>", "[]", "{}", '{"results": 5}', "null", "[" * 100_000, '{"results": [5, null]}',
        '{"results": [{"title": 5, "link": {}}]}',
    ],
)  # fmt: skip
def test_junk_gives_nothing_and_says_why(read: Any, content: str) -> None:
    listing = read("govuk", content)
    assert not listing.announcements
    assert listing.faults


def test_one_key_twice_is_read_as_the_later_and_the_stricter(read: Any, shown: Any) -> None:
    twice = [announcement("4 April 2018 9:30am"), announcement(state="cancelled")]
    for results in (twice, twice[::-1]):
        listing = read("govuk", search(*results))
        assert [shown(one) for one in listing.announcements] == ["2018-04-04 09:30 +0100 cancelled"]
        assert "it stands there twice" in listing.notes[0]
