"""When a release's date moves, what was cleared for it and not delivered is decided again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from prometheus_client import CollectorRegistry

from gateway import config
from gateway.act.hold import Telling, refuse
from gateway.act.metrics import Metrics
from gateway.act.rearm import HELD_AGAIN, HeldAgain, Rearming, hold_again, lengthened
from gateway.act.timers import Timers
from gateway.model.announcement import Announcement, Snapshot
from gateway.model.fault import Fault, Faults
from gateway.model.lift import Lift
from gateway.model.register import Register
from gateway.model.release import Release, Standing
from gateway.model.roster import Appointment, Role, Roster
from gateway.model.session import Arrival, Envelope, Recipient, Session
from gateway.model.verdict import Decision, Tie, Verdict
from gateway.releases.reconciliation import reconciled
from gateway.store import Store, StoreError

DUE = datetime(2018, 3, 28, 8, 30, tzinfo=UTC)
BEFORE, AFTER = DUE - timedelta(hours=12), DUE + timedelta(minutes=1)
A_WEEK, HOUR = timedelta(days=7), timedelta(hours=1)
TELLING = Telling(config.Notices(), config.Department())
LEASE, HOLD_FOR = timedelta(minutes=15), timedelta(days=14)
CONTENT = b"Message-ID: <m@dept.example>\r\nSubject: secret\r\n\r\n4.3%\r\n"
ROSTER = Roster(
    {"press": Role("press", "Media Officer", count=2)},
    (
        Appointment("press", "listed@dept.example"),
        Appointment("press", "leaver@dept.example", ends=date(2018, 3, 28)),
    ),
    frozenset({"producer@dept.example"}),
)
RELEASE = Release(
    "cla", "Children looked after", DUE, "Europe/London", timedelta(hours=24), "confirmed", ROSTER
)


def register(*releases: Release) -> Register:
    return Register({one.id: one for one in releases or (RELEASE,)}, digest="rg")


def moved(**changes: Any) -> Register:
    return register(replace(RELEASE, **changes))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "s.sqlite", tmp_path / "key", 1.0)
    rearm(opened, register(), BEFORE - HOUR)
    yield opened
    opened.close()


def rearm(
    store: Store, lists: Register, now: datetime, left: set[int] | None = None
) -> tuple[HeldAgain, ...]:  # fmt: skip
    """What the keeper does when it has read the lists."""
    since = lengthened(store, lists, now, lambda before, after: None)
    return hold_again(store, lists, since, now, TELLING, HOLD_FOR, set() if left is None else left)


def accept(
    store: Store, at: datetime, *decisions: Decision, id: str = "A1", embargoed: bool | None = None
) -> None:  # fmt: skip
    running = at < DUE if embargoed is None else embargoed
    ties = (Tie("cla", running, "title", "The message names it."),)
    envelope = Envelope("author@dept.example", tuple(Recipient(d.address) for d in decisions))
    store.accept(
        Arrival(id, at), Session("192.0.2.1"), envelope, CONTENT,
        Verdict("pass", decisions, ties), (), at, trace=b"Received: x\r\n",
    )  # fmt: skip


def cleared(name: str, listed: bool | None) -> Decision:
    address = f"{name}@dept.example"
    standing = Standing(address, "cla", "listed", "They are on the list.") if listed else None
    return Decision(address, "pass", "cla", listed, standing)


def states(store: Store, id: str = "A1") -> dict[str, str]:
    return {r.recipient.address.partition("@")[0]: r.state for r in store.hold(id).recipients}


def again(store: Store, lists: Register, now: datetime) -> list[str]:
    held = rearm(store, lists, now)
    return sorted(r.recipient.address.partition("@")[0] for one in held for r in one.recipients)


# A date that moves.


def test_what_publication_had_cleared_is_held_again_when_the_release_slips(store: Store) -> None:
    accept(store, AFTER, cleared("anyone", None), cleared("listed", None))
    slipped = moved(instant=DUE + A_WEEK)
    assert again(store, slipped, AFTER + HOUR) == ["anyone", "listed"]
    assert states(store) == {"anyone": "held", "listed": "held"}
    assert store.hold("A1").held[0].reasons == (HELD_AGAIN,)


@pytest.mark.parametrize("state", ["postponed", "cancelled"])
def test_a_release_that_is_stopped_holds_everybody_again(store: Store, state: str) -> None:
    accept(store, BEFORE, cleared("listed", True))
    assert again(store, moved(state=state), BEFORE + HOUR) == ["listed"]


def test_who_was_listed_and_still_may_have_it_is_left_in_peace(store: Store) -> None:
    accept(store, BEFORE, cleared("listed", True), cleared("producer", True))
    assert again(store, moved(instant=DUE + HOUR), BEFORE + 2 * HOUR) == []


def test_who_was_listed_is_held_again_where_the_window_is_shut_now(store: Store) -> None:
    accept(store, BEFORE, cleared("listed", True), cleared("producer", True))
    assert again(store, moved(instant=DUE + A_WEEK), BEFORE + HOUR) == ["listed"]
    assert states(store) == {"listed": "held", "producer": "queued"}


def test_each_recipient_is_judged_alone(store: Store) -> None:
    accept(store, AFTER, cleared("leaver", True), cleared("listed", True), embargoed=True)
    later = moved(instant=DUE + timedelta(hours=20))
    assert again(store, later, DUE + timedelta(hours=16)) == ["leaver"]


def test_what_no_list_mattered_to_is_left_in_peace(store: Store) -> None:
    accept(store, BEFORE, cleared("anyone", False))  # the rules let the mere name of it pass
    assert again(store, moved(instant=DUE + A_WEEK), BEFORE + HOUR) == []


@pytest.mark.parametrize(
    "changes",
    [{}, {"instant": DUE - HOUR}, {"state": "published"}, {"state": "provisional"}, {"title": "X"}],
)
def test_nothing_is_held_again_where_no_embargo_has_become_longer(
    store: Store, changes: dict[str, Any]
) -> None:
    accept(store, BEFORE, cleared("listed", True), cleared("anyone", None))
    assert again(store, moved(**changes), BEFORE + HOUR) == []


def test_another_release_holds_nothing_of_this_one(store: Store) -> None:
    accept(store, AFTER, cleared("anyone", None))
    other = replace(RELEASE, id="fdi")
    rearm(store, register(RELEASE, other), AFTER)
    slipped = register(RELEASE, replace(other, instant=DUE + A_WEEK))
    assert again(store, slipped, AFTER + HOUR) == []


def test_a_release_that_needs_to_be_published_and_is_not_any_more(store: Store) -> None:
    out = replace(RELEASE, lift="instant-and-published", state="published")
    rearm(store, register(out), AFTER)
    accept(store, AFTER, cleared("anyone", None))
    back = register(replace(out, state="confirmed"))
    assert again(store, back, AFTER + HOUR) == ["anyone"]


def test_a_date_that_moves_while_the_gateway_is_stopped_counts_as_well(
    store: Store, tmp_path: Path
) -> None:
    accept(store, AFTER, cleared("anyone", None))
    store.close()
    opened = Store.open(tmp_path / "s.sqlite", tmp_path / "key", 1.0)
    assert again(opened, moved(instant=DUE + A_WEEK), AFTER + 5 * HOUR) == ["anyone"]
    opened.close()


def test_a_worker_that_decided_by_the_old_date_a_moment_later_counts_as_well(
    store: Store,
) -> None:
    slipped = moved(instant=DUE + A_WEEK)
    assert again(store, slipped, AFTER) == []
    accept(store, AFTER + timedelta(seconds=2), cleared("anyone", None))
    assert again(store, slipped, AFTER + timedelta(seconds=5)) == ["anyone"]


def test_a_release_held_back_at_first_sight_is_no_change(store: Store) -> None:
    accept(store, AFTER, cleared("anyone", None))
    new = replace(RELEASE, id="new", state="postponed")
    assert again(store, register(RELEASE, new), AFTER + HOUR) == []


# Dates that a calendar moves.


def test_a_calendar_that_moves_a_date_holds_again_what_was_cleared(store: Store) -> None:
    def said(instant: datetime, read: datetime) -> Register:
        one = Announcement("cla", RELEASE.title, instant, "confirmed")
        return reconciled(register(), [Snapshot("govuk", timedelta(hours=26), read, (one,))])

    rearm(store, said(DUE, BEFORE), BEFORE)
    accept(store, AFTER, cleared("anyone", None))
    assert again(store, said(DUE, AFTER), AFTER) == []
    assert again(store, said(DUE + A_WEEK, AFTER + HOUR), AFTER + HOUR) == ["anyone"]


def test_a_calendar_that_cancels_holds_again_what_was_cleared(store: Store) -> None:
    one = Announcement("cla", RELEASE.title, DUE, "cancelled")
    calendar = Snapshot("govuk", timedelta(hours=26), AFTER, (one,))
    accept(store, AFTER, cleared("anyone", None))
    assert again(store, reconciled(register(), [calendar]), AFTER + HOUR) == ["anyone"]


# What people decided.


def released(store: Store, at: datetime) -> None:
    store.choose("A1", store.hold("A1").held, "released", "maria", at)


def test_what_a_person_released_is_decided_again_too(store: Store) -> None:
    accept(store, BEFORE, Decision("anyone@dept.example", "hold", "cla", False))
    released(store, BEFORE + HOUR)
    assert again(store, moved(instant=DUE + A_WEEK), BEFORE + 2 * HOUR) == ["anyone"]


def test_what_a_person_released_knowing_the_new_date_stays_released(store: Store) -> None:
    accept(store, BEFORE, Decision("anyone@dept.example", "hold", "cla", False))
    slipped = moved(instant=DUE + A_WEEK)
    assert again(store, slipped, BEFORE + HOUR) == []
    released(store, BEFORE + HOUR)
    assert again(store, slipped, BEFORE + 2 * HOUR) == []
    assert states(store) == {"anyone": "queued"}


def test_what_was_refused_or_is_delivered_stays_so(store: Store) -> None:
    accept(store, BEFORE, Decision("anyone@dept.example", "hold", "cla", False))
    refuse(store, "A1", "maria", "no", BEFORE, TELLING)
    assert again(store, moved(instant=DUE + A_WEEK), BEFORE + HOUR) == []
    assert states(store) == {"anyone": "refused"}


# Early lifts.


def test_a_lift_that_is_withdrawn_holds_again_what_it_let_through(store: Store) -> None:
    lifted = register().with_lifts([Lift("cla", DUE, BEFORE, "head@dept.example", "Leaked")])
    rearm(store, lifted, BEFORE)
    accept(store, BEFORE + HOUR, cleared("anyone", None))
    assert again(store, lifted, BEFORE + 2 * HOUR) == []
    assert again(store, register(), BEFORE + 3 * HOUR) == ["anyone"]


def test_a_lift_was_for_one_date_and_counts_for_no_other(store: Store) -> None:
    lift = Lift("cla", DUE, BEFORE, "head@dept.example", "Leaked")
    rearm(store, register().with_lifts([lift]), BEFORE)
    accept(store, BEFORE + HOUR, cleared("anyone", None))
    slipped = moved(instant=DUE + A_WEEK).with_lifts([lift])
    assert slipped.releases["cla"].lifted is None
    assert again(store, slipped, BEFORE + 2 * HOUR) == ["anyone"]


# What is said of it.


def test_it_is_audited_and_the_sender_hears_of_it(store: Store) -> None:
    accept(store, AFTER, cleared("anyone", None))
    rearm(store, moved(instant=DUE + A_WEEK), AFTER + HOUR)
    entry = store.audit_entries("A1")[-1]
    assert (entry.actor, entry.action) == ("gateway", "held again")
    assert entry.facts["recipients"] == ["anyone@dept.example"]
    assert entry.facts["release"] == "cla"
    (notice,) = store.claim(AFTER + HOUR, LEASE)
    assert notice.purpose == "notice" and notice.about == "A1"
    text = store.original(notice.id).content.decode().replace("=\r\n", "").replace("\r\n", " ")
    assert "was cleared is held after all" in " ".join(text.split())
    assert "is under embargo until 09:30 on Wednesday 4 April 2018" in " ".join(text.split())
    assert "anyone@dept.example" in text
    assert "secret" not in text.replace("on purpose", "") and "4.3%" not in text


def test_nothing_is_said_twice(store: Store) -> None:
    accept(store, AFTER, cleared("anyone", None))
    slipped = moved(instant=DUE + A_WEEK)
    assert again(store, slipped, AFTER + HOUR) == ["anyone"]
    assert again(store, slipped, AFTER + 2 * HOUR) == []
    assert [e.action for e in store.audit_entries("A1")] == ["accepted", "held again"]
    assert len(store.audit_entries("release:cla")) == 1


# The keeper's duty.


def keeper(store: Store, lists: list[Register | Faults], now: datetime) -> tuple[Timers, Rearming]:
    def read() -> Register:
        one = lists.pop(0)
        if isinstance(one, Faults):
            raise one
        return one

    log = structlog.get_logger()
    rearming = Rearming(store, read, TELLING, HOLD_FOR, log)
    timers = Timers(store, TELLING, Metrics(CollectorRegistry()), lambda: now, log, rearming)
    return timers, rearming


async def test_the_keeper_holds_again_by_the_lists_that_it_reads_anew(store: Store) -> None:
    accept(store, AFTER, cleared("anyone", None))
    lists: list[Register | Faults] = [register(), moved(instant=DUE + A_WEEK)]
    timers, rearming = keeper(store, lists, AFTER + HOUR)
    timers.tick()
    assert store.counts() == {"queued": 1}
    await rearming.reload()
    timers.tick()
    assert store.counts() == {"held": 1, "queued": 1}  # the notice


async def test_lists_that_do_not_load_leave_the_old_ones_and_the_lifts_of_now(
    store: Store,
) -> None:
    broken = Faults([Fault("cla.yaml", 1, 1, "broken")])
    timers, rearming = keeper(store, [register(), broken], AFTER)
    store.embargoes.lift(Lift("cla", DUE, BEFORE, "head@dept.example", "Leaked"))
    early, _ = keeper(store, [register()], BEFORE + HOUR)
    early.tick()
    accept(store, BEFORE + HOUR, cleared("anyone", None))
    timers, rearming = keeper(store, [register(), broken], BEFORE + 3 * HOUR)
    timers.tick()
    await rearming.reload()
    store.embargoes.withdraw("cla", "head@dept.example", "Error", BEFORE + 2 * HOUR)
    timers.tick()
    assert store.counts()["held"] == 1


@pytest.mark.parametrize(
    ("before", "after", "usual"),
    [
        ("provisional", "confirmed", True),
        ("confirmed", "published", True),
        ("confirmed", "postponed", True),
        ("postponed", "provisional", True),
        ("confirmed", "provisional", False),
        ("published", "confirmed", False),
        ("published", "postponed", False),
        ("cancelled", "published", False),
    ],
)
def test_a_release_that_leaves_its_ordinary_course_is_marked_in_the_audit(
    store: Store, before: Any, after: Any, usual: bool
) -> None:
    rearm(store, moved(state=before), BEFORE)
    rearm(store, moved(state=after), BEFORE + HOUR)
    assert store.audit_entries("release:cla")[-1].facts["usual"] is usual


def test_a_message_that_is_damaged_does_not_keep_the_others(store: Store, tmp_path: Path) -> None:
    for id in ("A1", "A2", "A3"):
        accept(store, AFTER, cleared("anyone", None), id=id)
    with sqlite3.connect(tmp_path / "s.sqlite") as connection:
        connection.execute("DELETE FROM pieces WHERE message = 'A2' AND place LIKE 'content%'")
    connection.close()
    with pytest.raises(StoreError):
        rearm(store, moved(instant=DUE + A_WEEK), AFTER + HOUR)
    assert [states(store, id) for id in ("A1", "A3")] == [{"anyone": "held"}] * 2


def test_who_was_left_in_peace_is_not_looked_at_again_by_the_same_lists(store: Store) -> None:
    accept(store, BEFORE, cleared("producer", True), cleared("listed", True))
    left: set[int] = set()
    slipped = moved(instant=DUE + A_WEEK)
    rearm(store, slipped, BEFORE + HOUR, left)
    assert left == {r.row for r in store.hold("A1").recipients if r.state == "queued"}
    assert store.embargoes.cleared(AFTER, AFTER, left) == ()
