"""Connections to next hops, kept open between messages.

- At most `connections` per destination, in use and idle together; whoever comes next waits its
  turn, `connect_timeout` at most.
- Nothing of one transaction reaches the next: an unfinished one is RSET before reuse, and a
  connection in doubt is dropped.
- A connection that the peer closed meanwhile is not handed out as far as that can be seen; where
  it cannot, the first command fails and is repeated once, on a fresh connection.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Callable

from gateway.act.channel import ConnectFailed, ConnectionLost, NextHopFailed
from gateway.act.client import Connection, tls_context
from gateway.config import NextHop
from gateway.model.reply import Reply
from gateway.model.session import Envelope, Session

BUSY = "Too many connections to the next mail server"
CLOSING = "The gateway is shutting down"


@dataclass(slots=True)
class _Destination:
    """`idle` has the last used at its right end. Whoever waits for, opens or uses a connection
    counts as a user; the last two hold a permit each."""

    permits: asyncio.Semaphore
    users: int = 0
    idle: deque[Connection] = field(default_factory=deque)
    leased: set[Connection] = field(default_factory=set)


class Pool:
    """Hands out connections; each must come back by `give_back` or `discard`."""

    def __init__(
        self, settings: NextHop, hostname: str, clock: Callable[[], float] | None = None
    ) -> None:
        self._settings = settings
        self._hostname = hostname
        self._clock = clock
        self._context = tls_context(settings)
        self._destinations: dict[tuple[str, int], _Destination] = {}
        self._resets: dict[Connection, asyncio.Task[None]] = {}
        self._sweeper: asyncio.TimerHandle | None = None
        self._closed = False

    async def lease(self, host: str, port: int, fresh: bool = False) -> Connection:
        """A connection for one transaction. `fresh`: not one that has been idle, since one of
        those has just turned out to be dead. Raises ConnectFailed."""
        if self._closed:
            raise ConnectFailed(CLOSING, "4.3.2")
        destination = self._destinations.get((host, port))
        if destination is None:
            permits = asyncio.Semaphore(self._settings.connections)
            destination = self._destinations[host, port] = _Destination(permits)
        destination.users += 1
        permitted = False
        try:
            if destination.permits.locked():
                async with asyncio.timeout(self._settings.connect_timeout):
                    await destination.permits.acquire()
            else:
                await destination.permits.acquire()
            permitted = True
            connection = self._taken(destination, fresh) or await Connection.open(
                host, port, self._settings, self._hostname, self._context
            )
        except BaseException as error:
            destination.users -= 1
            if permitted:
                destination.permits.release()
            if isinstance(error, TimeoutError):
                raise ConnectFailed(BUSY, "4.3.2") from None
            raise
        destination.leased.add(connection)
        return connection

    def _taken(self, destination: _Destination, fresh: bool) -> Connection | None:
        """The idle connection that was used last, if any is alive and young enough."""
        limit = self._now() - self._settings.idle
        while destination.idle:
            connection = destination.idle.pop()
            if connection.usable and connection.idle_since > limit and not fresh:
                return connection
            connection.close()
        return None

    async def lease_for_mail(
        self,
        session: Session | None,
        envelope: Envelope,
        host: str | None = None,
        port: int | None = None,
    ) -> tuple[Reply, Connection | None]:
        """MAIL (and XFORWARD) on a pooled connection; the fixed next hop unless told otherwise.
        Recipients that the envelope already has go along, in the same round trip.

        The last answer, and the connection only where MAIL was accepted. Never raises for the
        network.
        """
        host = self._settings.host if host is None else host
        port = self._settings.port if port is None else port
        sender, options = envelope.sender, envelope.options
        for fresh in (False, True):
            try:
                connection = await self.lease(host, port, fresh)
            except ConnectFailed as failed:
                return failed.reply, None
            try:
                if not envelope.recipients:
                    reply = mailed = await connection.begin(session, sender, options)
                else:
                    mailed, answers = await connection.mail_and_rcpts(
                        session, sender, options, envelope.recipients
                    )
                    reply = answers[-1]
            except ConnectionLost as lost:
                reply = mailed = lost.reply
            except BaseException:
                self.discard(connection)
                raise
            if mailed.positive:
                return reply, connection
            stale = connection.used and not connection.speaking
            self.give_back(connection)
            if not stale:
                break
        return reply, None

    def give_back(self, connection: Connection) -> None:
        """The caller is done with it, whatever state it is in."""
        destination = self._destinations.get((connection.host, connection.port))
        if destination is None or connection not in destination.leased:
            return
        if connection in self._resets:
            return
        if connection.usable and not self._closed:
            connection.used = True
            connection.idle_since = self._now()
            destination.idle.append(connection)
            self._ended(destination, connection)
            if self._sweeper is None:
                self._sweep_later()
        elif connection.in_transaction and connection.speaking and not self._closed:
            # The caller need not wait for the RSET; the permit does.
            loop = asyncio.get_running_loop()
            self._resets[connection] = loop.create_task(self._reset(connection))
        else:
            self.discard(connection)

    @staticmethod
    def _ended(destination: _Destination, connection: Connection) -> None:
        destination.leased.remove(connection)
        destination.users -= 1
        destination.permits.release()

    async def _reset(self, connection: Connection) -> None:
        try:
            await connection.rset()
        except NextHopFailed:
            connection.abort()
        finally:
            del self._resets[connection]
            self.give_back(connection)

    def discard(self, connection: Connection) -> None:
        """The caller is done with it, and nobody else shall have it."""
        connection.close()
        destination = self._destinations.get((connection.host, connection.port))
        if destination is not None and connection in destination.leased:
            self._ended(destination, connection)

    async def close(self) -> None:
        """Close what is idle, wait for nothing that is in use."""
        self._closed = True
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        resets = tuple(self._resets.values())
        for task in resets:
            task.cancel()
        await asyncio.gather(*resets, return_exceptions=True)
        for connection in tuple(self._resets):  # cancelled before they had begun
            del self._resets[connection]
            self.discard(connection)
        for destination in self._destinations.values():
            while destination.idle:
                destination.idle.pop().close()

    def _now(self) -> float:
        return self._clock() if self._clock else asyncio.get_running_loop().time()

    def _sweep_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweeper = loop.call_later(self._settings.idle, self._sweep)

    def _sweep(self) -> None:
        """Close connections that nobody has needed for a while, and forget the dead."""
        self._sweeper = None
        limit = self._now() - self._settings.idle
        for key, destination in tuple(self._destinations.items()):
            idle = destination.idle
            while idle and (idle[0].idle_since <= limit or not idle[0].usable):
                idle.popleft().close()
            if not (idle or destination.users):
                del self._destinations[key]
        if any(destination.idle for destination in self._destinations.values()):
            self._sweep_later()
