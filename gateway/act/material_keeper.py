"""The keeper's duties about registered material: whether it is whole, what came in, what is over.

Never while a message waits. A duty that fails is logged and tried again; it keeps no other from
being done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.act.hold import Telling
from gateway.act.log import failure
from gateway.act.material_alert import MaterialAlert
from gateway.act.material_lift import decide_again, is_out, purge
from gateway.act.material_register import MaterialRegister
from gateway.act.metrics import Metrics
from gateway.act.outside import Outside
from gateway.act.timers import TICK_SECONDS
from gateway.config import Config
from gateway.model.fault import Faults
from gateway.model.register import Register
from gateway.model.trace import MaterialSource
from gateway.releases.material import MaterialUnavailable, find_material
from gateway.store import Store, StoreError

_AGAIN = 60.0
"""Seconds until something is decided again after that failed."""
Take = Callable[[MaterialRegister, Register, datetime], Awaitable[None]]
"""Registers what came in some way, by these lists."""


@dataclass(frozen=True, slots=True)
class _Held:
    """The documents that hold messages back, and the public ones, by release and id."""

    secret: frozenset[tuple[str, str]]
    public: frozenset[tuple[str, str]]

    def holds_less_than(self, other: _Held) -> bool:
        return bool(other.secret - self.secret or self.public - other.public)


_NOTHING = _Held(frozenset(), frozenset())


class MaterialKeeper:
    """Runs beside the outbox, in the same process."""

    def __init__(
        self, config: Config, store: Store, telling: Telling, metrics: Metrics,
        clock: Callable[[], datetime], log: Any, outside: Outside, intakes: tuple[Take, ...] = (),
    ) -> None:  # fmt: skip
        self._config = config
        self._store = store
        self._telling = telling
        self._metrics = metrics
        self._clock = clock
        self._log = log
        self._outside = outside
        self._intakes = intakes
        self._kept = MaterialRegister(config, store)
        self._alert = MaterialAlert(store, telling, metrics, clock, log)
        self._source: MaterialSource | None = None
        self._edition: str | None = None
        self._held: _Held = _NOTHING
        self._loosened = 0
        self._decided: object = None
        self._not_before = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop."""
        while not stop.is_set():
            await self.tick()
            try:
                await asyncio.wait_for(stop.wait(), TICK_SECONDS)
            except TimeoutError:
                continue

    async def tick(self) -> None:
        """Everything that is due now."""
        for duty in (self._look, self._take_in, self._purge, self._look, self._decide_again):
            try:
                await duty()
            except StoreError as error:
                self._log.error("keeper cannot use the store", reason=str(error))
            except MaterialUnavailable as error:
                self._log.error("material register unavailable", reason=str(error))
            except Faults as faults:
                self._log.error("lists on disk do not load", faults=len(faults.faults))
            except Exception as error:  # noqa: BLE001 - the keeper delivers mail as well
                self._metrics.failed("material")
                self._log.error("keeper failed", duty=duty.__name__, **failure(error))

    async def _take_in(self) -> None:
        """What came by mail and into the folder."""
        if not self._intakes or (self._source is not None and self._source.fault):
            return
        register = await asyncio.to_thread(self._outside.current)
        if register is not None:
            for take in self._intakes:
                await take(self._kept, register, self._clock())

    async def _look(self) -> None:
        """Whether the material is another than before, and whether it can be read."""
        self._source = source = await asyncio.to_thread(
            find_material, self._config.material_folder, self._config.material_key, self._source
        )
        await asyncio.to_thread(self._alert.tell, source)
        edition = "" if source is None else source.edition + source.fault
        if edition == self._edition:
            return
        first, self._edition = self._edition is None, edition
        before = self._held
        if source is None or not source.fault:
            self._held = await asyncio.to_thread(self._documents)
        self._loosened += self._held.holds_less_than(before)
        if not first:
            await self._outside.changed()

    def _documents(self) -> _Held:
        every = self._kept.documents()
        return _Held(
            frozenset((one.release, one.id) for one in every if not one.public),
            frozenset((one.release, one.id) for one in every if one.public),
        )

    async def _purge(self) -> None:
        """Forget what everybody may have now; what cannot be read is told of elsewhere."""
        if self._source is None or self._source.fault:
            return
        register = await asyncio.to_thread(self._outside.current)
        now = self._clock()
        if register is None or not any(
            is_out(release, register, now) for release, _ in self._held.secret
        ):
            return
        fresh = await asyncio.to_thread(self._outside.read)
        for release in await asyncio.to_thread(purge, self._kept, fresh, now):
            self._log.info("material purged", release=release)

    async def _decide_again(self) -> None:
        """Whenever material holds less than before or can be read again, and when an embargo ends;
        what was added since can let nobody go."""
        register = await asyncio.to_thread(self._outside.current)
        if register is None:
            return
        now = self._clock()
        out = frozenset(id for id in register.releases if is_out(id, register, now))
        fault = self._source is not None and bool(self._source.fault)
        state = fault, self._loosened, register.digest, out
        clock = asyncio.get_running_loop().time
        if state == self._decided or clock() < self._not_before:
            return
        self._not_before = clock() + _AGAIN
        await decide_again(self._store, self._outside.inspecting, self._telling, now, self._log)
        self._decided, self._not_before = state, 0.0
