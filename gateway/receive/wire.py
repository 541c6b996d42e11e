"""The connection under a conversation: buffered input, batched replies, deadlines.

Input is taken from the transport in bulk and reading pauses while too much lies unread. Replies
go out together when there is nothing left to answer (RFC 2920 section 3.1). Every wait ends: by
input, by the client's leaving (`Gone`) or at a deadline (`TooSlow`). Leaving cancels nothing by
itself, so a delivery under way is never torn.
"""

from __future__ import annotations

import asyncio

from aiosmtpd.smtp import SMTP

from gateway.config import ReceiveTimeouts
from gateway.model.reply import Reply

HIGH_WATER = 512 * 1024
BATCH = 100
LINGER = 10.0


class Gone(Exception):
    """The client has closed the connection, or it broke."""


class TooSlow(Exception):
    """A deadline passed while the client kept us waiting."""


class Wire(SMTP):
    """aiosmtpd's protocol with our own input and output under the command methods."""

    def __init__(self, loop: asyncio.AbstractEventLoop, timeouts: ReceiveTimeouts) -> None:
        # SMTP.__init__ clears class-level state and inspects every member for each connection
        # (85 us); none of what it sets up (hooks, reader, time-out handle) is used here.
        asyncio.StreamReaderProtocol.__init__(self, None, loop=loop)  # type: ignore[arg-type]
        self.loop = loop
        self.transport: asyncio.Transport | None = None
        self._handler_coroutine: asyncio.Task[None] | None = None
        self._timeouts = timeouts
        self._session_ends = loop.time() + timeouts.session
        self._inbox = bytearray()
        self._outbox: list[bytes] = []
        self._waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self._deadline = 0.0
        self._eof = False
        self._lost = False
        self._reading_paused = False
        self._writing_paused = False

    # What the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._inbox += data
        if len(self._inbox) > HIGH_WATER and not self._reading_paused and self.transport:
            self._reading_paused = True
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool | None:
        self._eof = True
        self._wake()
        # A client that only stopped sending still reads our answers; TLS knows no half-close.
        return not self._is_tls

    def connection_lost(self, error: Exception | None) -> None:
        self._lost = True
        self._wake()

    def pause_writing(self) -> None:
        self._writing_paused = True

    def resume_writing(self) -> None:
        self._writing_paused = False
        self._wake()

    @property
    def _is_tls(self) -> bool:
        return self.transport is not None and bool(self.transport.get_extra_info("sslcontext"))

    # Waiting

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _tick(self) -> None:
        self._timer = None
        if self._waiter is None or self._waiter.done():
            return
        if self.loop.time() >= self._deadline:
            self._waiter.set_exception(TooSlow())
        else:
            self._set_timer(self._deadline)

    def _set_timer(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = when
        self._timer = self.loop.call_at(when, self._tick)

    async def _change(self, deadline: float, reading: bool = True) -> None:
        """Wait until anything happens on the connection. Raises Gone or TooSlow."""
        if self._lost:
            raise Gone
        # One timer per connection that is mostly left to run on: re-arming it for every read
        # would cost more than the read.
        self._deadline = min(deadline, self._session_ends)
        if self._timer is None or self._deadline < self._timer_at:
            self._set_timer(self._deadline)
        if reading and self._reading_paused and self.transport:
            self._reading_paused = False
            self.transport.resume_reading()
        self._waiter = self.loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None
        if self._lost:
            raise Gone

    # Output

    def answer(self, reply: Reply) -> None:
        """Queue a reply."""
        if "\r" in reply.text:  # a next hop's; it must not end a line of ours
            reply = Reply(reply.code, reply.enhanced, reply.text.replace("\r", " "))
        self._outbox.append(reply.encode())
        if len(self._outbox) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        """Send what is queued, in one write."""
        if self._outbox:
            if self.transport is not None and not self._lost and not self.transport.is_closing():
                self.transport.write(b"".join(self._outbox))
            self._outbox.clear()

    async def _writable(self) -> None:
        """Wait for a client that does not read its replies. Raises Gone or TooSlow."""
        deadline = self.loop.time() + self._timeouts.command
        while self._writing_paused:
            await self._change(deadline, reading=False)

    def _hang_up(self) -> None:
        """Send what is queued and close; a client that will not read it is cut off."""
        self._flush()
        if self._timer is not None:
            self._timer.cancel()
        transport = self.transport
        if transport is None or self._lost:
            return
        if self._writing_paused:
            transport.abort()
            return
        transport.close()
        if transport.get_write_buffer_size():
            self.loop.call_later(LINGER, transport.abort)
