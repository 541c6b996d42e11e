"""One commit holds a message, everybody's fate, our mails and the audit entry."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Callable

import pytest

from gateway.model.finding import Finding
from gateway.model.held import Mail
from gateway.model.message import Gap, Location
from gateway.model.session import Arrival, Envelope, Recipient, Session
from gateway.model.verdict import Verdict
from gateway.store import AlreadyDecided, Store, StoreError, UnknownHold

Accept = Callable[..., Envelope]
HOUR = timedelta(hours=1)


def test_what_was_stored_comes_back_byte_for_byte(store: Store, accept: Accept) -> None:
    content = bytes(range(256)) * 10_000 + b"\r\n.\r\n"
    accept(store, "A1", content)
    original = store.original("A1")
    assert original.content == content
    assert original.relayed == b"Received: by gateway\r\n" + content


def test_an_empty_message_is_a_message(store: Store, accept: Accept) -> None:
    accept(store, "A1", b"")
    assert store.original("A1").content == b""


def test_the_envelope_keeps_spelling_order_and_options(store: Store, accept: Accept) -> None:
    envelope = accept(store, "A1")
    hold = store.hold("A1")
    assert hold.envelope == envelope
    assert hold.session == Session(
        "192.0.2.1", "client.dept.example", "helo", xforward={"ADDR": "192.0.2.9"}
    )
    assert hold.arrival.at == datetime.fromisoformat("2018-03-27T20:35:00+01:00")


def test_verdict_and_evidence_come_back(store: Store, now: datetime) -> None:
    evidence = (
        Finding("microdata", Location("2", "rows.csv", "row 5"), "high", {"rows": 15, "n": None}),
        Gap(Location("3", "x.zip"), "encrypted", "needs a password"),
    )
    verdict = Verdict("hold", (), notify=(("a", "b"),))
    envelope = Envelope("", (Recipient("x@other.example"),))
    store.accept(
        Arrival("A", now), Session("::1"), envelope, b"", verdict, (), now, evidence=evidence
    )
    hold = store.hold("A")
    assert hold.verdict == verdict
    assert hold.evidence == evidence


def test_a_recipient_whom_the_verdict_leaves_out_is_held(store: Store, now: datetime) -> None:
    envelope = Envelope("a@dept.example", (Recipient("x@other.example"),))
    store.accept(Arrival("A", now), Session("::1"), envelope, b"", Verdict("pass", ()), (), now)
    (recipient,) = store.hold("A").recipients
    assert (recipient.state, recipient.reasons) == ("held", ("undecided",))


def test_each_recipient_has_a_fate_of_its_own(store: Store, accept: Accept) -> None:
    accept(store, "A1", one="pass", two="hold", three="reject")
    states = {r.recipient.address: r.state for r in store.hold("A1").recipients}
    assert states == {
        "one@Other.example": "queued", "two@Other.example": "held", "three@Other.example": "refused",
    }  # fmt: skip


def test_an_id_is_used_once(store: Store, accept: Accept) -> None:
    accept(store, "A1", b"first")
    with pytest.raises(StoreError, match="stored already"):
        accept(store, "A1", b"second")
    assert store.original("A1").content == b"first"
    assert store.verify().entries == 1


def test_our_mails_are_in_the_same_commit(
    store: Store, accept: Accept, notice: Mail, now: datetime
) -> None:
    accept(store, "A1", mails=(notice,), one="hold")
    (queued,) = store.claim(now, HOUR)
    assert (queued.purpose, queued.about) == ("notice", "A1")
    assert queued.envelope == notice.envelope
    assert store.original(queued.id).relayed == notice.content


def test_notices_to_one_sender_are_bounded_in_each_hour(
    store: Store, accept: Accept, now: datetime
) -> None:
    envelope = Envelope("", (Recipient("author@dept.example"),))
    mail = Mail("notice", envelope, b"", per_hour=2)
    for number in range(4):
        accept(store, f"A{number}", mails=(mail,), one="hold")
    assert len(store.due(now)) == 2
    entries = [entry.facts for entry in store.audit_entries()]
    assert [entry.get("suppressed") for entry in entries] == [None, None, ["notice"], ["notice"]]
    store.add_mails((mail,), now + HOUR)
    assert len(store.due(now + HOUR)) == 3


def test_only_held_messages_are_listed_unless_everything_is_asked_for(
    store: Store, accept: Accept, now: datetime
) -> None:
    accept(store, "A1", one="pass")
    accept(store, "A2", one="hold")
    accept(store, "A3", one="hold", two="pass")
    assert [hold.id for hold in store.holds()] == ["A2", "A3"]
    store.choose("A2", store.hold("A2").held, "refused", "maria", now)
    assert [hold.id for hold in store.holds()] == ["A3"]
    assert [(hold.id, hold.state) for hold in store.holds(everything=True)] == [
        ("A2", "refused"), ("A3", "held"),
    ]  # fmt: skip


def test_what_nobody_holds_cannot_be_shown(store: Store, accept: Accept) -> None:
    accept(store, "A1", one="pass")
    for id in ("A1", "nothing"):
        with pytest.raises(UnknownHold, match="no held message"):
            store.hold(id)


def test_a_release_to_some_leaves_the_others_held(
    store: Store, accept: Accept, now: datetime
) -> None:
    accept(store, "A1", one="hold", two="hold")
    store.choose("A1", store.hold("A1").held[:1], "released", "maria", now, remark="agreed")
    hold = store.hold("A1")
    assert [r.state for r in hold.recipients] == ["queued", "held"]
    assert hold.state == "partly decided"
    assert (hold.recipients[0].decided_by, hold.recipients[0].remark) == ("maria", "agreed")
    (queued,) = store.claim(now, HOUR)
    assert [r.address for r in queued.envelope.recipients] == ["one@Other.example"]
    assert queued.envelope.options == ("BODY=8BITMIME", "RET=HDRS", "ENVID=QQ1")


def test_a_second_choice_says_who_was_first_and_changes_nothing(
    store: Store, accept: Accept, now: datetime
) -> None:
    accept(store, "A1", one="hold", two="hold")
    before = store.hold("A1").held
    store.choose("A1", before[1:], "released", "maria", now)
    with pytest.raises(AlreadyDecided, match="already released by maria at 2018-03-27") as raised:
        store.choose("A1", before, "refused", "john", now + HOUR)
    assert (raised.value.by, raised.value.at) == ("maria", now)
    assert [r.state for r in store.hold("A1").recipients] == ["held", "queued"]
    assert store.verify().entries == 2


def test_finished_messages_lose_their_bytes_and_keep_their_rows(
    store: Store, accept: Accept, now: datetime
) -> None:
    accept(store, "A1", one="hold")
    accept(store, "A2", one="hold")
    assert store.purge(now + HOUR) == 0
    store.choose("A1", store.hold("A1").held, "refused", "maria", now)
    assert store.purge(now + HOUR) == 1
    with pytest.raises(StoreError, match="purged"):
        store.original("A1")
    assert store.hold("A1").verdict.disposition == "hold"
    assert store.original("A2").content


def test_a_message_without_recipients_is_refused(store: Store, now: datetime) -> None:
    with pytest.raises(StoreError, match="without recipients"):
        store.accept(
            Arrival("A", now),
            Session("::1"),
            Envelope("a@b.example"),
            b"",
            Verdict("pass", ()),
            (),
            now,
        )


def test_nothing_that_the_message_says_can_be_read_in_the_files(
    store: Store, accept: Accept, folder: Path, now: datetime
) -> None:
    secret, name = b"fostering fell to 52,310", "fell-to-52310.xlsx"
    content = b"Subject: " + secret + b"\r\n\r\n" + secret * 1000
    accept(store, "A1", content)
    evidence = (Finding("marking", Location("2", name), "high"),)
    envelope = Envelope("a@dept.example", (Recipient("x@other.example"),))
    store.accept(
        Arrival("A2", now), Session("::1"), envelope, content, Verdict("hold", ()), (), now,
        evidence=evidence,
    )  # fmt: skip
    for file in folder.iterdir():
        raw = file.read_bytes()
        assert b"fostering" not in raw and b"52,310" not in raw and name.encode() not in raw


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE pieces SET sealed = zeroblob(60) WHERE place = 'content 1 of 2'",
        "UPDATE pieces SET sealed = (SELECT p.sealed FROM pieces p WHERE p.message = 'A2' "
        "AND p.place = pieces.place)",
        "UPDATE pieces SET place = 'content 3 of 2' WHERE place = 'content 1 of 2'",
        "DELETE FROM pieces WHERE place = 'content 2 of 2'",
        "DELETE FROM pieces WHERE place LIKE 'content%'",
        "DELETE FROM pieces WHERE place = 'trace'",
    ],
)
def test_a_changed_piece_is_noticed(
    store: Store, accept: Accept, folder: Path, change: str
) -> None:
    for id in ("A1", "A2"):
        accept(store, id, b"x" * 1_500_000)
    _run(folder, change)
    with pytest.raises(StoreError, match="damaged"):
        store.original("A1")


def _run(folder: Path, sql: str, *parameters: Any) -> None:
    with sqlite3.connect(folder / "gateway.sqlite") as connection:
        connection.execute(sql, parameters)
    connection.close()
