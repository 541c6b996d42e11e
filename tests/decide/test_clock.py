"""Shifting the clock towards publication changes exactly one thing at a time, to the second."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.cases import BANNER, POLICY, case

from gateway.decide import decide
from gateway.decide.embargo import embargoed, ties
from gateway.decide.roster import standing
from gateway.model.finding import Mention
from gateway.model.lift import Lift
from gateway.model.message import Location
from gateway.model.regime import Window, WorkingDays
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.model.roster import Appointment, Role, Roster

SECOND = timedelta(seconds=1)
LONDON = ZoneInfo("Europe/London")
LISTED, STRANGER = "listed@dept.example", "stranger@elsewhere.example"
PRODUCER, CHECKER = "producer@dept.example", "checker@dept.example"
ROSTER = Roster(
    {"press": Role("press", "Media Officer")}, (Appointment("press", LISTED),),
    frozenset({PRODUCER}), quality_assurers=frozenset({CHECKER}),
)  # fmt: skip
WINDOWS: st.SearchStrategy[Window] = st.one_of(
    st.timedeltas(timedelta(0), timedelta(days=9)).map(lambda t: t - t % SECOND),
    st.builds(WorkingDays, st.integers(0, 9), st.frozensets(
        st.dates(date(2026, 1, 1), date(2027, 1, 1)), max_size=20)),
)  # fmt: skip
NIGHTS = ("2026-03-29T00:30", "2026-03-29T09:30", "2026-10-25T09:30", "2026-10-26T00:30")
INSTANTS = st.one_of(
    st.datetimes(datetime(2026, 2, 1), datetime(2026, 12, 1)).map(
        lambda d: d.replace(microsecond=0)
    ),
    st.sampled_from([datetime.fromisoformat(night) for night in NIGHTS]),
).map(lambda wall: wall.replace(tzinfo=LONDON))
CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})
RELEASES = st.builds(
    lambda instant, window: Release(
        "cla", "Children looked after", instant, "Europe/London", window, "confirmed", ROSTER
    ),
    INSTANTS,
    WINDOWS,
)


def view(release: Release, at: datetime) -> dict[str, Any]:
    """Everything that a clock could change."""
    register = Register({release.id: release})
    who = {
        name: standing(register, release, name, at).status
        for name in (LISTED, STRANGER, PRODUCER, CHECKER)
    }
    return {**who, "embargoed": embargoed(release, at)}


@given(RELEASES, st.timedeltas(-timedelta(days=20), timedelta(days=20)))
def test_only_two_moments_change_anything(release: Release, shift: timedelta) -> None:
    now = release.instant.astimezone(UTC) + shift
    opens, instant = release.opens, release.instant.astimezone(UTC)
    expected = {
        LISTED: "listed" if now >= opens else "not-yet",
        STRANGER: "not-listed",
        PRODUCER: "production",
        CHECKER: "production",
        "embargoed": now < instant,
    }
    assert view(release, now) == expected


@given(RELEASES)
def test_at_its_opening_the_list_begins_to_count_and_nothing_else(release: Release) -> None:
    assume(release.opens < release.instant.astimezone(UTC))
    before, then = view(release, release.opens - SECOND), view(release, release.opens)
    assert (before.pop(LISTED), then.pop(LISTED)) == ("not-yet", "listed")
    assert before == then


@given(RELEASES)
def test_at_the_instant_the_embargo_ends_and_nothing_else_not_a_second_sooner(
    release: Release,
) -> None:
    assume(release.opens < release.instant.astimezone(UTC))
    instant = release.instant.astimezone(UTC)
    before, then = view(release, instant - SECOND), view(release, instant)
    assert (before.pop("embargoed"), then.pop("embargoed")) == (True, False)
    assert before == then
    assert embargoed(release, instant - timedelta(microseconds=1))


@given(
    RELEASES,
    st.sampled_from(["postponed", "cancelled"]),
    st.timedeltas(-timedelta(days=20), timedelta(days=400)),
)
def test_what_has_no_date_stays_as_it_is_for_good(
    release: Release, state: Any, shift: timedelta
) -> None:
    now = release.instant.astimezone(UTC) + shift
    stopped = replace(release, state=state, lifted=now - SECOND)
    seen = view(stopped, now)
    assert seen["embargoed"] and seen[LISTED] == "not-yet"


@given(RELEASES, st.timedeltas(SECOND, timedelta(days=20)))
def test_a_lift_ends_the_embargo_at_its_own_second_and_changes_nobodys_standing(
    release: Release, sooner: timedelta
) -> None:
    at = release.instant.astimezone(UTC) - sooner
    lift = Lift("cla", release.instant, at, "head@dept.example", "It had leaked")
    lifted = Register({"cla": release}).with_lifts([lift]).releases["cla"]
    before, then = view(lifted, at - SECOND), view(lifted, at)
    assert (before["embargoed"], then["embargoed"]) == (True, False)
    assert {**then, "embargoed": True} == view(release, at)


@given(RELEASES, st.timedeltas(SECOND, timedelta(days=20)))
def test_a_lift_for_another_date_lifts_nothing(release: Release, slip: timedelta) -> None:
    lift = Lift("cla", release.instant, release.opens - slip, "head@dept.example", "It had leaked")
    slipped = replace(release, instant=release.instant.astimezone(UTC) + slip)
    assert Register({"cla": slipped}).with_lifts([lift]).releases["cla"].lifted is None


@given(RELEASES, st.timedeltas(-timedelta(days=20), timedelta(days=20)))
def test_a_lift_is_withdrawn_without_a_trace(release: Release, shift: timedelta) -> None:
    lift = Lift("cla", release.instant, release.opens, "head@dept.example", "It had leaked")
    register = Register({"cla": release})
    assert register.with_lifts([lift]).with_lifts([]) == register


# The whole decision about one message.


def decisions(release: Release, at: datetime) -> dict[str, str]:
    message = case(
        LISTED, STRANGER, PRODUCER, sender=PRODUCER,
        findings=(BANNER,), mentions=(Mention("cla", "title", Location("1", None, "body"), 5),),
    )  # fmt: skip
    register = Register({"cla": release}, domains={"dept.example": "internal"})
    found = decide(message, register, POLICY, at).decisions
    return {one.address: one.disposition for one in found}


@pytest.mark.parametrize(
    ("state", "lift"), [("confirmed", "instant"), ("published", "instant-and-published")]
)
def test_a_pack_to_a_list_and_a_stranger_on_its_way_to_publication(state: Any, lift: Any) -> None:
    instant = datetime(2018, 3, 28, 9, 30, tzinfo=LONDON)
    release = Release(
        "cla", "Children looked after", instant, "Europe/London", timedelta(hours=24), state,
        ROSTER, lift=lift,
    )  # fmt: skip
    course = [
        (release.opens - SECOND, {LISTED: "hold", STRANGER: "hold", PRODUCER: "pass"}),
        (release.opens, {LISTED: "pass", STRANGER: "hold", PRODUCER: "pass"}),
        (instant - SECOND, {LISTED: "pass", STRANGER: "hold", PRODUCER: "pass"}),
        (instant, {LISTED: "pass", STRANGER: "pass", PRODUCER: "pass"}),
    ]
    for at, expected in course:
        assert decisions(release, at) == expected, at


def test_a_release_that_is_not_published_at_its_instant_is_held_on() -> None:
    instant = datetime(2018, 3, 28, 9, 30, tzinfo=LONDON)
    release = Release(
        "cla", "Children looked after", instant, "Europe/London", timedelta(hours=24), "confirmed",
        ROSTER, lift="instant-and-published",
    )  # fmt: skip
    assert decisions(release, instant)[STRANGER] == "hold"
    assert decisions(replace(release, state="published"), instant)[STRANGER] == "pass"
    lifted = replace(release, lifted=instant)
    assert decisions(lifted, instant)[STRANGER] == "pass"


def test_the_message_is_told_why_nothing_stops_it() -> None:
    instant = datetime(2018, 3, 28, 9, 30, tzinfo=LONDON)
    release = Release(
        "cla", "Children looked after", instant, "Europe/London", timedelta(hours=24), "confirmed",
        ROSTER, lifted=instant - timedelta(hours=2),
    )  # fmt: skip
    message = case(LISTED, mentions=(Mention("cla", "title", Location("1", None, "body")),))
    (tie,) = ties(message, Register({"cla": release}), instant - timedelta(hours=1))
    assert not tie.embargoed
    assert "whose embargo its Head of Profession has lifted early" in tie.sentence


@pytest.mark.parametrize(
    ("window", "figures", "at", "fate"),
    [
        # Five working days over Christmas are twelve days: what is out then is as final.
        (WorkingDays(5, CHRISTMAS), 3, "2026-12-23T09:30:00", "hold"),
        (WorkingDays(5, CHRISTMAS), 3, "2026-12-23T09:29:59", "pass"),
        (timedelta(hours=1), 3, "2027-01-03T09:30:00", "hold"),  # a day ahead, whatever the law
        (timedelta(hours=24), 3, "2027-01-03T09:29:59", "pass"),
        (WorkingDays(5, CHRISTMAS), 0, "2026-12-30T09:30:00", "pass"),
    ],
)
def test_a_retyped_summary_is_held_as_long_as_a_law_lets_people_have_the_figures(
    window: Window, figures: int, at: str, fate: str
) -> None:
    instant = datetime(2027, 1, 4, 9, 30, tzinfo=LONDON)
    release = Release(
        "cla", "Children looked after", instant, "Europe/London", window, "confirmed", ROSTER
    )
    mentions = (Mention("cla", "title", Location("1", None, "body"), figures),)
    message = case(STRANGER, sender=LISTED, mentions=mentions)
    now = datetime.fromisoformat(at).replace(tzinfo=LONDON)
    (found,) = decide(message, Register({"cla": release}), POLICY, now).decisions
    assert found.disposition == fate
