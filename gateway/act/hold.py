"""What people do with held messages: release, refuse, let expire.

A release is decided again against the list as it is now, for exactly the recipients it is for;
to go against that decision takes `force`, which the audit keeps together with the rules that
were overridden. The sender never releases their own message.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Awaitable, Callable, Sequence

from gateway import config
from gateway.act.composition import read_reference
from gateway.act.notice import outcome_notice
from gateway.model.address import normalise_address
from gateway.model.held import Hold, Journalled, Mail
from gateway.model.session import Envelope, Session
from gateway.model.verdict import Decision, Verdict
from gateway.store import GATEWAY, AlreadyDecided, Store, StoreError
from gateway.store.choices import Choice

Redecide = Callable[[Session, Envelope, bytes, datetime, datetime], Awaitable[Verdict]]
"""Session, envelope, content, now, and when the message arrived: "tomorrow" counts from there."""


class NotDecided(Exception):
    """The choice is not possible as asked for; nothing was changed."""


class StillHeld(NotDecided):
    """The rules of now would hold it again: `decisions` says for whom and why."""

    def __init__(self, verdict: Verdict, decisions: tuple[Decision, ...]) -> None:
        self.verdict, self.decisions = verdict, decisions
        names = ", ".join(decision.address for decision in decisions)
        super().__init__(f"the rules as they are now would still not let it go to {names}")


@dataclass(frozen=True, slots=True)
class Released:
    """What was released, and the decisions that were overridden for it."""

    hold: Hold
    recipients: tuple[Journalled, ...]
    verdict: Verdict
    overridden: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """What writing to senders needs."""

    notices: config.Notices
    department: config.Department


async def release(
    store: Store, id: str, addresses: Sequence[str] | None, by: str, now: datetime,
    redecide: Redecide, telling: Telling, *, force: bool = False, remark: str = "",
) -> Released:  # fmt: skip
    """Release to these held recipients (None: to all that are still held).

    Raises StillHeld unless `force`, NotDecided, AlreadyDecided, UnknownHold, StoreError.
    """
    hold = await asyncio.to_thread(store.hold, id, now)
    wanted = _wanted(hold, addresses)
    if hold.sender and normalise_address(by) == normalise_address(hold.sender):
        raise NotDecided("the sender of a message cannot release it; somebody else must")
    original = await asyncio.to_thread(store.original, id)
    envelope = hold.envelope.with_recipients(tuple(r.recipient for r in wanted))
    verdict = await redecide(hold.session, envelope, original.content, now, hold.arrived)
    against = _against(verdict, wanted)
    if against and not force:
        raise StillHeld(verdict, against)
    facts: dict[str, Any] = {"forced": bool(against)}
    if against:
        facts["overridden"] = sorted({rule for decision in against for rule in decision.reasons})
    facts |= {"rulebook": verdict.rulebook, "register": verdict.register}
    mails = _told(hold, original.content, "released", wanted, by, remark, now, telling)
    await asyncio.to_thread(
        store.choose, id, wanted, "released", by, now, remark=remark, facts=facts, mails=mails
    )
    return Released(hold, wanted, verdict, against)


async def release_cleared(
    store: Store, id: str, wanted: Sequence[Journalled], now: datetime, redecide: Redecide,
    telling: Telling, why: str,
) -> Released | None:  # fmt: skip
    """Release to those of the held recipients whom the rules of now let have it, without anybody
    having asked; None where that is nobody. Raises AlreadyDecided, StoreError."""
    hold = await asyncio.to_thread(store.hold, id, now)
    original = await asyncio.to_thread(store.original, id)
    envelope = hold.envelope.with_recipients(tuple(r.recipient for r in wanted))
    verdict = await redecide(hold.session, envelope, original.content, now, hold.arrived)
    cleared = tuple(one for one in wanted if not _against(verdict, [one]))
    if not cleared:
        return None
    mails = _told(hold, original.content, "released", cleared, GATEWAY, why, now, telling)
    facts = {"forced": False, "rulebook": verdict.rulebook, "register": verdict.register}
    await asyncio.to_thread(
        store.choose, id, cleared, "released", GATEWAY, now, remark=why, facts=facts, mails=mails
    )
    return Released(hold, cleared, verdict)


def refuse(
    store: Store, id: str, by: str, reason: str, now: datetime, telling: Telling,
    addresses: Sequence[str] | None = None,
) -> tuple[Journalled, ...]:  # fmt: skip
    """Refuse what is still held; the sender is told."""
    hold = store.hold(id, now)
    wanted = _wanted(hold, addresses)
    _end(store, hold, wanted, "refused", by, reason, now, telling)
    return wanted


def expire(store: Store, now: datetime, telling: Telling) -> tuple[str, ...]:
    """End every hold whose time is up; says which. Somebody may decide one in the meantime.

    One that cannot be read does not keep the others; its StoreError is raised after them.
    """
    ended, failed = [], None
    for id in store.expired(now):
        try:
            hold = store.hold(id, now)
            if hold.held:
                _end(store, hold, hold.held, "expired", GATEWAY, "", now, telling)
                ended.append(id)
        except AlreadyDecided:
            continue  # a person was quicker, and their choice stands
        except StoreError as error:
            failed = error
    if failed is not None:
        raise failed
    return tuple(ended)


def _end(
    store: Store, hold: Hold, wanted: tuple[Journalled, ...], choice: Choice, by: str,
    remark: str, now: datetime, telling: Telling,
) -> None:  # fmt: skip
    content = store.original(hold.id).content
    mails = _told(hold, content, choice, wanted, by, remark, now, telling)
    store.choose(hold.id, wanted, choice, by, now, remark=remark, mails=mails)


def _told(
    hold: Hold, content: bytes, choice: Choice, wanted: Sequence[Journalled], by: str,
    remark: str, now: datetime, telling: Telling,
) -> list[Mail]:  # fmt: skip
    mail = outcome_notice(
        hold, read_reference(content), choice, wanted, by, remark, now, telling.notices,
        telling.department,
    )  # fmt: skip
    return [] if mail is None else [mail]


def _wanted(hold: Hold, addresses: Sequence[str] | None) -> tuple[Journalled, ...]:
    """The held recipients that were named. Naming one that is decided already is an error."""
    held = [r for r in hold.recipients if r.origin == "hold"]
    if addresses is None:
        open_ = tuple(r for r in held if r.state == "held")
        if not open_:
            raise _decided(held[-1])
        return open_
    chosen: list[Journalled] = []
    for address in addresses:
        name = normalise_address(address)
        matching = [r for r in held if normalise_address(r.recipient.address) == name]
        if not matching:
            raise NotDecided(f"{address} is not a held recipient of {hold.id}")
        for recipient in matching:
            if recipient.state != "held":
                raise _decided(recipient)
            if recipient not in chosen:
                chosen.append(recipient)
    return tuple(chosen)


def _decided(recipient: Journalled) -> AlreadyDecided:
    state = recipient.state if recipient.state in ("refused", "expired") else "released"
    return AlreadyDecided(
        recipient.recipient.address, state, recipient.decided_by, recipient.decided_at
    )


def _against(verdict: Verdict, wanted: Sequence[Journalled]) -> tuple[Decision, ...]:
    """Decisions that are not `pass`; a recipient without one counts as held (law 5)."""
    decided: dict[str, list[Decision]] = {}
    for decision in verdict.decisions:
        decided.setdefault(normalise_address(decision.address), []).append(decision)
    against: list[Decision] = []
    for recipient in wanted:
        address = recipient.recipient.address
        found = decided.get(normalise_address(address)) or [
            Decision(address, "hold", reasons=("undecided",))
        ]
        against += [d for d in found if d.disposition != "pass" and d not in against]
    return tuple(against)
