"""Next hops for the tests of the outgoing side: real sockets that follow a script, or aiosmtpd."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from aiosmtpd.smtp import Envelope as AioEnvelope

from gateway.config import NextHop

Step = str | bytes | ssl.SSLContext


@dataclass
class Hop:
    """A next hop. `heard` has the lines of every connection, in order, `contents` what came
    after DATA, still dot-stuffed; `closed` is set for a connection when it has ended."""

    scripts: Sequence[Sequence[Step]]
    port: int = 0
    host: str = "127.0.0.1"
    connections: int = 0
    heard: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    here: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    faults: list[str] = field(default_factory=list)
    closed: list[asyncio.Event] = field(default_factory=list)
    server: asyncio.Server | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        script = self.scripts[min(self.connections, len(self.scripts) - 1)]
        self.connections += 1
        gone = asyncio.Event()
        self.closed.append(gone)
        try:
            for step in script:
                await self._step(step, reader, writer)
            await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
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
            if line == "QUIT" and step != "< QUIT":  # a goodbye may come at any time
                raise ConnectionError
            if not line.startswith(step[2:]):
                self.faults.append(f"{line!r} where {step[2:]!r} was expected")
        elif step == "content":
            content = b""
            while content != b".\r\n" and not content.endswith(b"\r\n.\r\n"):
                content += await reader.readuntil(b"\n")
            self.contents.append(content)
        elif step.startswith("read "):
            await reader.readexactly(int(step[5:]))
        elif step == "close":
            raise ConnectionError
        elif step == "eof":
            writer.write_eof()
        elif step == "here":
            self.here.set()
        elif step == "wait":
            await self.go.wait()
        elif step == "stall":  # listens and says nothing more
            await reader.read()
        elif step == "deaf":
            await asyncio.Event().wait()
        else:
            raise AssertionError(step)

    @classmethod
    async def start(cls, *scripts: Sequence[Step]) -> Hop:
        it = cls(scripts)
        it.server = await asyncio.start_server(it.serve, it.host, 0, limit=1 << 22)
        it.port = it.server.sockets[0].getsockname()[1]
        return it


@pytest.fixture
async def hop() -> AsyncIterator[Callable[..., Awaitable[Hop]]]:
    """Start a scripted next hop: one script for each connection, the last one for all others."""
    hops: list[Hop] = []

    async def start(*scripts: Sequence[Step]) -> Hop:
        hops.append(await Hop.start(*scripts))
        return hops[-1]

    yield start
    for it in hops:
        assert it.server is not None
        it.server.close()
    assert not [fault for it in hops for fault in it.faults]


@pytest.fixture
def hop_class() -> type[Hop]:
    return Hop


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
def sink_class() -> type[Sink]:
    return Sink


@pytest.fixture
def next_hop() -> Callable[..., NextHop]:
    """Settings in clear text with short but generous deadlines; override as needed."""

    def make(**changes: Any) -> NextHop:
        base: dict[str, Any] = {"tls": "never", "connect_timeout": 5.0, "command_timeout": 5.0}
        return NextHop.model_validate(base | changes)

    return make
