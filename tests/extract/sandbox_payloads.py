"""What children are made to do in test_sandbox; importable in the child by its plain name."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path
from typing import Any

from gateway.extract import read_nested
from gateway.model.limits import ReadLimits
from gateway.model.message import Part


def build(spec: Any) -> Any:
    if spec == "unbuildable":
        raise ValueError("secret text")
    return {"spec": spec, "jobs": 0}


def task(state: dict[str, Any], job: tuple[str, Any]) -> Any:
    state["jobs"] += 1
    verb, value = job
    return VERBS[verb](state, value)


def _eat(state: Any, value: int) -> int:
    blocks = []
    while True:
        blocks.append(bytearray(value))


def _spin(state: Any, value: Any) -> None:
    while True:
        pass


def _raise(state: Any, value: str) -> None:
    raise {"exit": SystemExit, "value": ValueError, "interrupt": KeyboardInterrupt}[value]("secret")


def _refused(state: Any, value: str) -> str:
    try:
        if value == "socket":
            socket.socket()
        elif value == "fork":
            if os.fork() == 0:
                os._exit(0)
        elif value == "exec":
            os.execv("/bin/true", ["true"])
        elif value == "kill":
            os.kill(os.getppid(), 0)
    except OSError as error:
        return type(error).__name__
    return "allowed"


def _write(state: Any, value: str) -> None:
    Path(value).write_bytes(b"x")


def _compute(state: Any, value: str) -> int:
    """Load a heavy library where nothing may start a thread, and have it do some work."""
    if value == "numpy":
        import numpy

        return int(numpy.dot(numpy.ones((300, 300)), numpy.ones((300, 300)))[0][0])
    import pyarrow

    return int(pyarrow.array([1, 2, 3]).to_numpy().sum())


def _kinds(state: Any, value: tuple[bytes, str]) -> list[str]:
    """What is found in a file, by kind: Table, Text, or the reason of a Gap."""
    content, name = value
    part = Part("2", "application/octet-stream", "attachment", content, name)
    found = read_nested(part, ReadLimits())
    return sorted({getattr(item, "reason", type(item).__name__) for item in found})


VERBS = {
    "compute": _compute,
    "kinds": _kinds,
    "echo": lambda state, value: value,
    "pid": lambda state, value: os.getpid(),
    "count": lambda state, value: state["jobs"],
    "spec": lambda state, value: state["spec"],
    "abort": lambda state, value: os.abort(),
    "kill": lambda state, value: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda state, value: os._exit(0),
    "sleep": lambda state, value: time.sleep(value),
    "spin": _spin,
    "eat": _eat,
    "raise": _raise,
    "refused": _refused,
    "write": _write,
    "forge": lambda state, value: _Forged(),
}


class _Forged:
    """Unpickling this runs a function of the reader's choice."""

    def __reduce__(self) -> Any:
        return os.getcwd, ()
