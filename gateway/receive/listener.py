"""Opens the sockets and hands every connection to a `Server`; drains and closes them again.

Sockets may be given, already bound and even listening: several worker processes then share one
queue of connections. Given sockets are duplicated and stay the giver's.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Sequence

from gateway.config import Receive
from gateway.model.transaction import Submit
from gateway.receive.admission import Admission
from gateway.receive.data_reader import DataRules
from gateway.receive.desk import Clock, Desk
from gateway.receive.server import Server
from gateway.receive.tls import server_context
from gateway.receive.users import load_users

BACKLOG = 512
GRACE = 1.0


class Listener:
    """An open SMTP port: `drain` it, then `close` it."""

    def __init__(self, desk: Desk, servers: Sequence[asyncio.Server]) -> None:
        self._desk = desk
        self._servers = tuple(servers)

    @property
    def sockets(self) -> tuple[socket.socket, ...]:
        """The listening sockets; empty once they are closed."""
        return tuple(sock for server in self._servers for sock in server.sockets)

    @property
    def conversations(self) -> int:
        """How many clients are connected."""
        return len(self._desk.conversations)

    async def drain(self, timeout: float) -> bool:
        """Accept nobody new, dismiss the idle, let transactions finish; True when all is over.

        After `timeout` seconds those that still send are dismissed too. What is being delivered
        then goes on behind our back, until its own deadlines: it is never torn.
        """
        self._refuse_newcomers()
        for conversation in tuple(self._desk.conversations.values()):
            conversation.drain()
        if not await self._over(timeout):
            for conversation in tuple(self._desk.conversations.values()):
                conversation.expire()
            await self._over(GRACE)
        return not self._desk.conversations

    def close(self) -> None:
        """Stop listening and cut every connection; deliveries under way go on to their end."""
        self._refuse_newcomers()
        for conversation in tuple(self._desk.conversations.values()):
            conversation.cut()

    async def wait_closed(self) -> None:
        """Wait until the last conversation and the last delivery under way have ended."""
        while tasks := {*self._desk.conversations, *self._desk.commits}:
            await asyncio.wait(tasks)
            await asyncio.sleep(0)  # lets their callbacks take them out

    def _refuse_newcomers(self) -> None:
        self._desk.admission.close()
        for server in self._servers:
            server.close()

    async def _over(self, timeout: float) -> bool:
        tasks = set(self._desk.conversations)
        if tasks:
            await asyncio.wait(tasks, timeout=timeout)
            await asyncio.sleep(0)
        return not self._desk.conversations


async def listen(
    settings: Receive,
    hostname: str,
    submit: Submit,
    clock: Clock,
    sockets: Sequence[socket.socket] = (),
) -> Listener:
    """Open the port of `settings`, or take the given sockets. Raises Faults and OSError."""
    # aiosmtpd would write every line of every message at DEBUG. We call nothing of it that does;
    # this says so to whoever turns on debugging.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    limits = settings.limits
    desk = Desk(
        settings=settings,
        hostname=hostname,
        submit=submit,
        clock=clock,
        tls=server_context(settings.tls),
        users=load_users(settings.users_file) if settings.users_file else None,
        admission=Admission(limits),
        rules=DataRules(
            message_bytes=limits.message_bytes,
            line_bytes=limits.line_bytes,
            reject_long_lines=limits.long_lines == "reject",
            normalise=settings.bare_newlines == "normalise",
        ),
    )
    loop = asyncio.get_running_loop()

    def converse() -> Server:
        return Server(desk, loop)

    servers: list[asyncio.Server] = []
    try:
        for sock in sockets:
            servers.append(await loop.create_server(converse, sock=sock.dup(), backlog=BACKLOG))
        if not sockets:
            address, port = settings.address, settings.port
            servers.append(await loop.create_server(converse, address, port, backlog=BACKLOG))
    except BaseException:
        for server in servers:
            server.close()
        raise
    return Listener(desk, servers)
