"""Delivers a stored message: routes it, tries hosts in their order, answers for each recipient.

- Every recipient gets one reply; no network fault is raised.
- After the final dot nothing is tried again in the same attempt: a lost answer is 451 4.4.2, the
  outcome unknown, and a later attempt may bring a duplicate (RFC 1047), never a loss.
"""

from __future__ import annotations

import asyncio

from gateway.act.channel import ConnectFailed, ConnectionLost
from gateway.act.client import Connection
from gateway.act.fate import Fate
from gateway.act.pool import Pool
from gateway.act.routing import Host, Route, Router
from gateway.model.reply import Reply
from gateway.model.session import Envelope, Recipient, Session

MAX_HOSTS = 5  # of one destination, in one attempt
PARALLEL = 20  # destinations of one message at a time
UNREACHED = Reply(451, "4.4.1", "No mail server for the recipient's domain could be reached")
TOO_MANY = 452  # RFC 5321 section 4.5.3.1.10


class Deliverer:
    """Uses the pool's connections; holds no state between messages."""

    def __init__(self, pool: Pool, router: Router) -> None:
        self._pool = pool
        self._router = router

    async def attempt(
        self, envelope: Envelope, content: bytes, session: Session | None = None
    ) -> tuple[Fate, ...]:
        """One attempt, with what a delivery report needs to know besides the reply."""
        # By position: the same address may stand in the envelope twice, with other options.
        unique = tuple(dict.fromkeys(envelope.recipients))
        routes = await self._router.route(unique)
        if len(routes) == 1:
            results = [await self._routed(routes[0], envelope, content, session)]
        else:
            gate = asyncio.Semaphore(PARALLEL)

            async def gated(route: Route) -> list[Fate]:
                async with gate:
                    return await self._routed(route, envelope, content, session)

            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(gated(route)) for route in routes]
            results = [task.result() for task in tasks]
        by_recipient = {fate.recipient: fate for result in results for fate in result}
        return tuple(by_recipient[recipient] for recipient in envelope.recipients)

    async def _routed(
        self, route: Route, envelope: Envelope, content: bytes, session: Session | None
    ) -> list[Fate]:
        if route.refusal is not None:
            return [Fate(recipient, route.refusal) for recipient in route.recipients]
        waiting = {recipient: Fate(recipient, UNREACHED) for recipient in route.recipients}
        settled: list[Fate] = []
        for host in route.hosts[:MAX_HOSTS]:
            fates, over = await self._at_host(host, envelope, tuple(waiting), content, session)
            for fate in fates:
                waiting[fate.recipient] = fate
                if fate.reply.positive or fate.reply.permanent:
                    settled.append(waiting.pop(fate.recipient))
            if over or not waiting:
                break
        return settled + list(waiting.values())

    async def _at_host(
        self,
        host: Host,
        envelope: Envelope,
        recipients: tuple[Recipient, ...],
        content: bytes,
        session: Session | None,
    ) -> tuple[list[Fate], bool]:
        """Transactions with one host, until it has answered for everybody it takes at a time.

        The second value says that no other host may be asked, the outcome here being unknown.
        """
        done: list[Fate] = []
        while True:
            replies, dsn, unknown = await self._transact(
                host, envelope, recipients, content, session
            )
            fates = [
                Fate(recipient, reply, host.name, dsn)
                for recipient, reply in zip(recipients, replies, strict=True)
            ]
            taken = any(fate.reply.positive for fate in fates)
            surplus = tuple(f.recipient for f in fates if f.reply.code == TOO_MANY)
            if unknown or not (taken and surplus):
                return done + fates, unknown
            done += [fate for fate in fates if fate.reply.code != TOO_MANY]
            recipients = surplus

    async def _transact(
        self,
        host: Host,
        envelope: Envelope,
        recipients: tuple[Recipient, ...],
        content: bytes,
        session: Session | None,
    ) -> tuple[tuple[Reply, ...], bool, bool]:
        """One transaction: the replies, whether the host takes DSN parameters, and whether it
        may have taken the message unknown to us."""
        for fresh in (False, True):
            try:
                connection = await self._pool.lease(host.name, host.port, fresh)
            except ConnectFailed as failed:
                return (failed.reply,) * len(recipients), False, False
            try:
                mailed, replies = await connection.mail_and_rcpts(
                    session, envelope.sender, envelope.options, recipients, len(content)
                )
                if not mailed.positive and connection.used and not connection.speaking:
                    continue  # the 421 of a peer that had tired of waiting
                final, unknown = await self._content(connection, replies, content)
                dsn = connection.offers("DSN")
                return tuple(final if r.positive else r for r in replies), dsn, unknown
            except ConnectionLost as lost:
                if connection.used:
                    continue  # dead since before; nothing was sent that counts
                return (lost.reply,) * len(recipients), False, False
            finally:
                self._pool.give_back(connection)
        raise AssertionError("a fresh connection has not been used")

    async def _content(
        self, connection: Connection, replies: tuple[Reply, ...], content: bytes
    ) -> tuple[Reply, bool]:
        if not any(reply.positive for reply in replies):
            return UNREACHED, False
        try:
            return await connection.data(content), False
        except ConnectionLost as lost:
            return lost.reply, lost.after_dot
