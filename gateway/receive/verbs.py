"""The SMTP commands that do not carry mail: greeting, TLS, AUTH, XFORWARD, and the small ones."""

from __future__ import annotations

import binascii
import ssl
from base64 import b64decode, b64encode

from gateway.model.reply import Reply
from gateway.receive import replies
from gateway.receive.conversation import Conversation
from gateway.receive.replies import Refused
from gateway.receive.users import Users
from gateway.receive.xforward import ATTRIBUTES, neuter, parse_xforward

HANDSHAKE_SECONDS = 60.0


class SessionVerbs(Conversation):
    """RFC 5321 section 4.1.1, RFC 3207 (STARTTLS), RFC 4954 (AUTH), Postfix's XFORWARD."""

    @property
    def _auth_offered(self) -> bool:
        return self.desk.users is not None and self._is_tls

    def _needs_tls(self) -> None:
        if self.desk.settings.tls.required and self.desk.tls is not None and not self._is_tls:
            raise Refused(replies.TLS_FIRST)

    def _needs_greeting(self) -> None:
        self._needs_tls()
        if not self._helo:
            raise Refused(replies.HELO_FIRST)

    async def _greeted(self, name: str, extended: bool) -> None:
        if not name:
            raise Refused(replies.NEEDS_ARGUMENT)
        await self._reset()
        self._helo = neuter(name.split(" ")[0])
        self._extended = extended

    async def smtp_HELO(self, arg: str) -> None:
        await self._greeted(arg, extended=False)
        self.answer(Reply(250, "", self.hostname))

    async def smtp_EHLO(self, arg: str) -> None:
        await self._greeted(arg, extended=True)
        lines = [
            self.hostname,
            "PIPELINING",
            f"SIZE {self.desk.settings.limits.message_bytes}",
            "8BITMIME",
            "SMTPUTF8",
            "DSN",
            "ENHANCEDSTATUSCODES",
        ]
        if self.desk.tls is not None and not self._is_tls:
            lines.append("STARTTLS")
        if self._auth_offered:
            lines.append("AUTH PLAIN LOGIN")
        if self._may_xforward:
            lines.append("XFORWARD " + " ".join(ATTRIBUTES))
        self.answer(Reply(250, "", "\n".join(lines)))

    async def smtp_STARTTLS(self, arg: str) -> None:
        if self.desk.tls is None:
            raise Refused(replies.NOT_IMPLEMENTED)
        if self._is_tls:
            raise Refused(replies.TLS_ACTIVE)
        if arg:
            raise Refused(replies.NO_ARGUMENT)
        if self._inbox:
            # Sent in clear by whoever was on the line; it must never count as said under TLS
            # (RFC 3207 section 6). What comes later in clear breaks the handshake.
            raise Refused(replies.PIPELINED_STARTTLS, close=True)
        await self._reset()
        self._helo, self._extended, self._user = "", False, None
        assert self.transport is not None
        self.answer(replies.READY_FOR_TLS)
        self._flush()
        try:
            transport = await self.loop.start_tls(
                self.transport,
                self,
                self.desk.tls,
                server_side=True,
                ssl_handshake_timeout=min(self._timeouts.command, HANDSHAKE_SECONDS),
            )
        except (OSError, ssl.SSLError):
            self._closing = True  # a failed handshake leaves nothing to talk over
            return
        self.transport = transport

    async def smtp_XFORWARD(self, arg: str) -> None:
        self._needs_greeting()
        if not self._may_xforward:
            raise Refused(replies.NO_XFORWARD)
        if self._mail:
            raise Refused(replies.IN_TRANSACTION)
        if not arg:
            raise Refused(replies.NEEDS_ARGUMENT)
        self._xforward.update(parse_xforward(arg))
        self.answer(replies.OK)

    async def smtp_AUTH(self, arg: str) -> None:
        users = self.desk.users
        if users is None:
            raise Refused(replies.NOT_IMPLEMENTED)
        if not self._is_tls:
            raise Refused(replies.AUTH_NEEDS_TLS)
        if not self._extended:
            raise Refused(replies.HELO_FIRST)
        if self._user is not None:
            raise Refused(replies.AUTH_DONE)
        if self._mail:
            raise Refused(replies.IN_TRANSACTION)
        mechanism, _, initial = arg.partition(" ")
        if mechanism.upper() == "PLAIN":
            name, password = await self._plain(initial)
        elif mechanism.upper() == "LOGIN":
            first = _decoded(initial) if initial else await self._challenge(b"Username:")
            name, password = first, await self._challenge(b"Password:")
        else:
            raise Refused(replies.AUTH_UNKNOWN)
        await self._check(users, name, password)

    async def _plain(self, initial: str) -> tuple[bytes, bytes]:
        """RFC 4616 section 2: acting for somebody else is not possible here."""
        response = _decoded(initial) if initial else await self._challenge(b"")
        parts = response.split(b"\0")
        if len(parts) != 3:
            raise Refused(replies.AUTH_GARBLED)
        acting_as, name, password = parts
        if acting_as not in (b"", name):
            raise Refused(replies.AUTH_FAILED)
        return name, password

    async def _challenge(self, challenge: bytes) -> bytes:
        self.answer(Reply(334, "", b64encode(challenge).decode()))
        response = await self._line()
        if response == "*":
            raise Refused(replies.AUTH_CANCELLED)
        return _decoded(response)

    async def _check(self, users: Users, name: bytes, password: bytes) -> None:
        try:
            user = name.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused(replies.AUTH_FAILED) from None
        # scrypt takes its time and releases the interpreter lock.
        if not await self.loop.run_in_executor(None, users.verify, user, password):
            raise Refused(replies.AUTH_FAILED)
        self._user = user
        self.answer(replies.AUTHENTICATED)

    async def smtp_NOOP(self, arg: str) -> None:
        self.answer(replies.OK)

    async def smtp_RSET(self, arg: str | None) -> None:
        if arg:
            raise Refused(replies.NO_ARGUMENT)
        await self._reset()
        self.answer(replies.OK)

    async def smtp_HELP(self, arg: str) -> None:
        self.answer(replies.HELP)

    async def smtp_VRFY(self, arg: str) -> None:
        """Never tells who exists (RFC 5321 section 7.3)."""
        self._needs_tls()
        if not arg:
            raise Refused(replies.NEEDS_ARGUMENT)
        self.answer(replies.CANNOT_VERIFY)

    async def smtp_EXPN(self, arg: str) -> None:
        raise Refused(replies.NOT_IMPLEMENTED)

    async def smtp_QUIT(self, arg: str) -> None:
        if arg:
            raise Refused(replies.NO_ARGUMENT)
        self.answer(replies.BYE)
        self._closing = True


def _decoded(response: str) -> bytes:
    """One base64 response; "=" is the empty one (RFC 4954 section 4)."""
    if response == "=":
        return b""
    try:
        return b64decode(response.encode(), validate=True)
    except binascii.Error:
        raise Refused(replies.AUTH_GARBLED) from None
