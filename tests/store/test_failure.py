"""Whatever happens to disk, lock or key: all or nothing, and a text that is safe to show."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable

import pytest

from gateway.model.session import Envelope
from gateway.store import Store, StoreError, WrongKey
from gateway.store.failure import safe_errors

Accept = Callable[..., Envelope]

ACCEPT_FOR_EVER = """
import sys
from datetime import datetime, timezone
from pathlib import Path
from gateway.model.held import Mail
from gateway.model.session import Arrival, Envelope, Recipient, Session
from gateway.model.verdict import Decision, Verdict
from gateway.store import Store

folder, name = Path(sys.argv[1]), sys.argv[2]
store = Store.open(folder / "gateway.sqlite", folder / "gateway.key", 5.0)
now = datetime(2018, 3, 27, tzinfo=timezone.utc)
recipients = (Recipient("a@other.example"), Recipient("b@other.example"))
verdict = Verdict("hold", (Decision("a@other.example", "hold"), Decision("b@other.example", "pass")))
mail = Mail("notice", Envelope("", (Recipient("author@dept.example"),)), b"n" * 2000)
number = 0
while True:
    number += 1
    id = f"{name}-{number}"
    store.accept(Arrival(id, now), Session("::1"), Envelope("author@dept.example", recipients),
                 id.encode() * 1000, verdict, (mail,), now)
    print(id, flush=True)
"""


def _reopened(folder: Path) -> Store:
    return Store.open(folder / "gateway.sqlite", folder / "gateway.key", 1.0)


def test_a_kill_in_the_middle_leaves_whole_messages_and_nothing_else(folder: Path) -> None:
    said: list[str] = []
    for run, lines in enumerate((1, 8, 40)):
        child = subprocess.Popen(
            [sys.executable, "-c", ACCEPT_FOR_EVER, str(folder), f"R{run}"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert child.stdout is not None
        said += [child.stdout.readline().strip() for _ in range(lines)]
        child.send_signal(signal.SIGKILL)
        said += [line.strip() for line in child.stdout if line.endswith("\n")]
        child.wait()
        child.stdout.close()
    store = _reopened(folder)
    held = {hold.id: hold for hold in store.holds()}
    assert set(said) <= set(held)
    assert len(held) - len(said) <= 3  # committed, and killed before it could say so
    for id, hold in held.items():
        assert [r.state for r in hold.recipients] == ["held", "queued"]
        assert store.original(id).content == id.encode() * 1000
    assert store.counts() == {"held": len(held), "queued": 2 * len(held)}
    chain = store.verify()
    assert (chain.fault, chain.entries) == ("", len(held))
    store.close()


def test_a_locked_store_says_so_within_its_time(folder: Path, accept: Accept) -> None:
    store = Store.open(folder / "gateway.sqlite", folder / "gateway.key", 0.2)
    other = sqlite3.connect(folder / "gateway.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    with pytest.raises(StoreError, match="locked by another process"):
        accept(store, "A1")
    assert time.monotonic() - started < 1.5
    assert store.holds() == ()  # readers do not mind
    other.execute("ROLLBACK")
    other.close()
    accept(store, "A1")
    assert len(store.holds()) == 1
    store.close()


def test_a_full_disk_stores_nothing_by_halves(store: Store, accept: Accept, folder: Path) -> None:
    accept(store, "A1")
    size = (folder / "gateway.sqlite").stat().st_size
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 500_000, old[1]))
    try:
        with pytest.raises(StoreError, match="disk"):
            accept(store, "A2", os.urandom(3_000_000))
        accept(store, "A3")  # there is room for a small one
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert [hold.id for hold in store.holds()] == ["A1", "A3"]
    assert store.counts() == {"held": 2, "queued": 2}
    assert store.verify().fault == ""
    accept(store, "A2", os.urandom(3_000_000))
    assert len(store.holds()) == 3


def test_a_full_database_says_that_the_disk_is_full(store: Store, accept: Accept) -> None:
    with store._database.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError, match=r"^the disk is full$"):
        accept(store, "A1", os.urandom(100_000))
    assert store.holds() == () and store.verify().entries == 0


def test_a_damaged_file_is_not_taken_for_a_store(folder: Path) -> None:
    folder.mkdir()
    (folder / "gateway.sqlite").write_bytes(b"this is no database" * 1000)
    with pytest.raises(StoreError, match="not a database or is damaged"):
        _reopened(folder)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match="the store failed: "):
        Store.open(tmp_path / "file" / "s.sqlite", tmp_path / "key", 1.0)


def test_a_read_only_store_is_said(store: Store, folder: Path) -> None:
    connection = sqlite3.connect(f"file:{folder}/gateway.sqlite?mode=ro", uri=True)
    with pytest.raises(StoreError, match="read-only"), safe_errors():
        connection.execute("DELETE FROM pieces")
    connection.close()


def test_errors_never_repeat_what_was_stored(store: Store, accept: Accept) -> None:
    accept(store, "A1", b"secret")
    with pytest.raises(StoreError) as raised:
        accept(store, "A1", b"secret")
    assert "secret" not in str(raised.value) and "author" not in str(raised.value)
    assert raised.value.__cause__ is None and raised.value.__suppress_context__


def test_a_store_of_a_newer_gateway_is_left_alone(store: Store, folder: Path) -> None:
    store.close()
    with sqlite3.connect(folder / "gateway.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match=r"newer gateway \(schema 9999\)"):
        _reopened(folder)


# -- the key ----------------------------------------------------------------------------------------


def test_the_key_is_made_once_for_us_alone(store: Store, folder: Path) -> None:
    status = (folder / "gateway.key").stat()
    assert stat.S_IMODE(status.st_mode) == 0o600 and status.st_size == 32
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file.name
    before = (folder / "gateway.key").read_bytes()
    store.close()
    _reopened(folder).close()
    assert (folder / "gateway.key").read_bytes() == before


def test_another_key_does_not_fit(store: Store, folder: Path) -> None:
    store.close()
    (folder / "gateway.key").write_bytes(os.urandom(32))
    with pytest.raises(WrongKey, match="not the key that the store was sealed with"):
        _reopened(folder)


def test_a_lost_key_is_never_replaced(store: Store, folder: Path) -> None:
    store.close()
    (folder / "gateway.key").unlink()
    with pytest.raises(WrongKey, match="key file is missing"):
        _reopened(folder)
    assert not (folder / "gateway.key").exists()


@pytest.mark.parametrize(("mode", "length", "text"), [
    (0o640, 32, "chmod 600"), (0o604, 32, "chmod 600"), (0o600, 31, "32 bytes"),
    (0o600, 33, "32 bytes"), (0o600, 0, "32 bytes"),
])  # fmt: skip
def test_a_key_file_that_will_not_do(folder: Path, mode: int, length: int, text: str) -> None:
    folder.mkdir()
    key = folder / "gateway.key"
    key.write_bytes(bytes(length))
    key.chmod(mode)
    with pytest.raises(WrongKey, match=text):
        _reopened(folder)


# -- the audit --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("change", "fault"), [
    ("UPDATE audit SET facts = '{}' WHERE number = 2", "entry 2 was changed"),
    ("UPDATE audit SET actor = 'john' WHERE number = 1", "entry 1 was changed"),
    ("UPDATE audit SET at = at + 1 WHERE number = 3", "entry 3 was changed"),
    ("DELETE FROM audit WHERE number = 1", "entry 1 is missing"),
    ("DELETE FROM audit WHERE number = 2", "entry 2 is missing"),
    ("DELETE FROM audit WHERE number = 3", "entries after 2 are missing"),
    ("DELETE FROM audit", "entries after 0 are missing"),
    ("DELETE FROM audit_head", "entries after 3 are missing"),
    ("INSERT INTO audit SELECT 4, at, actor, action, subject, facts, digest, digest FROM audit "
     "WHERE number = 3", "entry 4 was changed"),
])  # fmt: skip
def test_tampering_with_the_audit_shows(
    store: Store, folder: Path, accept: Accept, change: str, fault: str
) -> None:
    for id in ("A1", "A2", "A3"):
        accept(store, id)
    assert store.verify().fault == ""
    with sqlite3.connect(folder / "gateway.sqlite") as connection:
        connection.execute(change)
    connection.close()
    assert store.verify().fault == fault
