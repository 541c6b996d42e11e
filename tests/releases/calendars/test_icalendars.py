"""iCalendar feeds: zones, floating times, whole days, and what repeats."""

from __future__ import annotations

from typing import Any

import pytest


def event(
    begins: str = "DTSTART:20180328T083000Z", *more: str, uid: str = "cla@dept.example"
) -> str:
    lines = ("BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Children in care\\, 2018", begins, *more)
    return "".join(f"{line}\r\n" for line in (*lines, "END:VEVENT"))


def feed(*events: str, head: str = "") -> str:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{''.join(events)}END:VCALENDAR\r\n"


@pytest.mark.parametrize(
    ("one", "meant"),
    [
        (event(), "2018-03-28 09:30 +0100 confirmed"),
        (event("DTSTART:20180328T093000"), "2018-03-28 09:30 +0100 confirmed"),
        (event("DTSTART;TZID=Europe/Berlin:20180328T103000"), "2018-03-28 09:30 +0100 confirmed"),
        (event("DTSTART;VALUE=DATE:20180328"), "2018-03-28 confirmed"),
        (event("DTSTART:20180328T093000", "STATUS:CANCELLED"), "2018-03-28 09:30 +0100 cancelled"),
        (event("DTSTART:20180328T093000", "STATUS:TENTATIVE"), "2018-03-28 09:30 +0100 provisional"),
    ],
)  # fmt: skip
def test_an_event_says_when(read: Any, shown: Any, one: str, meant: str) -> None:
    listing = read("icalendar", feed(one))
    assert [shown(found) for found in listing.announcements] == [meant]
    assert listing.announcements[0].title == "Children in care, 2018"
    assert not listing.faults


def test_floating_times_are_those_of_the_calendars_zone(read: Any, shown: Any) -> None:
    (one,) = read("icalendar", feed(event("DTSTART:20180328T110000")), "Europe/Paris").announcements
    assert shown(one) == "2018-03-28 10:00 +0100 confirmed"


def test_a_calendar_that_calls_off_calls_off_all_its_events(read: Any, shown: Any) -> None:
    (one,) = read("icalendar", feed(event(), head="METHOD:CANCEL\r\n")).announcements
    assert one.state == "cancelled"


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (event("DTSTART:20180328T083000Z", "RRULE:FREQ=WEEKLY"), "it repeats (RRULE)"),
        (event("DTSTART:20180328T083000Z", "RDATE:20180404T083000Z"), "it repeats (RDATE)"),
        (event("DTSTART:20180328T083000Z", "RECURRENCE-ID:20180328T083000Z"), "it repeats"),
        (event("DTSTART;TZID=Mars/Olympus:20180328T083000"), "there is no zone “Mars/Olympus”"),
        (event("DTSTART:tomorrow"), "its DTSTART cannot be read"),
        (event("LOCATION:London"), "it needs one DTSTART"),
        (event("DTSTART:20180328T083000Z", "STATUS:MAYBE"), "a STATUS that is not known"),
    ],
)
def test_what_is_not_certain_has_no_instant_and_harms_no_other(
    read: Any, one: str, why: str
) -> None:
    listing = read("icalendar", feed(one, event(uid="other@dept.example")))
    assert [found.instant is None for found in listing.announcements] == [True, False]
    assert why in str(listing.faults[0]) and "event 1" in str(listing.faults[0])


def test_the_hour_that_comes_twice_is_read_as_the_later(read: Any, shown: Any) -> None:
    for begins in ("DTSTART:20181028T013000", "DTSTART;TZID=Europe/London:20181028T013000"):
        listing = read("icalendar", feed(event(begins)))
        assert [shown(one) for one in listing.announcements] == ["2018-10-28 01:30 +0000 confirmed"]
        assert "show twice 01:30 on 28 October 2018" in listing.notes[0]


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"\xff\xfe", b"BEGIN:VEVENT\r\n" * 50_000, b"BEGIN:VCALENDAR\r\n" * 5000,
     b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", feed("BEGIN:VEVENT\r\nEND:VEVENT\r\n").encode()],
)  # fmt: skip
def test_junk_gives_nothing_and_says_why(read: Any, content: bytes) -> None:
    listing = read("icalendar", content)
    assert not listing.announcements and listing.faults
