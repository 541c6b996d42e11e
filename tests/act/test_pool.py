"""Connections are shared between messages, and nothing else is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from gateway.act.channel import ConnectFailed
from gateway.act.client import Connection
from gateway.act.pool import Pool
from gateway.config import NextHop
from gateway.model.reply import Reply
from gateway.model.session import Envelope, Recipient, Session

HELLO = ["> 220 hop.example ESMTP", "< EHLO", "> 250-hop.example\r\n250 PIPELINING"]
MAIL = ["< MAIL", "> 250 2.1.0 Ok"]
RSET = ["< RSET", "> 250 2.0.0 Ok"]
FROM = Envelope("a@dept.example")
NOBODY = Session("192.0.2.7")
Pools = Callable[..., Pool]


class Clock:
    """A monotonic clock that moves when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def pools(next_hop: Callable[..., NextHop]) -> AsyncIterator[Pools]:
    made: list[Pool] = []

    def make(hop: Any = None, clock: Clock | None = None, **changes: Any) -> Pool:
        where = {} if hop is None else {"host": hop.host, "port": hop.port}
        made.append(Pool(next_hop(**where, **changes), "gateway.dept.example", clock))
        return made[-1]

    yield make
    for pool in made:
        await pool.close()


async def begun(pool: Pool) -> Connection:
    reply, connection = await pool.lease_for_mail(NOBODY, FROM)
    assert reply.positive and connection is not None
    return connection


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the other side of a socket sets no event of ours
            await asyncio.sleep(0)


async def test_the_connection_used_last_is_used_next(hop: Any, pools: Pools) -> None:
    server = await hop(HELLO)
    pool = pools(server)
    first, second = [await pool.lease(server.host, server.port) for _ in range(2)]
    pool.give_back(first)
    pool.give_back(second)
    assert await pool.lease(server.host, server.port) is second
    assert await pool.lease(server.host, server.port) is first
    assert server.connections == 2


async def test_an_unfinished_transaction_is_reset_before_anybody_else_is_served(
    hop: Any, pools: Pools
) -> None:
    server = await hop([*HELLO, *MAIL, *RSET, *MAIL])
    pool = pools(server, connections=1)
    connection = await begun(pool)
    pool.give_back(connection)
    pool.give_back(connection)
    again = await begun(pool)
    assert again is connection
    assert [line[:4] for line in server.heard] == ["EHLO", "MAIL", "RSET", "MAIL"]


async def test_a_connection_that_cannot_be_reset_is_dropped(hop: Any, pools: Pools) -> None:
    for answer in ("> 500 what", "> 421 bye", "close"):
        server = await hop([*HELLO, *MAIL, "< RSET", answer], [*HELLO, *MAIL])
        pool = pools(server, connections=1)
        first = await begun(pool)
        pool.give_back(first)
        assert await begun(pool) is not first
        assert server.connections == 2


async def test_a_discarded_connection_is_never_seen_again(hop: Any, pools: Pools) -> None:
    server = await hop([*HELLO, *MAIL])
    pool = pools(server, connections=1)
    first = await begun(pool)
    pool.discard(first)
    pool.discard(first)
    pool.give_back(first)
    assert await begun(pool) is not first
    await server.closed[0].wait()


async def test_a_connection_in_doubt_does_not_come_back(hop: Any, pools: Pools) -> None:
    server = await hop([*HELLO, "< MAIL", "here", "stall"], [*HELLO, *MAIL])
    pool = pools(server, connections=1)
    connection = await pool.lease(server.host, server.port)
    task = asyncio.create_task(connection.mail("a@dept.example", ()))
    await server.here.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    pool.give_back(connection)
    assert await begun(pool) is not connection


async def test_a_cancelled_beginning_leaks_no_connection(hop: Any, pools: Pools) -> None:
    server = await hop([*HELLO, "< MAIL", "here", "stall"], [*HELLO, *MAIL])
    pool = pools(server, connections=1)
    task = asyncio.create_task(pool.lease_for_mail(NOBODY, FROM))
    await server.here.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await server.closed[0].wait()
    await begun(pool)


@pytest.mark.parametrize("ending", [["> 421 4.4.2 idle too long", "close"], ["close"]])
async def test_a_connection_closed_while_idle_is_not_handed_out(
    hop: Any, pools: Pools, ending: list[str]
) -> None:
    server = await hop([*HELLO, "wait", *ending], HELLO)
    pool = pools(server)
    connection = await pool.lease(server.host, server.port)
    pool.give_back(connection)
    server.go.set()
    await until(lambda: not connection.usable)
    assert await pool.lease(server.host, server.port) is not connection


@pytest.mark.parametrize(
    "ending", [["< MAIL", "> 421 4.4.2 idle too long", "close"], ["< MAIL", "close"]]
)
async def test_mail_on_a_stale_connection_is_repeated_once_on_a_fresh_one(
    hop: Any, pools: Pools, ending: list[str]
) -> None:
    server = await hop([*HELLO, *ending], [*HELLO, *MAIL])
    pool = pools(server)
    stale, other = [await pool.lease(server.host, server.port) for _ in range(2)]
    pool.give_back(other)
    pool.give_back(stale)
    server.scripts = [[], [], [*HELLO, *MAIL]]
    connection = await begun(pool)
    assert connection not in (stale, other)
    assert server.connections == 3
    await server.closed[1].wait()


async def test_a_fresh_connection_is_not_tried_twice(hop: Any, pools: Pools) -> None:
    server = await hop([*HELLO, "< MAIL", "close"])
    reply, connection = await pools(server).lease_for_mail(NOBODY, FROM)
    assert (reply.code, reply.enhanced, connection) == (451, "4.4.2", None)
    assert server.connections == 1


async def test_a_refused_mail_is_answered_and_its_connection_kept(hop: Any, pools: Pools) -> None:
    server = await hop([*HELLO, "< MAIL", "> 550 5.7.1 not you", *MAIL])
    pool = pools(server)
    assert await pool.lease_for_mail(NOBODY, FROM) == (Reply(550, "5.7.1", "not you"), None)
    await begun(pool)
    assert server.connections == 1


async def test_a_next_hop_that_is_down_is_an_answer_and_no_exception(
    hop: Any, pools: Pools
) -> None:
    server = await hop(HELLO)
    server.server.close()
    reply, connection = await pools(server).lease_for_mail(NOBODY, FROM)
    assert (reply.code, reply.enhanced, connection) == (451, "4.4.1", None)


async def test_the_number_of_connections_is_bounded_and_the_wait_too(
    hop: Any, pools: Pools
) -> None:
    server = await hop(HELLO)
    pool = pools(server, connections=2, connect_timeout=0.05)
    held = [await pool.lease(server.host, server.port) for _ in range(2)]
    with pytest.raises(ConnectFailed) as caught:
        await pool.lease(server.host, server.port)
    assert caught.value.reply.code == 451
    pool.give_back(held[0])
    assert await pool.lease(server.host, server.port) is held[0]


async def test_whoever_waited_longest_is_served_first(hop: Any, pools: Pools) -> None:
    server = await hop(HELLO)
    pool = pools(server, connections=1)
    connection = await pool.lease(server.host, server.port)
    order: list[int] = []

    async def customer(number: int) -> None:
        mine = await pool.lease(server.host, server.port)
        order.append(number)
        pool.give_back(mine)

    customers = [asyncio.create_task(customer(number)) for number in range(5)]
    await asyncio.sleep(0)
    pool.give_back(connection)
    await asyncio.gather(*customers)
    assert order == [0, 1, 2, 3, 4]
    assert server.connections == 1


async def test_a_failed_connection_frees_its_place(hop: Any, pools: Pools) -> None:
    server = await hop(["> 554 no"], [*HELLO, *MAIL])
    pool = pools(server, connections=1)
    with pytest.raises(ConnectFailed):
        await pool.lease(server.host, server.port)
    await begun(pool)


async def test_connections_that_were_idle_too_long_are_closed(hop: Any, pools: Pools) -> None:
    server = await hop([*HELLO, "< QUIT"], HELLO)
    clock = Clock()
    pool = pools(server, clock, idle=60.0)
    old = await pool.lease(server.host, server.port)
    pool.give_back(old)
    clock.now += 60.0
    assert await pool.lease(server.host, server.port) is not old
    await server.closed[0].wait()


async def test_idle_connections_are_swept_without_anybody_asking(hop: Any, pools: Pools) -> None:
    server = await hop([*HELLO, "< QUIT"])
    pool = pools(server, idle=0.02)
    pool.give_back(await pool.lease(server.host, server.port))
    await server.closed[0].wait()


async def test_a_closed_pool_gives_nothing_and_keeps_nothing(hop: Any, pools: Pools) -> None:
    server = await hop([*HELLO, *MAIL])
    pool = pools(server)
    idle, busy, midway = [await pool.lease(server.host, server.port) for _ in range(3)]
    await midway.mail("a@dept.example", ())
    pool.give_back(midway)
    pool.give_back(idle)
    await pool.close()
    pool.give_back(busy)
    await asyncio.gather(*(gone.wait() for gone in server.closed))
    with pytest.raises(ConnectFailed):
        await pool.lease(server.host, server.port)


async def test_nothing_of_one_transaction_reaches_the_next(sink: Any, pools: Pools) -> None:
    pool = pools(sink, connections=2)
    content = b"Subject: x\r\n\r\nbody\r\n"

    async def send(number: int) -> None:
        reply, connection = await pool.lease_for_mail(NOBODY, Envelope(f"s{number}@dept.example"))
        assert reply.positive and connection is not None
        await connection.rcpt(Recipient(f"r{number}@other.example"))
        if number % 3:  # every third is abandoned
            assert (await connection.data(content)).positive
        pool.give_back(connection)

    await asyncio.gather(*(send(number) for number in range(60)))
    pairs = [(envelope.mail_from, envelope.rcpt_tos) for envelope in sink.taken]
    numbers = sorted(int(sender[1:].partition("@")[0]) for sender, _ in pairs)
    assert numbers == [n for n in range(60) if n % 3]
    assert all(
        rcpts == [sender.replace("s", "r", 1).replace("dept", "other")] for sender, rcpts in pairs
    )
    assert sink.connections == 2
