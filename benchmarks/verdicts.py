"""Prints the judge's verdict on every table at hand, one line each, to compare two versions by diff.

Beside files given on the command line it judges seeded tables of many shapes, so that a change
made for speed shows what it changed: `python -m benchmarks.verdicts FILE… > before`, then `diff`.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Callable, Iterator

from gateway.detect.microdata import judge
from gateway.extract import read_nested
from gateway.model.content import Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Location, Part

_WORDS = "north south east west red blue total agree disagree yes no refused male female".split()
_CELLS: tuple[Callable[[random.Random], str], ...] = (
    lambda r: str(r.randrange(10)),
    lambda r: str(r.randrange(10_000)),
    lambda r: str(r.randrange(10**9, 10**10)),
    lambda r: f"4{r.randrange(10**15):015d}",
    lambda r: f"{r.random() * 1000:.2f}",
    lambda r: f"£{r.randrange(1000, 90_000):,}",
    lambda r: f"{r.random() * 100:.1f}%",
    lambda r: str(r.randrange(1990, 2026)),
    lambda r: f"{r.randrange(1990, 2026)} Q{r.randrange(1, 5)}",
    lambda r: f"{r.randrange(1, 29):02d}/{r.randrange(1, 13):02d}/{r.randrange(1940, 2026)}",
    lambda r: f"E0900{r.randrange(10_000):04d}",
    lambda r: r.choice(_WORDS),
    lambda r: " ".join(r.choice(_WORDS) for _ in range(12)),
    lambda r: f"{r.choice(_WORDS)}{r.randrange(999)}@mail.example",
    lambda r: f"+44 7{r.randrange(10**9):09d}",
    lambda r: (
        f"{r.choice('ABEH')}{r.randrange(1, 20)} {r.randrange(1, 10)}{r.choice('ABDE')}{r.choice('LNQT')}"
    ),
    lambda r: f"{r.choice('ABCE')}{r.choice('ABCE')}{r.randrange(10**6):06d}{r.choice('ABCD')}",
    lambda r: r.choice(("", "NA", "..", "[c]", str(r.randrange(500)))),
    lambda r: f"{r.choice(('Ada', 'Emma', 'John'))} {r.choice(('Brook', 'Carr', 'Moss'))}",
    lambda r: f"a\nb {r.randrange(50)}",
)
_HEADS = (
    "id age sex region year value count name email telephone nhs_number q1 q2 q3 weight status date "
    "company_number turnover total rate area_code notes income ethnicity"
).split()


def tables(files: list[str], seeded: int) -> Iterator[tuple[str, Table]]:
    """Every table in the files, then the seeded ones."""
    for name in files:
        path = Path(name)
        part = Part("1", "application/octet-stream", "attachment", path.read_bytes(), path.name)
        for content in read_nested(part, ReadLimits()):
            if isinstance(content, Table):
                yield name, content
    for seed in range(seeded):
        yield f"seed {seed}", Table(Location("1", None, ""), _rows(random.Random(seed)))


def _rows(source: random.Random) -> list[list[str]]:
    width = source.choice((1, 2, 3, 5, 8, 20, 44))
    height = source.choice((2, 5, 8, 20, 100, 126, 130, 400, 2500))
    kinds = [source.choice(_CELLS) for _ in range(width)]
    rows: list[list[str]] = [[source.choice(_HEADS) for _ in range(width)]]
    ragged = source.random() < 0.2
    for number in range(height):
        row = [kind(source) for kind in kinds]
        if source.random() < 0.5:
            row[0] = str(number + 1)
        rows.append(row[: source.randrange(1, width + 1)] if ragged else row)
    if source.random() < 0.2:
        rows.insert(0, ["Table 1: a title"] + [""] * (width - 1))
    if source.random() < 0.2:
        rows = rows[1:]
    return rows


def main() -> None:
    for name, table in tables(sys.argv[1:], 400):
        print(name, judge(table), sep="\t")


if __name__ == "__main__":
    main()
