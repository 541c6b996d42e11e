"""Composition root: the only place where objects are wired.

A worker receives, inspects and relays; the keeper delivers what is stored, runs timers, shows
metrics and watches the files. `gateway run` gives each a process, the demo and the tests run both
in one.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import secrets
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, MutableSequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
import uvloop
from dns.asyncresolver import Resolver

from gateway.act.bounce import Bouncer
from gateway.act.calendar_poll import calendar_polls, remember_files
from gateway.act.conflict_alert import ConflictAlert
from gateway.act.deliver import Deliverer
from gateway.act.directory_poll import directory_polls
from gateway.act.followup import FollowUp
from gateway.act.hold import Telling
from gateway.act.letters import Letters
from gateway.act.log import failure
from gateway.act.material_inbox import MaterialInbox
from gateway.act.material_intake import MaterialIntake
from gateway.act.metrics import Metrics
from gateway.act.outbox import Outbox
from gateway.act.outside import Outside
from gateway.act.pool import Pool
from gateway.act.rearm import Rearming
from gateway.act.relay import Means, Relay
from gateway.act.routing import Router
from gateway.act.signals import Told
from gateway.act.timers import Timers, follow, watch
from gateway.config import Config
from gateway.lists import calendar_sources, directory_files, read_lists
from gateway.live import LastGood, LiveInspector, opened_inspector, unit_registers
from gateway.model.fault import Faults
from gateway.model.register import Register
from gateway.model.transaction import Submit
from gateway.pipeline import Knowledge
from gateway.receive import Listener, Share, listen
from gateway.receive.users import load_users
from gateway.releases.compiled import Compiled
from gateway.releases.indication_file import INDICATION
from gateway.releases.likeness_file import LIKENESS
from gateway.releases.series_file import series_folder
from gateway.store import Store
from gateway.store.history import open_history

if TYPE_CHECKING:
    from gateway.act.material_keeper import MaterialKeeper

Clock = Callable[[], datetime]
DRAIN_SECONDS = 45.0
_TURN_SECONDS = 0.0005
"""How long a thread that reads lists may keep the loop of a worker waiting, each time."""


def now() -> datetime:
    """The wall clock, zone-aware."""
    return datetime.now(UTC)


def identity(at: datetime) -> str:
    """A new message id: sortable by time, unguessable in the rest."""
    return f"{at:%Y%m%d%H%M%S}-{secrets.token_hex(6)}"


def check_users(config: Config) -> None:
    """Raises Faults where the names and passwords for AUTH cannot be read."""
    if config.receive.users_file:
        load_users(config.receive.users_file)


def open_store(config: Config) -> Store:
    """The store of this configuration. Raises StoreError."""
    settings = config.store
    settings.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Store.open(settings.path, settings.key_file, settings.busy_timeout)


def _submit(config: Config, means: Means) -> Submit:
    """The relay; before it whatever takes packs, where there is an address for them."""
    relay, address = Relay(means), config.material.address
    if address is None:
        return relay
    inbox = MaterialInbox(config.material_inbox, config.store.key_file)
    return MaterialIntake(relay, address, inbox, means.clock, means.identity, means.log)


def _material_keeper(
    config: Config, store: Store, telling: Telling, metrics: Metrics, clock: Clock, log: Any,
    outside: Outside,
) -> MaterialKeeper:  # fmt: skip
    """Imported here: workers and commands do without what it needs to load."""
    from gateway.act.material_keeper import MaterialKeeper, Take
    from gateway.act.material_mail import MaterialMail
    from gateway.act.material_watch import MaterialWatch

    intakes: list[Take] = []
    if config.material.address is not None:
        inbox = MaterialInbox(config.material_inbox, config.store.key_file)
        intakes.append(MaterialMail(config, store, inbox, telling, log))
    if config.material.watch is not None:
        intakes.append(MaterialWatch(config.material.watch, config.limits.decoded_bytes, log))
    return MaterialKeeper(
        config, store, telling, metrics, clock, log, outside, tuple(intakes)
    )  # fmt: skip


class Worker:
    """Receives, inspects and relays on the given socket."""

    def __init__(
        self, config: Config, knowledge: Knowledge, store: Store, metrics: Metrics, clock: Clock,
        compiled: Compiled | None = None,
    ) -> None:  # fmt: skip
        self._config = config
        self._metrics = metrics
        self._clock = clock
        self._log: Any = structlog.get_logger()
        self._store = store
        self.history = open_history(
            config.history_path, config.store.key_file, config.history.keep, self._log.warning
        )
        self._live = LiveInspector(config, knowledge, self.history, compiled)
        self._pool: Pool | None = None
        self._listener: Listener | None = None

    async def start(self, listener: socket.socket, share: Share | None = None) -> None:
        """Begin to accept; `share` tells this worker how busy its siblings are."""
        config = self._config
        if config.next_hop.mode == "smarthost":
            self._pool = Pool(config.next_hop, config.department.hostname)
        letters = Letters(
            lambda: self._live.current.knowledge.register, config.notices, config.department,
            config.holds.expire,
        )  # fmt: skip
        means = Means(
            lambda: self._live.current, self._pool, self._store, letters,
            Bouncer(config.department.hostname), self._clock, identity,
            config.department.hostname, self._metrics, self._log,
        )  # fmt: skip
        self._listener = await listen(
            config.receive,
            config.department.hostname,
            _submit(config, means),
            self._clock,
            [listener],
            share,
        )

    async def reload(self) -> None:
        """Take the rules and lists that are on disk now; keep the old ones if those are wrong."""
        try:
            await self._live.reload()
        except Faults as faults:
            self._metrics.reloaded("kept old")
            self._log.error("reload refused", faults=[str(fault) for fault in faults.faults])
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the old ones stay
            self._metrics.reloaded("kept old")
            self._log.error("reload failed", **failure(error))
            return
        self._metrics.reloaded("done")
        knowledge = self._live.current.knowledge
        self._log.info(
            "reloaded", process=os.getpid(), rulebook=knowledge.rulebook.digest,
            register=knowledge.register.digest, rules=len(knowledge.rulebook.rules),
            releases=len(knowledge.register.releases),
        )  # fmt: skip

    async def drain(self, seconds: float = DRAIN_SECONDS) -> None:
        """Accept nothing new and finish what is under way: conversations within `seconds`, a
        delivery that has begun for as long as the next hop may take to answer."""
        if self._listener is not None:
            await self._listener.drain(seconds)
            self._listener.close()
            try:
                async with asyncio.timeout(self._config.next_hop.data_timeout):
                    await self._listener.wait_closed()
            except TimeoutError:
                self._log.error("deliveries given up at the end of the drain")
        if self._pool is not None:
            await self._pool.close()
        if self.history is not None:
            await asyncio.to_thread(self.history.close)
        await self._live.close()


def worker_process(
    config: Config, listener: socket.socket, last_good: LastGood, counts: MutableSequence[int],
    index: int,
) -> None:  # fmt: skip
    """One SMTP worker until SIGTERM; `counts` is memory that all workers share."""
    from gateway.act.log import configure

    configure(config.log.level)
    last_good = last_good.in_a_child()
    last_good.reload()
    uvloop.run(_work(config, listener, last_good, Share(counts, index)))


async def _work(config: Config, listener: socket.socket, last_good: LastGood, share: Share) -> None:
    from prometheus_client import CollectorRegistry

    told = Told()
    store = open_store(config)
    metrics = Metrics(CollectorRegistry())
    worker = Worker(config, last_good.knowledge, store, metrics, now, last_good.compiled)
    await worker.start(listener, share)
    listener.close()  # the worker has its own; the last one to go closes the port
    # What was loaded lives as long as the worker: looking through it again and again for garbage
    # costs more than the garbage of a message, nearly all of which is freed by its count.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    sys.setswitchinterval(_TURN_SECONDS)
    await told.to_stop(worker.reload)
    await worker.drain()
    store.close()


async def _nobody() -> None:
    """Tells of a change where there is nobody to be told."""


class Keeper:
    """Delivers what is stored, runs the timers, and looks after registered material. `changed` is
    called when that is another than before."""

    def __init__(
        self, config: Config, store: Store, metrics: Metrics, clock: Clock,
        compiled: Compiled | None = None, changed: Callable[[], Awaitable[None]] = _nobody,
    ) -> None:  # fmt: skip
        log: Any = structlog.get_logger()
        self._pool = Pool(config.next_hop, config.department.hostname)
        router = Router(config.next_hop, config.department.hostname, Resolver(), random.Random())
        deliverer = Deliverer(self._pool, router)
        self.outbox = Outbox(
            store, deliverer.attempt, Bouncer(config.department.hostname), clock, config.outbox,
            random.random, log,
            follow_up=FollowUp(store, config.notices, config.department),
        )  # fmt: skip
        telling = Telling(config.notices, config.department)
        conflicts = ConflictAlert(store, telling, clock, log)

        def read() -> Register:
            remember_files(config, log)
            register = conflicts.tell(read_lists(config, compiled))
            if compiled is not None:
                compiled.settle()
            return register

        self.rearming = Rearming(
            store, read, telling,
            timedelta(seconds=config.holds.expire), log,
        )  # fmt: skip
        self.timers = Timers(store, telling, metrics, clock, log, self.rearming)
        outside = Outside(
            lambda: self.rearming.current, read, lambda: opened_inspector(config), changed
        )  # fmt: skip
        self.material = _material_keeper(config, store, telling, metrics, clock, log, outside)

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop; what is in flight is finished."""
        try:
            await asyncio.gather(
                self.outbox.run(stop), self.timers.run(stop), self.material.run(stop)
            )
        finally:
            await self.close()

    async def close(self) -> None:
        await self._pool.close()


def keeper_process(config: Config, compiled: Compiled) -> None:
    """The keeper until SIGTERM."""
    from gateway.act.log import configure

    configure(config.log.level)
    uvloop.run(_keep(config, compiled.for_reading()))


async def _keep(config: Config, compiled: Compiled) -> None:
    from prometheus_client import CollectorRegistry, start_http_server
    from prometheus_client.multiprocess import MultiProcessCollector

    told = Told()
    store = open_store(config)
    if config.metrics.port:
        shown = CollectorRegistry()
        MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
        start_http_server(config.metrics.port, config.metrics.address, shown)
    metrics = Metrics(CollectorRegistry())
    keeper = Keeper(config, store, metrics, now, compiled, _tell_supervisor())
    stop = asyncio.Event()
    work = [asyncio.create_task(keeper.run(stop))]
    if config.rules.watch:
        work.append(asyncio.create_task(watch(_watched(config), _tell_supervisor(), stop)))
    log: Any = structlog.get_logger()
    work.append(asyncio.create_task(follow(store.rulings, _tell_supervisor(), stop, log)))
    # In a tuple, because there may be none at first.
    lying = follow(lambda: (unit_registers(config),), _tell_supervisor(), stop, log)
    work.append(asyncio.create_task(lying))
    asked = config, metrics, now, _tell_supervisor(), log
    for calendar in calendar_polls(*asked):
        work.append(asyncio.create_task(calendar.run(stop)))
    for directory in directory_polls(*asked):
        work.append(asyncio.create_task(directory.run(stop)))
    stopping = asyncio.create_task(told.to_stop(keeper.rearming.reload))
    await asyncio.wait({stopping, *work}, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    for failed in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(failed, BaseException):
            log.error("keeper failed", **failure(failed))
            raise SystemExit(1)  # the supervisor starts another
    store.close()


def _watched(config: Config) -> list[Path]:
    rules = config.rules
    paths = [rules.policy, rules.releases, rules.domains, *rules.laws]
    paths += [path for source in calendar_sources(config) for path in source.own_files]
    paths += [file.path for file in directory_files(config) if file.server is None]
    paths += [rules.releases.parent / name for name in (LIKENESS, INDICATION)]
    paths.append(series_folder(rules.releases))
    return [path for path in paths if path.parent.is_dir()]


def _tell_supervisor() -> Callable[[], Awaitable[None]]:
    supervisor = os.getppid()

    async def tell() -> None:
        if os.getppid() == supervisor:  # never a stranger that has adopted us
            os.kill(supervisor, signal.SIGHUP)

    return tell
