"""Whatever a server sends is a listing with faults or without, and never an exception."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.model.announcement import Kind
from gateway.releases.calendars import read_calendar

KINDS: tuple[Kind, ...] = ("govuk", "ons", "icalendar", "csv", "sdmx")
WHOLE: dict[Kind, bytes] = {
    "govuk": json.dumps(
        {
            "results": [
                {
                    "title": "X",
                    "link": "/x",
                    "statistics_announcement_state": "confirmed",
                    "release_timestamp": "2018-03-28T09:30:00+01:00",
                    "metadata": {
                        "display_date": "28 March 2018 9:30am",
                        "previous_display_date": "March 2018",
                    },
                }
            ],
            "total": 1,
        }
    ).encode(),
    "ons": json.dumps(
        {
            "releases": [
                {
                    "uri": "/x",
                    "description": {"title": "X", "releaseDate": "2018-03-28T08:30:00Z"},
                    "dateChanges": [{"previousDate": "2018-03-21T08:30:00Z"}],
                }
            ]
        }
    ).encode(),
    "icalendar": (
        b"BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:x\r\nSUMMARY:X\r\n"
        b"DTSTART;TZID=Europe/London:20180328T093000\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\n"
        b"END:VCALENDAR\r\n"
    ),
    "csv": b"id,title,date,time,zone,state\nx,X,2018-03-28,09:30,Europe/London,confirmed\n",
    "sdmx": (
        b'<m:A xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"><m:Header>'
        b"<m:ID>x</m:ID><m:EmbargoDate>2018-03-28T09:30:00</m:EmbargoDate></m:Header></m:A>"
    ),
}
_NAMES = (
    "results", "releases", "result", "title", "link", "uri", "state", "metadata", "details",
    "display_date", "release_timestamp", "previous_display_date", "description", "releaseDate",
    "provisionalDate", "cancelled", "dateChanges", "previousDate", "total", "start", "format",
)  # fmt: skip
_WORDS = ("confirmed", "28 March 2018 9:30am", "2018-03-28T08:30:00Z", "March 2018", "/x", "")
_JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(_WORDS) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


def test_the_whole_ones_are_read() -> None:
    for kind in KINDS:
        listing = read_calendar(kind, WHOLE[kind], "calendar", "Europe/London")
        assert len(listing.announcements) == 1 and not listing.faults


@settings(max_examples=300)
@given(_JSON, st.sampled_from(KINDS[:2]))
def test_any_json_is_a_listing(document: Any, kind: Kind) -> None:
    listing = read_calendar(kind, json.dumps(document).encode(), "calendar", "Europe/London")
    assert listing.announcements or listing.faults


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150)
@given(data=st.data())
def test_any_damage_is_a_listing(kind: Kind, data: st.DataObject) -> None:
    whole = WHOLE[kind]
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 30)))
    damaged = whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:]
    listing = read_calendar(kind, damaged, "calendar", "Europe/London")
    assert listing.announcements or listing.faults or listing.notes


@given(st.binary(max_size=200), st.sampled_from(KINDS))
def test_any_bytes_are_a_listing(content: bytes, kind: Kind) -> None:
    listing = read_calendar(kind, content, "calendar", "Europe/London")
    assert not listing.announcements and listing.faults
