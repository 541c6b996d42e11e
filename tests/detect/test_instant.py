"""Words become instants, as late as they allow (law 9)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.detect.instant import (
    CLOCK_CHANGE,
    MIDNIGHT,
    NO_DAY,
    NO_SUCH_DAY,
    NO_TIME,
    TWO_DAYS,
    TWO_TIMES,
    WEEKDAY,
    ZONE,
    Reading,
    read,
)
from gateway.detect.timewords import scan


def reading(text: str, base: str = "2018-03-27T10:00", zone: str = "Europe/London") -> Reading:
    moment = datetime.fromisoformat(base).replace(tzinfo=ZoneInfo(zone))
    return read(scan(text, 0), moment, zone)


def until(text: str, base: str = "2018-03-27T10:00", zone: str = "Europe/London") -> str:
    found = reading(text, base, zone).until
    assert found is not None
    return found.isoformat()


@pytest.mark.parametrize(
    ("words", "clock"),
    [
        ("9:30AM", "09:30"), ("0930", "09:30"), ("0930hrs", "09:30"), ("09.30", "09:30"),
        ("9.30am", "09:30"), ("7am", "07:00"), ("12noon", "12:00"), ("noon", "12:00"),
        ("00:01", "00:01"), ("8 h 45", "08:45"), ("8.00 Uhr", "08:00"), ("2 p.m.", "14:00"),
        ("5:00 PM", "17:00"), ("12.15am", "00:15"), ("12.15 p.m.", "12:15"), ("14h", "14:00"),
        ("20:35pm", "20:35"), ("9 o'clock", "09:00"),
    ],
)  # fmt: skip
def test_times_in_the_spellings_of_press_offices(words: str, clock: str) -> None:
    assert until(f"{words} on 5 June 2020").startswith(f"2020-06-05T{clock}:00")


@pytest.mark.parametrize(
    "day",
    ["Wednesday 28 March 2018", "28/03/18", "28.03.2018", "2018-03-28", "March 28, 2018", "28th of March",
     "28 mars 2018", "28. März 2018".replace("ä", "a"), "28 de marzo de 2018", "28 Mawrth 2018", "Weds 28 Mar",
     "tomorrow", "tomorrow (Wednesday 28 March)", "Wednesday"],
)  # fmt: skip
def test_days_in_many_languages(day: str) -> None:
    assert until(f"9.30am on {day}") == "2018-03-28T09:30:00+01:00"


def test_no_year_means_the_next_such_date_after_the_date_header() -> None:
    assert until("9am 26 March") == "2019-03-26T09:00:00+00:00"
    assert until("9am 27 March") == "2018-03-27T09:00:00+01:00"


def test_no_year_but_a_weekday_that_fits_last_week_is_last_week() -> None:
    assert until("9am Monday 26 March") == "2018-03-26T09:00:00+01:00"


def test_numbers_are_day_first_except_in_american_banners() -> None:
    assert until("9am 12/11/2020") == "2020-11-12T09:00:00+00:00"
    assert until("9am ET 12/11/2020") == "2020-12-11T09:00:00-05:00"
    assert until("9am 12/11/2020", zone="America/New_York") == "2020-12-11T09:00:00-05:00"


def test_a_time_alone_is_the_next_such_time() -> None:
    assert until("9.30am") == "2018-03-28T09:30:00+01:00"
    assert until("11am") == "2018-03-27T11:00:00+01:00"


@pytest.mark.parametrize(
    ("words", "instant", "warning"),
    [
        ("9am Friday 30 March 2018, no, 9.30am", "2018-03-30T09:00:00+01:00", None),
        ("9am / 10am 30 March 2018", "2018-03-30T10:00:00+01:00", TWO_TIMES),
        ("9am 30 March 2018 or 31 March 2018", None, None),
        ("9am 30/03/2018, 31 March 2018", "2018-03-31T09:00:00+01:00", TWO_DAYS),
        ("9am Wednesday 29 March 2018", "2018-04-04T09:00:00+01:00", WEEKDAY),
        ("0930 GMT 12 July 2018", "2018-07-12T09:30:00+00:00", ZONE),
        ("0930 BST 12 December 2018", "2018-12-12T09:30:00+00:00", ZONE),
        ("01:30 28 October 2018", "2018-10-28T01:30:00+00:00", CLOCK_CHANGE),
        ("01:30 25 March 2018", "2018-03-25T02:30:00+01:00", CLOCK_CHANGE),
        ("12 November 2020", "2020-11-13T00:00:00+00:00", NO_TIME),
        ("midnight 12 November 2020", "2020-11-13T00:00:00+00:00", MIDNIGHT),
        ("9am 31 November 2020", "2020-12-01T09:00:00+00:00", NO_SUCH_DAY),
        ("March 2027", "2027-04-01T00:00:00+01:00", NO_DAY),
    ],
)
def test_conflicts_are_read_as_the_later_instant_with_a_warning(
    words: str, instant: str | None, warning: str | None
) -> None:
    found = reading(words)
    if instant:
        assert found.until is not None
        assert found.until.isoformat() == instant
    if warning:
        assert warning in found.warnings


def test_the_same_instant_in_two_zones_is_no_conflict() -> None:
    assert reading("9.30am (08:30 UTC) 12 July 2018").warnings == ()
    assert reading("0800 GMT / 0300 ET 12 December 2018").warnings == ()


def test_small_words_of_other_languages_are_not_zones() -> None:
    assert until("9h et le 28 mars 2018") == "2018-03-28T09:00:00+01:00"


@pytest.mark.parametrize(
    "words", ["publication", "[Date]", "${date}", "a certain time", "further notice"]
)
def test_no_instant_is_invented(words: str) -> None:
    assert reading(words).until is None


@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2090, 12, 31)),
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Sydney", "UTC"]),
)
def test_a_full_banner_is_read_exactly_or_later_by_a_clock_change(
    moment: datetime, zone: str
) -> None:
    text = f"{moment:%H:%M} on {moment.day} {moment:%B} {moment.year}"
    found = read(scan(text, 0), datetime(2020, 1, 1, tzinfo=ZoneInfo(zone)), zone).until
    assert found is not None
    wall = found.replace(tzinfo=None) - moment.replace(second=0, microsecond=0)
    assert timedelta(0) <= wall <= timedelta(hours=1)


@given(
    st.text("0123456789:./- ahpmtuesdyjanoc'?", max_size=120),
    st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1)),
)
def test_reading_never_fails_and_is_always_aware(text: str, base: datetime) -> None:
    found = read(
        scan(text, 0), base.replace(tzinfo=ZoneInfo("Europe/London")), "Europe/London"
    ).until
    assert found is None or found.tzinfo is not None
