"""Which hosts take the mail for which recipients: the fixed next hop, or each domain's MX.

- Every recipient ends in exactly one route, with hosts to try in order or with a refusal.
- A domain that says it takes no mail, or does not exist, is refused for good; a name server that
  does not answer, for now.
- A host less preferred than we are is never tried: that would be a loop (RFC 5321 section 5.1).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from ipaddress import ip_address
from random import Random
from typing import Union

import dns.exception
import dns.name
import dns.resolver
from dns.asyncresolver import Resolver
from dns.rdtypes.ANY.MX import MX

from gateway.config import NextHop
from gateway.model.address import domain_of
from gateway.model.reply import Reply
from gateway.model.session import Recipient

SMTP_PORT = 25
PARALLEL = 20  # look-ups at a time

NO_SUCH_DOMAIN = Reply(550, "5.1.2", "The recipient's domain does not exist or takes no mail")
BAD_DOMAIN = Reply(550, "5.1.3", "The recipient's address has no usable domain")
NULL_MX = Reply(556, "5.1.10", "The recipient's domain accepts no mail")  # RFC 7505
LOOPS_BACK = Reply(554, "5.4.6", "Mail for the recipient's domain loops back to this gateway")
NO_ANSWER = Reply(451, "4.4.3", "The recipient's domain cannot be looked up now")


@dataclass(frozen=True, slots=True)
class Host:
    name: str
    port: int


@dataclass(frozen=True, slots=True)
class Route:
    """Recipients with one fate: `hosts` to try in this order, or the `refusal` for them all."""

    hosts: tuple[Host, ...]
    recipients: tuple[Recipient, ...]
    refusal: Reply | None = None


Fate = Union[tuple[Host, ...], Reply]


class Router:
    """`resolver` may be None for a fixed next hop. `random` spreads load among equal hosts."""

    def __init__(
        self,
        settings: NextHop,
        hostname: str,
        resolver: Resolver | None,
        random: Random,
        port: int = SMTP_PORT,
    ) -> None:
        if settings.mode == "mx" and resolver is None:
            raise ValueError("MX look-ups need a resolver")
        self._settings = settings
        self._hostname = hostname.lower().removesuffix(".")
        self._resolver = resolver
        self._random = random
        self._port = port

    async def route(self, recipients: tuple[Recipient, ...]) -> tuple[Route, ...]:
        """One route for each destination, in the order of the first recipient of each."""
        if self._settings.mode == "smarthost":
            host = Host(self._settings.host, self._settings.port)
            return (Route((host,), recipients),) if recipients else ()
        domains = [domain_of(recipient.address) for recipient in recipients]
        fates = await self._fates(tuple(dict.fromkeys(domains)))
        groups: dict[object, tuple[Fate, list[Recipient]]] = {}
        for domain, recipient in zip(domains, recipients, strict=True):
            fate = fates[domain]
            # Equal hosts are shuffled: domains of one provider still make one route.
            key = fate if isinstance(fate, Reply) else frozenset(fate)
            groups.setdefault(key, (fate, []))[1].append(recipient)
        return tuple(
            Route((), tuple(members), fate)
            if isinstance(fate, Reply)
            else Route(fate, tuple(members))
            for fate, members in groups.values()
        )

    async def _fates(self, domains: tuple[str, ...]) -> dict[str, Fate]:
        gate = asyncio.Semaphore(PARALLEL)

        async def gated(domain: str) -> Fate:
            async with gate:
                return await self._fate(domain)

        return dict(zip(domains, await asyncio.gather(*map(gated, domains)), strict=True))

    async def _fate(self, domain: str) -> Fate:
        if not domain:
            return BAD_DOMAIN
        if domain.startswith("["):  # RFC 5321 section 4.1.3
            literal = domain[1:-1].removeprefix("ipv6:")
            try:
                return (Host(str(ip_address(literal)), self._port),)
            except ValueError:
                return BAD_DOMAIN
        try:
            return await self._looked_up(domain)
        except dns.resolver.NXDOMAIN:
            return NO_SUCH_DOMAIN
        except (dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.EmptyLabel):
            return NO_SUCH_DOMAIN
        except (dns.exception.DNSException, OSError):
            return NO_ANSWER

    async def _looked_up(self, domain: str) -> Fate:
        assert self._resolver is not None
        name = dns.name.from_text(domain)
        try:
            answer = await self._resolver.resolve(name, "MX")
        except dns.resolver.NoAnswer:  # RFC 5321 section 5.1: its own address is its MX
            await self._has_address(name)
            return (Host(domain, self._port),)
        exchanges = [
            (record.preference, str(record.exchange).lower().removesuffix("."))
            for record in answer
            if isinstance(record, MX)
        ]
        named = [pair for pair in exchanges if pair[1]]
        if not named:
            return NULL_MX
        ours = [preference for preference, exchange in named if exchange == self._hostname]
        if ours:
            named = [pair for pair in named if pair[0] < min(ours)]
            if not named:
                return LOOPS_BACK
        self._random.shuffle(named)
        named.sort(key=lambda pair: pair[0])
        return tuple(Host(exchange, self._port) for _, exchange in named)

    async def _has_address(self, name: dns.name.Name) -> None:
        """Raises NoAnswer where the name has neither an IPv4 nor an IPv6 address."""
        assert self._resolver is not None
        try:
            await self._resolver.resolve(name, "A")
        except dns.resolver.NoAnswer:
            await self._resolver.resolve(name, "AAAA")
