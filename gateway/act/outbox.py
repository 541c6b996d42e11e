"""Delivers what is stored: leases what is due, sends it, and writes down what came of it.

- A permanent refusal or expiry tells the sender (RFC 3464) in the commit that ends the matter;
  mail from the null sender and our own mails never do. Who was alerted to it hears of it as well.
- Who asked for a confirmation and cannot get one from the next hop is told that it was passed on
  (RFC 3461 section 5.2.2).
- Two keepers never send the same recipient's copy at once. After a crash between the next hop's
  250 and our commit a copy is sent again: that is the duplicate window of RFC 1047, at most one
  attempt for each recipient that was in flight.
- A delivery is cut off before its lease runs out.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Awaitable, Callable, Protocol, Sequence

from gateway import config
from gateway.act.dsn import Kind
from gateway.act.fate import Fate
from gateway.act.log import failure
from gateway.model.held import Mail, Original, Outcome, Queued
from gateway.model.reply import INTERNAL_ERROR, Reply
from gateway.model.session import Arrival, Envelope, Session
from gateway.store import Store, StoreError, Tampered

Deliver = Callable[[Envelope, bytes, Session], Awaitable[Sequence[Fate]]]

NO_ANSWER = Reply(451, "4.4.2", "No answer for this recipient")
TOO_SLOW = Reply(451, "4.4.1", "The delivery took too long")
DAMAGED = Reply(451, "4.3.0", "The stored message cannot be read")
EXPIRED = Reply(554, "5.4.7", "Delivery time expired")
_SETTLE_ATTEMPTS = 3
_IN_TIME = 0.9
_REPLY_CHARACTERS = 2000


class Bounce(Protocol):
    """Writes the notification of RFC 3464, or None where the sender did not ask for one."""

    def __call__(
        self, kind: Kind, arrival: Arrival, envelope: Envelope, fates: Sequence[Fate],
        content: bytes, now: datetime, retry_until: datetime | None = None,
    ) -> Mail | None: ...  # fmt: skip


class FollowsUp(Protocol):
    """Writes to those who were alerted to a message that has now failed."""

    def __call__(
        self, queued: Queued, outcomes: Sequence[Outcome], now: datetime
    ) -> list[Mail]: ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How the outbox works beside what the configuration says. `warn` is when the sender hears
    of a delay; None never."""

    lease: timedelta = timedelta(minutes=15)
    parallel: int = 10
    warn: timedelta | None = timedelta(hours=4)


class Outbox:
    """One keeper's outbox. `random` gives numbers in [0, 1)."""

    def __init__(
        self, store: Store, deliver: Deliver, bounce: Bounce, clock: Callable[[], datetime],
        settings: config.Outbox, random: Callable[[], float], log: Any, pace: Pace | None = None,
        follow_up: FollowsUp | None = None,
    ) -> None:  # fmt: skip
        self._store = store
        self._deliver = deliver
        self._bounce = bounce
        self._clock = clock
        self._settings = settings
        self._random = random
        self._log = log
        self._pace = pace or Pace()
        self._follow_up = follow_up

    async def run_once(self) -> int:
        """Attempt whatever is due now; says how many messages that was. Raises StoreError."""
        claimed = await self._claim(self._pace.parallel)
        await asyncio.gather(*(self._attempt(queued) for queued in claimed))
        return len(claimed)

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop; then what is in flight is finished. A slow next hop keeps one place
        of `parallel` busy, never the whole outbox."""
        flying: set[asyncio.Task[None]] = set()
        stopping = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                free = self._pace.parallel - len(flying)
                claimed = await self._claim_or_log(free) if free else ()
                flying |= {asyncio.create_task(self._attempt(queued)) for queued in claimed}
                await asyncio.wait(
                    {stopping, *flying},
                    timeout=self._settings.poll,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                flying = {task for task in flying if not task.done()}
            await asyncio.gather(*flying)
        finally:
            stopping.cancel()
            for task in flying:
                task.cancel()

    async def _claim(self, limit: int) -> tuple[Queued, ...]:
        return await asyncio.to_thread(self._store.claim, self._clock(), self._pace.lease, limit)

    async def _claim_or_log(self, limit: int) -> tuple[Queued, ...]:
        try:
            return await self._claim(limit)
        except Tampered as found:
            self._log.error("stored recipients were tampered with", rows=found.rows)
            return ()
        except StoreError as error:
            self._log.error("outbox cannot read the store", reason=str(error))
            return ()

    async def _attempt(self, queued: Queued) -> None:
        original: Original | None = None
        try:
            original = await asyncio.to_thread(self._store.original, queued.id)
        except StoreError as error:
            self._log.error("stored message unreadable", id=queued.id, reason=str(error))
            fates = _all(queued, DAMAGED)
        else:
            fates = await self._send(queued, original)
        now = self._clock()
        outcomes = [self._outcome(queued, i, fate.reply, now) for i, fate in enumerate(fates)]
        mails: list[Mail] = []
        relayed: list[Mail] = []
        try:
            content = original.content if original else b""
            mails = self._notifications(queued, outcomes, fates, content, now)
            relayed = self._told("relayed", queued, [f for f in fates if f.relayed], content, now)
        except Exception as error:  # noqa: BLE001 - a failure nobody can be told of is not final
            self._log.error("notification failed", id=queued.id, **failure(error))
            mails = []
            outcomes = [self._kept(queued, i, o, now) for i, o in enumerate(outcomes)]
        mails += await self._followed_up(queued, outcomes, now)
        await self._settle(queued, outcomes, mails, relayed, now)

    async def _send(self, queued: Queued, original: Original) -> list[Fate]:
        """One fate for each row; whatever goes wrong is a temporary failure."""
        try:
            async with asyncio.timeout(self._pace.lease.total_seconds() * _IN_TIME):
                answers = await self._deliver(queued.envelope, original.relayed, queued.session)
        except TimeoutError:
            return _all(queued, TOO_SLOW)
        except Exception as error:  # noqa: BLE001 - law 5: a failure of ours is tried again
            self._log.error("delivery failed", id=queued.id, **failure(error))
            return _all(queued, INTERNAL_ERROR)
        return _by_row(queued, answers)

    def _outcome(self, queued: Queued, index: int, reply: Reply, now: datetime) -> Outcome:
        row, text = queued.rows[index], str(reply)[:_REPLY_CHARACTERS]
        if reply.positive:
            return Outcome(row, "delivered", text)
        age = now - queued.queued_at[index]
        if reply.permanent or age >= timedelta(seconds=self._settings.expire):
            return Outcome(row, "failed", text)
        warn = self._pace.warn
        late = warn is not None and age >= warn and not queued.warned[index]
        next_at = now + self._pause(queued.attempts[index])
        return Outcome(row, "deferred", text, next_at, warned=late)

    def _kept(self, queued: Queued, index: int, outcome: Outcome, now: datetime) -> Outcome:
        """The same, but tried again instead of ended unnoticed."""
        if outcome.state == "delivered":
            return outcome
        next_at = now + self._pause(queued.attempts[index])
        return Outcome(outcome.row, "deferred", outcome.reply, next_at)

    def _pause(self, attempts: int) -> timedelta:
        """Doubling up to the cap, a quarter more or less, so that retries do not come in step."""
        doubled = self._settings.retry * 2.0 ** min(attempts, 40)
        seconds = min(doubled, self._settings.retry_max) * (0.75 + self._random() / 2)
        return timedelta(seconds=seconds)

    def _notifications(
        self, queued: Queued, outcomes: Sequence[Outcome], fates: Sequence[Fate], content: bytes,
        now: datetime,
    ) -> list[Mail]:  # fmt: skip
        """What the sender is told of failures and delays."""
        failed, delayed, since = [], [], []
        for outcome, fate, queued_at in zip(outcomes, fates, queued.queued_at, strict=True):
            if outcome.state == "failed":
                final = fate.reply if fate.reply.permanent else _expired(fate.reply)
                failed.append(replace(fate, reply=final))
            elif outcome.warned:
                delayed.append(fate)
                since.append(queued_at)
        # Where recipients were queued at different times, the first of them to expire counts.
        until = min(since, default=now) + timedelta(seconds=self._settings.expire)
        return [
            *self._told("failed", queued, failed, content, now),
            *self._told("delayed", queued, delayed, content, now, until),
        ]

    def _told(
        self, kind: Kind, queued: Queued, fates: Sequence[Fate], content: bytes, now: datetime,
        retry_until: datetime | None = None,
    ) -> list[Mail]:  # fmt: skip
        """Nobody is told of our own mails or on behalf of `<>` (RFC 5321 section 6.1)."""
        if not fates or queued.purpose != "message" or not queued.envelope.sender:
            return []
        mail = self._bounce(kind, queued.arrival, queued.envelope, fates, content, now, retry_until)
        return [] if mail is None else [mail]

    async def _followed_up(
        self, queued: Queued, outcomes: Sequence[Outcome], now: datetime
    ) -> list[Mail]:
        """What those hear who were alerted to this message, once it will never arrive."""
        if self._follow_up is None or not any(o.state == "failed" for o in outcomes):
            return []
        try:
            return await asyncio.to_thread(self._follow_up, queued, outcomes, now)
        except Exception as error:  # noqa: BLE001 - the sender's own notification must still go out
            self._log.error("follow-up alert failed", id=queued.id, **failure(error))
            return []

    async def _settle(
        self, queued: Queued, outcomes: Sequence[Outcome], mails: Sequence[Mail],
        relayed: Sequence[Mail], now: datetime,
    ) -> None:  # fmt: skip
        for outcome in outcomes:
            if outcome.state == "failed" and queued.purpose == "alert":
                self._log.error("alert undeliverable", id=queued.id, reply=outcome.reply)
        for attempt in range(1, _SETTLE_ATTEMPTS + 1):
            try:
                await asyncio.to_thread(
                    self._store.settle, queued, outcomes, mails, now, relayed=relayed
                )
                return
            except StoreError as error:
                self._log.error(
                    "outcome not stored", id=queued.id, attempt=attempt, reason=str(error)
                )


def _all(queued: Queued, reply: Reply) -> list[Fate]:
    return [Fate(recipient, reply) for recipient in queued.envelope.recipients]


def _by_row(queued: Queued, answers: Sequence[Fate]) -> list[Fate]:
    """Answers in row order; who was not answered for is tried again."""
    left = list(answers)
    fates = []
    for recipient in queued.envelope.recipients:
        found = next((fate for fate in left if fate.recipient == recipient), None)
        if found is not None:
            left.remove(found)
        fates.append(found or Fate(recipient, NO_ANSWER))
    return fates


def _expired(last: Reply) -> Reply:
    return Reply(EXPIRED.code, EXPIRED.enhanced, f"{EXPIRED.text}; the last answer was: {last}")
