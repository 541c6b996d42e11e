"""The rules and lists in force, and the inspector that judges by them: replaced whole, or kept.

Mail goes on while they are read: only what changed is read again, by a thread, and never looked
through for garbage.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from gateway.config import Config
from gateway.decide import prepare
from gateway.detect import DetectorSpec
from gateway.extract import load_inline_readers
from gateway.extract.sandbox import Sandbox
from gateway.lists import compiled_folder, compiled_lists, early_lifts, loading, read_lists
from gateway.model.acquaintance import History
from gateway.model.fault import Fault, Faults
from gateway.model.trace import MaterialSource
from gateway.model.unit_source import UnitRegisterSource
from gateway.pipeline import Inspector, Knowledge, PartReader, ReaderSpec, build_reader, read_job
from gateway.releases.compiled import Compiled
from gateway.releases.material import find_material
from gateway.releases.unit_registers import find_unit_registers, missing_registers
from gateway.rulebook import load_rulebook


def load_knowledge(
    config: Config, compiled: Compiled | None = None, before: Knowledge | None = None,
    at: datetime | None = None,
) -> Knowledge:  # fmt: skip
    """Rules and register as they are on disk now; what `compiled` and `before` have of them is not
    read again. `at` is an instant to come that is asked about. Raises Faults with every fault of
    both."""
    faults: list[Fault] = []
    try:
        register = read_lists(config, compiled, at)
    except Faults as found:
        faults += found.faults
    try:
        rulebook = load_rulebook(config.rules.policy, before.rulebook if before else None)
    except Faults as found:
        faults += found.faults
    if faults:
        raise Faults(faults)
    prepare(rulebook)
    material = registered_material(config, before)
    return Knowledge(
        register, rulebook, config.department.zone, material, unit_registers(config)
    )  # fmt: skip


def registered_material(config: Config, before: Knowledge | None = None) -> MaterialSource | None:
    """Where the registered material is now; what has not changed since `before` is not read."""
    known = before.material if before else None
    return find_material(config.material_folder, config.material_key, known)


def unit_registers(config: Config) -> UnitRegisterSource | None:
    """Where the registers of units are now; None where there are none."""
    return find_unit_registers(
        config.registers_folder, config.registers_key, config.registers.required
    )


def _lifted_as_now(config: Config, knowledge: Knowledge) -> Knowledge:
    """The same with the early lifts and the material of now: a lift may have been withdrawn."""
    register = knowledge.register.with_lifts(early_lifts(config))
    return replace(
        knowledge, register=register, material=registered_material(config, knowledge),
        registers=unit_registers(config),
    )  # fmt: skip


class LiveInspector:
    """The current Inspector; `reload` replaces it whole, or keeps it and says why."""

    def __init__(
        self, config: Config, knowledge: Knowledge, history: History | None = None,
        compiled: Compiled | None = None,
    ) -> None:  # fmt: skip
        self._config = config
        self._history = history
        self._compiled = compiled or compiled_lists(config)
        self._sandbox = self._new_sandbox(knowledge)
        self.current = self._inspector(knowledge, None)
        self._reader: PartReader
        self._retiring: set[asyncio.Task[None]] = set()

    def _spec(self, knowledge: Knowledge) -> ReaderSpec:
        limits = self._config.limits
        material = knowledge.material
        if material is not None and material.fault:
            material = None  # the Inspector says so of every message that it matters to
        return ReaderSpec(
            DetectorSpec.of(knowledge.register), limits.read, limits.parse, material,
            knowledge.registers,
        )  # fmt: skip

    def _new_sandbox(self, knowledge: Knowledge) -> Sandbox:
        settings = self._config.sandbox
        return Sandbox(
            read_job, build_reader, self._spec(knowledge), settings.processes, settings.jobs,
            self._config.limits.read,
        )  # fmt: skip

    def _inspector(self, knowledge: Knowledge, reader: PartReader | None) -> Inspector:
        load_inline_readers()
        self._reader = reader or PartReader(self._spec(knowledge))
        limits = self._config.limits
        return Inspector(
            knowledge, self._reader, self._sandbox, limits.parse, limits.read, self._history
        )  # fmt: skip

    async def reload(self) -> None:
        """Read rules and register again. Raises Faults, and then nothing has changed but early
        lifts and material, which people change whatever is wrong with the files."""
        before = self.current.knowledge
        with loading():
            try:
                knowledge, reader = await asyncio.to_thread(self._read, before)
            except Faults:
                self._take(*await asyncio.to_thread(self._kept, before))
                raise
        self._take(knowledge, reader)

    def _take(self, knowledge: Knowledge, reader: PartReader | None) -> None:
        if reader is None:
            self.current = self._inspector(knowledge, self._reader)
            return
        old, self._sandbox = self._sandbox, self._new_sandbox(knowledge)
        self.current = self._inspector(knowledge, reader)
        task = asyncio.get_running_loop().create_task(self._retire(old))
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    def _read(self, before: Knowledge) -> tuple[Knowledge, PartReader | None]:
        """What takes long; a reader where something else is to be looked for than before."""
        knowledge = load_knowledge(self._config, self._compiled, before)
        self._compiled.settle()
        return knowledge, self._another_reader(knowledge, before)

    def _kept(self, before: Knowledge) -> tuple[Knowledge, PartReader | None]:
        knowledge = _lifted_as_now(self._config, before)
        return knowledge, self._another_reader(knowledge, before)

    def _another_reader(self, knowledge: Knowledge, before: Knowledge) -> PartReader | None:
        spec = self._spec(knowledge)
        return None if spec == self._spec(before) else PartReader(spec)

    async def _retire(self, sandbox: Sandbox) -> None:
        """What was begun in the old children may end there."""
        await asyncio.sleep(self._config.limits.seconds)
        await sandbox.close()

    async def close(self) -> None:
        for task in list(self._retiring):
            task.cancel()
        await self._sandbox.close()


@asynccontextmanager
async def opened_inspector(config: Config, at: datetime | None = None) -> AsyncIterator[Inspector]:
    """An Inspector for a command that looks at messages and stores nothing. Raises Faults."""
    live = LiveInspector(config, load_knowledge(config, at=at))
    try:
        yield live.current
    finally:
        await live.close()


class LastGood:
    """Rules and lists that loaded, for a worker that is started while those on disk do not; and
    what was read of each file, so that those who are forked do not read it again."""

    def __init__(self, config: Config, compiled: Compiled | None = None) -> None:
        self._config = config
        self._log: Any = structlog.get_logger()
        self.compiled = compiled or compiled_lists(config, writes=True)
        self.compiled.keep_in(compiled_folder(config))
        with loading():
            self.knowledge = load_knowledge(config, self.compiled)

    def reload(self) -> None:
        """Those on disk, if they load; else those of before."""
        try:
            with loading():
                self.knowledge = load_knowledge(self._config, self.compiled, self.knowledge)
        except Faults as faults:
            self.knowledge = _lifted_as_now(self._config, self.knowledge)
            self._log.error("rules on disk do not load", faults=len(faults.faults))
        self.settle()

    def settle(self) -> None:
        """Write down what was read, for processes and starts to come: at the first start when mail
        flows already."""
        self.compiled.settle()
        self._complain()

    def in_a_child(self) -> LastGood:
        """The same for a forked process, which leaves the writing to its parent."""
        child = copy(self)
        child.compiled = self.compiled.for_reading()
        return child

    def _complain(self) -> None:
        for complaint in self.compiled.complaints():
            self._log.warning("remembered lists", reason=complaint)
        for name, why in missing_registers(self.knowledge.registers).items():
            self._log.error("unit register missing", register=name, reason=why)
