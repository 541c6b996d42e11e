"""Reads the office's LDAP directories again and again, and keeps what they say on disk.

- Never while a message waits: whoever decides reads the file.
- What cannot be read changes nothing: what was kept stays, ages, and counts no longer once it is
  older than it may be. Every failure is logged and counted, and tried again within a minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from gateway.act.metrics import Metrics
from gateway.config import Config
from gateway.lists import directory_files
from gateway.releases.directories import DirectoryFile

_AGAIN = 60.0


def directory_polls(
    config: Config, metrics: Metrics, clock: Callable[[], datetime],
    changed: Callable[[], Awaitable[None]], log: Any,
) -> tuple[DirectoryPoll, ...]:  # fmt: skip
    """One for each directory that is on a server."""
    return tuple(
        DirectoryPoll(file, settings.every, metrics, clock, changed, log)
        for settings, file in zip(config.directories, directory_files(config), strict=True)
        if file.server is not None
    )


class DirectoryPoll:
    """Keeps the snapshot of one directory; `changed` is called after each that was written."""

    def __init__(
        self, file: DirectoryFile, every: float, metrics: Metrics, clock: Callable[[], datetime],
        changed: Callable[[], Awaitable[None]], log: Any,
    ) -> None:  # fmt: skip
        self._file = file
        self._every = every
        self._metrics = metrics
        self._clock = clock
        self._changed = changed
        self._log = log

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop."""
        while not stop.is_set():
            done = await self.poll()
            try:
                await asyncio.wait_for(
                    stop.wait(), self._every if done else min(self._every, _AGAIN)
                )
            except TimeoutError:
                continue

    async def poll(self) -> bool:
        """Read it once; whether it could be."""
        # Loaded here, because most gateways ask no directory and every command would wait for it.
        from gateway.releases.directories.ldap import Unreadable
        from gateway.releases.directories.renewal import renew

        asked = self._clock()
        try:
            extract = await asyncio.to_thread(renew, self._file, asked)
        except (Unreadable, OSError) as error:
            return self._failed(str(error))
        except Exception as error:  # noqa: BLE001 - no directory may keep mail from being delivered
            return self._failed(f"{type(error).__name__}: {error}")
        self._metrics.directory_read(self._file.name, asked)
        self._log.info(
            "directory read", directory=self._file.name, people=len(extract.accounts),
            lists=len(extract.listings),
        )  # fmt: skip
        await self._changed()
        return True

    def _failed(self, reason: str) -> bool:
        self._metrics.directory_read(self._file.name, None)
        self._log.error("directory not read", directory=self._file.name, reason=reason)
        return False
