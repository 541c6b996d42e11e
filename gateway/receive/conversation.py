"""One client's conversation: reads command lines, dispatches them, ends well whatever happens.

An exception anywhere becomes 451 4.3.0 and a log line with its type and place, never its text
(law 5). Commands that come pipelined are answered in order.
"""

from __future__ import annotations

import asyncio
import re
import traceback
from collections.abc import Awaitable, Callable, Mapping

import structlog

from gateway.model.reply import INTERNAL_ERROR, Reply
from gateway.model.transaction import Transaction
from gateway.receive import replies
from gateway.receive.admission import is_within, peer_address
from gateway.receive.desk import Desk
from gateway.receive.replies import Refused
from gateway.receive.wire import Gone, TooSlow, Wire

LOG = structlog.get_logger()

COMMAND_OCTETS = 512  # RFC 5321 section 4.5.3.1.4, CRLF included
LONGER: Mapping[str, int] = {
    # SIZE 26 (RFC 1870), BODY 17 (6152), SMTPUTF8 10 (6531), RET 8 + ENVID 107 (3461), AUTH 500
    "MAIL": COMMAND_OCTETS + 668,
    # NOTIFY 28, ORCPT 500 (RFC 3461 section 4)
    "RCPT": COMMAND_OCTETS + 528,
    "XFORWARD": 2048,
    "AUTH": 12288,  # RFC 4954 section 4
}
LINE_OCTETS = 12288
TURN = 50
# Verbs that say that this is a browser talked into talking to us.
WEB = frozenset({"GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT"})
# Verbs that a message needs; the others are bounded by `commands_per_message`.
FREE = frozenset({"RCPT", "DATA", "QUIT"})

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
Verb = Callable[..., Awaitable[None]]


class Conversation(Wire):
    """State and loop; the commands themselves are in the subclass."""

    VERBS: Mapping[str, Verb] = {}

    def __init__(self, desk: Desk, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop, desk.settings.timeouts)
        self.desk = desk
        self.hostname = desk.hostname
        self.client = ""
        self.draining = False
        self._closing = False
        self._farewell = replies.TIMED_OUT
        self._helo = ""
        self._extended = False
        self._user: str | None = None
        self._xforward: dict[str, str] = {}
        self._errors = 0
        self._commands = 0
        self._messages = 0
        self._forget_envelope()

    def _forget_envelope(self) -> None:
        self._mail = False
        self._smtputf8 = False
        self._recipients = 0
        self._refused_recipients = 0
        self._transaction: Transaction | None = None

    # Life

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        address = peer_address(transport.get_extra_info("peername"))
        self.client = str(address) if address else ""
        settings = self.desk.settings
        self._near = is_within(address, settings.relay_networks)
        self._may_xforward = is_within(address, settings.xforward_networks)
        refusal = self.desk.admission.enter(self.client)
        if refusal is not None:
            LOG.warning("connection refused", client=self.client, reply=str(refusal))
            self.answer(refusal)
            self._hang_up()
            return
        self._began = self.desk.clock()
        task = self.loop.create_task(self._handle_client())
        self._handler_coroutine = task
        self.desk.conversations[task] = self
        task.add_done_callback(self._leave)

    def _leave(self, task: asyncio.Task[None]) -> None:
        del self.desk.conversations[task]
        self.desk.admission.leave(self.client)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._log_error(error)
        self._hang_up()

    def drain(self) -> None:
        self.draining = True
        self._wake()

    def expire(self) -> None:
        self.draining = True
        self._farewell = replies.SHUTTING_DOWN
        self._session_ends = self.loop.time()
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(TooSlow())

    def cut(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    async def _handle_client(self) -> None:
        try:
            self.answer(Reply(220, "", f"{self.hostname} ESMTP"))
            while not self._closing:
                for _ in range(TURN):
                    if self._closing:
                        break
                    await self._exchange()
                # A long pipelined group needs no waiting; the others' turn comes all the same.
                await asyncio.sleep(0)
        except Gone:
            if self._mail:
                LOG.info("client gone in a transaction", **self._about())
        except TooSlow:
            LOG.info("client too slow", in_transaction=self._mail, **self._about())
            self.answer(self._farewell)
        finally:
            await self._forget()

    async def _exchange(self) -> None:
        """One command and its answer."""
        try:
            verb, arg = await self._command()
            method = self.VERBS.get(verb)
            if method is None:
                if verb in WEB:
                    raise Refused(replies.NO_WEB_SERVER)
                raise Refused(replies.UNKNOWN_COMMAND)
            if verb not in FREE:
                self._commands += 1
                if self._commands > self.desk.settings.limits.commands_per_message:
                    raise Refused(replies.TOO_MANY_COMMANDS)
            await method(self, arg)
        except Refused as refused:
            self._refuse(refused)
        except (Gone, TooSlow):
            raise
        except Exception as error:  # noqa: BLE001 - the boundary: whatever fails is a 451, logged
            self._log_error(error)
            self.answer(INTERNAL_ERROR)
            await self._reset()

    def _refuse(self, refused: Refused) -> None:
        self.answer(refused.reply)
        self._closing = self._closing or refused.close
        if refused.fault:
            self._errors += 1
            if self._errors >= self.desk.settings.limits.errors_per_session and not self._closing:
                self.answer(replies.TOO_MANY_ERRORS)
                self._closing = True
        if self._closing:
            LOG.info("conversation ended", reply=refused.reply.code, **self._about())

    def _about(self) -> dict[str, object]:
        """What a log line may say of this conversation."""
        began = self._began.isoformat(timespec="seconds")
        return {"client": self.client, "began": began, "messages": self._messages}

    def _log_error(self, error: BaseException) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        LOG.error("internal error", client=self.client, type=type(error).__name__, at=place)

    async def _forget(self) -> None:
        """End the transaction, if any; nothing of it is kept (RFC 5321 section 4.1.1.5)."""
        transaction = self._transaction
        self._forget_envelope()
        if transaction is not None:
            try:
                await transaction.abort()
            except Exception as error:  # noqa: BLE001 - it is over for the client in any case
                self._log_error(error)

    async def _reset(self) -> None:
        """The same, and the XFORWARD attributes, which hold for one transaction, go with it."""
        self._xforward = {}
        await self._forget()

    # Reading commands

    async def _command(self) -> tuple[str, str]:
        """The next command: its verb in upper case, and its argument ("" for none)."""
        line = await self._line()
        verb, _, arg = line.partition(" ")
        verb = verb.upper()
        if len(line) > COMMAND_OCTETS - 2:
            octets = len(line) if line.isascii() else len(line.encode())
            if octets > LONGER.get(verb, COMMAND_OCTETS) - 2:
                raise Refused(replies.COMMAND_TOO_LONG)
        return verb, arg.strip(" ")

    async def _line(self) -> str:
        """The next line. Raises Refused where it is none, Gone, TooSlow."""
        if self._writing_paused:
            await self._writable()
        searched, too_long, deadline = 0, False, 0.0
        while True:
            inbox = self._inbox
            if self.draining and not self._mail:
                raise Refused(replies.SHUTTING_DOWN, fault=False)
            end = inbox.find(b"\n", searched)
            if end >= 0:
                break
            if len(inbox) > LINE_OCTETS:
                too_long = True
                del inbox[:-1]
            searched = len(inbox)
            if self._eof:
                raise Gone
            self._flush()
            deadline = deadline or self.loop.time() + self._timeouts.command
            await self._change(deadline)
        line = inbox[:end]
        del inbox[: end + 1]
        return self._text(line, too_long)

    def _text(self, line: bytearray, too_long: bool) -> str:
        if line.endswith(b"\r"):
            del line[-1]
        elif not self.desk.rules.normalise:
            # What ends a command for us might not have done so for a server in front of us.
            raise Refused(replies.BARE_NEWLINE_IN_COMMAND, close=True)
        if too_long or len(line) > LINE_OCTETS - 2:
            raise Refused(replies.COMMAND_TOO_LONG)
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused(replies.NOT_TEXT) from None
        if not text.isprintable() and _CONTROL.search(text):
            raise Refused(replies.NOT_TEXT)
        return text
