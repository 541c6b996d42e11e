"""The process tree of a `gateway run` that was started with a mark in its environment.

Whatever a process forks or executes inherits the mark, so nobody escapes by changing parents.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from multiprocessing import forkserver
from pathlib import Path

MARK = "GATEWAY_TEST_TREE"


def wait_until(holds: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Until `holds()`; fails with `what` after some time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"in vain after {seconds:g} s: {what}"
        threading.Event().wait(0.02)


def marked(value: str) -> dict[int, str]:
    """Every living process with this mark, and its name as `ps` shows it."""
    wanted, found = f"{MARK}={value}".encode(), {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            home = Path("/proc", entry)
            try:
                if wanted in (home / "environ").read_bytes().split(b"\0"):
                    found[int(entry)] = (home / "comm").read_text().strip()
            except OSError:
                continue  # it has just ended
    return found


def of_kind(value: str, kind: str, supervisor: int) -> list[int]:
    """The living processes of a kind: worker, keeper, sandbox, supervisor."""
    if kind == "supervisor":
        return [supervisor]
    found = marked(value)
    if kind == "sandbox":
        named = ("gw-worker", "gw-keeper")
        return [pid for pid, name in found.items() if pid != supervisor and name[:9] not in named]
    return [pid for pid, name in found.items() if name.startswith(f"gw-{kind}")]


def children_of_forkserver() -> list[int]:
    """Living processes that this process's forkserver has started."""
    parent = str(forkserver._forkserver._forkserver_pid)
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                state, ppid = (
                    Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()[:2]
                )
            except OSError:
                continue  # it has just ended
            if ppid == parent and state != "Z":
                found.append(int(entry))
    return found
