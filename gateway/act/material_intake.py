"""Takes mail to the address for packs, which is registered and goes no further.

Everything else is the relay's. A transaction has the one or the other: a second recipient is told to
come again (RFC 5321, 4.5.3.1.10), and every mail server then sends it by itself. Whether the sender
may register anything is the keeper's to say, who answers them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from gateway.act.log import failure
from gateway.act.material_inbox import MaterialInbox, Parcel
from gateway.model.address import normalise_address
from gateway.model.reply import INTERNAL_ERROR, Reply
from gateway.model.session import Envelope, Recipient, Session
from gateway.model.transaction import Submit, Transaction
from gateway.store import StoreError

TAKEN = Reply(250, "2.1.5", "Ok")
ALONE = Reply(452, "4.5.3", "Packs are taken by themselves: send this recipient again later")
NO_SENDER = Reply(550, "5.7.1", "Packs are taken from somebody who can be answered")
NOT_STORED = Reply(451, "4.3.1", "The gateway cannot store the pack now, please try again later")


def for_material(address: str, recipient: str) -> bool:
    """Whether a recipient is the address for packs, with a tag or without."""
    name, _, domain = normalise_address(recipient).rpartition("@")
    own, _, home = normalise_address(address).rpartition("@")
    return domain == home and name.partition("+")[0] == own


class MaterialIntake:
    """Stands before the relay."""

    def __init__(
        self, relay: Submit, address: str, inbox: MaterialInbox,
        clock: Callable[[], datetime], identity: Callable[[datetime], str], log: Any,
    ) -> None:  # fmt: skip
        self._relay = relay
        self._address = address
        self._inbox = inbox
        self._clock = clock
        self._identity = identity
        self._log = log

    async def begin(self, session: Session, envelope: Envelope) -> tuple[Reply, Transaction | None]:
        reply, inner = await self._relay.begin(session, envelope)
        return reply, None if inner is None else _Sorting(self, inner, envelope.sender)

    def takes(self, recipient: Recipient) -> bool:
        return for_material(self._address, recipient.address)

    async def keep(self, sender: str, recipient: str, content: bytes) -> Reply:
        """250 only once it is stored."""
        now = self._clock()
        id = self._identity(now)
        try:
            parcel = Parcel(sender, recipient, now, content)
            await asyncio.to_thread(self._inbox.put, id, parcel)
        except StoreError as error:
            self._log.error("pack not stored", id=id, reason=str(error))
            return NOT_STORED
        except Exception as error:  # noqa: BLE001 - law 5: any failure is a 451
            self._log.error("pack not stored", id=id, **failure(error))
            return INTERNAL_ERROR
        self._log.info("pack received", id=id, size=len(content), **{"from": sender})
        return Reply(250, "2.0.0", f"Ok: {id} kept, its sender hears what was registered")


class _Sorting:
    """One transaction, until its first recipient says whose it is."""

    def __init__(self, intake: MaterialIntake, inner: Transaction, sender: str) -> None:
        self._intake = intake
        self._inner = inner
        self._sender = sender
        self._pack = ""
        self._others = False

    async def recipient(self, recipient: Recipient) -> Reply:
        if not self._intake.takes(recipient):
            if self._pack:
                return ALONE
            reply = await self._inner.recipient(recipient)
            self._others |= reply.positive
            return reply
        if not self._sender:
            return NO_SENDER
        if self._others or self._pack:
            return ALONE
        self._pack = recipient.address
        return TAKEN

    async def commit(self, content: bytes) -> Reply:
        if not self._pack:
            return await self._inner.commit(content)
        await self._inner.abort()
        return await self._intake.keep(self._sender, self._pack, content)

    async def abort(self) -> None:
        await self._inner.abort()
