"""A delivery attempt answers for every recipient and raises for none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest

from gateway.act.deliver import Deliverer
from gateway.act.fate import Fate
from gateway.act.pool import Pool
from gateway.act.routing import NULL_MX, Host, Route
from gateway.config import NextHop
from gateway.model.reply import Reply
from gateway.model.session import Envelope, Recipient, Session

HELLO = ["> 220 hop.example ESMTP", "< EHLO", "> 250-hop.example\r\n250 PIPELINING"]
ONE = ["< MAIL", "< RCPT", "> 250 2.1.0 Ok\r\n250 2.1.5 Ok"]
TAKEN = ["< DATA", "> 354 go", "content", "> 250 2.0.0 taken"]
CONTENT = b"Subject: x\r\n\r\n.body\r\n"
A, B, C = (Recipient(f"{name}@other.example") for name in "abc")
Deliverers = Callable[..., Deliverer]


class Routes:
    """Routes that are known beforehand: the look-up has tests of its own."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self.routes = tuple(routes)

    async def route(self, recipients: tuple[Recipient, ...]) -> tuple[Route, ...]:
        return self.routes


@pytest.fixture
async def via(next_hop: Callable[..., NextHop]) -> AsyncIterator[Deliverers]:
    pools: list[Pool] = []

    def make(*routes: Route, **changes: Any) -> Deliverer:
        pools.append(Pool(next_hop(**changes), "gateway.dept.example"))
        return Deliverer(pools[-1], Routes(routes))

    yield make
    for pool in pools:
        await pool.close()


def to(*recipients: Recipient, at: Sequence[Any]) -> Route:
    return Route(tuple(Host(hop.host, hop.port) for hop in at), recipients)


def envelope(*recipients: Recipient) -> Envelope:
    return Envelope("s@dept.example", recipients)


async def codes(deliverer: Deliverer, *recipients: Recipient) -> list[tuple[str, int]]:
    fates = await deliverer.attempt(envelope(*recipients), CONTENT)
    assert [fate.recipient for fate in fates] == list(recipients)
    return [(fate.reply.enhanced, fate.reply.code) for fate in fates]


async def test_each_recipient_gets_the_answer_of_the_next_hop(sink: Any, via: Deliverers) -> None:
    sink.answers = {B.address: "550 5.1.1 nobody", C.address: "451 4.2.0 later"}
    deliverer = via(to(A, B, C, at=[sink]))
    fates = await deliverer.attempt(envelope(A, B, C), CONTENT)
    assert [(fate.recipient, fate.reply) for fate in fates] == [
        (A, Reply(250, "2.0.0", "taken")),
        (B, Reply(550, "5.1.1", "nobody")),
        (C, Reply(451, "4.2.0", "later")),
    ]
    assert sink.taken[0].content == CONTENT
    assert sink.taken[0].rcpt_tos == [A.address]


async def test_where_nobody_is_taken_no_content_is_sent(sink: Any, via: Deliverers) -> None:
    sink.answers = {A.address: "550 5.1.1 nobody"}
    assert await codes(via(to(A, at=[sink])), A) == [("5.1.1", 550)]
    assert not sink.taken


async def test_a_route_that_refuses_is_the_answer(via: Deliverers) -> None:
    assert await codes(via(Route((), (A,), NULL_MX)), A) == [("5.1.10", 556)]


async def test_a_host_that_cannot_be_reached_gives_way_to_the_next(
    hop: Any, sink: Any, via: Deliverers
) -> None:
    down = await hop(HELLO)
    down.server.close()
    busy = await hop(["> 421 too busy", "close"])
    full = await hop([*HELLO, "< MAIL", "< RCPT", "> 452 4.3.1 disk full\r\n503 no"])
    dying = await hop([*HELLO, *ONE, "< DATA", "close"])
    deliverer = via(to(A, at=[down, busy, full, dying, sink]))
    assert await codes(deliverer, A) == [("2.0.0", 250)]
    assert len(sink.taken) == 1


async def test_where_no_host_can_be_reached_delivery_is_for_later(
    hop: Any, via: Deliverers
) -> None:
    down = await hop(HELLO)
    down.server.close()
    assert await codes(via(to(A, at=[down, down])), A) == [("4.4.1", 451)]


async def test_a_refusal_for_good_is_not_asked_again_elsewhere(
    hop: Any, sink: Any, via: Deliverers
) -> None:
    first = await hop([*HELLO, "< MAIL", "< RCPT", "> 550 5.7.1 not you\r\n503 no"])
    assert await codes(via(to(A, at=[first, sink])), A) == [("5.7.1", 550)]
    assert sink.connections == 0


async def test_who_was_put_off_by_one_host_may_be_taken_by_the_next(
    hop: Any, sink: Any, via: Deliverers
) -> None:
    two = ["< MAIL", "< RCPT", "< RCPT", "> 250 ok\r\n250 2.1.5 ok\r\n451 4.2.0 greylisted"]
    first = await hop([*HELLO, *two, *TAKEN])
    assert await codes(via(to(A, B, at=[first, sink])), A, B) == [("2.0.0", 250), ("2.0.0", 250)]
    assert [envelope.rcpt_tos for envelope in sink.taken] == [[B.address]]


async def test_an_answer_lost_after_the_dot_is_unknown_and_nobody_else_is_asked(
    hop: Any, sink: Any, via: Deliverers
) -> None:
    two = ["< MAIL", "< RCPT", "< RCPT", "> 250 ok\r\n250 2.1.5 ok\r\n550 5.1.1 nobody"]
    first = await hop([*HELLO, *two, "< DATA", "> 354 go", "content", "close"])
    deliverer = via(to(A, B, at=[first, sink]))
    lost, refused = (fate.reply for fate in await deliverer.attempt(envelope(A, B), CONTENT))
    assert (lost.code, lost.enhanced) == (451, "4.4.2")
    assert "unknown" in lost.text
    assert refused.code == 550, "what was said before stands"
    assert sink.connections == 0


async def test_recipients_too_many_for_one_transaction_get_another(
    hop: Any, via: Deliverers
) -> None:
    three = "< MAIL", "< RCPT", "< RCPT", "< RCPT"
    some = [*three, "> 250 ok\r\n250 ok\r\n452 4.5.3 too many\r\n452 4.5.3 too many", *TAKEN]
    rest = [*three[:3], "> 250 ok\r\n250 ok\r\n250 ok", *TAKEN]
    server = await hop([*HELLO, *some, *rest])
    assert await codes(via(to(A, B, C, at=[server])), A, B, C) == [("2.0.0", 250)] * 3
    assert len(server.contents) == 2


async def test_a_host_that_never_takes_the_surplus_is_not_asked_for_ever(
    hop: Any, via: Deliverers
) -> None:
    two = "< MAIL", "< RCPT", "< RCPT"
    some = [*two, "> 250 ok\r\n250 ok\r\n452 4.5.3 too many", *TAKEN]
    none = [*two[:2], "> 250 ok\r\n452 4.5.3 too many", "< RSET", "> 250 ok"]
    server = await hop([*HELLO, *some, *none])
    assert await codes(via(to(A, B, at=[server])), A, B) == [("2.0.0", 250), ("4.5.3", 452)]


@pytest.mark.parametrize("ending", ["> 421 4.4.2 idle too long", "close"])
async def test_a_stale_connection_costs_one_more_connection_and_nothing_else(
    hop: Any, via: Deliverers, ending: str
) -> None:
    server = await hop(
        [*HELLO, *ONE, *TAKEN, "< MAIL", "< RCPT", ending, "close"], [*HELLO, *ONE, *TAKEN]
    )
    if ending != "close":
        server.scripts[0][-2] = "> 421 4.4.2 idle too long\r\n421 4.4.2 idle too long"
    deliverer = via(to(A, at=[server]))
    assert await codes(deliverer, A) == [("2.0.0", 250)]
    assert await codes(deliverer, A) == [("2.0.0", 250)]
    assert server.connections == 2


async def test_several_destinations_are_served_each_for_itself(
    hop: Any, sink: Any, via: Deliverers
) -> None:
    stalled = await hop([*HELLO, "< MAIL", "stall"])
    deliverer = via(
        to(A, at=[stalled]), to(B, at=[sink]), Route((), (C,), NULL_MX), command_timeout=0.1
    )
    assert await codes(deliverer, B, C, A) == [("2.0.0", 250), ("5.1.10", 556), ("4.4.2", 451)]


async def test_a_recipient_named_twice_is_served_once(sink: Any, via: Deliverers) -> None:
    assert await codes(via(to(A, at=[sink])), A, A) == [("2.0.0", 250)] * 2
    assert sink.taken[0].rcpt_tos == [A.address]


async def test_an_address_that_cannot_be_sent_is_refused_and_the_rest_is_delivered(
    sink: Any, via: Deliverers
) -> None:
    bad = Recipient("x y@other.example")
    assert await codes(via(to(A, bad, at=[sink])), A, bad) == [("2.0.0", 250), ("5.1.3", 501)]


async def test_the_outcome_says_who_answered_and_who_will_report(hop: Any, via: Deliverers) -> None:
    with_dsn = ["> 220 hop", "< EHLO", "> 250-hop\r\n250-PIPELINING\r\n250-SIZE\r\n250 DSN"]
    server = await hop([*with_dsn, *ONE, *TAKEN])
    plain = await hop([*HELLO, *ONE, *TAKEN])
    taken = Reply(250, "2.0.0", "taken")
    for it, dsn in ((server, True), (plain, False)):
        fates = await via(to(A, at=[it])).attempt(envelope(A), CONTENT)
        assert fates == (Fate(A, taken, "127.0.0.1", dsn),)
    assert server.heard[1] == f"MAIL FROM:<s@dept.example> SIZE={len(CONTENT)}"


async def test_the_original_client_is_passed_on(hop: Any, via: Deliverers) -> None:
    greeting = ["> 220 hop", "< EHLO", "> 250-hop\r\n250-PIPELINING\r\n250 XFORWARD ADDR"]
    envelope_of_it = ["< XFORWARD", "< MAIL", "< RCPT", "> 250 ok\r\n250 ok\r\n250 ok"]
    server = await hop([*greeting, *envelope_of_it, *TAKEN])
    session = Session("192.0.2.7", xforward={"ADDR": "192.0.2.7"})
    await via(to(A, at=[server])).attempt(envelope(A), CONTENT, session)
    assert server.heard[1] == "XFORWARD ADDR=192.0.2.7"
