"""Every recipient has exactly one way to go, by the rules of DNS and nobody's guess."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from random import Random
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from dns.asyncresolver import Resolver

from gateway.act import routing
from gateway.act.routing import Host, Route, Router
from gateway.config import NextHop
from gateway.model.session import Recipient

ZONE: dict[tuple[str, str], list[str]] = {
    ("two.example.", "MX"): ["20 second.two.example.", "10 first.two.example."],
    ("equal.example.", "MX"): [f"10 mx{n}.equal.example." for n in range(6)],
    ("hosted.example.", "MX"): ["10 MX.provider.example."],
    ("alsohosted.example.", "MX"): ["10 mx.provider.example."],
    ("implicit.example.", "A"): ["192.0.2.1"],
    ("implicit6.example.", "AAAA"): ["2001:db8::1"],
    ("textonly.example.", "TXT"): ['"nothing here"'],
    ("null.example.", "MX"): ["0 ."],
    ("us.example.", "MX"): ["10 gateway.dept.example.", "20 worse.example."],
    ("backup.example.", "MX"): [
        "10 best.example.",
        "20 Gateway.dept.example.",
        "30 worse.example.",
    ],
    ("xn--mnchen-3ya.example.", "MX"): ["10 mx.munich.example."],
}


class Zone(asyncio.DatagramProtocol):
    """A small authoritative name server; `broken.example` fails and `silent.example` is silent."""

    asked: list[tuple[str, str]]

    def connection_made(self, transport: Any) -> None:
        self.transport, self.asked = transport, []

    def datagram_received(self, data: bytes, addr: Any) -> None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name, kind = question.name.to_text().lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if name == "silent.example.":
            return
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA
        if name == "broken.example.":
            response.set_rcode(dns.rcode.SERVFAIL)
        elif (name, kind) in ZONE:
            response.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *ZONE[name, kind]))
        elif not any(known == name for known, _ in ZONE):
            response.set_rcode(dns.rcode.NXDOMAIN)
        self.transport.sendto(response.to_wire(), addr)


@pytest.fixture
async def zone() -> AsyncIterator[tuple[Zone, Resolver]]:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(Zone, ("127.0.0.1", 0))
    resolver = Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = transport.get_extra_info("sockname")[1]
    resolver.timeout, resolver.lifetime = 0.05, 0.1
    yield protocol, resolver
    transport.close()


@pytest.fixture
def routed(zone: tuple[Zone, Resolver], next_hop: Callable[..., NextHop]) -> Callable[..., Any]:
    async def route(*addresses: str, seed: int = 1) -> tuple[Route, ...]:
        router = Router(next_hop(mode="mx"), "gateway.dept.example", zone[1], Random(seed))
        return await router.route(tuple(map(Recipient, addresses)))

    return route


async def test_a_fixed_next_hop_takes_everybody(next_hop: Callable[..., NextHop]) -> None:
    router = Router(
        next_hop(host="mail.dept.example", port=10026), "gateway.dept.example", None, Random()
    )
    recipients = (Recipient("a@x.example"), Recipient("no domain"), Recipient("b@y.example"))
    assert await router.route(recipients) == (
        Route((Host("mail.dept.example", 10026),), recipients),
    )
    assert await router.route(()) == ()


def test_looking_up_needs_somebody_to_ask(next_hop: Callable[..., NextHop]) -> None:
    with pytest.raises(ValueError):
        Router(next_hop(mode="mx"), "gateway.dept.example", None, Random())


async def test_hosts_come_in_the_order_of_preference(routed: Any) -> None:
    (route,) = await routed("a@two.example")
    assert route.hosts == (Host("first.two.example", 25), Host("second.two.example", 25))


async def test_equal_hosts_share_the_load(routed: Any) -> None:
    firsts = {(await routed("a@equal.example", seed=n))[0].hosts[0] for n in range(12)}
    assert len(firsts) > 2


async def test_recipients_of_one_destination_travel_together(routed: Any, zone: Any) -> None:
    routes = await routed(
        "a@Hosted.example", "x@two.example", "b@alsohosted.example", "c@hosted.example"
    )
    assert [tuple(r.address for r in route.recipients) for route in routes] == [
        ("a@Hosted.example", "b@alsohosted.example", "c@hosted.example"),
        ("x@two.example",),
    ]
    assert len(zone[0].asked) == 3, "one question for each domain"


@pytest.mark.parametrize("domain", ["implicit.example", "implicit6.example"])
async def test_a_domain_without_mx_is_its_own(routed: Any, domain: str) -> None:
    (route,) = await routed(f"a@{domain}")
    assert route.hosts == (Host(domain, 25),)


@pytest.mark.parametrize(
    ("address", "refusal"),
    [
        ("a@null.example", routing.NULL_MX),
        ("a@missing.example", routing.NO_SUCH_DOMAIN),
        ("a@textonly.example", routing.NO_SUCH_DOMAIN),
        ("a@broken.example", routing.NO_ANSWER),
        ("a@silent.example", routing.NO_ANSWER),
        ("a@us.example", routing.LOOPS_BACK),
        ("postmaster", routing.BAD_DOMAIN),
        ("a@", routing.BAD_DOMAIN),
        ("a@[nowhere]", routing.BAD_DOMAIN),
    ],
)
async def test_a_domain_that_takes_no_mail_is_refused(
    routed: Any, address: str, refusal: Any
) -> None:
    (route,) = await routed(address)
    assert (route.hosts, route.refusal) == ((), refusal)


def test_the_refusals_carry_the_codes_of_the_standards() -> None:
    assert [
        (r.code, r.enhanced) for r in (routing.NULL_MX, routing.NO_SUCH_DOMAIN, routing.NO_ANSWER)
    ] == [
        (556, "5.1.10"),
        (550, "5.1.2"),
        (451, "4.4.3"),
    ]


async def test_hosts_less_preferred_than_we_are_are_not_tried(routed: Any) -> None:
    (route,) = await routed("a@backup.example")
    assert route.hosts == (Host("best.example", 25),)


async def test_an_address_literal_is_its_own_destination(routed: Any) -> None:
    routes = await routed("a@[192.0.2.9]", "a@[IPv6:2001:db8::9]")
    assert [route.hosts for route in routes] == [
        (Host("192.0.2.9", 25),),
        (Host("2001:db8::9", 25),),
    ]


async def test_internationalised_domains_are_looked_up_in_ascii(routed: Any) -> None:
    (route,) = await routed("a@münchen.example")
    assert route.hosts == (Host("mx.munich.example", 25),)


async def test_one_domain_that_fails_does_not_stop_the_others(routed: Any) -> None:
    routes = await routed("a@silent.example", "b@two.example", "c@missing.example")
    assert [bool(route.hosts) for route in routes] == [False, True, False]
