"""The contract between `receive` and whatever takes the mail: begin, recipient, commit or abort.

After `commit` has answered 2xx the message is delivered or durably stored; after any other
answer nothing was kept. `abort` may be called at any time and more than once.
"""

from __future__ import annotations

from typing import Protocol

from gateway.model.reply import Reply
from gateway.model.session import Envelope, Recipient, Session


class Transaction(Protocol):
    """One mail transaction, from an accepted MAIL to its end."""

    async def recipient(self, recipient: Recipient) -> Reply:
        """Answer for one RCPT; only a positive answer adds the recipient."""
        ...

    async def commit(self, content: bytes) -> Reply:
        """Decide and deliver or store. `content` is dot-unstuffed, CRLF lines."""
        ...

    async def abort(self) -> None:
        """Forget the transaction and free what it holds."""
        ...


class Submit(Protocol):
    """Begins transactions; the only thing `receive` knows of the rest of the gateway."""

    async def begin(self, session: Session, envelope: Envelope) -> tuple[Reply, Transaction | None]:
        """Answer for MAIL. The envelope has no recipients yet; None where it was refused."""
        ...
