"""What signals ask of a process: to stop, or to read its rules and lists again."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable


class Told:
    """What signals ask of this process; from its making on, none of them is lost."""

    def __init__(self) -> None:
        self._stop, self._again = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._again.set)

    async def to_stop(self, reload: Callable[[], Awaitable[None]]) -> None:
        """Wait for SIGTERM or SIGINT; SIGHUP runs `reload`, one at a time."""
        task = asyncio.get_running_loop().create_task(self._reloads(reload))
        await self._stop.wait()
        task.cancel()

    async def _reloads(self, reload: Callable[[], Awaitable[None]]) -> None:
        while True:
            await self._again.wait()
            self._again.clear()
            await reload()
