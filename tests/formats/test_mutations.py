"""Damaged files of every format, through the real sandbox: contents or a gap, never a crash of the
gateway, a hang, a child left behind or an open file.

`make fuzz` makes 2,000 of each format; GATEWAY_SEED=n makes others.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from itertools import cycle
from typing import Iterator

import pytest
from formats.planting import BANNER, PLACES, RECORDS, Place
from formats.test_places import BEFORE
from support.processes import children_of_forkserver

from gateway.detect import Context, DetectorSpec
from gateway.extract.sandbox import Sandbox, SandboxFailure
from gateway.model.limits import ParseLimits, ReadLimits
from gateway.model.message import Part
from gateway.pipeline import ReaderSpec, build_reader, read_job

COUNT = int(os.environ.get("GATEWAY_MUTATIONS", "6"))
# The parser of old Feather files follows offsets unchecked: a damaged one costs its child.
MOST_CRASHED = {"Feather": 0.5}
SEED = int(os.environ.get("GATEWAY_SEED", "1"))
LIMITS = ReadLimits(seconds=5.0)
FORMATS = sorted({place.format for place in PLACES})


def samples(format: str) -> list[Place]:
    return [place for place in PLACES if place.format == format]


def mutated(content: bytes, source: random.Random) -> bytes:
    """Bits flipped, cut short, a piece repeated, zeroed or taken away, numbers made huge."""
    damaged = bytearray(content)
    for _ in range(source.choice((1, 1, 2, 8, 64))):
        if not damaged:
            break
        at = source.randrange(len(damaged))
        size = source.randrange(1, 1 + min(200, len(damaged) - at))
        kind = source.randrange(7)
        if kind == 0:
            damaged[at] ^= 1 << source.randrange(8)
        elif kind == 1:
            damaged[at] = source.randrange(256)
        elif kind == 2:
            damaged[at : at + size] = bytes(size)
        elif kind == 3:
            damaged[at : at + 4] = source.choice((b"\xff" * 4, b"\xff\xff\xff\x7f", b"\0\0\0\x80"))
        elif kind == 4:
            del damaged[at : at + size]
        elif kind == 5:
            damaged[at:at] = damaged[at : at + size]
        else:
            del damaged[source.randrange(len(damaged) // 2, len(damaged)) :]
    return bytes(damaged)


def mutants(format: str) -> Iterator[tuple[str, bytes]]:
    source = random.Random(f"{SEED} {format}")
    originals = [(place.name, place.build(BANNER, RECORDS)) for place in samples(format)]
    for (name, content), _ in zip(cycle(originals), range(COUNT), strict=False):
        yield name, mutated(content, source)


@pytest.mark.parametrize("format", FORMATS)
async def test_a_damaged_file_costs_a_gap_at_most(format: str) -> None:
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    spec = ReaderSpec(DetectorSpec(()), LIMITS, ParseLimits())
    sandbox = Sandbox(read_job, build_reader, spec, 2, 200, LIMITS)
    context = Context(BEFORE, BEFORE, "Europe/London")
    files = set(os.listdir("/proc/self/fd"))

    async def judge(name: str, content: bytes) -> None:
        nonlocal slowest
        part = Part("2", "application/octet-stream", "attachment", content, name)
        started = time.monotonic()
        try:
            report = await sandbox.run((part, context))
            outcomes["gap" if report.gaps else "read"] += 1
        except SandboxFailure as failure:
            outcomes[failure.reason] += 1
        slowest = max(slowest, time.monotonic() - started)

    try:
        waiting: set[asyncio.Task[None]] = set()
        for name, content in mutants(format):
            if len(waiting) >= 2:
                _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            waiting.add(asyncio.create_task(judge(name, content)))
        await asyncio.gather(*waiting)
    finally:
        await sandbox.close()
    print(f"\n{format}: {dict(outcomes)}, slowest {slowest:.2f} s")
    assert sum(outcomes.values()) == COUNT
    assert outcomes["crashed"] <= max(1, MOST_CRASHED.get(format, 0.05) * COUNT)
    assert outcomes["timeout"] <= max(1, 0.01 * COUNT)
    assert slowest < LIMITS.seconds + 5
    assert not children_of_forkserver()
    assert len(os.listdir("/proc/self/fd")) <= len(files) + 8
