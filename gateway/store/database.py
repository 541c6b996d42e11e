"""One SQLite file: opening it, bringing it up to date, and its transactions.

WAL with synchronous=FULL: a commit that returned has reached the disk. Writers take the write
lock when they begin (BEGIN IMMEDIATE), so that none can fail half-way for want of it. What is
particular to SQLite is here and in `presence`; another database needs only another pair.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL

from gateway.store.failure import StoreError, safe_errors
from gateway.store.schema import HEAD

_WAL_BYTES = 64 * 1024**2
_POLL_SECONDS = 0.02


class Database:
    """Transactions on one file. Threads of a process queue for the write lock in memory; SQLite's
    own waiting, which polls, is left for other processes."""

    def __init__(self, path: Path, busy_timeout: float) -> None:
        self.path = path
        self._busy_timeout = busy_timeout
        self._turn = threading.Lock()
        self._engine = _engine(path, busy_timeout)
        self._writer = self._engine.execution_options(writes=True)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One commit at the end of the block, or nothing at all. Raises StoreError."""
        if not self._turn.acquire(timeout=self._busy_timeout):
            raise StoreError("the store is locked by another thread")
        try:
            with safe_errors(), self._writer.begin() as connection:
                yield connection
        finally:
            self._turn.release()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent snapshot. Raises StoreError."""
        with safe_errors(), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()

    def prepare(self) -> None:
        """Bring the file to this program's schema. Many processes may call it at once: one of them
        does the work, the others wait, and a crash in the middle changes nothing."""
        with safe_errors():
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_private(self.path)
            if self._up_to_date():
                return
            with self._alone():
                mode = self._switch_to_wal()
            if mode != "wal":
                raise StoreError("the store's file system cannot hold a write-ahead log")
        with self.write() as connection:
            _upgrade(connection)

    def _switch_to_wal(self) -> str:
        raw = self._engine.raw_connection()  # it cannot be done within a transaction
        try:
            cursor = raw.cursor()
            return str(cursor.execute("PRAGMA journal_mode=WAL").fetchone()[0])
        finally:
            raw.close()

    def _up_to_date(self) -> bool:
        with self._engine.begin() as connection:
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
            return mode == "wal" and _version(connection) == HEAD

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """The switch to WAL does not wait for locks, so processes take turns at a file beside."""
        descriptor = os.open(
            self.path.with_name(self.path.name + ".lock"),
            os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + self._busy_timeout
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise StoreError("another process is opening the store") from None
                    time.sleep(_POLL_SECONDS)
            yield
        finally:
            os.close(descriptor)


def make_private(path: Path) -> None:
    """Make an empty file for SQLite, where there is none; it gives its -wal and -shm files the
    same permissions. One that is there is opened by SQLite alone: closing any descriptor of it
    lets go of all the locks that SQLite holds in this process, and then another process takes the
    log away under our feet (sqlite.org/howtocorrupt.html, section 2.2)."""
    if path.exists():
        return
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        pass  # another process was first


def _engine(path: Path, busy_timeout: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": busy_timeout},
        pool_timeout=busy_timeout,
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves; DDL belongs into transactions
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA journal_size_limit={_WAL_BYTES}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("writes"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    version = _version(connection)
    if version == HEAD:
        return
    if version is not None and version > HEAD:
        raise StoreError(f"the store was written by a newer gateway (schema {version})")
    # Only here: importing Alembic takes a third of a second, and most starts need no migration.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
