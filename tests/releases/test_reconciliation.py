"""The register and the calendars: the later counts, and nobody is let in by a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lists import INSTANT, local, register, release

from gateway.decide.embargo import embargoed, unconfirmed
from gateway.model.announcement import Announcement, Snapshot
from gateway.model.register import Register
from gateway.model.release import CalendarKey, Release
from gateway.releases.reconciliation import reconciled

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VALID = timedelta(hours=26)
NAMED = CalendarKey("govuk", "/announcements/x")
A_SECOND = timedelta(seconds=1)


def announced(
    instant: datetime | None = INSTANT, state: Any = "confirmed", **more: Any
) -> Announcement:
    return Announcement(**{"key": NAMED.key, "title": "X", "instant": instant, "state": state} | more)  # fmt: skip


def read_at(read: datetime | None, *found: Announcement, name: str = "govuk") -> Snapshot:
    return Snapshot(name, VALID, read and read.astimezone(UTC), found)


def counted(subject: Release, *snapshots: Snapshot) -> tuple[Release, list[str]]:
    """The release that counts, and what has to be resolved."""
    found = reconciled(register(subject), snapshots)
    return found.releases["x"], [conflict.sentence for conflict in found.conflicts]


def test_where_both_agree_the_instant_ends_the_embargo() -> None:
    found, conflicts = counted(release(announced=NAMED), read_at(INSTANT - HOUR, announced()))
    assert not conflicts
    assert embargoed(found, INSTANT - A_SECOND) and not embargoed(found, INSTANT)


def test_a_calendar_that_says_later_prolongs_the_embargo() -> None:
    later = INSTANT + 7 * DAY
    found, (conflict,) = counted(release(announced=NAMED), read_at(later - HOUR, announced(later)))
    assert found.instant == later and found.opens == later - DAY
    assert embargoed(found, later - A_SECOND) and not embargoed(found, later)
    assert conflict == (
        "the register says confirmed, Thu 4 Jun 2020, 09:30 BST; the calendar govuk confirmed,"
        " Thu 11 Jun 2020, 09:30 BST. Until they agree the later instant counts."
    )


def test_a_calendar_that_says_earlier_shortens_nothing() -> None:
    found, conflicts = counted(
        release(announced=NAMED), read_at(INSTANT - HOUR, announced(INSTANT - DAY, "published"))
    )
    assert found.instant == INSTANT and embargoed(found, INSTANT - A_SECOND)
    assert len(conflicts) == 1


@pytest.mark.parametrize("state", ["cancelled", "postponed"])
def test_what_either_calls_off_stays_under_embargo(state: Any) -> None:
    read = INSTANT + 9 * DAY
    by_calendar, one = counted(release(announced=NAMED), read_at(read, announced(state=state)))
    by_register, other = counted(release(announced=NAMED, state=state), read_at(read, announced()))
    both, none = counted(
        release(announced=NAMED, state=state), read_at(read, announced(state=state))
    )
    for found in (by_calendar, by_register, both):
        assert found.state == state and embargoed(found, INSTANT + 99 * DAY)
    assert len(one) == len(other) == 1 and not none
    assert one[0].endswith("Until they agree it stays under embargo.")


def test_a_calendar_that_was_read_too_long_before_confirms_nothing() -> None:
    subject = release(announced=NAMED)
    found, conflicts = counted(subject, read_at(INSTANT - VALID - A_SECOND, announced()))
    assert embargoed(found, INSTANT + DAY) and not conflicts
    assert unconfirmed(found, INSTANT) == (
        "the calendar govuk was last read on 3 June 2020 at 07:29 (Europe/London), too long before"
    )
    fresh, _ = counted(subject, read_at(INSTANT - VALID, announced()))
    assert not embargoed(fresh, INSTANT)
    afterwards, _ = counted(subject, read_at(INSTANT + HOUR, announced()))
    assert not embargoed(afterwards, INSTANT + HOUR) and not unconfirmed(afterwards, INSTANT)


@pytest.mark.parametrize(
    ("snapshots", "why", "many"),
    [
        ((read_at(None),), "the calendar govuk was never read", 0),
        ((), "names the calendar govuk, which the configuration does not have", 1),
        ((read_at(INSTANT),), "the calendar govuk has no entry /announcements/x", 1),
        (
            (read_at(INSTANT, announced(None, "provisional")),),
            "the calendar govuk gives no day for it",
            0,
        ),
    ],
)
def test_a_release_that_its_calendar_does_not_confirm_waits(
    snapshots: tuple[Snapshot, ...], why: str, many: int
) -> None:
    found, conflicts = counted(release(announced=NAMED), *snapshots)
    assert embargoed(found, INSTANT + 99 * DAY)
    assert why in unconfirmed(found, INSTANT)
    assert len(conflicts) == many


def test_the_head_of_profession_may_lift_what_waits_for_a_calendar() -> None:
    found, _ = counted(release(announced=NAMED), read_at(None))
    lifted = replace(found, lifted=INSTANT + HOUR)
    assert embargoed(lifted, INSTANT + HOUR - A_SECOND) and not embargoed(lifted, INSTANT + HOUR)


def test_what_came_out_and_left_its_calendar_is_not_missed() -> None:
    out = release(announced=NAMED, state="published")
    found, conflicts = counted(out, read_at(INSTANT + DAY))
    assert not embargoed(found, INSTANT + DAY) and not conflicts
    gone = announced(seen=INSTANT - 3 * DAY)
    assert not embargoed(counted(out, read_at(INSTANT + DAY, gone))[0], INSTANT + DAY)


def test_what_left_its_calendar_days_before_is_confirmed_by_nothing() -> None:
    gone = announced(seen=INSTANT - 3 * DAY)
    for state in ("confirmed", "published"):
        found, _ = counted(release(announced=NAMED, state=state), read_at(INSTANT - HOUR, gone))
        assert embargoed(found, INSTANT)
    last_seen_in_time = announced(seen=INSTANT - HOUR)
    found, _ = counted(release(announced=NAMED), read_at(INSTANT + HOUR, last_seen_in_time))
    assert not embargoed(found, INSTANT)


def test_a_slip_that_left_the_calendar_again_still_counts() -> None:
    slipped = announced(INSTANT + 7 * DAY, seen=INSTANT - HOUR)
    found, _ = counted(release(announced=NAMED), read_at(INSTANT + HOUR, slipped))
    assert found.instant == INSTANT + 7 * DAY and embargoed(found, INSTANT + HOUR)


def test_a_named_calendar_that_says_published_after_the_instant_is_believed() -> None:
    waiting = release(announced=NAMED, lift="instant-and-published")
    before, _ = counted(waiting, read_at(INSTANT - HOUR, announced()))
    assert embargoed(before, INSTANT + HOUR)
    after, _ = counted(waiting, read_at(INSTANT + HOUR, announced(state="published")))
    assert not embargoed(after, INSTANT)
    early, (conflict,) = counted(waiting, read_at(INSTANT - HOUR, announced(state="published")))
    assert embargoed(early, INSTANT + HOUR) and "before its instant" in conflict
    by_title = release(lift="instant-and-published")
    guessed, _ = counted(by_title, read_at(INSTANT + HOUR, announced(state="published")))
    assert embargoed(guessed, INSTANT + HOUR)


def test_a_day_without_a_time_agrees_with_any_time_on_it_and_ends_late() -> None:
    day = announced(local(2020, 6, 5), since=local(2020, 6, 4))
    found, conflicts = counted(release(announced=NAMED), read_at(INSTANT, day))
    assert found.instant == INSTANT and not conflicts
    next_ = announced(local(2020, 6, 6), since=local(2020, 6, 5))
    found, conflicts = counted(release(announced=NAMED), read_at(INSTANT, next_))
    assert found.instant == local(2020, 6, 6) and len(conflicts) == 1


@pytest.mark.parametrize("key", ["https://www.gov.uk/announcements/X/", "x", "/Announcements/x"])
def test_a_key_may_be_the_address_or_its_last_part(key: str) -> None:
    found, conflicts = counted(
        release(announced=CalendarKey("govuk", key)), read_at(INSTANT, announced())
    )
    assert not conflicts and not embargoed(found, INSTANT)


def test_a_notice_with_the_date_of_the_file_is_still_its_own() -> None:
    later = INSTANT + 7 * DAY
    found = reconciled(register(release(announced=NAMED)), [read_at(INSTANT, announced(later))])
    for instant in (INSTANT, later):
        assert found.due[instant.astimezone(UTC)] == ("x",)


def test_dates_that_differed_long_ago_bother_nobody() -> None:
    moved = announced(INSTANT + DAY)
    subject = release(announced=NAMED)
    assert counted(subject, read_at(INSTANT + 40 * DAY, moved))[1]
    assert not counted(subject, read_at(INSTANT + 46 * DAY, moved))[1]
    out = replace(subject, state="published")
    assert not counted(out, read_at(INSTANT + 2 * DAY, moved))[1]


class TestTitles:
    """A release that names no calendar is looked for by its title."""

    def test_the_same_title_within_45_days_is_the_same_release(self) -> None:
        spelt = announced(INSTANT + 44 * DAY, title="x")
        found, conflicts = counted(release(), read_at(INSTANT, spelt))
        assert found.instant == INSTANT + 44 * DAY and len(conflicts) == 1
        far = announced(INSTANT + 46 * DAY)
        assert counted(release(), read_at(INSTANT, far)) == (release(), [])

    def test_of_a_series_the_one_of_its_day_is_meant(self) -> None:
        weeks = [announced(INSTANT + n * 7 * DAY, key=str(n)) for n in range(-3, 4)]
        found, conflicts = counted(release(), read_at(INSTANT, *weeks))
        assert found.instant == INSTANT and not conflicts and not embargoed(found, INSTANT)

    def test_of_a_series_the_one_that_was_of_its_day_is_meant(self) -> None:
        moved = announced(INSTANT + DAY, key="moved", changes=(INSTANT,))
        found, _ = counted(
            release(), read_at(INSTANT, announced(INSTANT + 7 * DAY, key="next"), moved)
        )
        assert found.instant == INSTANT + DAY

    def test_what_may_be_one_of_several_is_a_conflict_and_waits(self) -> None:
        both = [announced(INSTANT + n * DAY, key=str(n)) for n in (-1, 1)]
        found, (conflict,) = counted(release(), read_at(INSTANT, *both))
        assert "announces 2 releases of this title near its date" in conflict
        assert "calendar: {name: govuk, key: …}" in conflict
        assert embargoed(found, INSTANT + 99 * DAY)

    def test_what_is_out_is_not_the_next_of_its_series(self) -> None:
        next_ = announced(INSTANT + 28 * DAY)
        found, conflicts = counted(release(state="published"), read_at(INSTANT + DAY, next_))
        assert not embargoed(found, INSTANT + DAY) and not conflicts

    def test_what_is_announced_for_another_releases_day_is_that_release(self) -> None:
        other = replace(release(), id="y", instant=INSTANT + 7 * DAY)
        both = Register({"x": release(), "y": other})
        found = reconciled(both, [read_at(INSTANT, announced(INSTANT + 7 * DAY))])
        assert found.releases["x"].instant == INSTANT and not found.conflicts

    def test_of_two_calendars_the_stricter_counts(self) -> None:
        later = read_at(INSTANT, announced(INSTANT + DAY), name="ons")
        for snapshots in (
            (read_at(INSTANT, announced()), later),
            (later, read_at(INSTANT, announced())),
        ):
            found, conflicts = counted(release(), *snapshots)
            assert found.instant == INSTANT + DAY and len(conflicts) == 1

    def test_of_two_calendars_the_stale_one_keeps_it_waiting(self) -> None:
        stale = read_at(INSTANT - 9 * DAY, announced(), name="ons")
        fresh = read_at(INSTANT - HOUR, announced())
        for snapshots in ((stale, fresh), (fresh, stale)):
            assert embargoed(counted(release(), *snapshots)[0], INSTANT)


def test_a_release_that_no_calendar_knows_is_as_it_was() -> None:
    before = register(release())
    assert reconciled(before, [read_at(INSTANT, announced(title="Other"))]) is before
    assert reconciled(before, []) is before


def test_the_approved_register_is_reconciled_too() -> None:
    later = read_at(INSTANT, announced(INSTANT + DAY))
    both = replace(register(release()), approved=register(release()))
    found = reconciled(both, [later])
    assert found.approved and found.approved.releases["x"].instant == INSTANT + DAY
    assert len(found.conflicts) == 1


@pytest.mark.parametrize(
    "changed",
    [{"title": "Another name"}, {"announced": CalendarKey("own", "own")}],
    ids=["another title", "another calendar"],
)
def test_a_change_that_waits_takes_no_release_from_its_calendar(changed: Any) -> None:
    later = read_at(INSTANT, announced(INSTANT + DAY))
    own = read_at(INSTANT, announced(key="own", title="Own"), name="own")
    waiting = replace(register(release(**changed)), approved=register(release()))
    found = reconciled(waiting, [later, own]).releases["x"]
    assert found.instant == INSTANT + DAY
    assert embargoed(found, INSTANT + DAY - A_SECOND)
    assert not embargoed(found, INSTANT + DAY)


def test_a_change_that_waits_does_not_confirm_what_its_calendar_cannot() -> None:
    unread = read_at(None)
    own = read_at(INSTANT, announced(key="own", title="Own"), name="own")
    waiting = replace(
        register(release(announced=CalendarKey("own", "own"))),
        approved=register(release(announced=NAMED)),
    )
    assert embargoed(reconciled(waiting, [unread, own]).releases["x"], INSTANT)


_NEAR = st.integers(-60 * 24, 60 * 24).map(lambda hours: INSTANT + hours * HOUR)
_STATES = st.sampled_from(["provisional", "confirmed", "published", "postponed", "cancelled"])
_ENTRIES = st.builds(
    announced, st.none() | _NEAR, _STATES, seen=st.none() | _NEAR,
    changes=st.lists(_NEAR, max_size=2).map(tuple), title=st.sampled_from(["X", "x", "Y"]),
    key=st.sampled_from([NAMED.key, "other", "third"]),
)  # fmt: skip
_SNAPSHOTS = st.lists(
    st.builds(read_at, st.none() | _NEAR).flatmap(
        lambda snapshot: st.lists(_ENTRIES, max_size=3, unique_by=lambda one: one.key).map(
            lambda found: replace(snapshot, announcements=tuple(found))
        )
    ),
    max_size=1,
)
_RELEASES = st.builds(
    release, announced=st.sampled_from([None, NAMED]), state=_STATES,
    lift=st.sampled_from(["instant", "instant-and-published"]),
)  # fmt: skip


@given(_RELEASES, _SNAPSHOTS, _NEAR)
def test_no_embargo_ends_before_the_register_or_the_calendar_says(
    subject: Release, snapshots: list[Snapshot], now: datetime
) -> None:
    found, _ = counted(subject, *snapshots)
    if embargoed(found, now):
        return
    assert subject.instant <= found.instant <= now
    assert not subject.suspended
    believed = found.state == "published" and found.calendar and subject.announced
    assert not subject.unpublished or believed
    if subject.announced:
        said = [one for one in snapshots[0].announcements if one.key == NAMED.key]
        for one in said:
            assert not one.suspended
            assert one.instant is not None
            assert one.instant <= max(now, found.instant)
        assert snapshots[0].read is not None


@given(_RELEASES, _SNAPSHOTS)
def test_reconciling_twice_says_the_same_of_when(
    subject: Release, snapshots: list[Snapshot]
) -> None:
    if not subject.announced:
        return  # by its title a release that moved may be near another announcement
    once, _ = counted(subject, *snapshots)
    twice, _ = counted(once, *snapshots)
    assert twice.instant == once.instant and twice.suspended == once.suspended
