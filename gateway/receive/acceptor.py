"""Takes connections off a listening socket that several worker processes share.

Left to themselves, workers grab whatever waits: with ten clients one may end up with all ten while
the other idles. Here a worker that already has more conversations than another waits a moment
before it takes one more, and takes it all the same if nobody else did.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, MutableSequence

import structlog

PAUSE = 0.002
PATIENCE = 10
EXHAUSTED_PAUSE = 0.5
LOG = structlog.get_logger()


class Share:
    """How many conversations each worker has; `counts` may be shared memory."""

    def __init__(self, counts: MutableSequence[int] | None = None, index: int = 0) -> None:
        self._counts: MutableSequence[int] = [0] if counts is None else counts
        self._index = index
        self._counts[index] = 0

    def add(self, change: int) -> None:
        """Counted in when accepted, out when `Admission` refuses or dismisses it. Only this process
        writes this entry."""
        self._counts[self._index] += change

    @property
    def excess(self) -> int:
        """How many more this worker has than the one that has fewest."""
        return self._counts[self._index] - min(self._counts)


class Acceptor:
    """Accepts one connection at a time until closed. The socket given is closed with it."""

    def __init__(
        self, listening: socket.socket, converse: Callable[[], asyncio.Protocol], share: Share
    ) -> None:
        self.listening = listening
        self._converse = converse
        self._share = share
        self._loop = asyncio.get_running_loop()
        self._beginning: set[asyncio.Task[object]] = set()
        self._pause: asyncio.TimerHandle | None = None
        self._closed = False
        self._rested = 0
        listening.setblocking(False)
        self._loop.add_reader(listening, self._ready)

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._pause is None:
            self._loop.remove_reader(self.listening)
        else:
            self._pause.cancel()
        self.listening.close()

    def _ready(self) -> None:
        if self._share.excess > 0:
            self._rest(PAUSE)
        else:
            self._accept()

    def _rest(self, seconds: float) -> None:
        self._loop.remove_reader(self.listening)  # nothing happens where it is off already
        self._pause = self._loop.call_later(seconds, self._again)

    def _again(self) -> None:
        self._pause = None
        self._rested += 1
        if self._share.excess > 0 and self._rested < PATIENCE:
            self._rest(PAUSE)
            return
        self._rested = 0
        self._loop.add_reader(self.listening, self._ready)
        self._accept()

    def _accept(self) -> None:
        try:
            connection, _ = self.listening.accept()
        except (BlockingIOError, ConnectionAbortedError, InterruptedError):
            return  # another worker was quicker, or the client has gone
        except OSError as error:
            # Out of descriptors or memory: the connection stays in the queue until some are free.
            LOG.error("cannot accept", error=type(error).__name__, number=error.errno)
            self._rest(EXHAUSTED_PAUSE)
            return
        connection.setblocking(False)
        if connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._share.add(1)
        task = self._loop.create_task(self._begin(connection))
        self._beginning.add(task)
        task.add_done_callback(self._beginning.discard)

    async def _begin(self, connection: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._converse, connection)
        except OSError as error:
            LOG.info("client gone at once", error=type(error).__name__)
            connection.close()
            self._share.add(-1)
