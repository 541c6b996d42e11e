"""What the store knows of embargoes: early lifts, how long each was to run, what to hold again.

- A lift is an entry of the audit chain that the witness beside the database names, so that there is
  none without its entry, and nobody without the key can make one or bring one back. The newest
  entry about a release counts.
- What is held again was authorised before (`authority`): a forged row is left as it is.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, func, insert, select, update

from gateway.model.held import Hold, Journalled, Mail
from gateway.model.lift import Lift, Reading
from gateway.model.release import follows
from gateway.store import audit, authority, reading
from gateway.store.codec import dumps
from gateway.store.database import Database
from gateway.store.failure import StoreError, Tampered
from gateway.store.intake import write_mail
from gateway.store.key import Sealer
from gateway.store.schema import audit as entries
from gateway.store.schema import journal, messages, readings
from gateway.store.witness import Statement, Witness

LIFTED, WITHDRAWN, CHANGED = "embargo lifted", "lift withdrawn", "release changed"
_PREFIX = "release:"
_OURS = (entries.c.subject >= _PREFIX) & (entries.c.subject < "release;")
_AT_ONCE = 500


def count(connection: Connection) -> int:
    """How many lifts were granted and withdrawn; it never falls."""
    chosen = _OURS & entries.c.action.in_((LIFTED, WITHDRAWN))
    return connection.execute(select(func.count()).select_from(entries).where(chosen)).scalar_one()


def entries_of_lifts(connection: Connection, sealer: Sealer) -> dict[str, Any]:
    """The entries of lifts that are not withdrawn, by release, as far as the audit tells."""
    query = select(entries).where(_OURS, entries.c.action.in_((LIFTED, WITHDRAWN)))
    found: dict[str, Any] = {}
    for row in connection.execute(query.order_by(entries.c.number)).all():
        release = row.subject.removeprefix(_PREFIX)
        found.pop(release, None)
        known = audit.genuine(sealer, row) and audit.followed(connection, sealer, row.number)
        if row.action == LIFTED and known:
            found[release] = row
    return found


def _lift(release: str, row: Any) -> Lift:
    facts = json.loads(row.facts)
    instant = datetime.fromisoformat(facts["instant"])
    return Lift(release, instant, row.at, row.actor, facts["reason"])


class Embargoes:
    """Part of a `Store`; every method that writes is one commit."""

    def __init__(self, database: Database, sealer: Sealer, witness: Witness) -> None:
        self._database = database
        self._sealer = sealer
        self._witness = witness

    # -- early lifts ----------------------------------------------------------------------------

    def lift(self, lift: Lift) -> None:
        """End an embargo early. Whether that is for this person to do was asked before."""
        facts = {"instant": lift.instant.isoformat(), "reason": lift.reason}
        with self._database.write() as connection:
            said = self._witness.read() or Statement()
            number, digest = self._note(connection, lift.at, lift.by, LIFTED, lift.release, facts)
            if not audit.followed(connection, self._sealer, number):
                raise StoreError("the audit is broken, so that no lift counts: see gateway check")
            lifts = {**said.lifts, lift.release: digest}
            self._witness.write(replace(said, number=number, digest=digest, lifts=lifts))

    def withdraw(self, release: str, by: str, reason: str, now: datetime) -> None:
        """Put a release under embargo again. Raises StoreError, too, where that is done and only
        the witness cannot be written."""
        failed = None
        with self._database.write() as connection:
            said = self._witness.read() or Statement()
            number, digest = self._note(connection, now, by, WITHDRAWN, release, {"reason": reason})
            lifts = {id: entry for id, entry in said.lifts.items() if id != release}
            try:
                self._witness.write(replace(said, number=number, digest=digest, lifts=lifts))
            except StoreError as error:
                failed = error
        if failed is not None:
            raise StoreError(f"{release} is under embargo again, but {failed}")

    def lifts(self) -> tuple[Lift, ...]:
        """The lifts that nobody has withdrawn; an entry that we did not write counts for nothing,
        nor does one after which entries are missing: one of them may have withdrawn it."""
        said = self._witness.read() or Statement()
        with self._database.read() as connection:
            running = entries_of_lifts(connection, self._sealer)
        return tuple(
            _lift(release, row) for release, row in running.items()
            if said.lifts.get(release) == row.digest
        )  # fmt: skip

    def _note(
        self, connection: Connection, at: datetime, by: str, action: str, release: str, facts: Any
    ) -> tuple[int, str]:
        return audit.append(connection, self._sealer, at, by, action, _PREFIX + release, facts)

    # -- dates that move ------------------------------------------------------------------------

    def readings(self) -> dict[str, Reading]:
        """How long each embargo was to run when the register was last read."""
        with self._database.read() as connection:
            return {row.release: Reading(*row) for row in connection.execute(select(readings))}

    def note(
        self, changed: Iterable[tuple[Reading | None, Reading]], by: str, now: datetime
    ) -> None:
        """Write down what the register says now; what it said otherwise before is audited."""
        with self._database.write() as connection:
            for before, after in changed:
                values = {
                    "instant": after.instant, "state": after.state, "held_back": after.held_back,
                    "lifted": after.lifted, "lengthened": after.lengthened,
                }  # fmt: skip
                if before is None:
                    connection.execute(insert(readings), {"release": after.release, **values})
                    continue
                known = readings.c.release == after.release
                connection.execute(update(readings).where(known).values(values))
                facts = {
                    "from": [before.instant.isoformat(), before.state],
                    "to": [after.instant.isoformat(), after.state],
                    "longer": after.longer_than(before),
                    "usual": follows(before.state, after.state),
                }  # fmt: skip
                subject = _PREFIX + after.release
                audit.append(connection, self._sealer, now, by, CHANGED, subject, facts)

    def cleared(
        self, before: datetime, now: datetime, besides: Collection[int] = ()
    ) -> tuple[Hold, ...]:
        """Messages that belong to a release and were cleared before an instant for recipients who
        have not got them: `recipients` are those, none of them being delivered to just now and
        none of the rows `besides`."""
        query = (
            select(journal.c.row, journal.c.message)
            .join(messages, messages.c.id == journal.c.message)
            .where(
                messages.c.purpose == "message", journal.c.state == "queued",
                journal.c.release.is_not(None), journal.c.decided_at < before, _unleased(now),
            )
        )  # fmt: skip
        with self._database.read() as connection:
            rows: dict[str, set[int]] = {}
            for row in connection.execute(query):
                if row.row in besides:
                    continue
                rows.setdefault(row.message, set()).add(row.row)
            found = [self._cleared(connection, id, numbers) for id, numbers in rows.items()]
        return tuple(one for one in found if one is not None)

    def _cleared(self, connection: Connection, id: str, rows: set[int]) -> Hold | None:
        """None where it was tampered with: such a copy is never delivered anyway."""
        try:
            whole = reading.stored(connection, self._sealer, id)
        except Tampered:
            return None
        return replace(whole, recipients=tuple(r for r in whole.recipients if r.row in rows))

    def hold_again(
        self, message: str, recipients: Sequence[Journalled], reason: str, by: str, now: datetime,
        expires: datetime, facts: Mapping[str, Any], mails: Sequence[Mail],
    ) -> tuple[Journalled, ...]:  # fmt: skip
        """Put cleared recipients back to `held`; those that a delivery has begun for meanwhile are
        left. Gives who was. Raises Tampered."""
        values: dict[str, Any] = {
            "state": "held", "origin": "hold", "reasons": dumps((reason,)), "decided_by": None,
            "decided_at": None, "remark": "", "queued_at": None, "next_at": None, "lease": None,
            "leased_until": None,
        }  # fmt: skip
        with self._database.write() as connection:
            known = authority.check(
                connection, self._sealer, message, {recipient.row for recipient in recipients}
            )
            done = []
            for recipient in recipients:
                seal = authority.seal(self._sealer, {**known[recipient.row], **values})
                changed = connection.execute(
                    update(journal)
                    .where(
                        journal.c.row == recipient.row, journal.c.state == "queued", _unleased(now)
                    )
                    .values({**values, "seal": seal})
                )  # fmt: skip
                if changed.rowcount == 1:
                    done.append(recipient)
            if not done:
                return ()
            ours = messages.c.id == message
            known_until = connection.execute(select(messages.c.expires).where(ours)).scalar_one()
            until = max(expires, known_until or expires)
            connection.execute(update(messages).where(ours).values({"expires": until}))
            for mail in mails:
                write_mail(connection, self._sealer, mail, message, now)
            named = [recipient.recipient.address for recipient in done]
            noted = {"recipients": named, **facts, "mails": [mail.purpose for mail in mails]}
            audit.append(connection, self._sealer, now, by, "held again", message, noted)
        return tuple(done)


def _unleased(now: datetime) -> Any:
    return journal.c.leased_until.is_(None) | (journal.c.leased_until <= now)
