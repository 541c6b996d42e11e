"""The process inside the sandbox: builds its state once, is confined, then does job after job.

The wire is length-prefixed pickles over one socket pair. What goes back is the result or a reason
and the name of an exception class, never its text (law 8). After any failure the child ends: its
state is not to be trusted.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import socket
import struct
from typing import Any, Callable

from gateway.extract.confine import allow_seconds, confine
from gateway.model.limits import ReadLimits

LENGTH = struct.Struct("!Q")
READY, DONE, FAILED = b"R", b"D", b"F"
STARTUP_SECONDS = 60.0
# Libraries that would start threads, and wait for ever where the kernel refuses them; Arrow's own
# allocators do, too.
_SINGLE = {
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1",
    "MKL_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system",
    "ARROW_IO_THREADS": "1",
}  # fmt: skip


def serve(
    channel: socket.socket,
    task: Callable[[Any, Any], Any],
    build: Callable[[Any], Any],
    spec: Any,
    limits: ReadLimits,
) -> None:
    """The child's whole life."""
    _quiet()
    os.environ.update(_SINGLE)
    _keep_only(channel.fileno())
    try:
        state = build(spec)
        confine(limits.memory_bytes)
    except BaseException as error:  # noqa: BLE001 - reported to the parent, then the child ends
        _send(channel, FAILED, ("crashed", f"could not start ({type(error).__name__})"))
        return
    _send(channel, READY, None)
    while (payload := _receive(channel)) is not None:
        allow_seconds(limits.seconds)
        if not _work(channel, task, state, payload):
            return


def _work(
    channel: socket.socket, task: Callable[[Any, Any], Any], state: Any, payload: bytearray
) -> bool:
    try:
        job = pickle.loads(payload)
        del payload
        answer = pickle.dumps(task(state, job), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        _send(channel, FAILED, ("limit", "not enough memory"))
        return False
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent hears of it
        _send(channel, FAILED, ("crashed", f"the reader failed ({type(error).__name__})"))
        return False
    channel.sendall(LENGTH.pack(len(answer) + 1) + DONE)
    channel.sendall(answer)
    return True


def _quiet() -> None:
    """No signals meant for the parent, and nothing that native libraries print."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN if number != signal.SIGTERM else signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)


def _keep_only(channel: int) -> None:
    """Close every inherited descriptor. Among them is the one that keeps the forkserver alive:
    without it the forkserver ends with its worker, and takes its children along (PDEATHSIG)."""
    highest = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 1 << 16)
    os.closerange(3, channel)
    os.closerange(channel + 1, max(highest, channel + 1))


def _send(channel: socket.socket, kind: bytes, value: Any) -> None:
    payload = pickle.dumps(value)
    try:
        channel.sendall(LENGTH.pack(len(payload) + 1) + kind + payload)
    except OSError:
        return  # the parent has given up on us; there is nobody left to tell


def _receive(channel: socket.socket) -> bytearray | None:
    head = _read(channel, LENGTH.size)
    return None if head is None else _read(channel, LENGTH.unpack(head)[0])


def _read(channel: socket.socket, count: int) -> bytearray | None:
    buffer = bytearray(count)
    view, got = memoryview(buffer), 0
    while got < count:
        read = channel.recv_into(view[got:])
        if not read:
            return None
        got += read
    return buffer
