"""Exact data match against a large unit register: building, size, look-up, and false matches.

    python -m benchmarks.registers_rows [--rows 10000000] [--processes 2] [--folder DIR]

Everything in the register is invented. "Random rows" are drawn as the register's rows were, from
the same names, places, dates and numbers, but are none of it. Processor time is that of this
process and its children; memory the most that any one of them had.
"""

from __future__ import annotations

import argparse
import resource
import secrets
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from gateway.detect.material.rows import RegisterRows
from gateway.model.content import Table, Text
from gateway.model.message import Location
from gateway.model.unit_register import UnitRegisters
from gateway.releases.unit_registers.build import Asked, build_register
from gateway.releases.unit_registers.columns import choose
from gateway.releases.unit_registers.opened import open_registers
from gateway.releases.unit_registers.source import open_source

HEAD = [
    "reference",
    "name",
    "postcode",
    "town",
    "region",
    "industry",
    "employees",
    "turnover",
    "since",
]
KEYS, FIELDS = HEAD[:3], HEAD[3:]
_AT_ONCE = 100_000
_FIRST = np.array(
    "Acme Zenith Apex Nova Orbit Delta Summit Harbour Willow Maple Cedar River".split()
)
_SECOND = np.array([f"{a}{b}" for a in "Bar Cor Dan Fen Gil Hal Kes Lom Mar Nor".split()
                    for b in "ton ley wick ford bury dale worth by stow ham".split()])  # fmt: skip
_THIRD = np.array(
    "Widgets Foods Motors Textiles Logistics Roofing Farms Media Timber Optics".split()
)
_FORM = np.array("Ltd Limited PLC LLP".split())
_LETTERS = np.array(list("ABDEFGHJLNPQRSTUWXYZ"))


def drawn(source: np.random.Generator, first: int, count: int, step: int) -> list[list[str]]:
    """Rows whose references lie from `first` on, `step` apart; all else is drawn."""
    place = source.integers(0, 2_000, count)
    name = zip(
        _FIRST[source.integers(0, len(_FIRST), count)], _SECOND[source.integers(0, len(_SECOND), count)],
        _SECOND[source.integers(0, len(_SECOND), count)],
        _THIRD[source.integers(0, len(_THIRD), count)], _FORM[source.integers(0, 4, count)],
        strict=True,
    )  # fmt: skip
    post = zip(
        _LETTERS[place % 20], _LETTERS[place // 20 % 20], (place % 9 + 1).astype(str),
        source.integers(1, 10, count).astype(str), _LETTERS[source.integers(0, 20, count)],
        _LETTERS[source.integers(0, 20, count)], strict=True,
    )  # fmt: skip
    staff = np.minimum(source.pareto(1.1, count) + 1, 200_000).astype(int).astype(str)
    money = source.lognormal(12, 2, count).astype(int).astype(str)
    days = source.integers(0, 24_000, count) + np.datetime64("1955-01-01")
    return [
        [str(10_000_000 + (first + n) * step), " ".join(words), f"{p[0]}{p[1]}{p[2]} {p[3]}{p[4]}{p[5]}",
         f"Town {at}", f"Region {at % 12}", str(industry), size, amount, day]
        for n, (words, p, at, industry, size, amount, day) in enumerate(
            zip(name, post, place.tolist(), source.integers(10_000, 10_700, count).tolist(),
                staff.tolist(), money.tolist(), days.astype(str).tolist(), strict=True)
        )
    ]  # fmt: skip


def write(path: Path, rows: int) -> None:
    source = np.random.default_rng(1)
    with path.open("w") as file:
        file.write(",".join(HEAD) + "\n")
        for first in range(0, rows, _AT_ONCE):
            count = min(_AT_ONCE, rows - first)
            file.writelines(",".join(row) + "\n" for row in drawn(source, first, count, 3))


def build(path: Path, folder: Path, processes: int) -> UnitRegisters:
    source = open_source(path)
    assert source is not None
    asked = Asked("benchmark", path.name, choose(source.header, KEYS, FIELDS), datetime.now(UTC))
    key = secrets.token_bytes(32)
    started, cpu = time.perf_counter(), _processor()
    built = build_register(source, asked, key, folder, secrets.token_bytes, processes)
    spent, seconds = _processor() - cpu, time.perf_counter() - started
    opening = time.process_time()
    registers = open_registers(folder, key)
    opening = time.process_time() - opening
    size, rows = built.stat().st_size, registers.opened[0].rows
    most = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"build: {rows:,} rows in {seconds:,.0f} s, {spent:,.0f} s of processor time")
    print(f"  {rows / seconds:,.0f} rows/s; at most {most / 1024:,.0f} MiB in one process")
    print(f"size: {size / 1e6:,.0f} MB, {size / rows:.1f} bytes a row, mapped and shared")
    print(f"open: {opening * 1000:.1f} ms")
    return registers


def look_up(registers: UnitRegisters, rows: list[list[str]]) -> tuple[int, float]:
    """How many rows were found, and processor seconds."""
    started = time.process_time()
    part = RegisterRows(registers).of_part()
    part.table(Table(Location("2"), rows))
    findings, _ = part.conclude()
    return sum(int(str(f.facts["rows"])) for f in findings), time.process_time() - started


def measure(registers: UnitRegisters, path: Path, rows: int, tries: int) -> None:
    register = registers.opened[0]
    with path.open() as file:
        file.readline()
        real = [file.readline().rstrip("\n").split(",") for _ in range(20_000)]
    found, seconds = look_up(registers, real)
    print(f"look-up: {found:,} of {len(real):,} rows found, {len(real) / seconds:,.0f} rows/s")
    source = np.random.default_rng(2)
    # References that no row has, and such as a row of another name and place has.
    for called, step, first in (("free", 7, 10**7), ("taken", 3, 0)):
        for size in (1, 15, 1000):
            many = {1: tries // 20, 15: tries // 4}.get(size, tries)
            false = looked = 0
            seconds = 0.0
            while looked < many:
                at = first + int(source.integers(0, max(1, rows - 20_000)))
                block = drawn(source, at, max(size, min(many, 15_000) // size * size), step)
                for start in range(0, len(block), size):
                    part = RegisterRows(registers).of_part()
                    begun = time.process_time()
                    part.table(Table(Location("2"), block[start : start + size]))
                    findings, _ = part.conclude()
                    seconds += time.process_time() - begun
                    false += sum(int(str(f.facts["rows"])) for f in findings)
                looked += len(block)
            print(
                f"random rows with {called} references, tables of {size}: {false} of {looked:,} "
                f"matched; {looked / seconds:,.0f} rows/s"
            )
    text = (
        f"Please see ref {real[0][0]} {real[0][1]}, turnover {real[0][7]}. " + "All is well. " * 120
    )
    for called, words in (
        ("without digits", "All is well today. " * 110),
        ("with a row in it", text),
    ):
        started = time.process_time()
        for _ in range(200):
            part = RegisterRows(registers).of_part()
            part.text(Text(Location("1", None, "body"), words))
            findings, _ = part.conclude()
        spent = (time.process_time() - started) / 200
        print(
            f"text of {len(words):,} signs {called}: {spent * 1e6:,.0f} µs, {len(findings)} findings"
        )
    print(f"columns: {', '.join(register.columns)}")


def _processor() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--tries", type=int, default=300_000, help="random rows for each kind")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        path = folder / "rows.csv"
        write(path, asked.rows)
        registers = build(path, folder / "registers", asked.processes)
        measure(registers, path, asked.rows, asked.tries)


if __name__ == "__main__":
    main()
