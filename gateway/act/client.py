"""One SMTP connection to the next hop, cheap enough to mirror commands one at a time.

It is our own and not aiosmtplib, whose line-ending normaliser alone costs 22-30 % of a relayed
message, and which would also change bytes.

- What the next hop answers comes back as a `Reply`; so does what we refuse before sending.
- No network fault but `ConnectFailed` and `ConnectionLost` is raised, and `ConnectionLost` says
  whether the final dot may have been seen (RFC 1047).
- A connection whose state is not certain is `doubtful` and says nothing more.
- Content goes out byte for byte, dot-stuffed; nothing from an address, an option or the content
  can become a second command.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Sequence

from gateway.act import wire
from gateway.act.channel import Channel, ConnectFailed, ConnectionLost, ProtocolError
from gateway.config import NextHop
from gateway.model.reply import Reply
from gateway.model.session import Recipient, Session


def tls_context(settings: NextHop) -> ssl.SSLContext | None:
    """The context for every connection under these settings; costly, so make it once."""
    if settings.tls == "never":
        return None
    cafile = str(settings.ca_file) if settings.ca_file else None
    context = ssl.create_default_context(cafile=cafile)
    if settings.tls != "verified":  # RFC 7435: encryption without a verified name beats none
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class Connection(Channel):
    """Made by `open`. One transaction at a time, one caller at a time.

    `extensions` maps EHLO keywords, upper case, to their parameters. `in_transaction` is true
    from an accepted MAIL to the final reply or RSET. `used` and `idle_since` are the pool's.
    """

    def __init__(self, host: str, port: int, settings: NextHop) -> None:
        super().__init__(settings)
        self.host, self.port = host, port
        self.extensions: wire.Extensions = {}
        self.tls = self.verified = self.in_transaction = self.used = False
        self.idle_since = 0.0
        self._forwarded = False

    @classmethod
    async def open(
        cls,
        host: str,
        port: int,
        settings: NextHop,
        hostname: str,
        ssl_context: ssl.SSLContext | None = None,
    ) -> Connection:
        """Connect, greet, and start TLS as configured. Raises ConnectFailed.

        Where TLS is only opportunistic, a failed handshake is tried again without (RFC 7435).
        """
        context = ssl_context or tls_context(settings)
        try:
            return await cls._open(host, port, settings, hostname, context)
        except ssl.SSLError:
            if settings.tls != "opportunistic":
                raise ConnectFailed("TLS with the next mail server failed", "4.7.5") from None
        return await cls._open(host, port, settings, hostname, None)

    @classmethod
    async def _open(
        cls, host: str, port: int, settings: NextHop, hostname: str, context: ssl.SSLContext | None
    ) -> Connection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(settings.connect_timeout):
                _, connection = await loop.create_connection(
                    lambda: cls(host, port, settings), host, port
                )
        except (OSError, ValueError):  # TimeoutError is an OSError; ValueError: a bad name
            raise ConnectFailed("The next mail server cannot be reached") from None
        try:
            await connection._greet(hostname, context)
        except ConnectionLost as error:
            raise ConnectFailed(error.reply.text, error.enhanced) from None
        except BaseException:
            connection.abort()
            raise
        return connection

    async def _greet(self, hostname: str, context: ssl.SSLContext | None) -> None:
        banner = (await self._answers(self._settings.command_timeout))[0]
        if banner.code != 220:
            raise ConnectFailed("The next mail server takes no mail now", "4.3.2")
        await self._hello(hostname)
        if context is None:
            return
        if "STARTTLS" in self.extensions and await self._start_tls(context):
            await self._hello(hostname)
        elif self._settings.tls != "opportunistic":
            raise ConnectFailed("The next mail server offers no TLS", "4.7.4")

    async def _hello(self, hostname: str) -> None:
        reply = await self._ask(f"EHLO {hostname}\r\n".encode(), "hello")
        if reply.permanent:  # RFC 5321 section 3.2: a server of before 1995
            reply = await self._ask(f"HELO {hostname}\r\n".encode(), "hello")
            reply = Reply(reply.code, "", "")
        if reply.code != 250:
            raise ConnectFailed("The next mail server takes no mail now", "4.3.2")
        self.extensions = wire.extensions(reply)
        self._pipelining = self.offers("PIPELINING")

    async def _start_tls(self, context: ssl.SSLContext) -> bool:
        if (await self._ask(b"STARTTLS\r\n", "starttls")).code != 220:
            return False
        self._reader = wire.ReplyReader()  # RFC 3207 section 6: nothing said in clear text counts
        timeout = self._settings.connect_timeout
        try:
            transport = await self._loop.start_tls(
                self._transport, self, context, server_hostname=self.host,
                ssl_handshake_timeout=timeout,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            self.abort()
            raise ssl.SSLError("handshake failed") from error
        if transport is None or self._failure:
            raise ssl.SSLError("handshake failed")
        self._transport = transport
        self.tls, self.verified = True, self._settings.tls == "verified"
        return True

    def offers(self, extension: str) -> bool:
        return extension in self.extensions

    @property
    def speaking(self) -> bool:
        """Whether another command may be sent, as far as can be told without asking."""
        return not (self.doubtful or self._failure or self._owed)

    @property
    def usable(self) -> bool:
        """Whether another transaction may start here."""
        return not self.in_transaction and self.speaking

    async def mail(self, sender: str, options: Sequence[str], size: int | None = None) -> Reply:
        """MAIL; `size` is the true size where it is known, and replaces the client's SIZE."""
        return await self.begin(None, sender, options, size)

    async def begin(
        self, session: Session | None, sender: str, options: Sequence[str], size: int | None = None
    ) -> Reply:
        """XFORWARD, where it is offered and there is something to say, and MAIL, in one go."""
        line = self._mail_line(sender, options, size)
        if isinstance(line, Reply):
            return line
        answers = await self._ask_all([*self._xforward_lines(session), line], "mail")
        self.in_transaction = answers[-1].positive
        return answers[-1]

    async def mail_and_rcpts(
        self,
        session: Session | None,
        sender: str,
        options: Sequence[str],
        recipients: Sequence[Recipient],
        size: int | None = None,
    ) -> tuple[Reply, tuple[Reply, ...]]:
        """A whole envelope in one round trip; where MAIL is refused, so is everybody."""
        first = self._mail_line(sender, options, size)
        if isinstance(first, Reply):
            return first, (first,) * len(recipients)
        rcpts = [wire.rcpt_line(recipient, self.extensions) for recipient in recipients]
        lines = [*self._xforward_lines(session), first]
        before = len(lines) - 1
        lines += [line for line in rcpts if not isinstance(line, Reply)]
        mailed, *rest = (await self._ask_all(lines, "rcpt"))[before:]
        self.in_transaction = mailed.positive
        if not mailed.positive:
            return mailed, (mailed,) * len(recipients)
        answers = iter(rest)
        return mailed, tuple(line if isinstance(line, Reply) else next(answers) for line in rcpts)

    async def rcpt(self, recipient: Recipient) -> Reply:
        line = wire.rcpt_line(recipient, self.extensions)
        return line if isinstance(line, Reply) else await self._ask(line, "rcpt")

    async def xforward(self, session: Session) -> Reply | None:
        """The reply to XFORWARD, or None where there was nothing to say."""
        lines = self._xforward_lines(session)
        return (await self._ask_all(lines, "mail"))[-1] if lines else None

    async def rset(self) -> Reply:
        reply = await self._ask(b"RSET\r\n", "rset")
        self.in_transaction = False
        self.doubtful |= reply.code != 250
        return reply

    async def quit(self) -> None:
        """Say goodbye and close; what goes wrong with that no longer matters."""
        try:
            await self._ask(b"QUIT\r\n", "quit")
        except ConnectionLost:
            return
        finally:
            self.abort()

    async def data(self, content: bytes | Sequence[bytes]) -> Reply:
        """DATA, the content and the final dot: the reply to the dot, or the refusal before it."""
        joined = content if isinstance(content, bytes) else b"".join(content)
        refusal = wire.unsendable(joined, self.extensions)
        if refusal is not None:
            return refusal
        reply = await self._ask(b"DATA\r\n", "data")
        if reply.code != 354:
            if reply.positive:  # neither "go on" nor a refusal
                self._give_up(ProtocolError)
                raise ProtocolError("data")
            return reply
        answer = await self._send_content(wire.dot_stuffed(joined))
        self.in_transaction = False
        return answer

    def close(self) -> None:
        """End an idle connection without waiting for the goodbye."""
        if self.usable:
            self.doubtful = True
            self._transport.write(b"QUIT\r\n")
            self._transport.close()
        else:
            self.abort()

    def _mail_line(self, sender: str, options: Sequence[str], size: int | None) -> bytes | Reply:
        return wire.mail_line(sender, options, self.extensions, size, self.verified)

    def _xforward_lines(self, session: Session | None) -> list[bytes]:
        offered = self.extensions.get("XFORWARD")
        attributes = session.xforward if session is not None else {}
        if not offered or not (attributes or self._forwarded):
            return []
        self._forwarded = bool(attributes)
        return wire.xforward_lines(attributes, offered)
