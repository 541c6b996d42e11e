"""Looking up releases by their instants finds those that going through all of them finds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from gateway.decide.embargo import embargoed
from gateway.model.instant import in_utc
from gateway.model.register import Register
from gateway.model.release import CalendarEntry, Release
from gateway.model.roster import Roster

NOW = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
WEEK = timedelta(days=7)
ZONES = st.sampled_from([ZoneInfo("Europe/London"), UTC, timezone(timedelta(hours=-5))])
INSTANTS = st.builds(
    lambda minutes, zone: (NOW + timedelta(minutes=30 * minutes)).astimezone(zone),
    st.one_of(st.integers(-4, 4), st.integers(-500, 500)), ZONES,
)  # fmt: skip
CALENDARS = st.one_of(
    st.none(),
    st.builds(
        CalendarEntry, st.just("announcements"), st.none(), st.just("confirmed"),
        INSTANTS, st.just(timedelta(days=1)),
    ),
)  # fmt: skip
RELEASES = st.lists(
    st.builds(
        Release, st.uuids().map(str), st.just("Title"), INSTANTS, st.just("Europe/London"),
        st.just(timedelta(hours=24)),
        st.sampled_from(["provisional", "confirmed", "published", "postponed", "cancelled"]),
        st.just(Roster({}, (), frozenset())),
        lift=st.sampled_from(["instant", "instant-and-published"]),
        lifted=st.one_of(st.none(), INSTANTS), calendar=CALENDARS,
    ),
    max_size=12,
)  # fmt: skip


@given(RELEASES, INSTANTS)
def test_every_release_that_may_be_under_embargo_is_found(
    releases: list[Release], last: datetime
) -> None:
    register = Register({release.id: release for release in releases})
    found = [one.id for one in register.perhaps_embargoed(NOW, max(NOW, last))]
    wanted = [
        one.id for one in releases
        if in_utc(one.instant) <= max(NOW, last) and embargoed(one, NOW)
    ]  # fmt: skip
    assert set(wanted) <= set(found)
    assert len(found) == len(set(found))


@given(RELEASES, INSTANTS)
def test_the_releases_of_some_days_are_found(releases: list[Release], first: datetime) -> None:
    register = Register({release.id: release for release in releases})
    last = in_utc(first) + WEEK
    found = {one.id for one in register.due_between(first, last)}
    assert found == {
        one.id for one in releases if in_utc(first) <= in_utc(one.instant) <= last
    }  # fmt: skip
