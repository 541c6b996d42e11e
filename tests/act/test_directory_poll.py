"""The keeper reads LDAP directories by the clock; what fails leaves what was known, and its age."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs
from support.slapd import BASE, BIND_DN, PASSWORD, Slapd, person

from gateway.act.directory_poll import DirectoryPoll, directory_polls
from gateway.act.metrics import Metrics
from gateway.config_reading import load_config
from gateway.lists import directory_files
from gateway.releases.directories import read_directories

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def server(needs: Callable[..., None], tmp_path: Path) -> Iterator[Slapd]:
    needs("slapd")
    with Slapd(tmp_path / "ldap", [person("b.wood", "Bela Wood")]) as running:
        yield running


class Keeper:
    """One directory of a configuration, read with a clock that the test sets."""

    def __init__(self, folder: Path, port: int) -> None:
        (folder / "password").write_text(PASSWORD)
        (folder / "password").chmod(0o600)
        (folder / "config.yaml").write_text(
            "store: {path: var/gateway.sqlite}\n"
            f"directories: [{{name: staff, kind: ldap, url: 'ldap://127.0.0.1:{port}',"
            f" base: '{BASE}', bind_dn: '{BIND_DN}', password_file: password}}]\n"
        )
        self.config = load_config(folder / "config.yaml")
        self.now = NOW
        self.told = 0
        self.registry = CollectorRegistry()
        (self.poll,) = directory_polls(
            self.config, Metrics(self.registry), lambda: self.now, self.changed,
            structlog.get_logger(),
        )  # fmt: skip

    async def changed(self) -> None:
        self.told += 1

    def count(self, outcome: str) -> float | None:
        return self.registry.get_sample_value(
            "gateway_directory_reads_total", {"directory": "staff", "outcome": outcome}
        )

    def known(self) -> Any:
        (found,) = read_directories(directory_files(self.config), self.now)
        return found


async def test_what_was_read_is_kept_with_the_moment_of_asking(
    server: Slapd, tmp_path: Path
) -> None:
    keeper = Keeper(tmp_path, server.port)
    assert keeper.known().source.fault == "was never read"
    assert await keeper.poll.poll()
    found = keeper.known()
    assert (found.source.read, found.source.until) == (NOW, NOW + timedelta(hours=24))
    assert [one.name for one in found.extract.accounts] == ["Bela Wood"]
    assert (keeper.told, keeper.count("done")) == (1, 1)
    assert keeper.registry.get_sample_value(
        "gateway_directory_read_timestamp_seconds", {"directory": "staff"}
    ) == NOW.timestamp()  # fmt: skip


async def test_a_server_that_is_away_leaves_what_was_known_and_its_age(
    server: Slapd, tmp_path: Path
) -> None:
    keeper = Keeper(tmp_path, server.port)
    await keeper.poll.poll()
    before = keeper.known()
    server.stop()
    keeper.now += timedelta(hours=1)
    with capture_logs() as logs:
        assert not await keeper.poll.poll()
    assert keeper.known() == before
    assert (keeper.told, keeper.count("failed")) == (1, 1)
    (entry,) = logs
    assert (entry["log_level"], entry["directory"]) == ("error", "staff")
    assert "refused" in entry["reason"] and PASSWORD not in str(entry)
    server.start()
    keeper.now += timedelta(hours=1)
    assert await keeper.poll.poll()
    assert keeper.known().source.read == keeper.now


async def test_it_stops_when_told(server: Slapd, tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, server.port)
    stop = asyncio.Event()

    async def stopping() -> None:
        stop.set()

    poll = DirectoryPoll(
        directory_files(keeper.config)[0], 900.0, Metrics(CollectorRegistry()),
        lambda: NOW, stopping, structlog.get_logger(),
    )  # fmt: skip
    await asyncio.wait_for(poll.run(stop), 20)
    assert keeper.known().source.read == NOW
