"""Calendars over HTTPS, against a real TLS server on loopback: what is kept, and what is refused."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
import trustme
from prometheus_client import CollectorRegistry

from gateway.act.calendar_poll import CalendarPoll, calendar_polls
from gateway.act.metrics import Metrics
from gateway.config import Config
from gateway.config_reading import load_config
from gateway.lists import calendar_sources, calendars
from gateway.releases.calendars.kept import read_kept

NOW = datetime(2018, 3, 27, 8, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)


def announcements(*days: str, state: str = "confirmed") -> bytes:
    return json.dumps(
        {
            "results": [
                {
                    "title": f"Release {number}",
                    "link": f"/announcements/{number}",
                    "statistics_announcement_state": state,
                    "metadata": {"display_date": f"{day} 9:30am"},
                }
                for number, day in enumerate(days, 1)
            ]
        }
    ).encode()


def ok(content: bytes, *fields: str) -> bytes:
    head = ["HTTP/1.1 200 OK", f"Content-Length: {len(content)}", "Connection: close", *fields]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + content


def status(line: str, *fields: str) -> bytes:
    return "\r\n".join((f"HTTP/1.1 {line}", "Content-Length: 0", *fields)).encode() + b"\r\n\r\n"


@dataclass
class Server:
    """Answers each request with the next answer, the last one again and again; an answer may wait
    for `go` in its middle."""

    answers: list[bytes]
    port: int = 0
    heard: list[str] = field(default_factory=list)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.heard.append((await reader.readuntil(b"\r\n\r\n")).decode())
            answer = self.answers[min(len(self.heard), len(self.answers)) - 1]
            first, wait, rest = answer.partition(b"<wait>")
            writer.write(first)
            await writer.drain()
            if wait:
                await self.go.wait()
                writer.write(rest)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            return
        finally:
            writer.transport.abort() if self.go.is_set() else writer.close()


Start = Callable[..., Awaitable[Server]]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return authority


@pytest.fixture
async def start(authority: trustme.CA) -> AsyncIterator[Start]:
    running: list[tuple[Server, asyncio.Server]] = []

    async def started(*answers: bytes, name: str = "localhost") -> Server:
        server = Server(list(answers))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        listener = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
        server.port = listener.sockets[0].getsockname()[1]
        running.append((server, listener))
        return server

    yield started
    for server, listener in running:
        server.go.set()
        listener.close()
        await listener.wait_closed()


class Office:
    """A configuration with one calendar, its poll, and the reloads that it asked for."""

    def __init__(self, folder: Path, port: int, more: str = "") -> None:
        file = folder / "config.yaml"
        file.write_text(
            "calendars:\n- name: govuk\n  kind: govuk\n  ca_file: ca.pem\n"
            f"  url: https://localhost:{port}/search.json?count=1000\n{more}"
        )
        self.config: Config = load_config(file)
        self.now = NOW
        self.reloads = 0
        self.reloaded = asyncio.Event()
        self.metrics = Metrics(CollectorRegistry())
        self.poll = CalendarPoll(
            self.config.calendars[0], calendar_sources(self.config)[0], self.metrics,
            lambda: self.now, self._reload, structlog.get_logger(), seconds=5.0,
        )  # fmt: skip

    async def _reload(self) -> None:
        self.reloads += 1
        self.reloaded.set()

    @property
    def days(self) -> list[str]:
        (snapshot,) = calendars(self.config)
        return [f"{one.instant:%d %B}" for one in snapshot.announcements if one.instant]

    @property
    def read(self) -> datetime | None:
        return calendars(self.config)[0].read

    def counted(self, outcome: str) -> float | None:
        labels = {"calendar": "govuk", "outcome": outcome}
        return self.metrics.registry.get_sample_value("gateway_calendar_polls_total", labels)


async def test_what_a_calendar_says_is_kept_with_when_it_was_asked(
    start: Start, tmp_path: Path
) -> None:
    server = await start(ok(announcements("28 March 2018", "4 April 2018")))
    office = Office(tmp_path, server.port)
    assert office.read is None
    assert await office.poll.poll() == "new"
    assert office.days == ["28 March", "04 April"] and office.read == NOW
    assert office.reloads == 1
    assert server.heard[0].startswith("GET /search.json?count=1000 HTTP/1.1\r\n")
    assert office.metrics.registry.get_sample_value(
        "gateway_calendar_read_timestamp_seconds", {"calendar": "govuk"}
    ) == pytest.approx(NOW.timestamp())


async def test_an_unchanged_calendar_is_not_sent_again_and_is_fresh_again(
    start: Start, tmp_path: Path
) -> None:
    first = ok(
        announcements("28 March 2018"), 'ETag: "v1"', "Last-Modified: Tue, 27 Mar 2018 07:00:00 GMT"
    )
    server = await start(first, status("304 Not Modified"))
    office = Office(tmp_path, server.port)
    await office.poll.poll()
    office.now += AN_HOUR
    assert await office.poll.poll() == "same"
    assert office.days == ["28 March"] and office.read == NOW + AN_HOUR
    assert office.reloads == 2
    asked = server.heard[1].lower()
    assert 'if-none-match: "v1"' in asked
    assert "if-modified-since: tue, 27 mar 2018 07:00:00 gmt" in asked


async def test_what_leaves_the_calendar_is_remembered_as_it_was(
    start: Start, tmp_path: Path
) -> None:
    server = await start(
        ok(announcements("28 March 2018", "4 April 2018")), ok(announcements("29 March 2018"))
    )
    office = Office(tmp_path, server.port)
    await office.poll.poll()
    office.now += AN_HOUR
    await office.poll.poll()
    (snapshot,) = calendars(office.config)
    one, gone = snapshot.announcements
    assert [f"{at:%d %B}" for at in one.changes] == ["28 March"] and one.seen is None
    assert gone.seen == NOW and office.days == ["29 March", "04 April"]


@pytest.mark.parametrize(
    "answer",
    [
        status("500 Oops"), status("404 Not Found"), status("204 No Content"),
        ok(b"<html>down for maintenance</html>"), ok(b'{"results": []}'), ok(b""),
        ok(b"x" * 16_000_001), b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{}", b"junk\r\n\r\n",
        ok(announcements("28 March 2018"), "Content-Encoding: gzip"),
        status("302 Found", "Location: http://localhost/"),
        status("302 Found", "Location: https://elsewhere.example/search.json"),
        status("302 Found", "Location: /search.json"),
        ok(announcements("31 February 2018").replace(b"/announcements/1", b"")),
    ],
    ids=lambda answer: answer[:60].decode(),
)  # fmt: skip
async def test_whatever_is_of_no_use_changes_nothing(
    start: Start, tmp_path: Path, answer: bytes
) -> None:
    server = await start(ok(announcements("28 March 2018")), answer)
    office = Office(tmp_path, server.port)
    await office.poll.poll()
    office.now += AN_HOUR
    assert await office.poll.poll() == "failed"
    assert office.days == ["28 March"] and office.read == NOW
    assert office.reloads == 1 and office.counted("failed") == 1


async def test_an_answer_that_never_ends_is_given_up(start: Start, tmp_path: Path) -> None:
    server = await start(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{<wait>}")
    office = Office(tmp_path, server.port)
    office.poll._seconds = 0.2
    assert await office.poll.poll() == "failed" and office.read is None


async def test_a_redirect_on_the_same_server_is_followed(start: Start, tmp_path: Path) -> None:
    moved = status("301 Moved Permanently", "Location: /api/search.json")
    server = await start(moved, ok(announcements("28 March 2018")))
    office = Office(tmp_path, server.port)
    assert await office.poll.poll() == "new"
    assert server.heard[1].startswith("GET /api/search.json ")


async def test_a_certificate_of_another_name_or_of_nobody_is_refused(
    start: Start, tmp_path: Path
) -> None:
    other = await start(ok(announcements("28 March 2018")), name="other.example")
    office = Office(tmp_path, other.port)
    assert await office.poll.poll() == "failed" and not other.heard
    right = await start(ok(announcements("28 March 2018")))
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    assert await Office(tmp_path, right.port).poll.poll() == "failed" and not right.heard


async def test_one_bad_entry_takes_no_other_along(start: Start, tmp_path: Path) -> None:
    server = await start(ok(announcements("31 February 2018", "4 April 2018")))
    office = Office(tmp_path, server.port)
    assert await office.poll.poll() == "new"
    (snapshot,) = calendars(office.config)
    assert [one.instant is None for one in snapshot.announcements] == [True, False]
    assert "31 February" in str(snapshot.faults[0])


async def test_a_damaged_snapshot_is_replaced(start: Start, tmp_path: Path) -> None:
    server = await start(ok(announcements("28 March 2018")))
    office = Office(tmp_path, server.port)
    kept = office.config.calendar_folder / "govuk.json"
    kept.parent.mkdir(parents=True)
    kept.write_text("{")
    assert await office.poll.poll() == "new"
    assert read_kept(kept) is not None
    assert [path.name for path in kept.parent.iterdir()] == ["govuk.json"]


async def test_a_poll_goes_on_until_it_is_told_to_stop(start: Start, tmp_path: Path) -> None:
    server = await start(ok(announcements("28 March 2018")))
    office = Office(tmp_path, server.port)
    stop = asyncio.Event()
    asked = asyncio.create_task(office.poll.run(stop))
    await asyncio.wait_for(office.reloaded.wait(), 5)
    stop.set()
    await asyncio.wait_for(asked, 5)


def test_only_calendars_of_the_web_are_asked(tmp_path: Path) -> None:
    more = "- {name: own, kind: csv, file: dates.csv}\n"
    (tmp_path / "ca.pem").write_text("")
    config = Office(tmp_path, 1, more).config
    arguments: Any = (Metrics(CollectorRegistry()), lambda: NOW, None, None)
    assert len(config.calendars) == 2 and len(calendar_polls(config, *arguments)) == 1
