"""What ends with an embargo: the release's material is forgotten, and what it held is decided again.

- Only material of releases whose embargo is over by lists that load now is purged; a release whose
  date has moved keeps it. Public documents stay until somebody removes them.
- Only recipients who were held for registered material alone are decided again, by the rules of now
  and on the stored original; whom those let have it gets it, all others wait for somebody as before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gateway.act.hold import Released, Telling, release_cleared
from gateway.act.material_register import PURGED, MaterialRegister
from gateway.act.outside import Inspecting
from gateway.decide.embargo import embargoed
from gateway.model.held import HoldSummary, Journalled
from gateway.model.register import Register
from gateway.model.session import Envelope, Session
from gateway.model.verdict import Verdict
from gateway.store import GATEWAY, AlreadyDecided, Store, StoreError

OF_MATERIAL = "material-"
"""How the ids of rules begin that ask about registered material and nothing else."""
WHY = "what it was held for is not held back any more"


def purge(kept: MaterialRegister, register: Register, now: datetime) -> tuple[str, ...]:
    """Forget the material of releases whose embargo is over; says which. `register` was read just
    now, because what is forgotten is gone. Raises MaterialUnavailable and StoreError, and then
    nothing has changed."""
    gone = [
        one for one in kept.documents() if not one.public and is_out(one.release, register, now)
    ]
    if gone:
        kept.remove(gone, GATEWAY, now, PURGED)
    return tuple(sorted({one.release for one in gone}))


def is_out(id: str, register: Register, now: datetime) -> bool:
    """What the register does not know is not out."""
    release = register.releases.get(id)
    return release is not None and not embargoed(release, now)


def held_for_material(holds: Sequence[HoldSummary]) -> list[tuple[str, tuple[Journalled, ...]]]:
    """The messages, and in each the recipients who are held for registered material alone."""
    found = []
    for hold in holds:
        waiting = tuple(r for r in hold.held if r.reasons and all(map(_of_material, r.reasons)))
        if waiting:
            found.append((hold.id, waiting))
    return found


def _of_material(rule: str) -> bool:
    return rule.startswith(OF_MATERIAL)


async def decide_again(
    store: Store, inspecting: Inspecting, telling: Telling, now: datetime, log: Any
) -> tuple[Released, ...]:
    """Decide again about everything that is held for registered material alone. Raises Faults."""
    waiting = held_for_material(await asyncio.to_thread(store.holds))
    if not waiting:
        return ()
    released = []
    async with inspecting() as inspector:

        async def redecide(
            session: Session, envelope: Envelope, content: bytes, at: datetime, arrived: datetime
        ) -> Verdict:
            return (await inspector.inspect(session, envelope, content, at, arrived)).verdict

        for id, recipients in waiting:
            try:
                done = await release_cleared(
                    store, id, recipients, now, redecide, telling, WHY
                )  # fmt: skip
            except AlreadyDecided:
                continue  # a person was quicker, and their choice stands
            except StoreError as error:
                log.error("not decided again", id=id, reason=str(error))
                continue
            if done is not None:
                released.append(done)
                log.info("released again", id=id, recipients=len(done.recipients))
    return tuple(released)
