"""`gateway run`: a supervisor, its SMTP workers and one keeper.

The supervisor binds the port and checks everything before anybody is forked, so that a bad file
is a refusal to start with every fault listed. A worker that dies is replaced; SIGHUP reloads,
SIGTERM drains. Workers die with their supervisor (PR_SET_PDEATHSIG), so none is left behind.
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

from gateway.cli.setting import load_setting
from gateway.config import Config
from gateway.model.fault import Faults

DRAIN_SECONDS = 60.0
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15
_TOLD_BY = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


@click.command()
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
def run(config_file: Path | None) -> None:
    """Relay mail until told to stop (SIGTERM); SIGHUP reloads rules and lists."""
    config = load_setting(config_file)
    figures = tempfile.mkdtemp(prefix="gateway-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = figures
    try:
        sys.exit(_supervise(config))
    finally:
        shutil.rmtree(figures, ignore_errors=True)


def _supervise(config: Config) -> int:
    from gateway import app
    from gateway.store import StoreError

    try:
        knowledge = app.load_knowledge(config)
        app.open_store(config).close()
        listener = _listening(config)
    except Faults as faults:
        click.echo(faults, err=True)
        click.echo("nothing was started; mend the faults above", err=True)
        return 2
    except (StoreError, OSError) as error:
        click.echo(f"cannot start: {error}", err=True)
        return 1
    del knowledge
    counts = multiprocessing.get_context("fork").RawArray("i", config.workers)
    children: dict[str, Callable[[], None]] = {
        f"worker-{number + 1}": _entry(app.worker_process, config, listener, counts, number)
        for number in range(config.workers)
    }
    children["keeper"] = _entry(app.keeper_process, config)
    host, port = listener.getsockname()[:2]
    click.echo(f"gateway: listening on {host}:{port} with {config.workers} workers", err=True)
    return _Supervisor(children).run()


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


class _Supervisor:
    """Keeps every child running until told to stop."""

    def __init__(self, children: dict[str, Callable[[], None]]) -> None:
        self._entries = children
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
            self._signal(signal.SIGHUP)
        if signal.SIGTERM in numbers or signal.SIGINT in numbers:
            self._stopping = True

    def _lost(self, name: str) -> None:
        process = self._running.pop(name)
        process.join()
        quick = time.monotonic() - self._started[name] < 1.0
        click.echo(f"gateway: {name} ended with {process.exitcode}, starting it again", err=True)
        self._due[name] = time.monotonic() + (1.0 if quick else 0.0)

    def _signal(self, number: int) -> None:
        for process in self._running.values():
            if process.pid and process.is_alive():
                os.kill(process.pid, number)

    def _drain(self) -> int:
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + DRAIN_SECONDS
        for process in self._running.values():
            process.join(max(0.0, deadline - time.monotonic()))
        late = [process for process in self._running.values() if process.is_alive()]
        for process in late:
            process.kill()
            process.join()
        return 1 if late else 0
