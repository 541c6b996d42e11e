"""What is remembered of earlier messages reaches the rules, and only what was delivered is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.cases import rule, rulebook, to

from gateway.detect import DetectorSpec
from gateway.model.limits import ParseLimits, ReadLimits
from gateway.model.register import Register
from gateway.model.rule import FieldTest, Rule
from gateway.model.session import Envelope, Recipient, Session
from gateway.pipeline import Inspection, Inspector, Knowledge, PartReader, ReaderSpec
from gateway.store.history import LocalHistory

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ADA, BEN, CYD = (f"{name}@dept.example" for name in ("ada", "ben", "cyd"))
NEW = rule("new", FieldTest("first-ever", "is", (True,)), about="this recipient")
NEVER = rule("never", FieldTest("size", "at least", (10**9,)))
MANY = rule("many", FieldTest("unusually-many", "is", (True,)))


@pytest.fixture
def history(tmp_path: Path) -> Iterator[LocalHistory]:
    opened = LocalHistory(tmp_path / "h.sqlite", bytes(32), timedelta(days=30), lambda _: None)
    yield opened
    opened.close()


class Desk:
    """An inspector with a few rules; what it lets pass is remembered at once."""

    def __init__(self, history: LocalHistory | None, *rules: Rule) -> None:
        reader = PartReader(ReaderSpec(DetectorSpec(), ReadLimits()))
        knowledge = Knowledge(Register(), rulebook(NEVER, *rules), "Europe/London")
        self._history = history
        self._inspector = Inspector(
            knowledge, reader, None, ParseLimits(), ReadLimits(), history  # type: ignore[arg-type]
        )  # fmt: skip

    def send(self, sender: str, *recipients: str, head: str = "") -> Inspection:
        envelope = Envelope(sender, tuple(Recipient(address) for address in recipients))
        raw = f"From: {sender}\r\n{head}Subject: x\r\n\r\nhello\r\n".encode()
        inspection = asyncio.run(self._inspector.inspect(Session(""), envelope, raw, NOW))
        self._inspector.remember(inspection, NOW)
        if self._history is not None:
            self._history.flush()
        return inspection

    def held(self, sender: str, *recipients: str, head: str = "") -> tuple[str, ...]:
        return self.send(sender, *recipients, head=head).verdict.addresses("hold")


def test_a_recipient_is_new_to_the_sender_until_they_have_been_written_to(
    history: LocalHistory,
) -> None:
    assert Desk(history).held(ADA, BEN) == ()
    desk = Desk(history, NEW)
    assert desk.held(ADA, BEN.upper(), CYD) == (CYD,)
    assert desk.held(ADA, CYD) == (CYD,)  # what is held has not been written to them
    assert Desk(history).held(ADA, CYD) == ()
    assert desk.held(ADA, CYD) == ()


def test_where_nothing_is_remembered_nobody_is_new(history: LocalHistory) -> None:
    assert Desk(history, NEW, MANY).held(ADA, BEN) == ()
    assert Desk(None, NEW, MANY).held(ADA, *(f"p{n}@dept.example" for n in range(50))) == ()


def test_many_more_recipients_than_ever_are_unusual(history: LocalHistory) -> None:
    Desk(history).send(ADA, BEN, CYD)
    crowd = tuple(f"p{n}@dept.example" for n in range(11))
    assert Desk(history, MANY).held(ADA, *crowd) == crowd


def test_who_was_on_the_message_that_is_answered_is_remembered_with_its_header(
    history: LocalHistory,
) -> None:
    stopped = rule("stop", to("held@dept.example"), about="this recipient")
    head = f"To: {BEN}, held@dept.example, Far <far@elsewhere.example>\r\nMessage-ID: <1@x>\r\n"
    Desk(history, stopped).send(ADA, BEN, "held@dept.example", head=head)
    asked = (ADA, "far@elsewhere.example", CYD, "held@dept.example")
    found = Desk(history).send(BEN, *asked, head="In-Reply-To: <1@x>\r\n").case.findings
    assert [finding.facts for finding in found] == [
        {"recipient": address, "from": "history", "earlier": 3} for address in asked[2:]
    ]


def test_bounces_are_neither_asked_about_nor_remembered(history: LocalHistory) -> None:
    assert Desk(history, NEW).held("", BEN) == ()
    assert history.recall("", (BEN,), "").strangers is None
