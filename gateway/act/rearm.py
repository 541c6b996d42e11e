"""Holds again what was cleared for a release whose date has moved, or whose lift was withdrawn.

- What the register says is compared with what it said when it was last read, also where the
  gateway did not run in between.
- Only copies that are not delivered yet can be held again. Those of people who were listed, and who
  may still have the release now, go on: for them nothing has changed.
- Whatever a person released, or the end of an embargo let through, somebody decides again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from gateway.act.composition import read_reference
from gateway.act.hold import Telling
from gateway.act.notice import outcome_notice
from gateway.decide.embargo import embargoed
from gateway.decide.roster import standing
from gateway.decide.sentences import instant
from gateway.model.address import normalise_address
from gateway.model.fault import Faults
from gateway.model.held import Hold, Journalled
from gateway.model.instant import in_utc
from gateway.model.lift import Reading
from gateway.model.register import Register
from gateway.model.release import Release, follows
from gateway.store import GATEWAY, Store, StoreError

HELD_AGAIN = "release-later"
"""Why, among the ids of rules that hold."""
_STILL_OLD = timedelta(minutes=1)
"""How long a worker may decide by the register of before, after it was changed."""


@dataclass(frozen=True, slots=True)
class HeldAgain:
    """A message, the recipients that are held again, and the release that is why."""

    message: str
    recipients: tuple[Journalled, ...]
    release: str


class Rearming:
    """The keeper's duty: holds again by the lists that loaded last, and the lifts of now."""

    def __init__(
        self, store: Store, read: Callable[[], Register], telling: Telling, hold_for: timedelta,
        log: Any,
    ) -> None:  # fmt: skip
        self._store = store
        self._read = read
        self._telling = telling
        self._hold_for = hold_for
        self._log = log
        self._register: Register | None = None
        self._seen: Register | None = None
        self._since: Mapping[str, datetime] = {}
        self._left: set[int] = set()

    async def reload(self) -> None:
        """Take the lists that are on disk now; keep the old ones if those are wrong."""
        await asyncio.to_thread(self._take)

    @property
    def current(self) -> Register | None:
        """The lists that loaded last with the early lifts of now; None before any did."""
        if self._register is None:
            return None
        return self._register.with_lifts(self._store.embargoes.lifts())

    def __call__(self, now: datetime) -> tuple[HeldAgain, ...]:
        if self._register is None:
            self._take()
        register = self.current
        if register is None:
            return ()
        if register != self._seen:
            self._since = lengthened(self._store, register, now, self._noted)
            self._seen, self._left = register, set()
        return hold_again(
            self._store, register, self._since, now, self._telling, self._hold_for, self._left
        )

    def _noted(self, before: Reading, after: Reading) -> None:
        usual = follows(before.state, after.state)
        (self._log.info if usual else self._log.warning)(
            "release changed", release=after.release, before=before.state, state=after.state,
            instant=after.instant.isoformat(), longer=after.longer_than(before), usual=usual,
        )  # fmt: skip

    def _take(self) -> None:
        try:
            self._register = self._read()
        except Faults as faults:
            self._log.error("lists on disk do not load", faults=len(faults.faults))


def hold_again(
    store: Store, register: Register, since: Mapping[str, datetime], now: datetime,
    telling: Telling, hold_for: timedelta, left: set[int],
) -> tuple[HeldAgain, ...]:  # fmt: skip
    """Hold what was cleared for releases whose embargo became longer at the instants `since`.
    `left` are recipients that were looked at by this register before and left in peace.

    One message that cannot be read does not keep the others; its StoreError is raised after them.
    """
    since = {id: at for id, at in since.items() if embargoed(register.releases[id], now)}
    if not since:
        return ()
    done, failed = [], None
    for message in store.embargoes.cleared(max(since.values()) + _STILL_OLD, now, left):
        late = [register.releases[id] for id in sorted(since) if _tied(message, id)]
        why = {
            recipient: release
            for recipient in message.recipients
            for release in late
            if _must_wait(register, release, message, recipient, since[release.id], now)
        }
        left.update(recipient.row for recipient in message.recipients if recipient not in why)
        try:
            held = _hold(store, register, message, why, now, telling, now + hold_for)
        except StoreError as error:
            failed = error
            continue
        if held is not None:
            done.append(held)
    if failed is not None:
        raise failed
    return tuple(done)


def _hold(
    store: Store, register: Register, message: Hold, why: Mapping[Journalled, Release],
    now: datetime, telling: Telling, expires: datetime,
) -> HeldAgain | None:  # fmt: skip
    if not why:
        return None
    release, chosen = next(iter(why.values())), tuple(why)
    mail = outcome_notice(
        message, read_reference(store.original(message.id).content), "held again", chosen, GATEWAY,
        _reason(release), now, telling.notices, telling.department,
    )  # fmt: skip
    held = store.embargoes.hold_again(
        message.id, chosen, HELD_AGAIN, GATEWAY, now, expires,
        {"release": release.id, "register": register.digest}, [] if mail is None else [mail],
    )  # fmt: skip
    return HeldAgain(message.id, held, release.id) if held else None


def lengthened(
    store: Store, register: Register, now: datetime, noted: Callable[[Reading, Reading], None]
) -> Mapping[str, datetime]:
    """Compare the register with what it said before, and write down what it says. Gives the
    releases whose embargo was ever lengthened, and when last; `noted` hears of each change."""
    known = store.embargoes.readings()
    readings = []
    changed = []
    for release in register.releases.values():
        before, after = known.get(release.id), _reading(release, now)
        if before is not None:
            longer = after.longer_than(before)
            after = replace(after, lengthened=now if longer else before.lengthened)
        if after != before:
            changed.append((before, after))
        readings.append(after)
    if changed:
        store.embargoes.note(changed, GATEWAY, now)
    for before, after in changed:
        if before is not None:
            noted(before, after)
    return {reading.release: reading.lengthened for reading in readings if reading.lengthened}


def _reading(release: Release, now: datetime) -> Reading:
    return Reading(
        release.id, in_utc(release.instant), release.state,
        held_back=release.suspended or release.unpublished,
        lifted=release.lifted is not None and in_utc(release.lifted) <= in_utc(now),
    )  # fmt: skip


def _tied(message: Hold, release: str) -> bool:
    return any(tie.release == release for tie in message.verdict.ties)


def _must_wait(
    register: Register, release: Release, message: Hold, recipient: Journalled,
    changed: datetime, now: datetime,
) -> bool:  # fmt: skip
    """Whether what cleared this recipient no longer does."""
    by_policy = recipient.decided_by == "policy"
    decided = recipient.decided_at
    if decided is None or decided >= changed + (_STILL_OLD if by_policy else timedelta(0)):
        return False
    if not by_policy:
        return True
    address = normalise_address(recipient.recipient.address)
    decisions = message.verdict.decisions
    listed = [d.listed for d in decisions if normalise_address(d.address) == address]
    if any(one is None for one in listed) or not listed:
        return True  # there was no embargo when it was decided
    if not all(listed):
        return False  # the rules let it go although they were not listed: no list matters to it
    return not standing(register, release, address, now).allowed


def _reason(release: Release) -> str:
    if release.suspended:
        return f"“{release.title}” is {release.state}"
    until = "at least " if release.unpublished else ""
    return (
        f"“{release.title}” is under embargo until {until}{instant(release)}, which is longer than"
        " when the message was cleared"
    )
