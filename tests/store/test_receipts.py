"""Who got what of which release, however it was delivered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Callable

from gateway.model.held import Outcome
from gateway.model.session import Envelope
from gateway.store import GATEWAY, RELAYED, Store

Accept = Callable[..., Envelope]
LATER = timedelta(minutes=1)


def told(store: Store) -> list[tuple[str, str, str, str]]:
    return [(one.release, one.address, one.state, one.code) for one in store.receipts()]


def test_deliveries_of_stored_mail_are_told_with_their_last_code(
    store: Store, accept: Accept, now: datetime
) -> None:
    accept(store, "A1", held="hold", one="pass", two="pass")
    (queued,) = store.claim(now, LATER)
    one, two = queued.rows
    outcomes = [Outcome(one, "delivered", "250 Ok"), Outcome(two, "failed", "550 5.1.1 no user")]
    store.settle(queued, outcomes, (), now)
    assert told(store) == [
        ("births-2018", "one@other.example", "delivered", "250"),
        ("births-2018", "two@other.example", "failed", "550"),
    ]


def test_mail_that_was_relayed_at_once_is_told_from_the_audit(store: Store, now: datetime) -> None:
    for code in (250, 451, 550):
        facts = {"message": "A1", "recipients": ["K.Webb@dept.example"], "reply": code}
        store.note(GATEWAY, RELAYED, "cla-2018", facts, now)
    assert told(store) == [
        ("cla-2018", "k.webb@dept.example", "delivered", "250"),
        ("cla-2018", "k.webb@dept.example", "failed", "550"),
    ]
    assert store.verify().fault == ""
