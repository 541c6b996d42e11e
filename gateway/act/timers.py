"""Everything that happens by the clock: expired holds, figures, old mail, changed files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from watchfiles import Change, awatch

from gateway.act.hold import Telling, expire
from gateway.act.log import failure
from gateway.act.metrics import Metrics
from gateway.act.rearm import HeldAgain
from gateway.store import Store, StoreError

TICK_SECONDS = 5.0
KEEP = timedelta(days=30)
"""How long the sealed content of a finished message stays; its journal and audit remain."""


class Timers:
    """Runs beside the outbox, in the same process."""

    def __init__(
        self,
        store: Store,
        telling: Telling,
        metrics: Metrics,
        clock: Callable[[], datetime],
        log: Any,
        rearm: Callable[[datetime], Sequence[HeldAgain]] = lambda _: (),
    ) -> None:
        self._store = store
        self._telling = telling
        self._metrics = metrics
        self._clock = clock
        self._log = log
        self._rearm = rearm

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop."""
        while not stop.is_set():
            await asyncio.to_thread(self.tick)
            try:
                await asyncio.wait_for(stop.wait(), TICK_SECONDS)
            except TimeoutError:
                continue

    def tick(self) -> None:
        """Everything that is due now. One duty that fails keeps no other from being done."""
        for duty in (self._hold_again, self._expire, self._purge, self._show):
            try:
                duty(self._clock())
            except StoreError as error:
                self._log.error("keeper cannot use the store", reason=str(error))
            except Exception as error:  # noqa: BLE001 - the keeper delivers mail as well
                self._metrics.failed("timers")
                self._log.error("keeper failed", duty=duty.__name__, **failure(error))

    def _hold_again(self, now: datetime) -> None:
        for held in self._rearm(now):
            self._log.warning(
                "held again", id=held.message, release=held.release, recipients=len(held.recipients)
            )

    def _expire(self, now: datetime) -> None:
        for hold in expire(self._store, now, self._telling):
            self._log.info("hold expired", id=hold)

    def _purge(self, now: datetime) -> None:
        self._store.purge(now - KEEP)

    def _show(self, now: datetime) -> None:
        counts = self._store.counts()
        self._metrics.outbox.set(counts.get("queued", 0) + counts.get("waiting", 0))
        self._metrics.held.set(counts.get("held", 0))


async def follow(
    state: Callable[[], object], changed: Callable[[], Awaitable[None]], stop: asyncio.Event,
    log: Any, seconds: float = TICK_SECONDS,
) -> None:  # fmt: skip
    """Call `changed` after `state` gave something else than before, until told to stop."""
    before: object = None
    while not stop.is_set():
        try:
            found = await asyncio.to_thread(state)
            if before not in (None, found):
                await changed()
            before = found
        except StoreError as error:
            log.error("keeper cannot use the store", reason=str(error))
        try:
            await asyncio.wait_for(stop.wait(), seconds)
        except TimeoutError:
            continue


async def watch(
    paths: list[Path], changed: Callable[[], Awaitable[None]], stop: asyncio.Event
) -> None:
    """Call `changed` after any of `paths`, or a file below one, was changed, until told to stop.

    What is watched are the folders around them as well: a watch on a file ends when an editor or
    a deployment puts a new one in its place.
    """
    wanted = tuple(paths)

    def concerns(_: Change, path: str) -> bool:
        changed_path = Path(path)
        return any(changed_path.is_relative_to(each) for each in wanted)

    folders = {path.parent for path in wanted} | {path for path in wanted if path.is_dir()}
    async for _ in awatch(*folders, watch_filter=concerns, stop_event=stop, recursive=True):
        await changed()
