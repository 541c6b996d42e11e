"""A small memory of who wrote to whom, kept apart from the store: a convenience, never evidence.

- Keyed digests only: without the key nobody can tell an address or a Message-ID from it.
- Reading never waits for writing; writes are gathered and made by a thread of their own.
- Whatever goes wrong, nothing is known and nothing is lost but memory: no mail waits for it and no
  verdict fails. `warn` hears of it once.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from gateway.model.acquaintance import NOTHING_KNOWN, Acquaintance
from gateway.store.database import make_private
from gateway.store.failure import StoreError, WrongKey
from gateway.store.key import load_key

_VERSION = 1
_UNUSED = "the history cannot be used ({}); nothing is remembered"
_FLUSH_SECONDS = 2.0
_WAITING = 20_000
_AT_ONCE = 400
_THREADS_KEPT = timedelta(days=30)
"""Hardly anybody answers a message that is older."""
_MONTH = 30
_PATIENCE, _TRIES = 0.5, 10
_SCHEMA = """
CREATE TABLE written (pair INTEGER PRIMARY KEY, day INTEGER NOT NULL);
CREATE TABLE present (message INTEGER, person INTEGER, day INTEGER NOT NULL,
                      PRIMARY KEY (message, person)) WITHOUT ROWID;
CREATE TABLE most (sender INTEGER, month INTEGER, recipients INTEGER NOT NULL,
                   PRIMARY KEY (sender, month)) WITHOUT ROWID;
CREATE INDEX written_by_day ON written (day);
CREATE INDEX present_by_day ON present (day);
"""


@dataclass(frozen=True, slots=True)
class _Sent:
    sender: str
    recipients: tuple[str, ...]
    others: tuple[str, ...]
    message_id: str
    day: int


class LocalHistory:
    """One SQLite file that all workers share. Raises OSError or sqlite3.Error at its making only."""

    def __init__(
        self, path: Path, key: bytes, keep: timedelta, warn: Callable[[str], None]
    ) -> None:
        self._key = hashlib.blake2b(key=key, person=b"history", digest_size=32).digest()
        self._path, self._keep, self._warn = path, keep, warn
        self._warned = False
        self._waiting: deque[_Sent] = deque(maxlen=_WAITING)
        self._purged = 0
        self._turn = threading.Lock()
        self._stopped = threading.Event()
        _prepare(path)
        self._reader = _connect(path)
        self._thread = threading.Thread(target=self._keep_writing, daemon=True)
        self._thread.start()

    def recall(self, sender: str, recipients: Sequence[str], answers: str) -> Acquaintance:
        """As `model.acquaintance.History` says."""
        try:
            return self._recall(sender, recipients, answers)
        except sqlite3.Error as error:
            self._failed(error)
            return NOTHING_KNOWN

    def remember(
        self, sender: str, recipients: Sequence[str], others: Sequence[str], message_id: str,
        at: datetime,
    ) -> None:  # fmt: skip
        """As `model.acquaintance.History` says; written within a few seconds."""
        day = at.date().toordinal()
        self._waiting.append(_Sent(sender, tuple(recipients), tuple(others), message_id, day))

    def flush(self) -> None:
        """Write what is waiting now; what cannot be written is forgotten."""
        with self._turn:
            sent = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if not sent:
                return
            try:
                connection = _connect(self._path)
                try:
                    self._write(connection, sent)
                    self._purge(connection, max(each.day for each in sent))
                finally:
                    connection.close()
            except sqlite3.Error as error:
                self._failed(error)

    def close(self) -> None:
        self._stopped.set()
        self._thread.join(10)
        self._reader.close()

    def _keep_writing(self) -> None:
        while not self._stopped.wait(_FLUSH_SECONDS):
            self.flush()
        self.flush()

    def _recall(self, sender: str, recipients: Sequence[str], answers: str) -> Acquaintance:
        row = self._reader.execute(
            "SELECT max(recipients) FROM most WHERE sender = ?", (self._digest("sender", sender),)
        ).fetchone()
        strangers: frozenset[str] | None = None
        if row[0] is not None:
            pairs = {self._digest("pair", sender, address): address for address in recipients}
            known = self._known(list(pairs))
            strangers = frozenset(address for pair, address in pairs.items() if pair not in known)
        present, earlier = self._present(recipients, answers) if answers else (None, 0)
        return Acquaintance(strangers, row[0], present, earlier)

    def _present(
        self, recipients: Sequence[str], answers: str
    ) -> tuple[frozenset[str] | None, int]:
        query = "SELECT person FROM present WHERE message = ?"
        there = {row[0] for row in self._reader.execute(query, (self._digest("message", answers),))}
        if not there:
            return None, 0
        some = (address for address in recipients if self._digest("person", address) in there)
        return frozenset(some), len(there)

    def _known(self, pairs: list[int]) -> set[int]:
        found: set[int] = set()
        for start in range(0, len(pairs), _AT_ONCE):
            some = pairs[start : start + _AT_ONCE]
            query = f"SELECT pair FROM written WHERE pair IN ({','.join('?' * len(some))})"
            found.update(row[0] for row in self._reader.execute(query, some))
        return found

    def _write(self, connection: sqlite3.Connection, sent: Sequence[_Sent]) -> None:
        digest = self._digest
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO written VALUES (?, ?) ON CONFLICT DO UPDATE SET day = excluded.day",
            [(digest("pair", s.sender, to), s.day) for s in sent for to in s.recipients],
        )
        connection.executemany(
            "INSERT OR IGNORE INTO present VALUES (?, ?, ?)",
            [
                (digest("message", s.message_id), digest("person", person), s.day)
                for s in sent
                if s.message_id
                for person in {s.sender, *s.recipients, *s.others}
            ],
        )
        connection.executemany(
            "INSERT INTO most VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET recipients = max(recipients, excluded.recipients)",
            [(digest("sender", s.sender), s.day // _MONTH, len(s.recipients)) for s in sent],
        )
        connection.execute("COMMIT")

    def _purge(self, connection: sqlite3.Connection, today: int) -> None:
        """Once a day, in small steps: other workers write meanwhile."""
        if today <= self._purged:
            return
        self._purged = today
        old, thread = today - self._keep.days, today - min(self._keep, _THREADS_KEPT).days
        connection.execute("DELETE FROM most WHERE month < ?", (old // _MONTH,))
        for query, before in (
            ("DELETE FROM written WHERE pair IN (SELECT pair FROM written WHERE day < ? LIMIT ?)", old),
            ("DELETE FROM present WHERE message IN"
             " (SELECT message FROM present WHERE day < ? LIMIT ?) AND day < ?", thread),
        ):  # fmt: skip
            values = (before, 5000, before)[: query.count("?")]
            while connection.execute(query, values).rowcount > 0:
                continue

    def _digest(self, person: str, *texts: str) -> int:
        state = hashlib.blake2b("\0".join(texts).encode("utf-8", "backslashreplace"),
                                key=self._key, person=person.encode(), digest_size=8)  # fmt: skip
        return int.from_bytes(state.digest(), "big", signed=True)

    def _failed(self, error: Exception) -> None:
        if not self._warned:
            self._warned = True
            self._warn(_UNUSED.format(type(error).__name__))


def open_history(
    path: Path, key_file: Path, keep_seconds: float, warn: Callable[[str], None]
) -> LocalHistory | None:
    """The history under the store's key; None, said once, where there can be none."""
    try:
        key = load_key(key_file)
        if key is None:
            raise WrongKey("there is no key file")
        return LocalHistory(path, key, timedelta(seconds=keep_seconds), warn)
    except (OSError, sqlite3.Error, StoreError) as error:
        warn(_UNUSED.format(type(error).__name__))
        return None


def _prepare(path: Path) -> None:
    """The file for us alone, with this program's tables; one of another version is begun anew."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_private(path)
    connection = _connect(path)
    try:
        _switch_to_wal(connection)
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            for table in ("written", "present", "most"):
                connection.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {_VERSION}")
        connection.execute("COMMIT")
    finally:
        connection.close()


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """It does not wait for another process that is doing the same."""
    for tries_left in range(_TRIES, -1, -1):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if not tries_left:
                raise
            time.sleep(_PATIENCE / _TRIES)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA synchronous = OFF")
    return connection
