"""`gateway run`: a supervisor, its SMTP workers and one keeper.

The supervisor checks everything and binds the port before anybody is forked, so that a bad file
is a refusal to start with every fault listed (exit 2; 1 where only the machine is not ready). A
worker that dies is replaced; SIGHUP reloads, SIGTERM drains. Workers die with their supervisor (PR_SET_PDEATHSIG), so none is left behind.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import click
import structlog

from gateway.cli.readiness import readiness
from gateway.cli.setting import Faulty, read_setting
from gateway.config import Config
from gateway.lists import compiled_lists, loading
from gateway.live import LastGood
from gateway.model.fault import Faults
from gateway.releases.compiled import Compiled

GRACE_SECONDS = 15.0
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15
_TOLD_BY = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


@click.command()
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
def run(config_file: Path | None) -> None:
    """Relay mail until told to stop (SIGTERM); SIGHUP reloads rules and lists."""
    figures = tempfile.mkdtemp(prefix="gateway-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = figures  # before anything imports prometheus_client
    try:
        sys.exit(_supervise(*_checked(config_file)))
    finally:
        shutil.rmtree(figures, ignore_errors=True)


def _checked(config_file: Path | None) -> tuple[Config, Compiled]:
    """The configuration, and what its lists say, so that they are read once; or every fault of it, of rules and lists as far as it names them, and of
    what it needs of the machine, and the end."""
    try:
        reading = read_setting(config_file, insist=True)
    except Faults as faults:
        raise Faulty(faults) from None
    compiled = compiled_lists(reading.config, writes=True)
    with loading():
        ready = readiness(reading, running_is_fine=False, compiled=compiled)
    if ready.faults:
        click.echo(Faults(ready.faults), err=True)
        click.echo("nothing was started; mend the faults above", err=True)
        sys.exit(ready.exit_code)
    return reading.config, compiled


def _supervise(config: Config, compiled: Compiled) -> int:
    from gateway import app
    from gateway.act.log import configure
    from gateway.store import StoreError

    configure(config.log.level)
    try:
        app.open_store(config).close()
        last_good = LastGood(config, compiled)
        listener = _listening(config)
    except (StoreError, OSError) as error:
        click.echo(f"cannot start: {error}", err=True)
        return 1
    counts = multiprocessing.get_context("fork").RawArray("i", config.workers)
    children: dict[str, Callable[[], None]] = {
        f"worker-{number + 1}": _entry(
            app.worker_process, config, listener, last_good, counts, number
        )
        for number in range(config.workers)
    }

    def keep() -> None:
        listener.close()  # or the port would seem open for as long as the keeper lives
        app.keeper_process(config, last_good.compiled)

    children["keeper"] = _entry(keep)
    host, port = listener.getsockname()[:2]
    log: Any = structlog.get_logger()
    log.info("listening", address=host, port=port, workers=config.workers)
    drain = config.next_hop.data_timeout + app.DRAIN_SECONDS + GRACE_SECONDS
    return _Supervisor(children, listener, last_good, drain, log).run()


def _listening(config: Config) -> socket.socket:
    """One socket for all workers: whoever is idle takes the next connection."""
    settings = config.receive
    family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
    try:
        listener = socket.create_server(
            (settings.address, settings.port), family=family, backlog=1024
        )
    except OSError as error:
        reason = error.strerror or "not possible"
        raise OSError(f"receive: {settings.address}:{settings.port}: {reason}") from None
    listener.setblocking(False)
    return listener


def _entry(target: Callable[..., None], *arguments: Any) -> Callable[[], None]:
    supervisor = os.getpid()

    def enter() -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        libc.prctl(_PR_SET_NAME, f"gw-{multiprocessing.current_process().name}".encode()[:15])
        if os.getppid() != supervisor:
            return
        signal.set_wakeup_fd(-1)
        # Until it listens for them there is nothing to finish: told to stop, it ends at once. What
        # is read after a SIGHUP is new anyway.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _TOLD_BY)
        target(*arguments)

    return enter


class _Stopped(BaseException):
    """SIGTERM or SIGINT while lists were read."""


class _Supervisor:
    """Keeps every child running until told to stop."""

    def __init__(
        self, children: dict[str, Callable[[], None]], listener: socket.socket,
        last_good: LastGood, drain_seconds: float, log: Any,
    ) -> None:  # fmt: skip
        self._entries = children
        self._listener = listener
        self._last_good = last_good
        self._drain_seconds = drain_seconds
        self._log = log
        self._running: dict[str, BaseProcess] = {}
        self._started: dict[str, float] = {}
        self._due: dict[str, float] = {}
        self._stopping = False
        self._wakeup, self._signals = socket.socketpair()
        self._wakeup.setblocking(False)
        self._signals.setblocking(False)

    def run(self) -> int:
        """Until SIGTERM or SIGINT and all children are gone; 0 unless one had to be killed."""
        signal.set_wakeup_fd(self._wakeup.fileno())
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: None)
        for name in self._entries:
            self._start(name)
        self._read(self._last_good.settle)
        while not self._stopping:
            self._wait()
        return self._drain()

    def _start(self, name: str) -> None:
        context = multiprocessing.get_context("fork")
        process = context.Process(target=self._entries[name], name=name)
        # A signal between fork and `enter` would be taken by the supervisor's own handler there.
        signal.pthread_sigmask(signal.SIG_BLOCK, _TOLD_BY)
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _TOLD_BY)
        self._running[name], self._started[name] = process, time.monotonic()
        self._due.pop(name, None)

    def _wait(self) -> None:
        now = time.monotonic()
        pause = min((due - now for due in self._due.values()), default=60.0)
        sentinels = {process.sentinel: name for name, process in self._running.items()}
        for ready in wait([*sentinels, self._signals], timeout=max(0.0, pause)):
            if ready is self._signals:
                self._heed(self._signals.recv(64))
            else:
                self._lost(sentinels[ready])  # type: ignore[index]
        for name, due in list(self._due.items()):
            if due <= time.monotonic() and not self._stopping:
                self._start(name)

    def _heed(self, numbers: bytes) -> None:
        if signal.SIGHUP in numbers:
            # First of all, so that what is read anew is read once: the others find it remembered.
            # And for the workers that may have to be started later.
            self._read(self._last_good.reload)
            if not self._stopping:
                self._signal(signal.SIGHUP)
        if signal.SIGTERM in numbers or signal.SIGINT in numbers:
            self._stopping = True

    def _read(self, step: Callable[[], None]) -> None:
        """Lists take seconds; whoever says stop meanwhile is not kept waiting for them."""

        reading = True

        def stop(*_: Any) -> None:
            self._stopping = True
            if reading:
                raise _Stopped

        before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            try:
                step()
            finally:
                reading = False
        except _Stopped:
            pass
        for number, handler in before.items():
            signal.signal(number, handler)

    def _lost(self, name: str) -> None:
        process = self._running.pop(name)
        process.join()
        quick = time.monotonic() - self._started[name] < 1.0
        self._log.error("process ended, starting it again", process=name, exit=process.exitcode)
        self._due[name] = time.monotonic() + (1.0 if quick else 0.0)

    def _signal(self, number: int) -> None:
        for process in self._running.values():
            if process.pid and process.is_alive():
                os.kill(process.pid, number)

    def _drain(self) -> int:
        self._listener.close()  # newcomers are refused, not left waiting for a greeting
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + self._drain_seconds
        for process in self._running.values():
            process.join(max(0.0, deadline - time.monotonic()))
        late = {name: process for name, process in self._running.items() if process.is_alive()}
        for name, process in late.items():
            self._log.error("process killed, it did not end in time", process=name)
            process.kill()
            process.join()
        self._log.info("stopped")
        return 1 if late else 0
