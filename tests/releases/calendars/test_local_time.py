"""Local times of calendars: what can be read in two ways is the later of the two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.releases.calendars.local_time import Moment, on_the_wall, whole_day, written
from gateway.releases.entries import Unfit

ZONES = ("Europe/London", "Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "UTC")


@pytest.mark.parametrize(
    ("wall", "zone", "instant", "how"),
    [
        ("2018-10-28T01:30", "Europe/London", "2018-10-28T01:30+00:00", "show twice"),
        ("2018-03-25T01:30", "Europe/London", "2018-03-25T01:30+00:00", "never show"),
        ("2018-11-04T01:00", "America/New_York", "2018-11-04T06:00+00:00", "show twice"),
        ("2018-03-28T09:30", "Europe/London", "2018-03-28T08:30+00:00", ""),
        ("2018-12-28T09:30", "Europe/London", "2018-12-28T09:30+00:00", ""),
    ],
)
def test_nights_on_which_the_clocks_change(wall: str, zone: str, instant: str, how: str) -> None:
    found = on_the_wall(datetime.fromisoformat(wall), zone)
    assert found.instant == datetime.fromisoformat(instant)
    assert how in found.note and bool(how) == bool(found.note)


@given(st.datetimes(datetime(1991, 1, 1), datetime(2190, 1, 1)), st.sampled_from(ZONES))
def test_no_reading_of_a_wall_clock_is_later_than_ours(wall: datetime, zone: str) -> None:
    wall = wall.replace(microsecond=0)
    found = on_the_wall(wall, zone).instant
    for fold in (0, 1):
        assert wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) <= found


@given(st.dates(datetime(1991, 1, 1).date(), datetime(2190, 1, 1).date()), st.sampled_from(ZONES))
def test_a_day_ends_where_the_next_begins(day: datetime, zone: str) -> None:
    today, next_ = whole_day(day, zone), whole_day(day + timedelta(days=1), zone)
    assert today.since is not None and today.since < today.instant == next_.since
    assert timedelta(hours=22) <= today.instant - today.since <= timedelta(hours=26)


@given(st.text("0123456789 :.-TZ+apmnoMarchJuly,", max_size=40))
def test_any_text_is_a_moment_a_month_or_refused(text: str) -> None:
    try:
        assert written(text, "Europe/London") is None or isinstance(
            written(text, "Europe/London"), Moment
        )
    except Unfit:
        pass
