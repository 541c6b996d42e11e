"""Early lifts and dates that move, on a real file: what nobody without the key can say."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.model.held import Mail
from gateway.model.lift import Lift, Reading
from gateway.model.session import Envelope
from gateway.store import Store, StoreError, Tampered

Accept = Callable[..., Envelope]
DAY = timedelta(days=1)
LEASE = timedelta(minutes=15)


def lift(now: datetime, release: str = "births-2018") -> Lift:
    return Lift(release, now + DAY, now, "head@dept.example", "It had leaked")


@pytest.fixture
def change(folder: Path) -> Callable[[str], None]:
    def run(statement: str) -> None:
        with sqlite3.connect(folder / "gateway.sqlite") as connection:
            assert connection.execute(statement).rowcount
        connection.close()

    return run


# Lifts.


def test_a_lift_is_an_entry_of_the_audit(store: Store, now: datetime) -> None:
    assert store.embargoes.lifts() == ()
    store.embargoes.lift(lift(now))
    assert store.embargoes.lifts() == (lift(now),)
    (entry,) = store.audit_entries("release:births-2018")
    assert (entry.actor, entry.action) == ("head@dept.example", "embargo lifted")
    assert entry.facts["reason"] == "It had leaked"
    assert store.verify().fault == ""


def test_a_lift_that_was_withdrawn_counts_no_more_until_the_next(
    store: Store, now: datetime
) -> None:
    store.embargoes.lift(lift(now))
    store.embargoes.lift(lift(now, "deaths-2018"))
    store.embargoes.withdraw("births-2018", "head@dept.example", "Wrong release", now)
    assert store.embargoes.lifts() == (lift(now, "deaths-2018"),)
    store.embargoes.lift(lift(now + DAY))
    assert lift(now + DAY) in store.embargoes.lifts()


def test_a_lift_after_which_an_entry_is_missing_counts_for_nothing(
    store: Store, now: datetime, change: Callable[[str], None]
) -> None:
    store.embargoes.lift(lift(now))
    store.embargoes.withdraw("births-2018", "head@dept.example", "Wrong release", now)
    change("DELETE FROM audit WHERE action = 'lift withdrawn'")
    assert store.embargoes.lifts() == ()
    store.embargoes.lift(lift(now, "deaths-2018"))
    assert store.embargoes.lifts() == (lift(now, "deaths-2018"),)


CUT = "DELETE FROM audit WHERE action = 'lift withdrawn'"
HEAD = (
    "UPDATE audit_head SET number = (SELECT max(number) FROM audit),"
    " digest = (SELECT digest FROM audit ORDER BY number DESC LIMIT 1)"
)


@pytest.mark.parametrize("seal", ["", ", seal = NULL", ", seal = ''", ", seal = digest"])
def test_cutting_off_the_withdrawal_and_moving_the_head_back_revives_no_lift(
    store: Store, now: datetime, change: Callable[[str], None], seal: str
) -> None:
    store.embargoes.lift(lift(now))
    store.embargoes.withdraw("births-2018", "head@dept.example", "Wrong release", now)
    change(CUT)
    change(HEAD + seal)
    assert store.embargoes.lifts() == ()
    assert store.verify().fault == "the newest entry, 1, was made the newest by somebody"
    store.note("somebody", "looked", "A1", {}, now)
    assert store.verify().fault == "the newest entry, 2, was made the newest by somebody"
    with pytest.raises(StoreError, match="the audit is broken"):
        store.embargoes.lift(lift(now, "deaths-2018"))
    assert store.embargoes.lifts() == ()


def test_an_older_head_that_somebody_kept_revives_no_lift(
    store: Store, folder: Path, now: datetime, change: Callable[[str], None]
) -> None:
    store.embargoes.lift(lift(now))
    with sqlite3.connect(folder / "gateway.sqlite") as connection:
        ((seal,),) = connection.execute("SELECT seal FROM audit_head").fetchall()
    connection.close()
    store.embargoes.withdraw("births-2018", "head@dept.example", "Wrong release", now)
    change(CUT)
    change(f"{HEAD}, seal = '{seal}'")
    assert store.embargoes.lifts() == ()
    assert store.verify().fault == "entries after 1 are missing"
    store.embargoes.lift(lift(now, "deaths-2018"))
    assert store.embargoes.lifts() == (lift(now, "deaths-2018"),)


@pytest.mark.parametrize("content", [None, b"", b"{}", b"x\n{}", b"\xff" * 99])
def test_without_the_witness_no_lift_counts_until_the_next(
    store: Store, folder: Path, now: datetime, content: bytes | None
) -> None:
    store.embargoes.lift(lift(now))
    witness = folder / "gateway.sqlite.head"
    witness.unlink() if content is None else witness.write_bytes(content)
    assert store.embargoes.lifts() == ()
    assert store.verify().fault == "what is kept of it beside the store is missing"
    again = Store.open(folder / "gateway.sqlite", folder / "gateway.key", 1.0)
    assert again.embargoes.lifts() == ()
    again.embargoes.lift(lift(now, "deaths-2018"))
    assert again.embargoes.lifts() == (lift(now, "deaths-2018"),)
    assert again.verify().fault == ""
    again.close()


def test_a_lift_from_before_there_was_a_witness_goes_on(
    store: Store, folder: Path, now: datetime, change: Callable[[str], None]
) -> None:
    store.embargoes.lift(lift(now))
    (folder / "gateway.sqlite.head").unlink()
    change("UPDATE audit_head SET seal = NULL")
    upgraded = Store.open(folder / "gateway.sqlite", folder / "gateway.key", 1.0)
    assert upgraded.embargoes.lifts() == (lift(now),)
    assert upgraded.verify().fault == ""
    upgraded.close()


def test_a_lift_that_the_witness_cannot_take_up_is_none_and_a_withdrawal_is_one(
    store: Store, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    store.embargoes.lift(lift(now))
    with monkeypatch.context() as patch:
        patch.setattr("gateway.store.witness.os.replace", full)
        with pytest.raises(StoreError, match="No space left"):
            store.embargoes.lift(lift(now, "deaths-2018"))
        assert store.embargoes.lifts() == (lift(now),)
        with pytest.raises(StoreError, match="births-2018 is under embargo again, but"):
            store.embargoes.withdraw("births-2018", "head@dept.example", "Wrong release", now)
    assert store.embargoes.lifts() == ()
    assert not list(folder.glob(".*head*"))


def test_whoever_has_read_the_lifts_knows_when_to_read_them_again(
    store: Store, now: datetime
) -> None:
    before = store.rulings()
    store.embargoes.lift(lift(now))
    lifted = store.rulings()
    store.embargoes.withdraw("births-2018", "head@dept.example", "Wrong", now)
    assert before < lifted < store.rulings()


@pytest.mark.parametrize(
    "forgery",
    [
        "audit SET subject = 'release:market-2018'",
        "audit SET facts = replace(facts, '2018', '2019')",
        "audit SET actor = 'evil@webmail.example'",
        "audit SET action = 'embargo lifted' WHERE action = 'lift withdrawn'",
    ],
)
def test_nobody_without_the_key_can_lift_anything(
    store: Store, now: datetime, change: Callable[[str], None], forgery: str
) -> None:
    store.embargoes.lift(lift(now))
    if "withdrawn" in forgery:
        store.embargoes.withdraw("births-2018", "head@dept.example", "Wrong", now)
    change(f"UPDATE {forgery}")
    assert store.embargoes.lifts() == ()
    assert store.verify().fault


def test_a_hold_whose_number_looks_like_a_release_lifts_nothing(
    store: Store, now: datetime
) -> None:
    store.note("somebody", "embargo lifted", "births-2018", {"instant": now.isoformat()}, now)
    assert store.embargoes.lifts() == ()


# Readings.


def reading(now: datetime, state: str = "confirmed", **changes: object) -> Reading:
    return Reading(
        "births-2018", now + DAY, state, **{"held_back": False, "lifted": False} | changes
    )  # type: ignore[arg-type]


def test_what_the_register_says_first_is_no_news(store: Store, now: datetime) -> None:
    store.embargoes.note([(None, reading(now))], "gateway", now)
    assert store.embargoes.readings() == {"births-2018": reading(now)}
    assert store.audit_entries("release:births-2018") == ()


def test_what_it_says_otherwise_later_is_audited(store: Store, now: datetime) -> None:
    first, then = reading(now), reading(now + DAY, lengthened=now)
    store.embargoes.note([(None, first)], "gateway", now)
    store.embargoes.note([(first, then)], "gateway", now)
    assert store.embargoes.readings() == {"births-2018": then}
    (entry,) = store.audit_entries("release:births-2018")
    assert entry.action == "release changed"
    assert entry.facts["longer"] is True


@pytest.mark.parametrize(
    ("before", "after", "longer"),
    [
        ({}, {}, False),
        ({}, {"held_back": True, "state": "postponed"}, True),
        ({"held_back": True, "state": "postponed"}, {}, False),
        ({"lifted": True}, {}, True),
        ({}, {"lifted": True}, False),
        ({}, {"state": "published"}, False),
    ],
)
def test_an_embargo_is_longer_where_less_may_pass(
    now: datetime, before: dict[str, object], after: dict[str, object], longer: bool
) -> None:
    assert reading(now, **after).longer_than(reading(now, **before)) is longer  # type: ignore[arg-type]
    assert reading(now + DAY, **after).longer_than(reading(now, **before))  # type: ignore[arg-type]


# Holding again.


def held_again(store: Store, id: str, now: datetime) -> list[str]:
    found = [one for one in store.embargoes.cleared(now + DAY, now) if one.id == id]
    if not found:
        return []
    done = store.embargoes.hold_again(
        id, found[0].recipients, "release-later", "gateway", now, now + 14 * DAY, {}, ()
    )
    return [one.recipient.address for one in done]


def test_a_cleared_copy_is_held_again_and_can_be_decided_like_any_other(
    store: Store, accept: Accept, now: datetime
) -> None:
    accept(store, "A1", one="pass", two="pass")
    assert held_again(store, "A1", now) == ["one@Other.example", "two@Other.example"]
    assert store.due(now) == ()
    held = store.hold("A1", now).held
    assert {r.reasons for r in held} == {("release-later",)}
    store.choose("A1", held[:1], "released", "maria", now)
    assert [queued.envelope.recipients[0].address for queued in store.claim(now, LEASE)] == [
        "one@Other.example"
    ]
    actions = [entry.action for entry in store.audit_entries("A1")]
    assert actions == ["accepted", "held again", "released"]
    assert store.verify().fault == ""


def test_it_is_kept_as_long_as_any_hold(store: Store, accept: Accept, now: datetime) -> None:
    accept(store, "A1", one="pass")
    later = now + 10 * DAY
    held_again(store, "A1", later)
    assert store.hold("A1", later).expires == later + 14 * DAY


def test_a_copy_on_its_way_is_left_to_its_delivery(
    store: Store, accept: Accept, now: datetime
) -> None:
    accept(store, "A1", one="pass")
    assert store.claim(now, LEASE)
    assert store.embargoes.cleared(now + DAY, now) == ()
    assert held_again(store, "A1", now + LEASE) == ["one@Other.example"]


def test_mail_of_our_own_is_never_held_again(
    store: Store, accept: Accept, now: datetime, notice: Mail
) -> None:
    accept(store, "A1", mails=(notice,), one="pass")
    assert [one.id for one in store.embargoes.cleared(now + DAY, now)] == ["A1"]
    assert store.embargoes.cleared(now, now) == ()  # decided at that very instant, not before


def test_a_forged_copy_is_not_made_genuine_by_holding_it(
    store: Store, accept: Accept, now: datetime, change: Callable[[str], None]
) -> None:
    accept(store, "A1", one="pass")
    change("UPDATE journal SET address = 'evil@webmail.example'")
    assert held_again(store, "A1", now) == []
    with pytest.raises(Tampered):
        store.claim(now, LEASE)
