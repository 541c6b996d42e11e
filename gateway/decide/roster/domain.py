"""What kind of place an address's domain is."""

from __future__ import annotations

from typing import Iterable

from gateway.model.address import domain_of
from gateway.model.register import Register


def domain_class(register: Register, address: str, own: Iterable[str] = ()) -> str:
    """internal, government, webmail, media, partner or unknown: the nearest listed parent's.

    `own` are domains that are internal whatever the register says.
    """
    domain = domain_of(address)
    own = frozenset(own)
    while domain:
        if domain in own:
            return "internal"
        found = register.domains.get(domain)
        if found:
            return found
        domain = domain.partition(".")[2]
    return "unknown"
