"""Runs readers in confined child processes; a child that misbehaves costs one Gap, not the gateway.

Children come from a forkserver (never a fork of the worker, which has threads and sockets), live
for a number of jobs, and are killed from here when a job takes too long. What comes back is
unpickled with a short list of allowed classes: a child taken over by its input gets no further.
The event loop is never blocked, and callers are served in the order they came.
"""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import pickle
import signal
import socket
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.process import BaseProcess
from typing import Any, Callable

from gateway.extract.child import DONE, LENGTH, READY, STARTUP_SECONDS, serve
from gateway.model.limits import ReadLimits
from gateway.model.message import GapReason

MAX_RESULT_BYTES = 256 * 1024**2
PRELOAD = (
    "gateway.extract.child", "gateway.extract.registry", "gateway.extract.office.workbook",
    "gateway.extract.office.slides", "gateway.extract.office.open_document",
)  # fmt: skip
_BUILTINS = frozenset(("complex", "set", "frozenset", "bytearray", "slice", "range"))
_DATETIME = frozenset(("datetime", "date", "time", "timedelta", "timezone"))


class SandboxFailure(Exception):
    """A job that came to nothing. `detail` is for people and quotes no content."""

    def __init__(self, reason: GapReason, detail: str) -> None:
        self.reason: GapReason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}")


class SandboxUnavailable(Exception):
    """No child can be had: nothing is known of the part, and the message must wait."""


class _Unpickler(pickle.Unpickler):
    """Plain values and the model's own types; a child may send nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        allowed = (
            (module.startswith(("gateway.model.", "gateway.detect.")) and "." not in name)
            or (module == "builtins" and name in _BUILTINS)
            or (module == "datetime" and name in _DATETIME)
        )
        found = super().find_class(module, name) if allowed else None
        # Only classes: a function of ours called with hostile arguments would be a way in.
        if not isinstance(found, type):
            raise pickle.UnpicklingError("not allowed in a result")
        return found


class _Child:
    """One process and our end of its socket pair."""

    __slots__ = ("channel", "jobs", "process")

    def __init__(self, process: BaseProcess, channel: socket.socket) -> None:
        self.process = process
        self.channel = channel
        self.jobs = 0

    async def ask(self, payload: bytes) -> bytearray:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self.channel, LENGTH.pack(len(payload)))
        await loop.sock_sendall(self.channel, payload)
        return await self.hear()

    async def hear(self) -> bytearray:
        """The next message; raises EOFError where the child is gone."""
        size = LENGTH.unpack(await self._exactly(LENGTH.size))[0]
        if size > MAX_RESULT_BYTES:
            raise SandboxFailure("limit", "the result is too large")
        return await self._exactly(size)

    async def _exactly(self, count: int) -> bytearray:
        loop = asyncio.get_running_loop()
        buffer = bytearray(count)
        view, got = memoryview(buffer), 0
        while got < count:
            read = await loop.sock_recv_into(self.channel, view[got:])
            if not read:
                raise EOFError
            got += read
        return buffer

    def end(self) -> int | None:
        """Kill and reap; blocks for the moment the kernel needs. The exit code, if known."""
        self.channel.close()
        self.process.join(0.2)
        if self.process.is_alive():
            self.process.kill()
            self.process.join(10)
        code = self.process.exitcode
        if code is not None:
            self.process.close()
        return code

    def kill(self) -> None:
        self.process.kill()


class Sandbox:
    """`task(build(spec), job)` in one of `processes` children, each replaced after `jobs` jobs.

    `task` and `build` are importable top-level functions; spec, jobs and results are pickled.
    """

    def __init__(
        self,
        task: Callable[[Any, Any], Any],
        build: Callable[[Any], Any],
        spec: Any,
        processes: int,
        jobs: int,
        limits: ReadLimits,
    ) -> None:
        self._task, self._build, self._spec = task, build, spec
        self._jobs = jobs
        self._limits = limits
        self._idle: deque[_Child] = deque()
        self._children: set[_Child] = set()
        self._slots = asyncio.Semaphore(processes)
        self._processes = processes
        self._closed = False
        # One thread starts and reaps: multiprocessing reads an exit code once, for one caller.
        self._keeper = ThreadPoolExecutor(1, "sandbox")
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([*PRELOAD, task.__module__, build.__module__])

    async def run(self, job: Any) -> Any:
        """The task's result; raises SandboxFailure where there is none, SandboxUnavailable."""
        payload = pickle.dumps(job, pickle.HIGHEST_PROTOCOL)
        async with self._slots:
            if self._closed:
                raise SandboxUnavailable("the sandbox is closed")
            child = self._idle.popleft() if self._idle else await self._start()
            healthy = False
            try:
                answer = await self._bounded(child, child.ask(payload), self._limits.seconds)
                result = self._result(answer)
                healthy = True
                return result
            finally:
                # Also where the caller was cancelled: half an answer makes a child useless.
                child.jobs += 1
                if healthy and child.jobs < self._jobs and not self._closed:
                    self._idle.append(child)
                elif child in self._children:
                    await asyncio.shield(self._end(child, kill=not healthy))

    async def warm(self) -> None:
        """Start one child before the first job needs it."""
        async with self._slots:
            if not self._idle and not self._closed:
                self._idle.append(await self._start())

    async def close(self) -> None:
        """Kill every child, busy ones too; jobs under way fail. The sandbox stays closed."""
        self._closed = True
        for child in self._children:
            child.kill()
        # Whoever starts or asks a child holds a slot, and ends that child on seeing it gone. Its
        # channel is theirs until then: closed under them, they would wait for their time-out.
        for _ in range(self._processes):
            await self._slots.acquire()
        await self._end_all()
        self._idle.clear()
        self._keeper.shutdown(wait=False)
        for _ in range(self._processes):
            self._slots.release()

    async def _end_all(self) -> None:
        await asyncio.gather(*(self._end(child, kill=True) for child in list(self._children)))

    async def _start(self) -> _Child:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        process = self._context.Process(
            target=serve,
            args=(theirs, self._task, self._build, self._spec, self._limits),
            daemon=True,
        )
        # The first start launches the forkserver and imports its modules: not on the loop.
        started = asyncio.get_running_loop().run_in_executor(self._keeper, _launch, process, theirs)
        try:
            await asyncio.shield(started)
        except (OSError, EOFError, pickle.PicklingError):
            ours.close()
            raise SandboxUnavailable("no child could be started") from None
        except asyncio.CancelledError:
            ours.close()  # the child finds nobody to talk to, and ends
            raise
        child = _Child(process, ours)
        self._children.add(child)
        ready = False
        try:
            greeting = await self._bounded(child, child.hear(), STARTUP_SECONDS)
            if greeting[:1] != READY:
                self._result(greeting)
            if self._closed:
                raise SandboxUnavailable("the sandbox is closed")
            ready = True
        finally:
            if not ready and child in self._children:
                await asyncio.shield(self._end(child, kill=True))
        return child

    async def _bounded(self, child: _Child, answer: Any, seconds: float) -> bytearray:
        try:
            async with asyncio.timeout(seconds):
                heard: bytearray = await answer
                return heard
        except TimeoutError:
            await self._end(child, kill=True)
            raise SandboxFailure("timeout", f"took longer than {seconds:g} seconds") from None
        except (EOFError, OSError):
            code = await self._end(child, kill=False)
            if self._closed:
                raise SandboxUnavailable("the sandbox was closed meanwhile") from None
            raise _died(code) from None

    async def _end(self, child: _Child, kill: bool) -> int | None:
        if child not in self._children:
            return None
        self._children.discard(child)
        if kill:
            child.kill()
        loop = asyncio.get_running_loop()
        code: int | None = await loop.run_in_executor(self._keeper, child.end)
        return code

    def _result(self, answer: bytearray) -> Any:
        kind, body = bytes(answer[:1]), memoryview(answer)[1:]
        try:
            value = _Unpickler(io.BytesIO(body)).load()
            if kind == DONE:
                return value
            reason, detail = value
        except Exception:  # noqa: BLE001 - a forged answer can raise anything; it is a crash
            raise SandboxFailure("crashed", "the child's answer was not acceptable") from None
        if reason not in ("crashed", "limit"):
            raise SandboxFailure("crashed", "the child's answer was not acceptable")
        raise SandboxFailure(reason, str(detail)[:200])


def _launch(process: BaseProcess, theirs: socket.socket) -> None:
    try:
        process.start()
    finally:
        theirs.close()


def _died(code: int | None) -> SandboxFailure:
    """What an exit code means to a person."""
    if code == -signal.SIGXCPU:
        return SandboxFailure("timeout", "used more processor time than allowed")
    if code is not None and code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return SandboxFailure("crashed", f"the reader was ended by {name}")
    return SandboxFailure("crashed", "the reader ended without an answer")
