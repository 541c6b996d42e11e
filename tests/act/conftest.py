"""Next hops for the tests of the outgoing side: real sockets that follow a script, or aiosmtpd."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from aiosmtpd.smtp import Envelope as AioEnvelope

from gateway.config import NextHop

EXTENSIONS = ("PIPELINING", "SIZE 1000000", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES")
Step = str | bytes | ssl.SSLContext


def hello(*extensions: str) -> list[Step]:
    """The first steps of every script: greeting and the answer to EHLO."""
    rows = ["hop.example", *extensions]
    answer = "".join(f"250-{row}\r\n" for row in rows[:-1]) + f"250 {rows[-1]}"
    return ["> 220 hop.example ESMTP", "< EHLO", "> " + answer]


@dataclass
class Hop:
    """A next hop. `heard` has the lines of every connection, in order, `contents` what came
    after DATA, still dot-stuffed; `ended` the connections whose script has run to its end."""

    scripts: Sequence[Sequence[Step]]
    port: int = 0
    host: str = "127.0.0.1"
    connections: int = 0
    heard: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    said: asyncio.Condition = field(default_factory=asyncio.Condition)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    faults: list[str] = field(default_factory=list)
    closed: list[asyncio.Event] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        script = self.scripts[min(self.connections, len(self.scripts) - 1)]
        self.connections += 1
        gone = asyncio.Event()
        self.closed.append(gone)
        try:
            for step in script:
                await self._step(step, reader, writer)
            await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            return
        finally:
            gone.set()
            writer.transport.abort()

    async def _step(
        self, step: Step, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if isinstance(step, ssl.SSLContext):
            await writer.start_tls(step)
        elif isinstance(step, bytes):
            writer.write(step)
            await writer.drain()
        elif step.startswith("> "):
            writer.write(step[2:].encode() + b"\r\n")
            await writer.drain()
        elif step.startswith("< "):
            line = (await reader.readuntil(b"\r\n")).decode("utf-8")[:-2]
            self.heard.append(line)
            if not line.startswith(step[2:]):
                self.faults.append(f"{line!r} where {step[2:]!r} was expected")
        elif step == "content":
            content = b""
            while content != b".\r\n" and not content.endswith(b"\r\n.\r\n"):
                content += await reader.readuntil(b"\n")
            self.contents.append(content)
        elif step == "some":
            await reader.readexactly(20_000)
        elif step == "close":
            raise ConnectionError
        elif step == "eof":
            writer.write_eof()
        elif step == "wait":
            await self.go.wait()
        elif step == "stall":
            await asyncio.Event().wait()
        else:
            raise AssertionError(step)


Start = Callable[..., Awaitable[Hop]]


@pytest.fixture
async def hop() -> AsyncIterator[Start]:
    """Start a scripted next hop: one script for each connection, the last one for all others."""
    async with contextlib.AsyncExitStack() as stack:
        hops: list[Hop] = []

        async def start(*scripts: Sequence[Step], port: int = 0) -> Hop:
            it = Hop(scripts)
            server = await asyncio.start_server(it.serve, "127.0.0.1", port, limit=1 << 22)
            it.port = server.sockets[0].getsockname()[1]
            stack.callback(server.close)
            hops.append(it)
            return it

        yield start
        for it in hops:
            assert not it.faults


@dataclass
class Sink:
    """An aiosmtpd server that keeps what it accepts. `answers` maps an address to a refusal."""

    port: int = 0
    host: str = "127.0.0.1"
    taken: list[AioEnvelope] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    _server: asyncio.Server | None = None

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: AioEnvelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 2.1.5 Ok")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: AioEnvelope) -> str:
        self.taken.append(envelope)
        return "250 2.0.0 taken"

    async def start(self, **options: Any) -> Sink:
        loop = asyncio.get_running_loop()

        def protocol() -> SMTP:
            self.connections += 1
            return SMTP(self, enable_SMTPUTF8=True, hostname="sink.example", loop=loop, **options)

        self._server = await loop.create_server(protocol, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def stop(self) -> None:
        assert self._server is not None
        self._server.close()


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    it = await Sink().start()
    yield it
    it.stop()


@pytest.fixture
def next_hop() -> Callable[..., NextHop]:
    """Settings in clear text with short but generous deadlines; override as needed."""

    def make(**changes: Any) -> NextHop:
        base: dict[str, Any] = {"tls": "never", "connect_timeout": 5.0, "command_timeout": 5.0}
        return NextHop.model_validate(base | changes)

    return make
