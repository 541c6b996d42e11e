"""Asks the calendars on the web again and again, and keeps what they say on disk.

- The instant at which an answer was asked for is kept with it; that something was written proves
  nothing of its age.
- What cannot be fetched or read changes nothing: the snapshot of before stays, and ages. Every
  failure is logged and counted, and asked again within a minute.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from gateway.act.metrics import Metrics
from gateway.config import Calendar, Config
from gateway.lists import calendar_sources, present
from gateway.releases.calendars import CalendarSource, read_calendar, remember
from gateway.releases.calendars.kept import (
    Kept,
    NotKept,
    not_ahead,
    read_kept,
    remembering,
    write_kept,
)
from gateway.releases.calendars.listing import MAX_BYTES

SECONDS = 30.0
_AGAIN = 60.0
_SHOWN = 5
Outcome = Literal["new", "same", "failed"]


def calendar_polls(
    config: Config, metrics: Metrics, clock: Callable[[], datetime],
    changed: Callable[[], Awaitable[None]], log: Any,
) -> tuple[CalendarPoll, ...]:  # fmt: skip
    """One for each calendar that is on the web."""
    return tuple(
        CalendarPoll(settings, source, metrics, clock, changed, log)
        for settings, source in zip(config.calendars, calendar_sources(config), strict=True)
        if settings.url
    )


def remember_files(config: Config, log: Any) -> None:
    """Keep what the department's own files say, so that nothing that leaves them is forgotten."""
    for source in calendar_sources(config):
        try:
            remember(source, present())
        except OSError as error:
            log.warning("calendar not kept", calendar=source.name, reason=error.strerror)


class CalendarPoll:
    """Keeps the snapshot of one calendar; `changed` is called after each that was written."""

    def __init__(
        self, settings: Calendar, source: CalendarSource, metrics: Metrics,
        clock: Callable[[], datetime], changed: Callable[[], Awaitable[None]], log: Any,
        seconds: float = SECONDS,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._source = source
        self._metrics = metrics
        self._clock = clock
        self._changed = changed
        self._log = log
        self._seconds = seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop."""
        while not stop.is_set():
            outcome = await self.poll()
            pause = self._settings.every
            if outcome == "failed":
                pause = min(pause, _AGAIN)
            try:
                await asyncio.wait_for(stop.wait(), pause)
            except TimeoutError:
                continue

    async def poll(self) -> Outcome:
        """Ask once."""
        try:
            outcome = await self._poll()
        except Exception as error:  # noqa: BLE001 - no calendar may keep mail from being delivered
            self._failed(f"{type(error).__name__}: {error}")
            outcome = "failed"
        self._metrics.polled(self._source.name, outcome)
        return outcome

    async def _poll(self) -> Outcome:
        # Loaded here, because most gateways ask no calendar and every command would wait for it.
        from gateway.act.https_fetch import NotFetched, fetch

        source = self._source
        asked_at = self._clock()
        before = await asyncio.to_thread(self._before, asked_at)
        tag, modified = (before.tag, before.modified) if before else ("", "")
        trust = await asyncio.to_thread(_trust, self._settings)
        try:
            found = await fetch(source.url, trust, MAX_BYTES, self._seconds, tag, modified)
        except NotFetched as error:
            self._failed(str(error))
            return "failed"
        kept = await asyncio.to_thread(self._read, found.content, before, asked_at)
        if kept is None:
            return "failed"
        if found.content is not None:
            kept = replace(kept, tag=found.tag, modified=found.modified)
        await asyncio.to_thread(write_kept, source.kept, kept)
        self._metrics.calendar_read.labels(source.name).set(asked_at.timestamp())
        same = before is not None and before.announcements == kept.announcements
        if not same:
            many = len(kept.announcements)
            self._log.info("calendar read", calendar=source.name, announcements=many)
        await self._changed()
        return "same" if same else "new"

    def _before(self, now: datetime) -> Kept | None:
        try:
            kept = read_kept(self._source.kept)
        except NotKept as error:
            self._failed(f"the snapshot of before: {error}")
            return None
        return not_ahead(kept, now) if kept and kept.asked == self._source.asked else None

    def _read(self, content: bytes | None, before: Kept | None, at: datetime) -> Kept | None:
        """The next snapshot; None where the answer is of no use."""
        source = self._source
        if content is None:
            if before is None:
                self._failed("the server says that nothing has changed, and nothing was known")
                return None
            return replace(before, read=at)
        listing = read_calendar(source.kind, content, source.url, source.zone)
        if listing.faults:
            faults = [str(fault) for fault in listing.faults[:_SHOWN]]
            self._log.warning(
                "calendar has faults", calendar=source.name, many=len(listing.faults), faults=faults
            )
        if not listing.announcements:
            self._failed("nothing in the answer can be read")
            return None
        found = remembering(before, listing.announcements, at)
        return Kept(
            source.asked, at, found, faults=tuple(listing.faults), notes=tuple(listing.notes)
        )

    def _failed(self, reason: str) -> None:
        self._log.warning("calendar not read", calendar=self._source.name, reason=reason)


def _trust(settings: Calendar) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.ca_file and str(settings.ca_file))
