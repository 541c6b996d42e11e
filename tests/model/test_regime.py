"""Windows before an instant: elapsed time, and working days counted on the wall clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.regime import Regime, WorkingDays, in_words, opening

LONDON = ZoneInfo("Europe/London")
CHRISTMAS_2026 = frozenset(map(date.fromisoformat, ("2026-12-25", "2026-12-28", "2027-01-01")))
ZONES = st.sampled_from(
    ["Europe/London", "America/New_York", "Australia/Sydney", "Africa/Cairo", "Asia/Tehran", "UTC"]
)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def opens(days: int, at: str, holidays: frozenset[date] = frozenset()) -> str:
    opened = WorkingDays(days, holidays).before(london(at), "Europe/London")
    return opened.astimezone(LONDON).isoformat()


@pytest.mark.parametrize(
    ("days", "at", "opened"),
    [
        (5, "2026-11-18T09:30", "2026-11-11T09:30:00+00:00"),  # Wednesday to Wednesday
        (1, "2026-11-16T09:30", "2026-11-13T09:30:00+00:00"),  # Monday back to Friday
        (1, "2026-11-15T09:30", "2026-11-13T09:30:00+00:00"),  # a Sunday has Friday before it
        (0, "2026-11-16T09:30", "2026-11-16T09:30:00+00:00"),
    ],
)
def test_working_days_leave_out_the_weekend(days: int, at: str, opened: str) -> None:
    assert opens(days, at) == opened


def test_christmas_and_its_substitute_days_are_no_working_days() -> None:
    # Boxing Day 2026 is a Saturday, so that Monday the 28th is free in its place.
    assert opens(5, "2027-01-04T09:30", CHRISTMAS_2026) == "2026-12-23T09:30:00+00:00"


@pytest.mark.parametrize(
    ("at", "opened"),
    [
        # The clocks go forward on Sunday 29 March 2026: 09:30 is 09:30 on either side of it.
        ("2026-03-31T09:30", "2026-03-24T09:30:00+00:00"),
        # They go back on Sunday 25 October 2026.
        ("2026-10-27T09:30", "2026-10-20T09:30:00+01:00"),
    ],
)
def test_a_working_day_is_as_long_as_the_clocks_make_it(at: str, opened: str) -> None:
    assert opens(5, at) == opened


def test_elapsed_time_is_not_stretched_by_the_clocks() -> None:
    day = timedelta(hours=24)
    spring = opening(day, london("2026-03-29T09:30").astimezone(UTC), "Europe/London")
    autumn = opening(day, london("2026-10-25T09:30").astimezone(UTC), "Europe/London")
    assert spring.astimezone(LONDON).isoformat() == "2026-03-28T08:30:00+00:00"
    assert autumn.astimezone(LONDON).isoformat() == "2026-10-24T10:30:00+01:00"


def test_an_opening_that_the_clocks_show_twice_is_the_later_one() -> None:
    # A week that ends on Friday and Saturday, and clocks that go back in the night to a Friday.
    window = WorkingDays(1, weekend=frozenset((4, 5)))
    cairo = ZoneInfo("Africa/Cairo")
    instant = datetime(2026, 11, 1, 23, 30, tzinfo=cairo)  # a Sunday; the day before is Thursday
    opened = window.before(instant, "Africa/Cairo")
    assert opened == datetime(2026, 10, 29, 23, 30, tzinfo=cairo, fold=1).astimezone(UTC)
    assert opened > datetime(2026, 10, 29, 23, 30, tzinfo=cairo, fold=0).astimezone(UTC)


def test_an_opening_that_the_clocks_leave_out_is_the_later_reading() -> None:
    window = WorkingDays(1, weekend=frozenset((0, 1)))  # so that Sunday is a working day
    opened = window.before(london("2026-04-01T01:30"), "Europe/London")
    assert opened == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_years_that_nobody_has_written_down_are_known_as_such() -> None:
    window = WorkingDays(5, years=range(2024, 2027))
    assert window.unknown_years(london("2026-12-30T09:30"), "Europe/London") == []
    assert window.unknown_years(london("2027-01-04T09:30"), "Europe/London") == [2027]
    assert window.unknown_years(london("2024-01-03T09:30"), "Europe/London") == [2023]


@given(
    st.integers(0, 12),
    st.datetimes(datetime(2019, 1, 1), datetime(2030, 1, 1)),
    st.frozensets(st.dates(date(2018, 11, 1), date(2030, 1, 1)), max_size=40),
    ZONES,
)
def test_working_days_are_those_that_a_clerk_would_count(
    days: int, wall: datetime, holidays: frozenset[date], zone: str
) -> None:
    here = ZoneInfo(zone)
    instant = wall.replace(tzinfo=here).astimezone(UTC)
    opened = WorkingDays(days, holidays).before(instant, zone).astimezone(here)
    first, last = opened.date(), instant.astimezone(here).date()
    between = [first + timedelta(days=n) for n in range((last - first).days)]
    worked = [day for day in between if day.weekday() < 5 and day not in holidays]
    assert len(worked) == days
    assert not days or (first.weekday() < 5 and first not in holidays)
    at = instant.astimezone(here).time()
    assert opened.time() == at or not _is_shown(datetime.combine(first, at, here))


def _is_shown(moment: datetime) -> bool:
    """Whether the clocks of its zone ever show this time."""
    back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return back.replace(tzinfo=None) == moment.replace(tzinfo=None)


@given(
    st.integers(0, 10), st.integers(0, 10), st.datetimes(datetime(2020, 1, 1), datetime(2029, 1, 1))
)
def test_fewer_days_never_open_sooner(few: int, more: int, wall: datetime) -> None:
    few, more = sorted((few, more))
    instant = wall.replace(tzinfo=UTC)
    assert WorkingDays(few).before(instant, "UTC") >= WorkingDays(more).before(instant, "UTC")


@given(
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=30),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_one_more_holiday_never_opens_later(holidays: frozenset[date], more: date) -> None:
    instant = london("2026-12-30T09:30").astimezone(UTC)
    fewer = WorkingDays(5, holidays).before(instant, "Europe/London")
    assert WorkingDays(5, holidays | {more}).before(instant, "Europe/London") <= fewer


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (timedelta(hours=24), "24 hours"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=2, minutes=30), "2 hours and 30 minutes"),
        (timedelta(minutes=30), "30 minutes"),
        (timedelta(0), "no time at all"),
        (WorkingDays(5), "5 working days"),
        (WorkingDays(1), "1 working day"),
    ],
)
def test_a_window_is_said_as_people_say_it(window: timedelta | WorkingDays, said: str) -> None:
    assert in_words(window) == said


@pytest.mark.parametrize(
    ("starts", "last"),
    [("2026-01-15", "2027-01-14"), ("2024-02-29", "2025-02-27"), ("2026-01-01", "2026-12-31")],
)
def test_a_grant_of_twelve_months_ends_on_the_day_before(starts: str, last: str) -> None:
    regime = Regime("x", "X", "", {}, grant_months=12)
    assert regime.last_day(date.fromisoformat(starts)) == date.fromisoformat(last)
    assert Regime("y", "Y", "", {}).last_day(date.fromisoformat(starts)) is None
