"""Who is talking to us, and what the SMTP envelope says.

Addresses are kept exactly as the client sent them: the wire needs the original spelling
(RFC 5321 section 2.4), and comparison happens on `normalise_address` at decision time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Mapping


@dataclass(frozen=True, slots=True)
class Session:
    """One SMTP connection as it stood when the transaction began.

    `client_address` is the peer, or the original client where a listed peer sent XFORWARD.
    `xforward` holds the attributes to pass on to the next hop.
    """

    client_address: str
    client_name: str = ""
    helo: str = ""
    tls: bool = False
    user: str | None = None
    protocol: str = "ESMTP"
    xforward: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One RCPT TO: the address without angle brackets and its ESMTP parameters, case kept.

    `options` are raw `KEYWORD=value` strings (NOTIFY, ORCPT: RFC 3461 section 4).
    """

    address: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Envelope:
    """The transaction: `sender` is "" for the null reverse-path `<>`.

    `options` are the raw MAIL parameters (SIZE, BODY, SMTPUTF8, RET, ENVID, REQUIRETLS, AUTH).
    """

    sender: str
    recipients: tuple[Recipient, ...] = ()
    options: tuple[str, ...] = ()

    def with_recipients(self, recipients: tuple[Recipient, ...]) -> Envelope:
        return Envelope(self.sender, recipients, self.options)

    @property
    def smtputf8(self) -> bool:
        return any(option.upper() == "SMTPUTF8" for option in self.options)


@dataclass(frozen=True, slots=True)
class Arrival:
    """When (`at`, zone-aware) and under which queue id a message reached us."""

    id: str
    at: datetime
