"""What one attempt to deliver came to for one recipient."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.model.reply import Reply
from gateway.model.session import Recipient


@dataclass(frozen=True, slots=True)
class Fate:
    """`host` gave the reply, "" where none was asked or that is not known. `dsn`: the host takes
    over delivery reports (RFC 3461), so that we owe none for what it took."""

    recipient: Recipient
    reply: Reply
    host: str = ""
    dsn: bool = False

    @property
    def relayed(self) -> bool:
        """Taken by a host that sends no confirmations (RFC 3461 section 5.2.2)."""
        return self.reply.positive and not self.dsn
