"""Several processes read what one would read, and nothing depends on their coming home."""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from gateway.model.fault import Faults
from gateway.releases import load_register, many_hands
from gateway.releases import reading as reading_module
from gateway.releases.compiled import Compiled
from gateway.releases.many_hands import hands, shared_out
from gateway.releases.sealed_folder import SealedFolder

PEOPLE = """\
people:
  - {id: hart, name: Ada Hart, addresses: [a.hart@dept.example, ada@dept.example]}
"""


def release(number: int) -> str:
    return (
        f"release: {{title: Statistics of subject {number}, instant: 2027-03-30T09:30:00}}\n"
        "roles: [{id: press, title: Media Officer}]\n"
        "appointments: [{role: press, person: hart, from: 2026-01-01}]\n"
        f"production_team: [team{number}@dept.example]\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    releases = tmp_path / "releases"
    releases.mkdir()
    (releases / "_people.yaml").write_text(PEOPLE)
    for number in range(130):
        (releases / f"subject-{number}.yaml").write_text(release(number))
    return releases


def with_hands(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(reading_module, "hands", lambda: count)


def load(folder: Path, compiled: Compiled | None = None) -> Any:
    return load_register(folder, None, "Europe/London", compiled=compiled)


@pytest.mark.parametrize("writes", [True, False])
def test_a_register_that_several_read_is_the_one_that_one_reads(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: bool
) -> None:
    alone = load(folder)
    with_hands(monkeypatch, 3)
    kept = tmp_path / "kept"
    compiled = Compiled(SealedFolder(kept, b"k" * 32), writes)
    shared = load(folder, compiled)
    assert shared == alone and shared.digest == alone.digest
    assert list(shared.releases) == list(alone.releases)
    compiled.settle()
    assert (len(list(kept.iterdir())) > len(alone.releases)) if writes else not kept.exists()
    monkeypatch.setattr(reading_module, "parse", None)  # nothing is read any more
    assert load(folder, compiled) == alone
    if writes:
        assert load(folder, Compiled(SealedFolder(kept, b"k" * 32))) == alone


def test_every_fault_is_told_in_the_same_order_whoever_reads(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (3, 4, 5, 77):
        (folder / f"subject-{number}.yaml").write_text(release(number).replace("hart", "moss"))
    (folder / "subject-6.yaml").write_text("release: [\n")
    found = []
    for count in (1, 2, 3):
        with_hands(monkeypatch, count)
        with pytest.raises(Faults) as caught:
            load(folder)
        found.append(caught.value.faults)
    assert len(found[0]) == 5 and found[0] == found[1] == found[2]


def tasks(work: Sequence[int]) -> bytes:
    return bytes(work)


def shared(there: Any, count: int = 3) -> tuple[list[int], list[int]]:
    """What was done here, and what the others gave."""
    here: list[int] = []
    given: list[int] = []
    shared_out(range(9), count, here.extend, there, given.extend)
    assert multiprocessing.active_children() == []
    return here, sorted(given)


def test_everybody_does_a_share_and_nobody_is_left() -> None:
    assert shared(tasks) == ([0, 3, 6], [1, 2, 4, 5, 7, 8])
    assert shared(tasks, 1) == (list(range(9)), [])


def killed(work: Sequence[int]) -> bytes:
    if 1 in work:
        os.kill(os.getpid(), signal.SIGKILL)
    return bytes(work)


def broken(work: Sequence[int]) -> bytes:
    if 1 in work:
        raise ValueError("a.hart@dept.example")
    return bytes(work)


@pytest.mark.parametrize("there", [killed, broken])
def test_what_one_of_them_fails_to_do_is_left_undone_without_a_word(
    there: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    assert shared(there) == ([0, 3, 6], [2, 5, 8])
    assert capfd.readouterr().err == ""


def waits(work: Sequence[int]) -> bytes:
    signal.pause()
    return b""


def stopped(work: Sequence[int]) -> bytes:
    os.kill(os.getpid(), signal.SIGSTOP)
    return b""


@pytest.mark.parametrize("there", [waits, stopped])
def test_nobody_waits_for_one_that_hangs(there: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_hands, "_SECONDS", 1)
    assert shared(there) == ([0, 3, 6], [])
    assert threading.active_count() == 1


def says_much(work: Sequence[int]) -> bytes:
    return bytes(1_000_000)


def test_nobody_is_left_where_whoever_asked_is_killed() -> None:
    def killed_there(work: Sequence[int]) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    reading, writing = os.pipe()
    asking = os.fork()
    if not asking:
        os.close(reading)
        shared_out(range(9), 4, killed_there, says_much, lambda _: None)
    os.close(writing)
    os.waitpid(asking, 0)
    ready, _, _ = select.select([reading], [], [], 20)
    assert ready and os.read(reading, 1) == b""  # everybody who had the other end is gone
    os.close(reading)


def test_whoever_is_stopped_leaves_nobody_behind() -> None:
    def interrupted(work: Sequence[int]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shared_out(range(9), 3, interrupted, waits, lambda _: None)
    assert multiprocessing.active_children() == []


def test_where_no_process_can_be_had_nothing_is_done_by_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = load(folder)

    def refused(process: Any) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    process = multiprocessing.get_context("fork").Process
    monkeypatch.setattr(process, "start", refused)
    with_hands(monkeypatch, 2)
    assert load(folder) == alone


def test_a_process_with_threads_is_not_forked() -> None:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(hands()))
    thread.start()
    thread.join()
    assert found == [1]
