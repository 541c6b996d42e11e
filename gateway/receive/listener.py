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
from gateway.receive.acceptor import Acceptor, Share
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

    def __init__(self, desk: Desk, acceptors: Sequence[Acceptor]) -> None:
        self._desk = desk
        self._acceptors = tuple(acceptors)

    @property
    def sockets(self) -> tuple[socket.socket, ...]:
        """The listening sockets; empty once they are closed."""
        open_ = (acceptor.listening for acceptor in self._acceptors)
        return tuple(sock for sock in open_ if sock.fileno() >= 0)

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
        for acceptor in self._acceptors:
            acceptor.close()

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
    share: Share | None = None,
) -> Listener:
    """Open the port of `settings`, or take the given sockets. Raises Faults and OSError.

    `share` is what this worker and its siblings know of each other's load.
    """
    # aiosmtpd would write every line of every message at DEBUG. We call nothing of it that does;
    # this says so to whoever turns on debugging.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    limits = settings.limits
    share = share or Share()
    desk = Desk(
        settings=settings,
        hostname=hostname,
        submit=submit,
        clock=clock,
        tls=server_context(settings.tls),
        users=load_users(settings.users_file) if settings.users_file else None,
        admission=Admission(limits, share),
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

    return Listener(
        desk, [Acceptor(sock, converse, share) for sock in _listening(settings, sockets)]
    )


def _listening(settings: Receive, sockets: Sequence[socket.socket]) -> list[socket.socket]:
    if not sockets:
        family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
        address = (settings.address, settings.port)
        return [socket.create_server(address, family=family, backlog=BACKLOG)]
    duplicates = [sock.dup() for sock in sockets]
    for duplicate in duplicates:
        duplicate.listen(BACKLOG)
    return duplicates
