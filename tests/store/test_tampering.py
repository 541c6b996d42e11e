"""Who can write to the file but has no key cannot make the gateway deliver to anybody."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Callable

import pytest

from gateway.model.held import Mail, Outcome
from gateway.model.session import Envelope, Recipient
from gateway.store import AlreadyDecided, Store, Tampered

Accept = Callable[..., Envelope]
LEASE = timedelta(minutes=15)


@pytest.fixture
def change(folder: Path) -> Callable[[str], None]:
    def run(statement: str) -> None:
        with sqlite3.connect(folder / "gateway.sqlite") as connection:
            assert connection.execute(statement).rowcount > 0
        connection.close()

    return run


@pytest.mark.parametrize(
    "forgery",
    [
        "address = 'evil@webmail.example', state = 'queued', queued_at = 1, next_at = 1",
        "state = 'queued', queued_at = 1, next_at = 1",
        "state = 'waiting', queued_at = 1, next_at = 1, origin = 'pass'",
        "state = 'queued', queued_at = 1, next_at = 1, decided_by = 'maria', decided_at = 1",
        "state = 'queued', queued_at = 1, next_at = 1, seal = ''",
        "state = 'queued', queued_at = 1, next_at = 1, seal = 'ä'",
        "state = 'queued', queued_at = 1, next_at = 1, "
        "seal = (SELECT seal FROM journal WHERE message = 'A2')",
    ],
)
def test_held_mail_is_not_delivered_on_the_word_of_the_file(
    store: Store, accept: Accept, now: datetime, change: Callable[[str], None], forgery: str
) -> None:
    accept(store, "A1", one="hold")
    accept(store, "A2", two="pass")
    change(f"UPDATE journal SET {forgery} WHERE message = 'A1'")
    with pytest.raises(Tampered) as found:
        store.claim(now, LEASE)
    assert list(found.value.rows) == ["A1"]
    assert [queued.id for queued in store.claim(now, LEASE)] == ["A2"], "nobody else waits for it"
    with pytest.raises(Tampered):
        store.claim(now + LEASE, LEASE)
    entries = [(e.action, e.facts) for e in store.audit_entries("A1")]
    assert entries[1:] == [("tampered", {"rows": [1]})]
    assert store.counts().get("queued") == 2


@pytest.mark.parametrize(
    "forgery",
    [
        "journal SET address = 'evil@webmail.example'",
        "journal SET options = '[\"NOTIFY=SUCCESS\"]'",
        "journal SET release = 'another'",
        "messages SET sender = 'evil@webmail.example'",
        "messages SET purpose = 'alert'",
        "messages SET options = '[]'",
        "messages SET about = 'A2'",
    ],
)
def test_what_was_cleared_for_one_is_not_delivered_otherwise(
    store: Store, accept: Accept, now: datetime, change: Callable[[str], None], forgery: str
) -> None:
    accept(store, "A1", one="pass")
    change(f"UPDATE {forgery}")
    with pytest.raises(Tampered):
        store.claim(now, LEASE)
    assert store.claim(now, LEASE) == ()


def test_a_cleared_row_does_not_clear_another_message(
    store: Store, accept: Accept, now: datetime, change: Callable[[str], None]
) -> None:
    accept(store, "A1", one="hold")
    accept(store, "A2", one="pass")
    change("UPDATE journal SET message = 'A1' WHERE message = 'A2'")
    with pytest.raises(Tampered):
        store.claim(now, LEASE)


def test_a_forged_hold_is_neither_shown_nor_released(
    store: Store, accept: Accept, now: datetime, change: Callable[[str], None]
) -> None:
    accept(store, "A1", one="hold", two="hold")
    held = store.hold("A1").held
    change("UPDATE journal SET address = 'evil@webmail.example' WHERE row = 1")
    with pytest.raises(Tampered):
        store.hold("A1", now)
    with pytest.raises(Tampered):
        store.choose("A1", held, "released", "maria", now)
    assert store.counts() == {"held": 2}
    assert [e.action for e in store.audit_entries("A1")] == ["accepted", "tampered"]
    assert "evil" not in str(store.audit_entries("A1"))


def test_an_alert_is_not_followed_to_an_address_that_was_put_in(
    store: Store, accept: Accept, now: datetime, change: Callable[[str], None]
) -> None:
    alert = Mail("alert", Envelope("", (Recipient("officer@dept.example"),)), b"alert")
    accept(store, "A1", mails=(alert,), one="pass")
    assert store.alerted("A1")[1] == (("officer@dept.example",),)
    change("UPDATE journal SET address = 'evil@webmail.example' WHERE message != 'A1'")
    with pytest.raises(Tampered):
        store.alerted("A1")


def test_who_was_first_is_no_forgery(store: Store, accept: Accept, now: datetime) -> None:
    accept(store, "A1", one="hold")
    held = store.hold("A1").held
    store.choose("A1", held, "refused", "maria", now)
    with pytest.raises(AlreadyDecided):
        store.choose("A1", held, "released", "john", now)


def test_every_step_of_the_program_itself_is_sound(
    store: Store, accept: Accept, now: datetime, notice: Mail
) -> None:
    accept(store, "A1", mails=(notice,), one="hold", two="hold", three="pass", four="reject")
    one, two = store.hold("A1", now).held
    store.choose("A1", [one], "released", "maria", now, remark="Fürs Büro")
    store.choose("A1", [two], "expired", "gateway", now)
    claimed = {queued.id: queued for queued in store.claim(now, LEASE)}
    assert len(claimed) == 2
    queued = claimed["A1"]
    later = now + LEASE
    store.settle(
        queued,
        [Outcome(queued.rows[0], "deferred", "451", later), Outcome(queued.rows[1], "failed", "5")],
        (), now,
    )  # fmt: skip
    (again,) = (q for q in store.claim(later, LEASE) if q.id == "A1")
    store.settle(again, [Outcome(again.rows[0], "delivered", "250")], (), later)
    assert len(store.hold("A1", now).recipients) == 4


def test_an_alert_that_waits_is_sound_before_and_after_its_time(
    store: Store, now: datetime, notice: Mail
) -> None:
    store.record_alert("A1", [notice], now)
    store.settle_alert("A1", "no answer", [], now)
    store.record_alert("A2", [notice], now)
    assert len(store.claim(now, LEASE)) == 1
    assert len(store.claim(now + timedelta(minutes=2), LEASE)) == 1


def test_rows_from_before_there_were_seals_are_not_delivered(
    store: Store, folder: Path, accept: Accept, now: datetime, change: Callable[[str], None]
) -> None:
    accept(store, "A1", one="pass")
    store.close()
    with sqlite3.connect(folder / "gateway.sqlite") as connection:
        connection.execute("ALTER TABLE journal DROP COLUMN seal")
        connection.execute("ALTER TABLE audit_head DROP COLUMN seal")
        for later in ("approvals", "readings"):
            connection.execute(f"DROP TABLE {later}")
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    upgraded = Store.open(folder / "gateway.sqlite", folder / "gateway.key", 1.0)
    with pytest.raises(Tampered):
        upgraded.claim(now, LEASE)
    accept(upgraded, "A2", one="pass")
    assert [queued.id for queued in upgraded.claim(now, LEASE)] == ["A2"]
    upgraded.close()
