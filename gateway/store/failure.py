"""Every way in which the store can fail, with a text that is safe to log and to show.

A `StoreError` never carries a statement, its parameters or the driver's exception text: any of
them could hold an address or a piece of a message.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from datetime import datetime
from typing import Iterator, Mapping

from sqlalchemy.exc import SQLAlchemyError, StatementError


class StoreError(Exception):
    """Nothing was stored, or nothing was changed; the text says why."""


class WrongKey(StoreError):
    """The key file cannot be used, or it is not the one that this store was sealed with."""


class UnknownHold(StoreError):
    """There is no held message of that id."""


class AlreadyDecided(StoreError):
    """Somebody else was first; nothing was changed."""

    def __init__(self, address: str, state: str, by: str | None, at: datetime | None) -> None:
        self.address, self.state, self.by, self.at = address, state, by, at
        when = f" at {at:%Y-%m-%d %H:%M:%S %Z}" if at else ""
        super().__init__(f"{address} is already {state} by {by or 'somebody'}{when}")


class Tampered(StoreError):
    """Journal rows say what this program never wrote. `rows` names them by message; nothing was
    done with them, and the audit says so."""

    def __init__(self, rows: Mapping[str, tuple[int, ...]]) -> None:
        self.rows = dict(rows)
        super().__init__(f"recipients of {', '.join(self.rows)} were tampered with in the store")


_REASONS = (
    ("SQLITE_FULL", "the disk is full"),
    ("SQLITE_BUSY", "the store is locked by another process"),
    ("SQLITE_LOCKED", "the store is locked by another connection"),
    ("SQLITE_READONLY", "the store is read-only"),
    ("SQLITE_NOTADB", "the store is not a database or is damaged"),
    ("SQLITE_CORRUPT", "the store is damaged"),
    ("SQLITE_IOERR", "reading or writing the store failed (disk full or broken)"),
    ("SQLITE_CANTOPEN", "the store cannot be opened (check the folder and its permissions)"),
    ("SQLITE_PERM", "no permission to use the store"),
    ("SQLITE_TOOBIG", "the message is too large for the store"),
    ("SQLITE_CONSTRAINT", "a row with that id is stored already"),
)


def reason(error: BaseException) -> str:
    """A safe sentence for a driver's error."""
    cause = error.orig if isinstance(error, StatementError) and error.orig else error
    name = getattr(cause, "sqlite_errorname", "")
    for prefix, text in _REASONS:
        if name.startswith(prefix):
            return text
    return f"the store failed ({type(cause).__name__})"


@contextmanager
def safe_errors() -> Iterator[None]:
    """Turn whatever the database and the disk can raise into a StoreError."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StoreError(reason(error)) from None
    except OSError as error:
        raise StoreError(f"the store failed: {error.strerror or type(error).__name__}") from None
    except (MemoryError, OverflowError, UnicodeError) as error:
        raise StoreError(f"the store failed ({type(error).__name__})") from None
