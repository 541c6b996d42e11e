"""What comes first with a store: the key that it was sealed with, and the witness beside it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select

from gateway.store import approvals, audit
from gateway.store.database import Database
from gateway.store.embargoes import entries_of_lifts
from gateway.store.failure import WrongKey
from gateway.store.key import Sealer, load_key, make_key
from gateway.store.schema import keys
from gateway.store.witness import Statement, Witness


def fitting_sealer(database: Database, key_file: Path) -> Sealer:
    """The key that this store was sealed with; made only for a store that has none."""
    with database.read() as connection:
        known = set(connection.execute(select(keys.c.key_id)).scalars())
    key = load_key(key_file)
    if key is None and known:
        raise WrongKey(f"{key_file}: the key file is missing, and the store was sealed with it")
    sealer = Sealer(make_key(key_file) if key is None else key)
    if sealer.key_id in known:
        return sealer
    with database.write() as connection:
        known = set(connection.execute(select(keys.c.key_id)).scalars())
        if not known:
            since = datetime.fromtimestamp(key_file.stat().st_mtime).astimezone()
            connection.execute(insert(keys), {"key_id": sealer.key_id, "since": since})
        elif sealer.key_id not in known:
            raise WrongKey(f"{key_file}: this is not the key that the store was sealed with")
    return sealer


def call_witness(database: Database, sealer: Sealer, witness: Witness) -> None:
    """Seal the head of the audit and write the witness, for a store that never had either."""
    with database.read() as connection:
        if audit.is_sealed(connection) or witness.path.exists():
            return
    with database.write() as connection:
        if audit.seal_first(connection, sealer):
            number, digest = audit.newest(connection)
            lifts = {id: row.digest for id, row in entries_of_lifts(connection, sealer).items()}
            witness.write(Statement(number, digest, lifts, approvals.versions(connection)))
