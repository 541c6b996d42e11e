"""Who is let in, and what the peer's address entitles it to.

Counts are per process: with several workers each has its own share of the limits.
"""

from __future__ import annotations

from collections import Counter
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Iterable, Union

from gateway.config import ReceiveLimits
from gateway.model.reply import Reply
from gateway.receive.acceptor import Share
from gateway.receive.replies import SHUTTING_DOWN, TOO_MANY_CONNECTIONS

Address = Union[IPv4Address, IPv6Address]
Network = Union[IPv4Network, IPv6Network]


class Admission:
    """Connection counts, in all and per client."""

    def __init__(self, limits: ReceiveLimits, share: Share) -> None:
        self._limits = limits
        self._share = share
        self._clients: Counter[str] = Counter()
        self._total = 0
        self._closed = False

    def close(self) -> None:
        """Let nobody in any more."""
        self._closed = True

    def enter(self, client: str) -> Reply | None:
        """Count a new connection in, or say why it has to go."""
        refusal = self._refusal(client)
        if refusal is not None:
            self._share.add(-1)
            return refusal
        self._total += 1
        self._clients[client] += 1
        return None

    def _refusal(self, client: str) -> Reply | None:
        if self._closed:
            return SHUTTING_DOWN
        if (
            self._total >= self._limits.connections
            or self._clients[client] >= self._limits.connections_per_client
        ):
            return TOO_MANY_CONNECTIONS
        return None

    def leave(self, client: str) -> None:
        """Count out a connection that `enter` let in."""
        self._total -= 1
        self._share.add(-1)
        self._clients[client] -= 1
        if not self._clients[client]:
            del self._clients[client]


def peer_address(peername: object) -> Address | None:
    """The IP address of a socket's peer; an IPv4 address in IPv6 clothes is an IPv4 address."""
    if not isinstance(peername, tuple) or not peername:
        return None
    try:
        address = ip_address(str(peername[0]).partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def is_within(address: Address | None, networks: Iterable[Network]) -> bool:
    """Whether one of the networks holds the address; nobody is in no network."""
    if address is None:
        return False
    return any(address in network for network in networks)
