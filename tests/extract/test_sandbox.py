"""A child that crashes, hangs, grows or lies costs one failure and nothing else."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any, AsyncIterator, Callable

import pytest

from gateway.extract.sandbox import Sandbox, SandboxFailure, SandboxUnavailable
from gateway.model.limits import ReadLimits

sys.path.insert(0, str(Path(__file__).parent))
import sandbox_payloads as payloads

LIMITS = ReadLimits(seconds=5.0, memory_bytes=100 * 1024**2)
Make = Callable[..., Sandbox]


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    made: list[Sandbox] = []

    def _make(
        processes: int = 1, jobs: int = 100, limits: ReadLimits = LIMITS, spec: Any = "s"
    ) -> Sandbox:
        made.append(Sandbox(payloads.task, payloads.build, spec, processes, jobs, limits))
        return made[-1]

    yield _make
    for sandbox in made:
        await sandbox.close()


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


async def failure(sandbox: Sandbox, job: Any) -> SandboxFailure:
    with pytest.raises(SandboxFailure) as caught:
        await sandbox.run(job)
    return caught.value


async def test_a_job_comes_back_from_another_process(make: Make) -> None:
    sandbox = make()
    assert await sandbox.run(("pid", None)) != os.getpid()
    assert await sandbox.run(("echo", {"a": [1, "ü", None]})) == {"a": [1, "ü", None]}
    assert await sandbox.run(("spec", None)) == "s"


async def test_25_megabytes_travel_both_ways(make: Make) -> None:
    payload = os.urandom(1024) * 25_000
    assert await make().run(("echo", payload)) == payload


@pytest.mark.parametrize("verb", ["abort", "kill", "exit"])
async def test_a_child_that_dies_is_a_crash_and_is_replaced(make: Make, verb: str) -> None:
    sandbox = make()
    assert (await failure(sandbox, (verb, None))).reason == "crashed"
    assert await sandbox.run(("echo", 1)) == 1


@pytest.mark.parametrize("what", ["exit", "value", "interrupt"])
async def test_an_exception_is_a_crash_and_its_text_stays_inside(make: Make, what: str) -> None:
    sandbox = make()
    caught = await failure(sandbox, ("raise", what))
    assert caught.reason == "crashed"
    assert "secret" not in str(caught)
    assert await sandbox.run(("count", None)) == 1


async def test_a_child_that_sleeps_is_killed_in_time(make: Make) -> None:
    sandbox = make(limits=ReadLimits(seconds=0.3))
    pid = await sandbox.run(("pid", None))
    assert (await failure(sandbox, ("sleep", 60))).reason == "timeout"
    assert not alive(pid)
    assert await sandbox.run(("echo", 1)) == 1


async def test_a_child_that_spins_is_killed_in_time(make: Make) -> None:
    assert (await failure(make(limits=ReadLimits(seconds=0.3)), ("spin", None))).reason == "timeout"


async def test_a_child_that_eats_memory_hits_the_limit(make: Make) -> None:
    sandbox = make()
    assert (await failure(sandbox, ("eat", 1 << 20))).reason == "limit"
    assert await sandbox.run(("echo", 1)) == 1


@pytest.mark.parametrize("what", ["socket", "fork", "exec", "kill"])
async def test_a_child_may_not_open_sockets_or_start_processes(make: Make, what: str) -> None:
    assert await make().run(("refused", what)) == "PermissionError"


async def test_a_child_may_not_write_files(make: Make, tmp_path: Path) -> None:
    target = tmp_path / "out"
    await failure(make(), ("write", str(target)))
    assert not target.exists() or target.stat().st_size == 0


async def test_an_answer_that_would_run_code_here_is_refused(make: Make) -> None:
    caught = await failure(make(), ("forge", None))
    assert caught.reason == "crashed"


async def test_a_child_is_replaced_after_its_jobs(make: Make) -> None:
    sandbox = make(jobs=2)
    pids = [await sandbox.run(("pid", None)) for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]
    assert not alive(pids[0])


async def test_callers_are_served_in_the_order_they_came(make: Make) -> None:
    sandbox = make(processes=1)
    done: list[int] = []

    async def call(index: int) -> None:
        await sandbox.run(("echo", index))
        done.append(index)

    await asyncio.gather(*(call(i) for i in range(20)))
    assert done == list(range(20))


async def test_there_are_never_more_children_than_configured(make: Make) -> None:
    sandbox = make(processes=2)
    pids = await asyncio.gather(*(sandbox.run(("pid", None)) for _ in range(20)))
    assert len(set(pids)) <= 2


async def test_a_cancelled_caller_leaves_no_half_answer_behind(make: Make) -> None:
    sandbox = make()
    pid = await sandbox.run(("pid", None))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await sandbox.run(("sleep", 60))
    assert await sandbox.run(("echo", "mine")) == "mine"
    assert not alive(pid)


async def test_a_state_that_cannot_be_built_is_a_crash_without_its_text(make: Make) -> None:
    caught = await failure(make(spec="unbuildable"), ("echo", 1))
    assert caught.reason == "crashed"
    assert "secret" not in str(caught)


async def test_closing_leaves_no_child_behind_even_a_busy_one(make: Make) -> None:
    sandbox = make(processes=2)
    pids = set(await asyncio.gather(*(sandbox.run(("pid", None)) for _ in range(8))))
    busy = asyncio.create_task(sandbox.run(("sleep", 60)))
    await asyncio.sleep(0)
    await sandbox.close()
    with pytest.raises(SandboxUnavailable):
        await busy
    assert not any(alive(pid) for pid in pids)
    with pytest.raises(SandboxUnavailable):  # not a gap: the message has to wait
        await sandbox.run(("echo", 1))


def test_it_works_under_uvloop() -> None:
    import uvloop

    async def main() -> None:
        sandbox = Sandbox(payloads.task, payloads.build, None, 1, 10, ReadLimits(seconds=0.5))
        try:
            data = bytes(3_000_000)
            assert await sandbox.run(("echo", data)) == data
            assert (await failure(sandbox, ("sleep", 60))).reason == "timeout"
            assert (await failure(sandbox, ("abort", None))).reason == "crashed"
            assert await sandbox.run(("echo", 1)) == 1
        finally:
            await sandbox.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="pidfd_open is Linux")
def test_children_die_with_a_worker_that_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "worker.py"
    program.write_text(
        textwrap.dedent("""
        import asyncio, sys
        sys.path.insert(0, sys.argv[1])
        import sandbox_payloads as payloads
        from gateway.extract.sandbox import Sandbox
        from gateway.model.limits import ReadLimits

        async def main():
            sandbox = Sandbox(payloads.task, payloads.build, None, 1, 10, ReadLimits(seconds=60))
            print(await sandbox.run(("pid", None)), flush=True)
            await sandbox.run(("sleep", 60))

        if __name__ == "__main__":
            asyncio.run(main())
        """)
    )
    folder = str(Path(__file__).parent)
    worker = subprocess.Popen([sys.executable, str(program), folder], stdout=subprocess.PIPE)
    assert worker.stdout
    child = os.pidfd_open(int(worker.stdout.readline()))
    try:
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)
        assert select.select([child], [], [], 10)[0], "the child outlived its worker"
    finally:
        os.close(child)
        worker.stdout.close()


@pytest.mark.parametrize("library", ["numpy", "pyarrow"])
async def test_libraries_that_like_threads_do_without(make: Make, library: str) -> None:
    sandbox = make(limits=ReadLimits(seconds=20.0))
    assert await sandbox.run(("compute", library)) == {"numpy": 300, "pyarrow": 6}[library]


async def test_an_archive_is_read_by_a_library_of_the_system(make: Make) -> None:
    from extract_archives import seven_zip

    found = await make(limits=ReadLimits()).run(("kinds", (seven_zip(), "all.7z")))
    assert found == ["Table", "Text"]


async def test_damaged_archives_leave_no_process_and_no_file_behind(make: Make) -> None:
    from extract_archives import damaged_archives

    sandbox = make(processes=2, limits=ReadLimits())
    await sandbox.run(("echo", 1))
    before = open_files()
    jobs = [("kinds", (content, "sent")) for content in damaged_archives(200)]
    found = await asyncio.gather(*map(sandbox.run, jobs), return_exceptions=True)
    assert all(isinstance(result, (list, SandboxFailure)) for result in found)
    assert len(children()) <= 2
    assert open_files() - before <= 4  # the second child's channel and watch
    await sandbox.close()
    assert not children()


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def children() -> list[int]:
    """Children of the forkserver that live; it is a child of ours, and stays."""
    from multiprocessing.forkserver import _forkserver

    server = _forkserver._forkserver_pid
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] != "Z" and int(fields[1]) == server:
            found.append(int(entry.parent.name))
    return found
