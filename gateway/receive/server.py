"""MAIL, RCPT and DATA: the commands that carry mail, and what they ask of `Submit`.

A client that may not relay never reaches `Submit`. Content that was not received whole and
clean is forgotten. A commit that has begun is carried to its end, whoever leaves meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from gateway.model.reply import Reply
from gateway.model.session import Envelope, Recipient, Session
from gateway.receive import replies
from gateway.receive.address import parse_path
from gateway.receive.conversation import LOG
from gateway.receive.data_reader import DataReader, Fault
from gateway.receive.parameters import NO_PARAMETERS, mail_parameters, recipient_parameters
from gateway.receive.replies import Refused
from gateway.receive.verbs import SessionVerbs
from gateway.receive.wire import Gone
from gateway.receive.xforward import known, neuter, plain_address

FAULTS: dict[Fault, Reply] = {
    "too-big": replies.TOO_BIG,
    "bare-newline": replies.BARE_NEWLINE,
    "null-octet": replies.NULL_OCTET,
    "long-line": replies.LONG_LINE,
}


class Server(SessionVerbs):
    """The whole SMTP server for one connection."""

    def _may_relay(self) -> bool:
        """Not an open relay: by network, by AUTH, or by a client certificate that verified.

        XFORWARD plays no part in it: it says who the original client was, not who vouches.
        """
        if self._near or self._user is not None:
            return True
        settings = self.desk.settings
        return bool(
            settings.tls_clients_may_relay
            and settings.tls.client_ca is not None
            and self._is_tls
            and self.transport is not None
            and self.transport.get_extra_info("peercert")
        )

    def _session(self, smtputf8: bool) -> Session:
        forwarded = self._xforward
        tls = self._is_tls
        # RFC 3848 and RFC 6531 section 4.3
        protocol = "SMTP" if smtputf8 or not self._extended else "ESMTP"
        protocol = ("UTF8" if smtputf8 else "") + protocol
        if self._extended:
            protocol += ("S" if tls else "") + ("A" if self._user is not None else "")
        if not forwarded:
            return Session(self.client, "", self._helo, tls, self._user, protocol)
        return Session(
            plain_address(known(forwarded, "ADDR") or "") or self.client,
            neuter(known(forwarded, "NAME") or ""),
            neuter(known(forwarded, "HELO") or "") or self._helo,
            tls,
            self._user,
            protocol,
            dict(forwarded),
        )

    async def smtp_MAIL(self, arg: str | None) -> None:
        self._needs_greeting()
        limits = self.desk.settings.limits
        if self._mail:
            raise Refused(replies.NESTED_MAIL)
        if self._messages >= limits.messages_per_session:
            raise Refused(replies.TOO_MANY_MESSAGES, fault=False)
        if not arg or arg[:5].upper() != "FROM:":
            raise Refused(replies.SYNTAX_MAIL)
        path = parse_path(arg[5:])
        if path is None or (path[0] and "@" not in path[0]):
            raise Refused(replies.BAD_SENDER)
        sender, rest = path
        if rest and not self._extended:
            raise Refused(replies.UNKNOWN_PARAMETER)
        given = mail_parameters(rest, self._auth_offered) if rest else NO_PARAMETERS
        if not given.smtputf8 and not sender.isascii():
            raise Refused(replies.NEEDS_SMTPUTF8)
        if given.size > limits.message_bytes:
            raise Refused(replies.TOO_BIG, fault=False)
        if not self._may_relay():
            # Every RCPT will be refused; the next hop is not troubled.
            self._mail, self._smtputf8 = True, given.smtputf8
            self.answer(replies.SENDER_OK)
            return
        envelope = Envelope(sender, (), given.options)
        reply, transaction = await self.desk.submit.begin(self._session(given.smtputf8), envelope)
        if transaction is None or not reply.positive:
            self._transaction = transaction
            await self._forget()
            raise Refused(reply, fault=False)
        self._mail, self._smtputf8, self._transaction = True, given.smtputf8, transaction
        self.answer(reply)

    async def smtp_RCPT(self, arg: str | None) -> None:
        self._needs_greeting()
        if not self._mail:
            raise Refused(replies.MAIL_FIRST)
        if not arg or arg[:3].upper() != "TO:":
            raise Refused(replies.SYNTAX_RCPT)
        path = parse_path(arg[3:])
        if path is None or not path[0]:
            raise Refused(replies.BAD_RECIPIENT)
        address, rest = path
        if rest and not self._extended:
            raise Refused(replies.UNKNOWN_PARAMETER)
        options = recipient_parameters(rest, self._smtputf8) if rest else ()
        if not self._smtputf8 and not address.isascii():
            raise Refused(replies.NEEDS_SMTPUTF8)
        if self._transaction is None:
            raise Refused(replies.RELAY_DENIED)
        limit = self.desk.settings.limits.recipients
        if self._recipients >= limit:
            raise Refused(replies.TOO_MANY_RECIPIENTS, fault=False)
        reply = await self._transaction.recipient(Recipient(address, options))
        if reply.positive:
            self._recipients += 1
            self.answer(reply)
            return
        # The next hop's refusals are not the client's errors, but guessing has an end.
        self._refused_recipients += 1
        if self._refused_recipients > limit:
            raise Refused(replies.TOO_MANY_ERRORS)
        raise Refused(reply, fault=False)

    async def smtp_DATA(self, arg: str) -> None:
        self._needs_greeting()
        if arg:
            raise Refused(replies.NO_ARGUMENT)
        if not self._mail:
            raise Refused(replies.MAIL_FIRST)
        transaction = self._transaction
        if transaction is None or not self._recipients:
            raise Refused(replies.NO_RECIPIENTS)
        self.answer(replies.SEND_DATA)
        content = await self._content()
        if not isinstance(content, bytes):
            await self._reset()
            LOG.warning(
                "message refused", reply=FAULTS[content].code, fault=content, **self._about()
            )
            raise Refused(FAULTS[content])
        # From here on the transaction ends by itself, not by our leaving.
        self._forget_envelope()
        self._commands = 0
        self._messages += 1
        try:
            reply = await self._carried_out(transaction.commit(content))
        except Exception:
            self._transaction = transaction  # to be aborted where the error is answered
            raise
        self._xforward = {}
        if reply.code == 421:
            self._closing = True
        self.answer(reply)
        # What comes next may take time; the client should know at once who has the message.
        self._flush()

    async def _content(self) -> bytes | Fault:
        """What follows the 354, whole. Raises Gone or TooSlow, and then nothing is kept."""
        reader = DataReader(self.desk.rules)
        timeouts, now = self._timeouts, self.loop.time
        all_by = now() + timeouts.data_total
        self._flush()
        while not (self._inbox and reader.feed(self._taken())):
            if self._eof:
                raise Gone
            await self._change(min(now() + timeouts.data_read, all_by))
        self._inbox += reader.rest
        assert reader.outcome is not None
        return reader.outcome

    def _taken(self) -> bytearray:
        taken, self._inbox = self._inbox, bytearray()
        return taken

    async def _carried_out(self, commit: Coroutine[Any, Any, Reply]) -> Reply:
        """Run a commit so that cancelling this conversation does not cancel it."""
        task = self.loop.create_task(commit)
        self.desk.commits.add(task)
        task.add_done_callback(self._committed)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.done():
                await asyncio.wait((task,))
            raise

    def _committed(self, task: asyncio.Task[Reply]) -> None:
        self.desk.commits.discard(task)
        if self._handler_coroutine is None or not self._handler_coroutine.done():
            return
        if not task.cancelled() and (error := task.exception()) is not None:
            self._log_error(error)  # nobody else is left to hear of it


Server.VERBS = {
    verb: getattr(Server, f"smtp_{verb}")
    for verb in (
        "EHLO HELO MAIL RCPT DATA RSET NOOP VRFY EXPN HELP QUIT STARTTLS AUTH XFORWARD".split()
    )
}
