"""Writing messages: a row, its sealed pieces, and one journal row for each envelope recipient.

Every function works within the caller's transaction. A recipient that the verdict does not name
is held (law 5).
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Mapping, Sequence

from sqlalchemy import Connection, delete, func, insert, select

from gateway.model.address import normalise_address
from gateway.model.held import Evidence, Mail, Purpose
from gateway.model.message import Gap
from gateway.model.session import Arrival, Envelope, Recipient, Session
from gateway.model.verdict import RANK, Decision, Disposition, Verdict
from gateway.store import authority
from gateway.store.codec import dumps
from gateway.store.key import Sealer
from gateway.store.schema import allowances, journal, messages, pieces

PIECE_BYTES = 1024**2
_STATES: dict[Disposition, str] = {"pass": "queued", "hold": "held", "reject": "refused"}
_HOUR = timedelta(hours=1)
_OURSELVES = Session("", protocol="local")


def write_message(
    connection: Connection, sealer: Sealer, arrival: Arrival, session: Session, envelope: Envelope,
    content: bytes, *, purpose: Purpose = "message", about: str | None = None, trace: bytes = b"",
    judgement: bytes = b"", expires: datetime | None = None, finished: datetime | None = None,
) -> Mapping[str, Any]:  # fmt: skip
    """The message row and its sealed pieces; gives the row."""
    row = {
        "id": arrival.id, "purpose": purpose, "about": about, "arrived": arrival.at,
        "sender": envelope.sender, "options": dumps(envelope.options), "session": dumps(session),
        "size": len(content), "key_id": sealer.key_id, "digest": sealer.digest("content", content),
        "expires": expires, "finished": finished, "purged": False,
    }  # fmt: skip
    connection.execute(insert(messages), row)
    cipher = sealer.cipher(arrival.id)
    places = {"trace": trace, "judgement": judgement}
    count = max(1, -(-len(content) // PIECE_BYTES))
    for index in range(count):
        place = f"content {index + 1} of {count}"
        places[place] = content[index * PIECE_BYTES : (index + 1) * PIECE_BYTES]
    connection.execute(
        insert(pieces),
        [
            {"message": arrival.id, "place": place, "sealed": cipher.seal(place, plain)}
            for place, plain in places.items()
        ],
    )
    return row


def write_journal(
    connection: Connection, sealer: Sealer, message: Mapping[str, Any],
    fates: Sequence[tuple[Recipient, Decision]], now: datetime,
) -> dict[str, int]:  # fmt: skip
    """One row for each recipient; says how many are in which state."""
    rows = [_journal_row(sealer, message, *fate, now) for fate in fates]
    connection.execute(insert(journal), rows)
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["state"]] = counts.get(row["state"], 0) + 1
    return counts


def _journal_row(
    sealer: Sealer, message: Mapping[str, Any], recipient: Recipient, decision: Decision,
    now: datetime, waits_until: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    state = _STATES[decision.disposition] if waits_until is None else "waiting"
    queued = now if state in ("queued", "waiting") else None
    decided = state != "held"
    row = {
        "message": message["id"], "address": recipient.address, "options": dumps(recipient.options),
        "origin": decision.disposition, "state": state, "release": decision.release,
        "reasons": dumps(decision.reasons), "decided_by": "policy" if decided else None,
        "decided_at": now if decided else None, "remark": "", "queued_at": queued,
        "next_at": waits_until or queued, "attempts": 0, "warned": False, "lease": None, "leased_until": None,
        "reply": "",
    }  # fmt: skip
    covered = {**message, "mail_options": message["options"], **row}
    return row | {"seal": authority.seal(sealer, covered)}


def fates(envelope: Envelope, verdict: Verdict) -> list[tuple[Recipient, Decision]]:
    """The decision about each envelope recipient; whom the verdict leaves out is held."""
    decided: dict[str, Decision] = {}
    for decision in verdict.decisions:
        name = normalise_address(decision.address)
        other = decided.get(name)
        if other is None or RANK[decision.disposition] > RANK[other.disposition]:
            decided[name] = decision
    return [
        (r, decided.get(normalise_address(r.address)) or _undecided(r.address))
        for r in envelope.recipients
    ]


def _undecided(address: str) -> Decision:
    return Decision(address, "hold", reasons=("undecided",))


def judgement(verdict: Verdict, evidence: Sequence[Evidence]) -> bytes:
    """The verdict and what it rests on, as JSON; sealed, because a file name can tell a figure."""
    findings = [item for item in evidence if not isinstance(item, Gap)]
    gaps = [item for item in evidence if isinstance(item, Gap)]
    return dumps({"verdict": verdict, "findings": findings, "gaps": gaps}).encode()


def write_mail(
    connection: Connection, sealer: Sealer, mail: Mail, about: str | None, now: datetime, *,
    waits_until: datetime | None = None,
) -> bool:  # fmt: skip
    """Queue a mail of our own; False where its recipient has had enough of them for now.

    With `waits_until` it stays `waiting`, and is due by itself at that instant.
    """
    if mail.per_hour and not _allowed(connection, sealer, mail, now):
        return False
    id = f"{about or 'mail'}-{mail.purpose}-{secrets.token_hex(4)}"
    message = write_message(
        connection, sealer, Arrival(id, now), _OURSELVES, mail.envelope, mail.content,
        purpose=mail.purpose, about=about,
    )  # fmt: skip
    rows = [
        _journal_row(
            sealer, message, recipient, Decision(recipient.address, "pass"), now, waits_until
        )
        for recipient in mail.envelope.recipients
    ]
    connection.execute(insert(journal), rows)
    return True


def _allowed(connection: Connection, sealer: Sealer, mail: Mail, now: datetime) -> bool:
    """Count this mail against its recipients' hour. Who they are is kept as a digest only."""
    names = sorted(recipient.address.casefold() for recipient in mail.envelope.recipients)
    who = sealer.digest("allowance", mail.purpose.encode(), *(name.encode() for name in names))
    connection.execute(
        delete(allowances).where(allowances.c.who == who, allowances.c.at <= now - _HOUR)
    )
    used = connection.execute(
        select(func.count()).select_from(allowances).where(allowances.c.who == who)
    ).scalar_one()
    if used >= mail.per_hour:
        return False
    connection.execute(insert(allowances), {"who": who, "at": now})
    return True
