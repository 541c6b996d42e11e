"""Lists as a second person approved them: sealed under the key, one row a version, never changed.

- Who can write to the database but has no key cannot approve anything: a newest version that this
  program did not write counts as none at all, and the list with it.
- Whoever deletes the newest rows brings no older version back: the witness beside the database
  names the newest, and every approval is an entry of the audit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Mapping

from sqlalchemy import Connection, func, insert, select

from gateway.model.approval import Approved
from gateway.store.codec import dumps
from gateway.store.failure import StoreError
from gateway.store.key import Sealer
from gateway.store.schema import approvals, microseconds

_KEPT, _REMOVED = b"=", b"-"


def approve(connection: Connection, sealer: Sealer, version: Approved) -> None:
    """Add a version. Raises StoreError where it does not follow the newest one."""
    newest = connection.execute(
        select(func.max(approvals.c.version)).where(approvals.c.subject == version.subject)
    ).scalar()
    if version.version != (newest or 0) + 1:
        raise StoreError(f"{version.subject}: somebody else has approved another version meanwhile")
    plain = _REMOVED if version.text is None else _KEPT + version.text
    place = _place(version.version, version.at, version.by)
    connection.execute(
        insert(approvals),
        {
            "subject": version.subject, "version": version.version, "at": version.at,
            "by": version.by, "sealed": sealer.cipher(_owner(version.subject)).seal(place, plain),
        },
    )  # fmt: skip


def count(connection: Connection) -> int:
    """How many versions there are; it never falls."""
    return connection.execute(select(func.count()).select_from(approvals)).scalar_one()


def versions(connection: Connection) -> dict[str, int]:
    """The number of the newest version of every subject."""
    latest = select(approvals.c.subject, func.max(approvals.c.version).label("newest")).group_by(
        approvals.c.subject
    )
    return {row.subject: row.newest for row in connection.execute(latest)}


def newest(connection: Connection, sealer: Sealer, known: Mapping[str, int]) -> dict[str, Approved]:
    """The newest version of every subject, whoever wrote it; one that is older than the version
    `known`, or of which none is known, is not genuine."""
    found: dict[str, Approved] = {}
    latest = select(approvals.c.subject, func.max(approvals.c.version).label("version"))
    last = latest.group_by(approvals.c.subject).subquery()
    chosen = (approvals.c.subject == last.c.subject) & (approvals.c.version == last.c.version)
    for row in connection.execute(select(approvals).join(last, chosen)):
        place = _place(row.version, row.at, row.by)
        try:
            if row.version < known.get(row.subject, row.version + 1):
                raise StoreError("newer versions are missing, or nobody can tell")
            plain = sealer.cipher(_owner(row.subject)).open(place, row.sealed)
        except StoreError:
            found[row.subject] = Approved(row.subject, row.version, row.at, row.by, None, False)
            continue
        text = None if plain[:1] == _REMOVED else plain[1:]
        found[row.subject] = Approved(row.subject, row.version, row.at, row.by, text)
    return found


def _owner(subject: str) -> str:
    return f"approval\0{subject}"


def _place(version: int, at: datetime, by: str) -> str:
    return dumps([version, microseconds(at), by])
