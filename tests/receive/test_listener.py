"""Opening, sharing, draining and closing; limits of connections; deliveries that are never torn."""

from __future__ import annotations

import asyncio
import logging
import socket
from pathlib import Path
from typing import Any

import aiosmtpd.smtp
import pytest
import structlog

from gateway.model.fault import Faults
from gateway.receive.server import Server

MESSAGE = ["MAIL FROM:<a@dept.example>", "RCPT TO:<b@other.example>", "DATA"]


async def in_commit(client: Any, ledger: Any) -> None:
    """Bring a client to where its message is being delivered, and keep it there."""
    ledger.gate.clear()
    await client.reply()
    await client.say("EHLO c", *MESSAGE)
    client.writer.write(b"Subject: x\r\n.\r\n")
    await asyncio.wait_for(ledger.committing.wait(), 5)


async def until_over(listener: Any) -> None:
    await asyncio.wait_for(listener.wait_closed(), 5)


def test_it_is_aiosmtpds_server_with_every_verb_our_own() -> None:
    assert issubclass(Server, aiosmtpd.smtp.SMTP)
    theirs = {name[5:] for name in dir(aiosmtpd.smtp.SMTP) if name.startswith("smtp_")}
    assert theirs <= set(Server.VERBS)
    for verb, method in Server.VERBS.items():
        assert method.__module__.startswith("gateway.receive."), verb


async def test_a_message_under_delivery_is_finished_though_the_client_left(
    open_port: Any, connect: Any
) -> None:
    listener, ledger = await open_port()
    client = await connect(listener)
    await in_commit(client, ledger)
    client.close()
    ledger.gate.set()
    await until_over(listener)
    assert [d.content for d in ledger.committed] == [b"Subject: x\r\n"]
    assert not ledger.begun[0].aborted


async def test_a_message_under_delivery_is_finished_though_its_conversation_is_cancelled(
    open_port: Any, connect: Any
) -> None:
    listener, ledger = await open_port()
    client = await connect(listener)
    await in_commit(client, ledger)
    for task in tuple(listener._desk.conversations):
        task.cancel()
    await asyncio.sleep(0)
    ledger.gate.set()
    await until_over(listener)
    assert len(ledger.committed) == 1
    assert not ledger.begun[0].aborted


async def test_closing_the_listener_tears_no_delivery(open_port: Any, connect: Any) -> None:
    listener, ledger = await open_port()
    client = await connect(listener)
    await in_commit(client, ledger)
    listener.close()
    assert await client.line() == "closed"
    ledger.gate.set()
    await until_over(listener)
    assert len(ledger.committed) == 1


async def test_a_half_closed_client_still_hears_the_fate_of_its_message(
    open_port: Any, connect: Any
) -> None:
    listener, ledger = await open_port()
    client = await connect(listener)
    await in_commit(client, ledger)
    client.writer.write_eof()
    ledger.gate.set()
    assert (await client.reply()).startswith("250 2.0.0")
    assert await client.line() == "closed"


async def test_draining_dismisses_the_idle_and_waits_for_transactions(
    open_port: Any, connect: Any
) -> None:
    listener, ledger = await open_port()
    idle, writing, delivering = [await connect(listener) for _ in range(3)]
    await idle.reply()
    await idle.say("EHLO c")
    await writing.reply()
    await writing.say("EHLO c", MESSAGE[0])
    await in_commit(delivering, ledger)
    draining = asyncio.ensure_future(listener.drain(5))
    assert await idle.reply() == "421 4.3.2 Service shutting down, try again later"
    assert await idle.line() == "closed"
    assert (await writing.say(*MESSAGE[1:])).startswith("354")
    ledger.gate.set()
    assert (await writing.say(".")).startswith("250")
    for client in (writing, delivering):
        client.writer.write(b"MAIL FROM:<again@dept.example>\r\n")
    assert (await delivering.reply()).startswith("250")
    for client in (writing, delivering):
        assert (await client.reply()).startswith("421 4.3.2")
        assert await client.line() == "closed"
    assert await draining
    assert len(ledger.committed) == 2
    assert listener.sockets == ()


async def test_draining_ends_those_that_take_too_long(open_port: Any, connect: Any) -> None:
    listener, ledger = await open_port()
    writing, delivering = await connect(listener), await connect(listener)
    await writing.reply()
    await writing.say("EHLO c", MESSAGE[0])
    await in_commit(delivering, ledger)
    assert not await listener.drain(0.01)
    assert (await writing.reply()).startswith("421 4.3.2")
    assert listener.conversations == 1
    ledger.gate.set()
    assert (await delivering.reply()).startswith("250")
    await until_over(listener)
    assert ledger.begun[0].aborted


async def test_two_listeners_share_one_listening_socket(open_port: Any, connect: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as shared:
        (first, _), (second, _) = [await open_port([shared]) for _ in range(2)]
        port = shared.getsockname()[1]
        assert first.sockets[0].getsockname() == second.sockets[0].getsockname()
        first.close()
        client = await connect(port)
        assert (await client.reply()).startswith("220")
        assert second.conversations == 1


async def test_connections_have_a_limit_in_all_and_per_client(open_port: Any, connect: Any) -> None:
    listener, _ = await open_port(limits={"connections": 3, "connections_per_client": 2})
    first, second = await connect(listener), await connect(listener)
    refused = await connect(listener)
    assert await refused.reply() == "421 4.7.0 Too many connections, try again later"
    assert await refused.line() == "closed"
    neighbour = await connect(listener, "127.0.0.2")
    assert (await neighbour.reply()).startswith("220")
    stranger = await connect(listener, "127.0.0.3")
    assert (await stranger.reply()).startswith("421 4.7.0")
    for client in (first, second):
        await client.reply()
    assert (await first.say("QUIT")).startswith("221")
    assert await first.line() == "closed"
    again = await connect(listener)
    assert (await again.reply()).startswith("220")


async def test_a_pipelined_group_is_answered_in_one_write(open_port: Any, connect: Any) -> None:
    listener, _ = await open_port()
    client = await connect(listener)
    await client.reply()
    await client.say("EHLO c")
    conversation = next(iter(listener._desk.conversations.values()))
    transport, written = conversation.transport, []

    class Counting:
        def write(self, data: bytes) -> None:
            written.append(data)
            transport.write(data)

        def __getattr__(self, name: str) -> Any:
            return getattr(transport, name)

    conversation.transport = Counting()
    await client.say(*MESSAGE)
    assert len(written) == 1


async def test_a_client_that_reads_no_answers_is_cut_off(open_port: Any, connect: Any) -> None:
    listener, _ = await open_port(
        timeouts={"command": "50ms"},
        limits={"commands_per_message": 10**6, "errors_per_session": 10**6},
    )
    with socket.create_connection(listener.sockets[0].getsockname()) as deaf:
        deaf.setblocking(False)
        loop = asyncio.get_running_loop()
        with pytest.raises(ConnectionError):
            for _ in range(200):
                await asyncio.wait_for(loop.sock_sendall(deaf, b"EHLO c\r\n" * 20_000), 5)
        listener.close()
        await until_over(listener)


async def test_nothing_of_a_message_or_an_error_is_logged(
    open_port: Any, connect: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as events:
        listener, _ = await open_port()
        client = await connect(listener)
        await client.reply()
        await client.say("EHLO c", *MESSAGE)
        assert (await client.say("Subject: explode over unpublished figures\r\n.")).startswith(
            "451 4.3.0"
        )
        assert (await client.say("MAIL FROM:<explode@dept.example>")).startswith("451")
        await client.say("QUIT")
    assert [event["event"] for event in events] == ["internal error", "internal error"]
    assert events[0]["type"] == "RuntimeError"
    assert "conftest.py:" in events[0]["at"]
    for text in (caplog.text, str(events)):
        for leak in ("unpublished", "secret words", "explode", "figures"):
            assert leak not in text


async def test_a_certificate_or_users_file_that_cannot_be_read_opens_nothing(
    open_port: Any, tmp_path: Path
) -> None:
    for settings in (
        {"tls": {"certificate": tmp_path / "absent.pem"}},
        {"users_file": tmp_path / "absent"},
    ):
        with pytest.raises(Faults):
            await open_port(**settings)
