"""kill -9 at random moments under load: what was accepted is delivered or held, whatever dies.

GATEWAY_KILLS is the number of kills; `make soak` makes it 200.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest
from end_to_end.letters import XLSX, count_workbook, mail
from support.gateway import Command, write_config
from support.load import TOKEN, Kind, Load, Reckoning
from support.processes import MARK, marked, of_kind, wait_until
from support.sink import Sink

from gateway import app
from gateway.store import Store

KILLS = int(os.environ.get("GATEWAY_KILLS", "12"))
SEED = int(os.environ.get("GATEWAY_SEED", "20270916"))
SENDER, OFFICER = "s.field@dept.example", "security-officer@dept.example"
TARGETS = ("worker",) * 5 + ("keeper",) * 3 + ("sandbox",) * 3 + ("supervisor",)
NOTICE = (
    "EMBARGOED UNTIL 9:30AM ON THURSDAY 16 SEPTEMBER 2027\n\nPublic service productivity, 2026\n\n"
)
LISTED, UNLISTED = "c.lane@dept.example", "a.cole@dept.example"


def kinds() -> list[Kind]:
    """Half of what is sent may pass, a quarter is for one person on the list and one who is not,
    a quarter is held for everybody."""
    written = datetime.now(UTC)
    book = [("table.xlsx", count_workbook(), XLSX)]

    def kind(name: str, to: tuple[str, ...], body: str, never: str = "", attached=None) -> Kind:
        pattern = mail(SENDER, list(to), "Papers", f"{body}token-TOKEN-end\n", written, attached)
        return Kind(
            name, to, lambda token: pattern.replace(b"TOKEN", token.encode()),
            frozenset([never] if never else []),
        )  # fmt: skip

    return [
        kind("plain", ("b.hill@other.example", "f.vale@partner.example"), "Minutes.\n"),
        kind("table", ("f.vale@partner.example",), "The published table.\n", attached=book),
        kind("split", (LISTED, UNLISTED), NOTICE, UNLISTED),
        kind("held", (UNLISTED,), NOTICE, UNLISTED),
    ]


class Killer:
    """Kills one process of the tree at a time; a killed supervisor is started again once its
    whole tree is gone."""

    def __init__(self, command: Command, mark: str) -> None:
        self._command = command
        self._mark = mark
        self._chance = random.Random(SEED)
        self._next: list[str] = []
        self.killed: Counter[str] = Counter()

    def strike(self) -> None:
        """Kill somebody after a random while."""
        threading.Event().wait(self._chance.uniform(0.05, 0.6))
        if not self._next:
            self._next = self._chance.sample(TARGETS, len(TARGETS))
        kind = self._next.pop()
        supervisor = self._command.process
        assert supervisor is not None
        victims = of_kind(self._mark, kind, supervisor.pid)
        try:
            if not victims:
                raise ProcessLookupError
            os.kill(self._chance.choice(victims), signal.SIGKILL)
        except ProcessLookupError:  # nobody of that kind lives at this moment
            self._next.insert(0, kind)
            return self.strike()
        self.killed[kind] += 1
        if kind == "supervisor":
            supervisor.wait()
            wait_until(lambda: not marked(self._mark), f"orphans {marked(self._mark)}")
            self._command.start()
        return None


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    value = uuid.uuid4().hex
    monkeypatch.setenv(MARK, value)
    yield value
    for pid in marked(value):
        os.kill(pid, signal.SIGKILL)


def test_whoever_is_killed_every_accepted_message_is_delivered_or_held(
    tmp_path: Path, mark: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Sink() as sink:
        command = Command(write_config(tmp_path, sink.port), tmp_path / "log")
        command.start()
        killer = Killer(command, mark)
        with Load(command.config.receive.port, kinds(), clients=4, seed=SEED) as load:
            for _ in range(KILLS):
                killer.strike()
        store = app.open_store(command.config)
        wait_until(lambda: not _waiting(store), "everything stored is delivered")
        assert command.stop() == 0
        wait_until(lambda: not marked(mark), "no process is left behind", 10)
        _judge(Reckoning(load.attempts, sink.deliveries, _stored(store)), killer, capsys)
        _whole(store, command.config.store.path)
        _told(store, sink)
        store.close()


def _waiting(store: Store) -> bool:
    counts = store.counts()
    return bool(counts.get("queued") or counts.get("waiting"))


def _stored(store: Store) -> dict[str, dict[str, str]]:
    """Token to recipients and their states; everything that is stored here has somebody held."""
    found = {}
    for hold in store.holds(everything=True):
        token = TOKEN.search(store.original(hold.id).content)
        assert token, "a stored message is not what was sent"
        found[token[1].decode()] = {r.recipient.address: r.state for r in hold.recipients}
    return found


def _judge(
    reckoning: Reckoning, killer: Killer, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    attempts, fates = reckoning.attempts, reckoning.fates()
    copies, again = reckoning.copies(), reckoning.sent_again()
    figures = {
        "kills": dict(killer.killed),
        "attempts": len(attempts),
        "accepted": sum(attempt.accepted for attempt in attempts),
        "not taken, by reply": dict(
            Counter(a.reply or "no connection" for a in attempts if not (a.accepted or a.unknown))
        ),
        "outcome unknown to the client": sum(attempt.unknown for attempt in attempts),
        "recipients of accepted mail": dict(fates),
        "copies from the outbox": len(copies),
        "sent again after no answer": len(again),
        "lost": len(reckoning.lost()),
        "leaked": len(reckoning.leaked()),
    }
    with capsys.disabled():
        print("\n" + "\n".join(f"  {name}: {value}" for name, value in figures.items()))
    assert reckoning.lost() == []
    assert reckoning.leaked() == []
    assert reckoning.kept_though_refused() == []
    # Duplicates only in the window of RFC 1047: a copy from the outbox, whose keeper died between
    # the next hop's answer and its own note of it, or a client that never heard its answer.
    assert {token for token, _ in copies} <= reckoning.stored.keys()
    assert again <= reckoning.unanswered()
    assert min(fates["delivered"], fates["held"]) > KILLS, "hardly anything was going on"


def _whole(store: Store, path: Path) -> None:
    """Nothing is half-stored: every message opens, has its journal, and the audit is a chain."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        ids = {id for (id,) in connection.execute("SELECT id FROM messages")}
        assert ids == {id for (id,) in connection.execute("SELECT DISTINCT message FROM journal")}
        leased = connection.execute("SELECT count(*) FROM journal WHERE lease IS NOT NULL")
        assert leased.fetchone() == (0,)
    for id in ids:
        assert store.original(id).content
    chain = store.verify()
    assert chain.fault == "" and chain.entries > 0


def _told(store: Store, sink: Sink) -> None:
    """A hold and its alert are one commit, so nobody is held unnoticed."""
    subjects = " ".join(
        str(message_from_bytes(delivery.content)["Subject"])
        for delivery in sink.deliveries
        if OFFICER in delivery.addresses
    )
    assert [hold.id for hold in store.holds(everything=True) if hold.id not in subjects] == []
