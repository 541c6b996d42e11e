"""Whether the store of a configuration could be opened: its folder, its database, its key.

Tries what the gateway would do, as the user who asks, and leaves nothing behind: the database is
only read, and what is written to try a folder is never linked into it.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from gateway.config_reading import Reading
from gateway.model.fault import Fault
from gateway.store import StoreError, WrongKey
from gateway.store.failure import reason
from gateway.store.key import Sealer, load_key
from gateway.store.schema import HEAD

_PATH, _KEY = ("store", "path"), ("store", "key_file")
_LOST = "put the copy of the key file back; without it nothing that is stored can be read"


class Locked(Exception):
    """Another process has the database to itself."""


def storage(reading: Reading) -> tuple[list[Fault], list[Fault]]:
    """Faults of what the configuration names, and of the machine at this moment."""
    if not (reading.sound(*_PATH) and reading.sound(*_KEY)):
        return [], []
    document, settings = reading.document, reading.config.store
    found = [
        document.fault(where, f"{'.'.join(where)}: {path}: {problem}", hint)
        for where, path, hint in (
            (_PATH, settings.path, "name a file in a folder that the gateway may write to"),
            (_KEY, settings.key_file, "name a file in a folder that the gateway may write to"),
        )
        if (problem := _unusable(path, where == _PATH))
    ]
    if found:
        return found, []
    try:
        known = _key_ids(settings.path, settings.busy_timeout)
    except StoreError as error:
        return [document.fault(_PATH, f"store.path: {settings.path}: {error}")], []
    except Locked:
        message = f"store.path: {settings.path}: the store is locked by another process"
        return [], [document.fault(_PATH, message)]
    try:
        key = load_key(settings.key_file)
    except WrongKey as error:
        return [document.fault(_KEY, f"store.key_file: {error}")], []
    problem = ""
    if known and key is None:
        problem = "the key file is missing, and the store was sealed with it"
    elif known and key is not None and Sealer(key).key_id not in known:
        problem = "this is not the key that the store was sealed with"
    if not problem:
        return [], []
    message = f"store.key_file: {settings.key_file}: {problem}"
    return [document.fault(_KEY, message, _LOST)], []


def _unusable(path: Path, written: bool) -> str:
    """Why a file cannot be opened or made; "" where it can."""
    try:
        if path.exists():
            if not path.is_file():
                return "there is something there that is no file"
            path.open("r+b" if written else "rb").close()
            folder = path.parent
        else:
            folder = next(parent for parent in path.parents if parent.exists())
            if not folder.is_dir():
                return f"{folder} is no folder"
            written = True
        if written:  # the database needs its log beside it; os.access would say yes to root always
            tempfile.TemporaryFile(dir=folder).close()
    except (OSError, ValueError) as error:
        return f"not writable ({getattr(error, 'strerror', None) or 'no possible path'})"
    return ""


def _key_ids(path: Path, busy_timeout: float) -> set[str]:
    """The keys that the store knows; none where there is no store yet. Raises StoreError, Locked."""
    if not path.exists() or not path.stat().st_size:
        return set()
    # Without a log beside it nobody is writing, and then SQLite need not make one to read.
    logged = path.with_name(path.name + "-wal").exists()
    address = f"{path.as_uri()}?{'mode=ro' if logged else 'immutable=1'}"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=busy_timeout)) as database:
            tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
            if "alembic_version" in tables:
                for (version,) in database.execute("SELECT version_num FROM alembic_version"):
                    if version > HEAD:
                        raise StoreError(f"it was written by a newer gateway (schema {version})")
            if "keys" not in tables:
                return set()
            return {row[0] for row in database.execute("SELECT key_id FROM keys")}
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            raise Locked from None
        raise StoreError(reason(error)) from None
