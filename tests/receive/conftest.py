"""A taker of mail that writes everything down, and listeners in front of it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from gateway.config import Receive
from gateway.model.reply import Reply
from gateway.model.session import Envelope, Recipient, Session
from gateway.receive import Listener, listen
from gateway.receive.users import hash_password


@dataclass
class Delivery:
    """One transaction as it was handed over. The address says how it ends: `refused` is refused
    by the next hop, `explode` raises, and content with `explode` raises in commit."""

    ledger: Ledger
    session: Session
    envelope: Envelope
    recipients: list[Recipient] = field(default_factory=list)
    content: bytes | None = None
    aborted: bool = False

    async def recipient(self, recipient: Recipient) -> Reply:
        if recipient.address.startswith("refused"):
            return Reply(550, "5.1.1", "No such user here")
        if recipient.address.startswith("explode"):
            raise RuntimeError(f"secret words about {recipient.address}")
        self.recipients.append(recipient)
        return Reply(250, "2.1.5", "Recipient OK")

    async def commit(self, content: bytes) -> Reply:
        self.ledger.committing.set()
        await self.ledger.gate.wait()
        if b"explode" in content:
            raise RuntimeError("secret words from the content")
        self.content = content
        self.ledger.committed.append(self)
        return Reply(250, "2.0.0", f"Taken as {len(self.ledger.committed)}")

    async def abort(self) -> None:
        self.aborted = True


class Ledger:
    """A `Submit` that remembers. Close `gate` to keep commits waiting."""

    def __init__(self) -> None:
        self.begun: list[Delivery] = []
        self.committed: list[Delivery] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.committing = asyncio.Event()

    async def begin(self, session: Session, envelope: Envelope) -> tuple[Reply, Delivery | None]:
        if envelope.sender.startswith("refused"):
            return Reply(550, "5.7.1", "Sender refused by the next hop"), None
        if envelope.sender.startswith("explode"):
            raise RuntimeError(f"secret words about {envelope.sender}")
        delivery = Delivery(self, session, envelope)
        self.begun.append(delivery)
        return Reply(250, "2.1.0", "Sender OK"), delivery


@pytest.fixture
def ledger_class() -> type[Ledger]:
    return Ledger


@dataclass(frozen=True)
class Papers:
    """Throw-away certificates and a users file: `clerk` with the password `tall ship`."""

    settings: dict[str, Any]
    client: ssl.SSLContext
    client_with_certificate: ssl.SSLContext
    client_with_foreign_certificate: ssl.SSLContext
    users_file: Path


def client_context(server_ca: trustme.CA, identity: trustme.CA | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    server_ca.configure_trust(context)
    if identity is not None:
        identity.issue_cert("client.dept.example").configure_cert(context)
    return context


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder = tmp_path_factory.mktemp("papers")
    ca, stranger = trustme.CA(), trustme.CA()
    certificate = ca.issue_cert("gateway.dept.example")
    certificate.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    ca.cert_pem.write_to_path(folder / "ca.pem")
    users = folder / "users"
    users.write_text(
        f"# nobody else\nclerk:{hash_password(b'tall ship', b'16 bytes of salt', 1024)}\n"
    )
    return Papers(
        {"certificate": folder / "server.pem", "client_ca": folder / "ca.pem"},
        client_context(ca),
        client_context(ca, ca),
        client_context(ca, stranger),
        users,
    )


Open = Callable[..., Awaitable[tuple[Listener, Ledger]]]


@pytest.fixture
async def open_port() -> AsyncIterator[Open]:
    """Opens listeners with the given settings, and closes them after the test."""
    opened: list[tuple[Listener, Ledger]] = []

    async def start(sockets: Any = (), **settings: Any) -> tuple[Listener, Ledger]:
        ledger = Ledger()
        receive = Receive.model_validate({"port": 0, **settings})
        listener = await listen(
            receive,
            "gateway.dept.example",
            ledger,
            lambda: datetime(2018, 3, 28, tzinfo=UTC),
            sockets,
        )
        opened.append((listener, ledger))
        return listener, ledger

    yield start
    for listener, ledger in opened:
        ledger.gate.set()
        listener.close()
        await listener.wait_closed()


def port_of(listener: Listener) -> int:
    port: int = listener.sockets[0].getsockname()[1]
    return port


class Client:
    """A client that says what it is told and waits for answers, never for time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def line(self) -> str:
        line = await asyncio.wait_for(self.reader.readline(), 5)
        return line.decode() if line else "closed"

    async def reply(self) -> str:
        """All lines of one reply, without line ends."""
        lines = [(await self.line()).rstrip("\r\n")]
        while lines[-1][3:4] == "-":
            lines.append((await self.line()).rstrip("\r\n"))
        return "\n".join(lines)

    async def say(self, *lines: str) -> str:
        """Send lines in one write, return the last of as many replies."""
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())
        return [await self.reply() for _ in lines][-1]

    async def start_tls(self, context: ssl.SSLContext) -> None:
        await asyncio.wait_for(
            self.writer.start_tls(context, server_hostname="gateway.dept.example"), 5
        )

    def close(self) -> None:
        self.writer.close()


Connect = Callable[..., Awaitable[Client]]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Connects to a listener; `source` is the address to come from."""
    clients: list[Client] = []

    async def start(port: int | Listener, source: str | None = None) -> Client:
        number = port if isinstance(port, int) else port_of(port)
        local = (source, 0) if source else None
        streams = await asyncio.open_connection("127.0.0.1", number, local_addr=local)
        clients.append(Client(*streams))
        return clients[-1]

    yield start
    for client in clients:
        client.close()
