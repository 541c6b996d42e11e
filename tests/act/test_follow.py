"""What people say to the store about lists reaches the running gateway."""

from __future__ import annotations

import asyncio
from typing import Any

from gateway.act.timers import follow
from gateway.store import StoreError


class Log:
    def __init__(self) -> None:
        self.errors: list[str] = []

    def error(self, event: str, **facts: Any) -> None:
        self.errors.append(event)


async def _told(*states: object) -> tuple[int, list[str]]:
    """How often somebody is told while the state goes through these values."""
    stop, log, told, left = asyncio.Event(), Log(), 0, list(states)

    def state() -> object:
        found = left.pop(0)
        if not left:
            loop.call_soon_threadsafe(stop.set)
        if isinstance(found, Exception):
            raise found
        return found

    async def changed() -> None:
        nonlocal told
        told += 1

    loop = asyncio.get_running_loop()
    await follow(state, changed, stop, log, 0.001)
    return told, log.errors


async def test_every_change_is_told_once() -> None:
    assert await _told(1, 1, 2, 2, 2, 3) == (2, [])


async def test_a_store_that_fails_for_a_while_is_said_and_followed_again() -> None:
    assert await _told(1, StoreError("locked"), 2) == (1, ["keeper cannot use the store"])
