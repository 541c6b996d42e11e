"""Whoever was alerted to a message hears that it never arrived; nobody else does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Iterator

import pytest

from gateway import config
from gateway.act.alert import alert_mails
from gateway.act.bounce import Bouncer
from gateway.act.composition import Reference
from gateway.act.fate import Fate
from gateway.act.followup import FollowUp
from gateway.act.outbox import Outbox
from gateway.model.reply import Reply
from gateway.model.session import Arrival, Envelope, Recipient, Session
from gateway.model.verdict import Alert, Decision, Verdict
from gateway.store import Store

NOW = datetime(2013, 4, 17, 12, 58, tzinfo=UTC)
NOTICES, DEPARTMENT = config.Notices(), config.Department()
LEAK = Alert("table-watch", "breach", None, ("one@other.example",), "It has rows.")
OFFICER = NOTICES.security_officer


class Silent:
    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "s.sqlite", tmp_path / "key", 1.0)
    yield opened
    opened.close()


def put(store: Store, *alerts: Alert, sender: str = "author@dept.example") -> None:
    people = ("one@other.example", "two@other.example")
    envelope = Envelope(sender, tuple(map(Recipient, people)))
    verdict = Verdict("pass", tuple(Decision(a, "pass") for a in people), alerts=alerts)
    arrival = Arrival("A1", NOW)
    mails = alert_mails(
        arrival, envelope, verdict, Reference(), {}, "queued", NOTICES, DEPARTMENT
    )  # fmt: skip
    store.accept(arrival, Session("::1"), envelope, b"Subject: hush\r\n\r\nx", verdict, mails, NOW)


async def delivered(store: Store, **answers: Reply) -> list[tuple[list[str], bytes]]:
    """Runs the outbox until nothing is due; the alerts it sent, in their order."""
    sent: list[tuple[list[str], bytes]] = []

    async def hop(envelope: Envelope, content: bytes, session: Session) -> tuple[Fate, ...]:
        if b"Auto-Submitted: auto-generated" in content and b"not delivered" in content:
            sent.append(([r.address for r in envelope.recipients], content))
        ok = Reply(250, "2.0.0", "Ok")
        return tuple(
            Fate(r, answers.get(r.address.partition("@")[0], ok)) for r in envelope.recipients
        )

    outbox = Outbox(
        store, hop, Bouncer("gateway.dept.example"), lambda: NOW + timedelta(minutes=5),
        config.Outbox(), lambda: 0.5, Silent(),
        follow_up=FollowUp(store, NOTICES, DEPARTMENT),
    )  # fmt: skip
    while await outbox.run_once():
        pass
    return sent


TOO_BIG = Reply(552, "5.3.4", "Message too big")


@pytest.mark.parametrize("sender", ["author@dept.example", ""])
async def test_who_was_alerted_hears_that_it_bounced(store: Store, sender: str) -> None:
    put(store, LEAK, sender=sender)
    ((to, content),) = await delivered(store, one=TOO_BIG, two=TOO_BIG)
    assert to == [OFFICER]
    said = content.replace(b"=\r\n", b"").replace(b"\r\n", b" ")
    assert b"Subject: [BREACH] table watch: message A1 not delivered" in content
    assert b"552 5.3.4 Message too big" in said and b"one@other.example" in said
    assert b"two@other.example" not in said and b"hush" not in said


async def test_a_failure_that_no_alert_was_about_is_not_followed(store: Store) -> None:
    put(store, LEAK)
    assert await delivered(store, two=TOO_BIG) == []


async def test_a_message_without_alerts_is_not_followed(store: Store) -> None:
    put(store)
    assert await delivered(store, one=TOO_BIG) == []


async def test_each_failure_is_followed_once(store: Store) -> None:
    put(store, LEAK)
    assert len(await delivered(store, one=TOO_BIG)) == 1
    assert await delivered(store, one=TOO_BIG) == []
