"""The whole gateway, in a thread or as the real command, for tests that talk SMTP to it."""

from __future__ import annotations

import asyncio
import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry

from gateway import app, live
from gateway.act.metrics import Metrics
from gateway.config import Config
from gateway.config_reading import load_config
from support.postfix import free_port

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class SetClock:
    """A clock that stands where the test puts it."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


def write_config(folder: Path, next_port: int, more: str = "") -> Path:
    """A configuration with the shipped rules, lists and domains, and a store of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "config.yaml"
    path.write_text(
        f"receive: {{port: {free_port()}}}\n"
        f"next_hop: {{port: {next_port}, tls: never, connect_timeout: 5s}}\n"
        f"metrics: {{port: {free_port()}}}\n"
        f"rules: {{policy: {ROOT}/rules/policy, releases: {ROOT}/rules/releases,"
        f" domains: {ROOT}/rules/domains.yaml, watch: false}}\n"
        "store: {path: store/gateway.sqlite, key_file: store/gateway.key}\n"
        "outbox: {retry: 1s, retry_max: 2s, poll: 100ms}\n" + more
    )
    return path


class InThread:
    """Worker and keeper in an event loop of their own, with a clock that tests set."""

    def __init__(self, config: Config, clock: SetClock) -> None:
        self.config = config
        self.clock = clock
        self.store = app.open_store(config)
        self.metrics = Metrics(CollectorRegistry())
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        self.port = int(self._listener.getsockname()[1])
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> InThread:
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._main())
        self._loop.close()

    async def _main(self) -> None:
        self._stop = asyncio.Event()
        knowledge = live.load_knowledge(self.config)
        self.worker = app.Worker(self.config, knowledge, self.store, self.metrics, self.clock)
        self.keeper = app.Keeper(self.config, self.store, self.metrics, self.clock)
        await self.worker.start(self._listener)
        self._ready.set()
        await self._stop.wait()
        await self.worker.drain(5.0)
        await self.keeper.close()
        self.store.close()

    def deliver_stored(self) -> None:
        """Everything that the outbox has due, now."""

        async def drain() -> None:
            while await self.keeper.outbox.run_once():
                continue

        asyncio.run_coroutine_threadsafe(drain(), self._loop).result(60)

    def remember_now(self) -> None:
        """What the history has been told of and would write in a few seconds."""
        assert self.worker.history is not None
        self.worker.history.flush()

    def send(
        self, sender: str, recipients: list[str], content: bytes, options: tuple[str, ...] = ()
    ) -> str:
        """Through smtplib; the reply to the final dot."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as client:
            client.ehlo("client.dept.example")
            code, text = client.mail(sender, options)
            assert code == 250, text
            for recipient in recipients:
                code, text = client.rcpt(recipient)
                assert code == 250, text
            code, text = client.data(content)
            return f"{code} {text.decode()}"


class Command:
    """`gateway run` as a process tree of its own."""

    def __init__(self, config_file: Path, log: Path) -> None:
        self.config = load_config(config_file)
        self._file = config_file
        self._log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gateway.cli.main", "run", "--config", str(self._file)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=ROOT,
            )  # fmt: skip
        wait_for_port(self.config.receive.port, self.log)

    def log(self) -> str:
        return self._log.read_text()

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(90)

    def children(self) -> list[int]:
        """Every process below the supervisor, grandchildren too."""
        assert self.process is not None
        return _below(self.process.pid)


@contextmanager
def running_command(config_file: Path, log: Path) -> Iterator[Command]:
    command = Command(config_file, log)
    command.start()
    try:
        yield command
    finally:
        if command.process is not None and command.process.poll() is None:
            command.stop()


def wait_for_port(port: int, explain: object = str, seconds: float = 30.0) -> None:
    """Until somebody accepts connections there."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as probe:
                probe.recv(1)
                return
        except OSError:
            if time.monotonic() > deadline:
                raise AssertionError(f"nothing on port {port}: {explain()}") from None  # type: ignore[operator]
            threading.Event().wait(0.05)


def _below(pid: int) -> list[int]:
    found: list[int] = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found += [int(entry), *_below(int(entry))]
    return found
