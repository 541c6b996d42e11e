"""Reads a great many files for the first time in several processes, so that a start takes less long.

- What the others read only goes to what is remembered: whoever then reads file by file finds it
  there, and reads what is missing (a file with a fault, or all of them where no process can be had).
- Only the first process of a program forks, and only while it has one thread.
- Nobody waits for a process that hangs, and none outlives the reading.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from contextlib import ExitStack, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Callable, Sequence, TypeVar

T = TypeVar("T")
_MOST = 4
_SECONDS = 60


def hands() -> int:
    """How many processes may read at once, this one included."""
    alone = multiprocessing.parent_process() is None and threading.active_count() == 1
    return min(_MOST, len(os.sched_getaffinity(0))) if alone else 1


def shared_out(
    work: Sequence[T], count: int, here: Callable[[Sequence[T]], object],
    there: Callable[[Sequence[T]], bytes], take: Callable[[bytes], None],
) -> None:  # fmt: skip
    """Do a share of the work `here` and the others `there`, in processes of their own; `take` what
    they give. What none of them could do is left undone."""
    with ExitStack() as stack:
        others: list[Connection] = []
        processes: list[BaseProcess] = []
        for number in range(1, count):
            ours, theirs = multiprocessing.Pipe(duplex=False)  # nothing of it has a name
            stack.callback(ours.close)
            process = multiprocessing.get_context("fork").Process(
                target=_side_job,
                args=(theirs, (*others, ours), work[number::count], there),
                daemon=True,
            )
            try:
                process.start()
            except OSError:
                return  # no more processes: the work that is left is done elsewhere
            finally:
                theirs.close()
            stack.callback(process.join)
            stack.callback(process.kill)
            others.append(ours)
            processes.append(process)
        # One that is stopped does not hear its own alarm.
        end = threading.Timer(_SECONDS, _kill, (processes,))
        end.daemon = True
        end.start()
        stack.callback(end.join)
        stack.callback(end.cancel)
        here(work[::count])
        for ours in others:
            try:
                done = ours.recv_bytes()
            except (EOFError, OSError):
                continue
            take(done)


def _kill(processes: Sequence[BaseProcess]) -> None:
    for process in processes:
        process.kill()


def _side_job(
    answer: Connection, not_ours: Sequence[Connection], share: Sequence[T],
    there: Callable[[Sequence[T]], bytes],
) -> None:  # fmt: skip
    for end in not_ours:
        end.close()  # so that an answer to somebody who is gone waits for nobody
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.alarm(_SECONDS)
    gc.disable()
    with suppress(Exception):  # it may tell of people; whoever reads the file then says it properly
        answer.send_bytes(there(share))
