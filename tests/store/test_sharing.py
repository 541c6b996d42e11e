"""Several threads and processes on one file: exactly one wins, and nobody sends twice."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Callable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from gateway.model.held import Mail, Outcome, Queued
from gateway.model.session import Envelope, Recipient
from gateway.store import AlreadyDecided, Store
from gateway.store.schema import HEAD, metadata

Accept = Callable[..., Envelope]
LEASE = timedelta(minutes=15)

RELEASE = """
import sys
from datetime import datetime, timezone
from pathlib import Path
from gateway.store import AlreadyDecided, Store
folder = Path(sys.argv[1])
store = Store.open(folder / "gateway.sqlite", folder / "gateway.key", 5.0)
hold = store.hold("A1")
print("ready", flush=True)
sys.stdin.readline()
try:
    store.choose("A1", hold.recipients, "released", sys.argv[2], datetime.now(timezone.utc))
    print("won")
except AlreadyDecided as error:
    print("lost to", error.by)
"""
OPEN = """
import sys
from pathlib import Path
from gateway.store import Store
folder = Path(sys.argv[1])
print(Store.open(folder / "gateway.sqlite", folder / "gateway.key", 10.0)._sealer.key_id)
"""
OPEN_AND_CLOSE = """
import sys
from pathlib import Path
from gateway.store import Store
folder = Path(sys.argv[1])
store = Store.open(folder / "gateway.sqlite", folder / "gateway.key", 10.0)
store.counts()
store.close()
print("closed")
"""
CLAIM_AND_DIE = """
import os, sys
from datetime import datetime, timedelta
from pathlib import Path
from gateway.store import Store
folder = Path(sys.argv[1])
store = Store.open(folder / "gateway.sqlite", folder / "gateway.key", 5.0)
print(len(store.claim(datetime.fromisoformat(sys.argv[2]), timedelta(minutes=15))), flush=True)
sys.stdin.readline()
os._exit(1)
"""


def _children(script: str, folder: Path, *names: str) -> list[subprocess.Popen[str]]:
    return [
        subprocess.Popen(
            [sys.executable, "-c", script, str(folder), name], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )
        for name in names
    ]  # fmt: skip


def test_of_many_threads_exactly_one_releases(store: Store, accept: Accept, now: datetime) -> None:
    accept(store, "A1", one="hold", two="hold")
    hold, barrier = store.hold("A1"), Barrier(8)

    def attempt(name: str) -> str | None:
        barrier.wait()
        try:
            store.choose("A1", hold.held, "released", name, now)
        except AlreadyDecided as error:
            assert error.by is not None
            return None
        return name

    with ThreadPoolExecutor(8) as pool:
        winners = [name for name in pool.map(attempt, [f"p{i}" for i in range(8)]) if name]
    assert len(winners) == 1
    assert {r.decided_by for r in store.hold("A1").recipients} == set(winners)
    assert [e.action for e in store.audit_entries("A1")] == ["accepted", "released"]
    assert len(store.claim(now, LEASE)[0].rows) == 2


def test_of_two_processes_exactly_one_releases(store: Store, accept: Accept, folder: Path) -> None:
    accept(store, "A1", one="hold")
    children = _children(RELEASE, folder, "maria", "john")
    for child in children:
        assert child.stdout is not None and child.stdout.readline() == "ready\n"
    answers = [child.communicate("go\n")[0].strip() for child in children]
    winner = ("maria", "john")[answers.index("won")]
    assert sorted(answers) == [f"lost to {winner}", "won"]


def test_processes_that_start_at_once_make_one_store_and_one_key(folder: Path) -> None:
    children = _children(OPEN, folder, *"abcd")
    answers = {child.communicate()[0] for child in children}
    assert len(answers) == 1 and [child.returncode for child in children] == [0] * 4
    assert sorted(file.name for file in folder.iterdir() if "key" in file.name) == ["gateway.key"]


def test_a_store_that_is_opened_twice_in_a_process_keeps_its_locks(
    store: Store, accept: Accept, folder: Path
) -> None:
    accept(store, "A1", one="hold")
    Store.open(folder / "gateway.sqlite", folder / "gateway.key", 5.0).close()
    # A process that believes itself the last to leave would take the log away under our feet.
    (child,) = _children(OPEN_AND_CLOSE, folder, "a")
    assert child.communicate()[0] == "closed\n"
    accept(store, "A2", one="hold")
    (child,) = _children(OPEN_AND_CLOSE, folder, "b")
    assert child.communicate()[0] == "closed\n"
    assert [hold.id for hold in store.holds()] == ["A1", "A2"]
    assert (folder / "gateway.sqlite-wal").exists(), "we are still here"
    assert store.verify().fault == ""


def test_the_tables_are_what_the_migrations_make(store: Store) -> None:
    with store._database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_program_knows_its_newest_migration() -> None:
    config = Config()
    package = Path(sys.modules["gateway.store"].__file__ or "").parent
    config.set_main_option("script_location", str(package / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


# -- leases -----------------------------------------------------------------------------------------


def _delivered(queued: Queued) -> list[Outcome]:
    return [Outcome(row, "delivered", "250 Ok") for row in queued.rows]


def test_two_keepers_never_have_the_same_recipient(
    store: Store, accept: Accept, folder: Path, now: datetime
) -> None:
    for number in range(40):
        accept(store, f"A{number}", one="pass", two="pass")
    other = Store.open(folder / "gateway.sqlite", folder / "gateway.key", 5.0)

    def take(keeper: Store) -> list[int]:
        rows: list[int] = []
        while claimed := keeper.claim(now, LEASE, 3):
            rows += [row for queued in claimed for row in queued.rows]
        return rows

    with ThreadPoolExecutor(4) as pool:
        taken = [row for rows in pool.map(take, [store, other, store, other]) for row in rows]
    assert len(taken) == len(set(taken)) == 80
    other.close()


def test_a_lease_runs_out_where_nothing_proves_that_its_owner_died(
    store: Store, accept: Accept, folder: Path, now: datetime
) -> None:
    accept(store, "A1", one="pass")
    other = Store.open(folder / "gateway.sqlite", folder / "gateway.key", 5.0)
    assert len(other.claim(now, LEASE)) == 1
    assert store.claim(now + LEASE - timedelta(microseconds=1), LEASE) == ()
    assert len(store.claim(now + LEASE, LEASE)) == 1
    other.close()


def test_who_lost_the_lease_may_say_delivered_and_nothing_else(
    store: Store, accept: Accept, now: datetime
) -> None:
    accept(store, "A1", one="pass")
    (late,) = store.claim(now, LEASE)
    (current,) = store.claim(now + LEASE, LEASE)
    store.settle(late, [Outcome(late.rows[0], "failed", "550 no")], (), now)
    assert store.counts() == {"queued": 1}
    store.settle(late, _delivered(late), (), now)
    assert store.counts() == {"delivered": 1}
    store.settle(current, [Outcome(current.rows[0], "failed", "550 no")], (), now)
    assert store.counts() == {"delivered": 1}


def test_what_a_dead_process_had_leased_is_free_at_once(
    store: Store, accept: Accept, folder: Path, now: datetime
) -> None:
    accept(store, "A1", one="pass")
    (child,) = _children(CLAIM_AND_DIE, folder, now.isoformat())
    assert child.stdout is not None and child.stdout.readline() == "1\n"
    assert store.claim(now, LEASE) == ()  # it lives
    child.communicate("die\n")
    assert len(store.claim(now, LEASE)) == 1
    assert len(list(folder.glob("*-alive-*"))) == 1  # ours; the dead one's was cleared away


def test_a_closed_store_gives_its_leases_up(
    store: Store, accept: Accept, folder: Path, now: datetime
) -> None:
    accept(store, "A1", one="pass")
    other = Store.open(folder / "gateway.sqlite", folder / "gateway.key", 5.0)
    other.claim(now, LEASE)
    other.close()
    assert len(store.claim(now, LEASE)) == 1


# -- alerts that wait for an outcome ----------------------------------------------------------------


def test_a_settled_alert_is_sent_instead_of_the_one_that_waited(
    store: Store, now: datetime
) -> None:
    unknown, known = _alert(b"unknown"), _alert(b"delivered")
    id = store.record_alert("A1", [unknown], now)
    assert store.claim(now, LEASE) == ()
    store.settle_alert(id, "250 2.0.0 Ok", [known], now)
    (queued,) = store.claim(now + timedelta(hours=1), LEASE)
    assert store.original(queued.id).content == b"delivered"
    assert store.audit_entries("A1")[-1].facts["delivery"] == "250 2.0.0 Ok"


def test_an_alert_nobody_settled_says_so_by_itself_after_two_minutes(
    store: Store, now: datetime
) -> None:
    store.record_alert("A1", [_alert(b"unknown")], now)
    assert store.due(now + timedelta(seconds=119.9)) == ()
    (queued,) = store.claim(now + timedelta(minutes=2), LEASE)
    assert store.original(queued.id).content == b"unknown"
    store.settle_alert("A1", "552 5.3.4 too big", [_alert(b"not delivered")], now)
    (second,) = store.claim(now + timedelta(minutes=2), LEASE)
    assert store.original(second.id).content == b"not delivered"


def test_an_alert_settled_without_a_new_text_is_sent_as_it_was(store: Store, now: datetime) -> None:
    store.record_alert("A1", [_alert(b"unknown")], now)
    store.settle_alert("A1", "no answer", [], now)
    assert len(store.claim(now, LEASE)) == 1


def _alert(content: bytes) -> Mail:
    return Mail("alert", Envelope("", (Recipient("officer@dept.example"),)), content)


@pytest.mark.parametrize("limit", [1, 3])
def test_the_longest_waiting_go_first(
    store: Store, accept: Accept, now: datetime, limit: int
) -> None:
    for number in (3, 1, 2):
        accept(store, f"A{number}", now=now + timedelta(seconds=number), one="pass")
    later = now + timedelta(minutes=1)
    assert [q.id for q in store.claim(later, LEASE, limit)] == ["A1", "A2", "A3"][:limit]
