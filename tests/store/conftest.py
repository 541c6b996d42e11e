"""A store on a real file, and the values that fill it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Callable, Iterator

import pytest

from gateway.model.held import Mail
from gateway.model.session import Arrival, Envelope, Recipient, Session
from gateway.model.verdict import Decision, Disposition, RuleTrace, Verdict
from gateway.store import Store

NOW = datetime(2018, 3, 27, 19, 35, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    opened = Store.open(folder / "gateway.sqlite", folder / "gateway.key", 1.0)
    yield opened
    opened.close()


def _accept(
    store: Store, id: str, content: bytes = b"Subject: x\r\n\r\nhello\r\n", *,
    mails: tuple[Mail, ...] = (), now: datetime = NOW, **fates: Disposition,
) -> Envelope:  # fmt: skip
    fates = fates or {"unlisted": "hold", "listed": "pass"}
    recipients = tuple(
        Recipient(f"{name}@Other.example", ("NOTIFY=FAILURE", f"ORCPT=rfc822;{name}@Other.example"))
        for name in fates
    )
    envelope = Envelope(
        "author@dept.example", recipients, ("BODY=8BITMIME", "RET=HDRS", "ENVID=QQ1")
    )
    decisions = tuple(
        Decision(f"{name}@Other.example", fate, "births-2018", None, None, ("banner",), ("Why.",))
        for name, fate in fates.items()
    )
    verdict = Verdict(
        "hold", decisions, rules=(RuleTrace("banner", True, "enforce", "banner"),),
        rulebook="rb", register="rg",
    )  # fmt: skip
    session = Session("192.0.2.1", "client.dept.example", "helo", xforward={"ADDR": "192.0.2.9"})
    store.accept(
        Arrival(id, now), session, envelope, content, verdict, mails, now,
        trace=b"Received: by gateway\r\n",
    )  # fmt: skip
    return envelope


@pytest.fixture
def accept() -> Callable[..., Envelope]:
    """accept(store, id, content, mails=…, name=disposition…) puts one message into a store."""
    return _accept


@pytest.fixture
def notice() -> Mail:
    return Mail(
        "notice", Envelope("", (Recipient("author@dept.example"),)), b"Subject: n\r\n\r\nheld\r\n"
    )
