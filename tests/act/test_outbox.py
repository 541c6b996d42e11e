"""What is stored is delivered once, tried again with growing pauses, or the sender hears of it."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Iterator, Sequence

import pytest

from gateway import config
from gateway.act.bounce import Bouncer
from gateway.act.fate import Fate
from gateway.act.outbox import Outbox, Pace
from gateway.model.held import Mail
from gateway.model.reply import Reply
from gateway.model.session import Arrival, Envelope, Recipient, Session
from gateway.model.verdict import Decision, Verdict
from gateway.store import Store

START = datetime(2018, 3, 27, 19, 35, tzinfo=UTC)
OK, LATER, NEVER = (
    Reply(250, "2.0.0", "Ok"),
    Reply(451, "4.3.0", "Busy"),
    Reply(552, "5.3.4", "Big"),
)
SETTINGS = config.Outbox(retry=60, retry_max=3600, expire=86400, poll=0.001)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **spans: float) -> None:
        self.now += timedelta(**spans)


class NextHop:
    """Answers as it is told, and remembers what it took."""

    def __init__(self, *, dsn: bool = True, **answers: Reply | Exception) -> None:
        self.dsn = dsn
        self.answers = answers
        self.taken: list[tuple[Envelope, bytes]] = []

    async def __call__(
        self, envelope: Envelope, content: bytes, session: Session
    ) -> tuple[Fate, ...]:
        self.taken.append((envelope, content))
        fates = []
        for recipient in envelope.recipients:
            answer = self.answers.get(recipient.address.partition("@")[0], OK)
            if isinstance(answer, Exception):
                raise answer
            fates.append(Fate(recipient, answer, "mx.other.example", self.dsn))
        return tuple(fates)

    @property
    def recipients(self) -> list[list[str]]:
        return [
            [r.address.partition("@")[0] for r in envelope.recipients] for envelope, _ in self.taken
        ]


class Bounces:
    def __init__(self) -> None:
        self.written: list[tuple[str, dict[str, str], bytes]] = []

    def __call__(
        self, kind: str, arrival: Arrival, envelope: Envelope, fates: Sequence[Fate],
        content: bytes, now: datetime, retry_until: datetime | None = None,
    ) -> Mail | None:  # fmt: skip
        told = {fate.recipient.address.partition("@")[0]: str(fate.reply) for fate in fates}
        self.written.append((kind, told, content))
        purpose: Any = "dsn" if kind == "failed" else "warning"
        return Mail(purpose, Envelope("", (Recipient(envelope.sender),)), b"dsn")


class Log:
    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, Any]]] = []

    def error(self, event: str, **fields: Any) -> None:
        self.lines.append((event, fields))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "s.sqlite", tmp_path / "key", 1.0)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def put(
    store: Store, *names: str, id: str = "A1", sender: str = "author@dept.example",
    notify: str = "FAILURE",
) -> None:  # fmt: skip
    envelope = Envelope(
        sender, tuple(Recipient(f"{name}@other.example", (f"NOTIFY={notify}",)) for name in names),
        ("BODY=8BITMIME", "ENVID=QQ1"),
    )  # fmt: skip
    verdict = Verdict("pass", tuple(Decision(f"{n}@other.example", "pass") for n in names))
    session = Session("192.0.2.1")
    store.accept(
        Arrival(id, START), session, envelope, b"Subject: x\r\n\r\n.dot\r\n", verdict, (), START,
        trace=b"Received: here\r\n",
    )  # fmt: skip


def outbox(
    store: Store, hop: Any, clock: Clock, bounces: Bounces | None = None, log: Log | None = None,
    pace: Pace | None = None,
) -> Outbox:  # fmt: skip
    return Outbox(
        store, hop, bounces or Bounces(), clock, SETTINGS, lambda: 0.5, log or Log(), pace
    )


async def test_all_recipients_of_a_message_go_in_one_transaction_with_its_options(
    store: Store, clock: Clock
) -> None:
    put(store, "one", "two")
    hop = NextHop()
    assert await outbox(store, hop, clock).run_once() == 1
    ((envelope, content),) = hop.taken
    assert content == b"Received: here\r\nSubject: x\r\n\r\n.dot\r\n"
    assert envelope.options == ("BODY=8BITMIME", "ENVID=QQ1")
    assert envelope.recipients[0] == Recipient("one@other.example", ("NOTIFY=FAILURE",))
    assert await outbox(store, hop, clock).run_once() == 0
    assert store.counts() == {"delivered": 2}


async def test_pauses_double_up_to_the_cap(store: Store, clock: Clock) -> None:
    put(store, "one")
    hop = NextHop(one=LATER)
    box = outbox(store, hop, clock)
    for pause in (60, 120, 240, 480, 960, 1920, 3600, 3600):
        assert await box.run_once() == 1
        clock.pass_(seconds=pause - 0.001)
        assert await box.run_once() == 0
        clock.pass_(seconds=0.001)
    assert await box.run_once() == 1


async def test_pauses_are_spread_by_a_quarter(store: Store, clock: Clock) -> None:
    put(store, "one")
    box = Outbox(store, NextHop(one=LATER), Bounces(), clock, SETTINGS, lambda: 0.0, Log())
    await box.run_once()
    clock.pass_(seconds=45)
    assert store.due(clock()) == ("A1",)


async def test_only_who_was_not_served_is_tried_again(store: Store, clock: Clock) -> None:
    put(store, "one", "two", "three")
    hop = NextHop(two=LATER)
    box = outbox(store, hop, clock)
    await box.run_once()
    clock.pass_(hours=1)
    hop.answers = {}
    await box.run_once()
    assert hop.recipients == [["one", "two", "three"], ["two"]]


async def test_a_refusal_tells_the_sender_in_the_commit_that_ends_it(
    store: Store, clock: Clock
) -> None:
    put(store, "one", "two")
    bounces = Bounces()
    await outbox(store, NextHop(two=NEVER), clock, bounces).run_once()
    assert bounces.written == [("failed", {"two": "552 5.3.4 Big"}, b"Subject: x\r\n\r\n.dot\r\n")]
    assert store.counts() == {"delivered": 1, "failed": 1, "queued": 1}
    assert [entry.action for entry in store.audit_entries("A1")] == [
        "accepted",
        "delivered",
        "failed",
    ]
    assert store.audit_entries("A1")[-1].facts["replies"] == ["552 5.3.4 Big"]


async def test_after_the_expiry_the_sender_is_told_the_last_answer(
    store: Store, clock: Clock
) -> None:
    put(store, "one")
    bounces = Bounces()
    clock.pass_(days=1)
    await outbox(store, NextHop(one=LATER), clock, bounces).run_once()
    ((kind, told, _),) = bounces.written
    assert kind == "failed"
    assert told["one"].startswith("554 5.4.7") and told["one"].endswith("451 4.3.0 Busy")


async def test_a_long_delay_is_told_once(store: Store, clock: Clock) -> None:
    put(store, "one")
    bounces = Bounces()
    box = outbox(store, NextHop(one=LATER), clock, bounces)
    for _ in range(8):
        await box.run_once()
        clock.pass_(hours=1.5)
    assert [kind for kind, _, _ in bounces.written if kind == "delayed"] == ["delayed"]


async def test_nobody_is_told_on_behalf_of_the_null_sender(store: Store, clock: Clock) -> None:
    put(store, "one", sender="")
    bounces = Bounces()
    await outbox(store, NextHop(one=NEVER), clock, bounces).run_once()
    assert bounces.written == []
    assert store.counts() == {"failed": 1}


async def test_our_own_mails_never_make_notifications(store: Store, clock: Clock) -> None:
    alert = Mail("alert", Envelope("x@dept.example", (Recipient("one@dept.example"),)), b"alert")
    store.add_mails((alert,), START)
    bounces, log = Bounces(), Log()
    await outbox(store, NextHop(one=NEVER), clock, bounces, log).run_once()
    assert bounces.written == []
    assert [event for event, _ in log.lines] == ["alert undeliverable"]


async def test_a_crash_in_delivery_is_tried_again_and_says_nothing_of_itself(
    store: Store, clock: Clock
) -> None:
    put(store, "one")
    log = Log()
    hop = NextHop(one=RuntimeError("secret figure 4.3"))
    await outbox(store, hop, clock, log=log).run_once()
    assert store.counts() == {"queued": 1}
    assert "secret" not in str(log.lines)
    clock.pass_(hours=1)
    assert store.due(clock()) == ("A1",)


async def test_a_failure_that_nobody_can_be_told_of_is_not_final(
    store: Store, clock: Clock
) -> None:
    put(store, "one", "two")

    def broken(*_: Any) -> Mail | None:
        raise RuntimeError("secret figure 4.3")

    log = Log()
    box = Outbox(store, NextHop(two=NEVER), broken, clock, SETTINGS, lambda: 0.5, log)
    await box.run_once()
    assert store.counts() == {"delivered": 1, "queued": 1}
    assert log.lines[0][0] == "notification failed" and "secret" not in str(log.lines)


async def test_a_recipient_without_an_answer_is_tried_again(store: Store, clock: Clock) -> None:
    put(store, "one", "two")

    async def forgetful(envelope: Envelope, content: bytes, session: Session) -> tuple[Fate, ...]:
        return (Fate(envelope.recipients[0], OK, dsn=True),)

    await outbox(store, forgetful, clock).run_once()
    assert store.counts() == {"delivered": 1, "queued": 1}


async def test_a_delivery_never_outlives_its_lease(store: Store, clock: Clock) -> None:
    put(store, "one")

    async def endless(envelope: Envelope, content: bytes, session: Session) -> tuple[Fate, ...]:
        await asyncio.Event().wait()
        return ()

    box = outbox(store, endless, clock, pace=Pace(lease=timedelta(seconds=0.01)))
    assert await asyncio.wait_for(box.run_once(), 5) == 1
    assert store.counts() == {"queued": 1}


async def test_a_stored_message_that_is_damaged_is_not_sent(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    put(store, "one")
    with sqlite3.connect(tmp_path / "s.sqlite") as connection:
        connection.execute("UPDATE pieces SET sealed = zeroblob(64)")
    connection.close()
    hop, log = NextHop(), Log()
    await outbox(store, hop, clock, log=log).run_once()
    assert hop.taken == [] and log.lines[0][0] == "stored message unreadable"
    assert store.counts() == {"queued": 1}


async def test_run_delivers_everything_and_finishes_what_is_in_flight(
    store: Store, clock: Clock
) -> None:
    for number in range(25):
        put(store, "one", id=f"A{number}")
    stop, gate = asyncio.Event(), asyncio.Event()
    taken = []

    async def hop(envelope: Envelope, content: bytes, session: Session) -> tuple[Fate, ...]:
        taken.append(envelope)
        if len(taken) == 25:
            stop.set()
            gate.set()
        if len(taken) == 1:
            await gate.wait()
        return tuple(Fate(recipient, OK, dsn=True) for recipient in envelope.recipients)

    await asyncio.wait_for(outbox(store, hop, clock).run(stop), 10)
    assert len(taken) == 25
    assert store.counts() == {"delivered": 25}


# -- reports (RFC 3461, RFC 3464) -------------------------------------------------------------------

BOUNCER = Bouncer("gateway.dept.example")


def reports(store: Store, now: datetime) -> list[str]:
    """What is queued for the sender, and is then delivered as far as the store knows."""
    queued = store.claim(now + timedelta(days=1), timedelta(minutes=1))
    return [store.original(q.id).content.decode() for q in queued if q.purpose == "dsn"]


def reporting(store: Store, hop: NextHop, clock: Clock) -> Outbox:
    return Outbox(store, hop, BOUNCER, clock, SETTINGS, lambda: 0.5, Log())


async def test_who_asked_for_a_confirmation_hears_that_the_next_hop_sends_none(
    store: Store, clock: Clock
) -> None:
    put(store, "one", notify="SUCCESS,FAILURE")
    await reporting(store, NextHop(dsn=False), clock).run_once()
    (report,) = reports(store, clock())
    assert "Action: relayed\r\n" in report and "Remote-MTA: dns; mx.other.example\r\n" in report
    assert store.audit_entries("A1")[-1].facts["mails"] == ["dsn"]


@pytest.mark.parametrize(
    ("notify", "dsn", "sender"),
    [("SUCCESS", True, "a@dept.example"), ("FAILURE", False, "a@dept.example"),
     ("SUCCESS", False, "")],
)  # fmt: skip
async def test_nobody_else_hears_of_a_delivery(
    store: Store, clock: Clock, notify: str, dsn: bool, sender: str
) -> None:
    put(store, "one", notify=notify, sender=sender)
    await reporting(store, NextHop(dsn=dsn), clock).run_once()
    assert reports(store, clock()) == []


async def test_a_failure_names_the_server_that_refused(store: Store, clock: Clock) -> None:
    put(store, "one", "two")
    await reporting(store, NextHop(dsn=False, one=NEVER), clock).run_once()
    (report,) = reports(store, clock())
    assert "Action: failed\r\n" in report and "Remote-MTA: dns; mx.other.example\r\n" in report
    assert "two@other.example" not in report


async def test_a_delay_says_until_when_it_is_tried(store: Store, clock: Clock) -> None:
    put(store, "one", notify="DELAY")
    clock.pass_(hours=5)
    await reporting(store, NextHop(one=LATER), clock).run_once()
    (report,) = reports(store, clock() - timedelta(hours=24))
    assert "Will-Retry-Until: Wed, 28 Mar 2018 19:35:00 +0000\r\n" in report


async def test_a_delivery_without_a_report_is_a_delivery(store: Store, clock: Clock) -> None:
    put(store, "one", notify="SUCCESS")

    def broken(*_: Any) -> Mail | None:
        raise RuntimeError("secret figure 4.3")

    log = Log()
    box = Outbox(store, NextHop(dsn=False), broken, clock, SETTINGS, lambda: 0.5, log)
    await box.run_once()
    assert store.counts() == {"delivered": 1}
    assert log.lines[0][0] == "notification failed" and "secret" not in str(log.lines)


async def test_a_forged_recipient_is_logged_and_keeps_nobody_waiting(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    put(store, "one")
    put(store, "two", id="A2")
    with sqlite3.connect(tmp_path / "s.sqlite") as connection:
        connection.execute(
            "UPDATE journal SET address = 'evil@webmail.example' WHERE message = 'A1'"
        )
    connection.close()
    stop, hop, log = asyncio.Event(), NextHop(), Log()

    async def last(envelope: Envelope, content: bytes, session: Session) -> tuple[Fate, ...]:
        stop.set()
        return await hop(envelope, content, session)

    await asyncio.wait_for(outbox(store, last, clock, log=log).run(stop), 10)
    assert hop.recipients == [["two"]]
    assert log.lines == [("stored recipients were tampered with", {"rows": {"A1": (1,)}})]
