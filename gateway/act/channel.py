"""One conversation with the next hop: lines out, replies in, and one deadline for both.

- As many replies are taken as are owed; a reply that nobody asked for ends the conversation,
  since no later one could be trusted to be the answer to its command.
- Every wait has a deadline; a wait that is cancelled ends the conversation too.
- A conversation whose state is not certain is `doubtful` and is never continued.
- Only `ConnectionLost` is raised; it says whether the final dot may have been seen (RFC 1047).
"""

from __future__ import annotations

import asyncio
from typing import Literal, Sequence, cast

from gateway.act import wire
from gateway.config import NextHop
from gateway.model.reply import Reply

Stage = Literal[
    "greeting", "hello", "starttls", "mail", "rcpt", "data", "content", "final", "rset", "quit"
]

BLOCK = 131_072
IN_ONE_WRITE = 262_144


class NextHopFailed(Exception):
    """The next hop gave no usable answer; `reply` is what our own client may be told."""

    reply: Reply


class ConnectFailed(NextHopFailed):
    """No session was established, so nothing was sent."""

    def __init__(self, text: str, enhanced: str = "4.4.1") -> None:
        super().__init__(text)
        self.reply = Reply(451, enhanced, text)


class ConnectionLost(NextHopFailed):
    """The session broke at `stage`. `after_dot`: the message may or may not have been taken."""

    enhanced = "4.4.2"
    text = "Connection to the next mail server was lost"

    def __init__(self, stage: Stage, timed_out: bool = False) -> None:
        super().__init__(stage, timed_out)
        self.stage, self.timed_out = stage, timed_out
        self.after_dot = stage == "final"
        text = "The next mail server did not answer in time" if timed_out else self.text
        if self.after_dot:
            text += "; whether it took the message is unknown"
        self.reply = Reply(451, self.enhanced, text)


class ProtocolError(ConnectionLost):
    """The next hop said something that is not SMTP, or that nobody had asked for."""

    enhanced = "4.5.0"
    text = "The next mail server did not follow the protocol"


class Channel(asyncio.Protocol):
    """The transport side of a connection; `client.Connection` knows the commands."""

    def __init__(self, settings: NextHop) -> None:
        self.doubtful = False
        self._pipelining = False
        self._settings = settings
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport = cast(asyncio.Transport, None)
        self._reader = wire.ReplyReader()
        self._replies: list[Reply] = []
        self._owed = 1  # the greeting
        self._stage: Stage = "greeting"
        self._waiter: asyncio.Future[None] | None = None
        self._failure: type[ConnectionLost] | None = None
        self._timed_out = self._paused = False
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = self._deadline = 0.0

    def abort(self) -> None:
        """Drop the connection at once; what has not left is never sent."""
        self.doubtful = True
        self._transport.abort()

    async def _ask(self, line: bytes, stage: Stage) -> Reply:
        self._stage = stage
        self._check()
        self._owed = 1
        self._transport.write(line)
        return (await self._answers(self._settings.command_timeout))[0]

    async def _ask_all(self, lines: Sequence[bytes], stage: Stage) -> list[Reply]:
        """Several commands at once where the peer takes that (RFC 2920), or one by one."""
        if len(lines) == 1 or not self._pipelining:
            return [await self._ask(line, stage) for line in lines]
        self._stage = stage
        self._check()
        self._owed = len(lines)
        self._transport.write(b"".join(lines))
        return await self._answers(self._settings.command_timeout)

    async def _send_content(self, pieces: Sequence[bytes]) -> Reply:
        """Dot-stuffed content and the final dot. Long content goes in blocks, so that a loss
        before the dot is known to be one."""
        self._owed = 1
        if sum(map(len, pieces)) > IN_ONE_WRITE:
            early = await self._send_blocks(pieces)
            if early is not None:
                return early
            pieces = ()
        self._stage = "final"
        self._transport.write(b"".join([*pieces, b".\r\n"]))
        answer = (await self._answers(self._settings.data_timeout))[0]
        if 300 <= answer.code < 400:  # neither taken nor refused
            self._give_up(ProtocolError)
            raise ProtocolError("final")
        return answer

    async def _send_blocks(self, pieces: Sequence[bytes]) -> Reply | None:
        """None, or the refusal that came before the end; after that the connection is closed."""
        self._stage = "content"
        for piece in pieces:
            view = memoryview(piece)
            for start in range(0, len(view), BLOCK):
                self._transport.write(view[start : start + BLOCK])
                while self._paused and self._owed and not self._failure:
                    await self._wake(self._settings.data_timeout)
                if not self._owed:
                    early = self._replies.pop()
                    self._give_up(ProtocolError)
                    if early.positive:
                        raise ProtocolError("content")
                    return early
                self._check()
        return None

    def _check(self) -> None:
        if self._failure:
            raise self._failure(self._stage, self._timed_out)
        if self.doubtful:
            raise ConnectionLost(self._stage)

    async def _answers(self, timeout: float) -> list[Reply]:
        while self._owed:
            if self._failure:
                raise self._failure(self._stage, self._timed_out)
            await self._wake(timeout)
        replies, self._replies = self._replies, []
        return replies

    async def _wake(self, timeout: float) -> None:
        """Until something happens. The one timer of a connection is seldom touched: it looks,
        when it fires, whether the deadline has moved on."""
        loop = self._loop
        self._deadline = deadline = loop.time() + timeout
        if self._timer is None or self._timer_at > deadline:
            if self._timer is not None:
                self._timer.cancel()
            self._timer_at = deadline
            self._timer = loop.call_at(deadline, self._look_at_deadline)
        self._waiter = loop.create_future()
        try:
            await self._waiter
        except asyncio.CancelledError:
            self.abort()  # an answer is still on its way, to nobody
            raise
        finally:
            self._waiter = None

    def _look_at_deadline(self) -> None:
        self._timer = None
        if self._waiter is None:
            return
        if self._loop.time() < self._deadline:
            self._timer_at = self._deadline
            self._timer = self._loop.call_at(self._deadline, self._look_at_deadline)
            return
        self._timed_out = True
        self._give_up(ConnectionLost)

    def _give_up(self, failure: type[ConnectionLost]) -> None:
        self._failure = self._failure or failure
        self.abort()
        self._notify()

    def _notify(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=BLOCK)

    def data_received(self, data: bytes) -> None:
        try:
            replies = self._reader.feed(data)
        except ValueError:
            self._give_up(ProtocolError)
            return
        if len(replies) > self._owed:
            # Idle: a 421 before closing. Otherwise an answer to nothing: no answer can be trusted.
            self._give_up(ConnectionLost if replies[0].code == 421 else ProtocolError)
            return
        self._owed -= len(replies)
        for reply in replies:
            if reply.code == 421:  # their channel closes, not the one to our client
                self.doubtful = True
                reply = Reply(451, reply.enhanced or "4.3.2", reply.text)
            self._replies.append(reply)
        if not self._owed:
            self._notify()

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        if self._stage == "content":
            self._notify()

    def eof_received(self) -> None:
        self._failure = self._failure or ConnectionLost
        self._notify()

    def connection_lost(self, exc: Exception | None) -> None:
        self._failure = self._failure or ConnectionLost
        self._paused = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._notify()
