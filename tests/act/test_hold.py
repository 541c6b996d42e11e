"""Held messages are released by the list of now, to whom was meant, exactly once."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Iterator, get_args

import pytest

from gateway import config
from gateway.act.hold import NotDecided, StillHeld, Telling, expire, refuse, release
from gateway.model.held import HoldState, RecipientState
from gateway.model.session import Arrival, Envelope, Recipient, Session
from gateway.model.verdict import Decision, Verdict
from gateway.store import AlreadyDecided, Store, StoreError, UnknownHold

NOW = datetime(2018, 3, 27, 19, 35, tzinfo=UTC)
LATER = NOW + timedelta(hours=14)
TELLING = Telling(config.Notices(), config.Department())
CONTENT = b"Message-ID: <m@dept.example>\r\nSubject: secret\r\n\r\nsecret \xff\x00 bytes\r\n"


class Rules:
    """Decides as told about each name, and remembers what it was asked."""

    def __init__(self, **unlisted: str) -> None:
        self.unlisted = unlisted
        self.asked: list[tuple[Session, Envelope, bytes, datetime]] = []

    async def __call__(
        self, session: Session, envelope: Envelope, content: bytes, now: datetime,
        arrived: datetime,
    ) -> Verdict:  # fmt: skip
        assert arrived <= now
        self.asked.append((session, envelope, content, now))
        decisions = tuple(
            Decision(r.address, "hold", "cla-2018", False, None, (rule,), ("Not yet.",))
            if (rule := self.unlisted.get(r.address.partition("@")[0]))
            else Decision(r.address, "pass")
            for r in envelope.recipients
        )
        return Verdict(
            "hold" if self.unlisted else "pass", decisions, rulebook="rb2", register="rg2"
        )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "s.sqlite", tmp_path / "key", 1.0)
    recipients = tuple(
        Recipient(f"{n}@Other.example", (f"ORCPT=rfc822;{n}@Other.example",))
        for n in ("one", "two")
    )
    envelope = Envelope(
        "author@dept.example", (*recipients, Recipient("listed@dept.example")),
        ("BODY=8BITMIME", "SMTPUTF8", "RET=FULL", "ENVID=Qq+41"),
    )  # fmt: skip
    verdict = Verdict(
        "hold",
        (*(Decision(r.address, "hold", "cla-2018", False, None, ("embargo",), ("Why.",)) for r in recipients),
         Decision("listed@dept.example", "pass")),
    )  # fmt: skip
    opened.accept(
        Arrival("A1", NOW), Session("192.0.2.1", helo="h"), envelope, CONTENT, verdict, (), NOW,
        trace=b"Received: x\r\n",
    )  # fmt: skip
    for queued in opened.claim(NOW, timedelta(minutes=1)):
        from gateway.model.held import Outcome

        opened.settle(queued, [Outcome(row, "delivered", "250 Ok") for row in queued.rows], (), NOW)
    yield opened
    opened.close()


def states(store: Store) -> dict[str, str]:
    return {r.recipient.address.partition("@")[0]: r.state for r in store.hold("A1").recipients}


def mails(store: Store) -> list[bytes]:
    return [
        store.original(queued.id).content
        for queued in store.claim(LATER + timedelta(days=30), timedelta(minutes=1))
        if queued.purpose == "notice"
    ]


async def test_release_asks_the_rules_of_now_about_exactly_whom_it_is_for(store: Store) -> None:
    rules = Rules()
    await release(store, "A1", ["ONE@other.example"], "maria", LATER, rules, TELLING)
    ((session, envelope, content, now),) = rules.asked
    assert session == Session("192.0.2.1", helo="h") and content == CONTENT and now == LATER
    assert envelope == Envelope(
        "author@dept.example", (Recipient("one@Other.example", ("ORCPT=rfc822;one@Other.example",)),),
        ("BODY=8BITMIME", "SMTPUTF8", "RET=FULL", "ENVID=Qq+41"),
    )  # fmt: skip
    assert states(store) == {"one": "queued", "two": "held", "listed": "delivered"}


async def test_what_is_released_is_the_original_byte_for_byte(store: Store) -> None:
    await release(store, "A1", None, "maria", LATER, Rules(), TELLING)
    (queued,) = [q for q in store.claim(LATER, timedelta(minutes=1)) if q.purpose == "message"]
    assert store.original(queued.id).relayed == b"Received: x\r\n" + CONTENT
    assert [r.address for r in queued.envelope.recipients] == [
        "one@Other.example",
        "two@Other.example",
    ]
    assert queued.envelope.options == ("BODY=8BITMIME", "SMTPUTF8", "RET=FULL", "ENVID=Qq+41")


async def test_whoever_may_still_not_have_it_stops_the_whole_release(store: Store) -> None:
    with pytest.raises(StillHeld, match=r"still not let it go to two@Other\.example") as raised:
        await release(store, "A1", None, "maria", LATER, Rules(two="embargo"), TELLING)
    assert [d.address for d in raised.value.decisions] == ["two@Other.example"]
    assert states(store) == {"one": "held", "two": "held", "listed": "delivered"}
    assert [e.action for e in store.audit_entries("A1")] == ["accepted", "delivered"]


async def test_going_against_the_rules_is_kept_with_the_rules(store: Store) -> None:
    rules = Rules(two="embargo")
    done = await release(
        store, "A1", None, "maria", LATER, rules, TELLING, force=True, remark="the Head agreed"
    )
    assert [d.address for d in done.overridden] == ["two@Other.example"]
    entry = store.audit_entries("A1")[-1]
    assert (entry.actor, entry.action, entry.at) == ("maria", "released", LATER)
    assert entry.facts == {
        "recipients": ["one@Other.example", "two@Other.example"], "forced": True,
        "overridden": ["embargo"], "rulebook": "rb2", "register": "rg2",
        "remark": "the Head agreed", "mails": ["notice"],
    }  # fmt: skip


async def test_force_that_was_not_needed_is_not_called_force(store: Store) -> None:
    await release(store, "A1", None, "maria", LATER, Rules(), TELLING, force=True)
    assert store.audit_entries("A1")[-1].facts["forced"] is False


async def test_a_second_release_hears_who_was_first(store: Store) -> None:
    await release(store, "A1", None, "maria", LATER, Rules(), TELLING)
    with pytest.raises(
        AlreadyDecided, match="already released by maria at 2018-03-28 09:35:00 UTC"
    ):
        await release(store, "A1", ["one@other.example"], "john", LATER, Rules(), TELLING)
    with pytest.raises(AlreadyDecided, match="already released by maria"):
        refuse(store, "A1", "john", "", LATER, TELLING)


async def test_of_two_releases_at_once_one_wins(store: Store) -> None:
    gate = asyncio.Barrier(2)

    async def together(
        s: Session, envelope: Envelope, content: bytes, now: datetime, at: datetime
    ) -> Verdict:
        await gate.wait()
        return Verdict("pass", tuple(Decision(r.address, "pass") for r in envelope.recipients))

    results = await asyncio.gather(
        *(release(store, "A1", None, by, LATER, together, TELLING) for by in ("maria", "john")),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["AlreadyDecided", "Released"]


async def test_a_sender_never_releases_their_own_message(store: Store) -> None:
    with pytest.raises(NotDecided, match="somebody else must"):
        await release(store, "A1", None, "Author@DEPT.example", LATER, Rules(), TELLING, force=True)
    assert states(store)["one"] == "held"


async def test_rules_that_fail_release_nothing(store: Store) -> None:
    async def broken(
        s: Session, e: Envelope, content: bytes, now: datetime, at: datetime
    ) -> Verdict:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await release(store, "A1", None, "maria", LATER, broken, TELLING)
    assert states(store)["one"] == "held"


async def test_rules_that_forget_a_recipient_do_not_release_it(store: Store) -> None:
    async def forgetful(
        s: Session, e: Envelope, content: bytes, now: datetime, at: datetime
    ) -> Verdict:
        return Verdict("pass", ())

    with pytest.raises(StillHeld):
        await release(store, "A1", None, "maria", LATER, forgetful, TELLING)


@pytest.mark.parametrize("address", ["nobody@other.example", "listed@dept.example", ""])
async def test_only_held_recipients_can_be_named(store: Store, address: str) -> None:
    with pytest.raises(NotDecided, match="is not a held recipient"):
        await release(store, "A1", [address], "maria", LATER, Rules(), TELLING)


async def test_an_unknown_hold_is_said(store: Store) -> None:
    with pytest.raises(UnknownHold):
        await release(store, "A9", None, "maria", LATER, Rules(), TELLING)


def test_a_refusal_is_told_to_the_sender_without_the_subject(store: Store) -> None:
    refuse(store, "A1", "maria", "not before publication", LATER, TELLING)
    assert states(store) == {"one": "refused", "two": "refused", "listed": "delivered"}
    (mail,) = mails(store)
    assert b"In-Reply-To: <m@dept.example>" in mail and b"not before publication" in mail
    assert b"secret" not in mail


def test_some_can_be_refused(store: Store) -> None:
    refuse(store, "A1", "maria", "", LATER, TELLING, ["two@other.example"])
    assert states(store) == {"one": "held", "two": "refused", "listed": "delivered"}


async def test_what_is_left_over_expires_and_the_sender_hears_of_it(store: Store) -> None:
    await release(store, "A1", ["one@other.example"], "maria", LATER, Rules(), TELLING)
    assert expire(store, NOW + timedelta(days=14, microseconds=-1), TELLING) == ()
    assert expire(store, NOW + timedelta(days=14), TELLING) == ("A1",)
    assert expire(store, NOW + timedelta(days=15), TELLING) == ()
    assert states(store)["two"] == "expired"
    hold = store.hold("A1")
    assert hold.state == "mixed"
    assert store.audit_entries("A1")[-1].actor == "gateway"
    assert any(b"Nobody decided in time" in mail for mail in mails(store))


def test_a_hold_that_cannot_be_read_does_not_keep_the_others(store: Store, tmp_path: Path) -> None:
    for id in ("A0", "A2"):
        store.accept(
            Arrival(id, NOW), Session("::1"), Envelope("", (Recipient("x@other.example"),)), b"",
            Verdict("hold", ()), (), NOW,
        )  # fmt: skip
    with sqlite3.connect(tmp_path / "s.sqlite") as connection:
        connection.execute("UPDATE pieces SET sealed = zeroblob(64) WHERE message = 'A0'")
    connection.close()
    with pytest.raises(StoreError, match="damaged"):
        expire(store, NOW + timedelta(days=14), TELLING)
    assert [hold.id for hold in store.holds()] == ["A0"]


def test_every_state_is_in_the_table_for_people() -> None:
    page = (Path(__file__).parents[2] / "docs" / "holds.md").read_text()
    for state in get_args(RecipientState):
        assert f"| `{state}` |" in page
    for state in get_args(HoldState):
        assert f"`{state}`" in page
