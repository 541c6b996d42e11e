"""An invented business register, and a register of it that is built in a moment."""

from __future__ import annotations

import csv
import random
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Sequence

from gateway.releases.unit_registers.build import Asked, build_register
from gateway.releases.unit_registers.columns import choose
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
KEY_COLUMNS = ["reference", "name", "postcode"]
FIELDS = HEAD[3:]
KEY = bytes(range(32))
_FIRST = "Acme Zenith Apex Nova Orbit Delta Summit Harbour Willow Maple Cedar River Stone".split()
_SECOND = "Barton Corley Danwick Fenford Gilbury Haldale Kesworth Lomby Marstow Norham".split()
_THIRD = "Widgets Foods Motors Textiles Logistics Roofing Farms Media Timber Optics".split()
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


def units(count: int, seed: int = 1) -> list[list[str]]:
    """Rows of a register; with another seed, units of the same kind that are none of it."""
    source = random.Random(seed)
    rows = []
    for number in range(count):
        town = source.randrange(40)
        area = f"{_LETTERS[town % 20]}{_LETTERS[town // 20]}{town % 9 + 1}"
        rows.append(
            [
                f"{seed * 20_000_003 + number * 13:011d}",
                " ".join(map(source.choice, (_FIRST, _SECOND, _SECOND, _THIRD, ("Ltd", "PLC")))),
                f"{area} {source.randint(1, 9)}{source.choice(_LETTERS)}{source.choice(_LETTERS)}",
                f"Town {town}",
                f"Region {town % 8}",
                str(source.randrange(10_000, 10_600)),
                str(int(source.paretovariate(1.1))),
                str(int(source.lognormvariate(12, 2))),
                f"{source.randint(1, 28):02d}/{source.randint(1, 12):02d}/{source.randint(1955, 2019)}",
            ]
        )
    return rows


def write_csv(path: Path, rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def built(
    folder: Path, source: Path, name: str = "business", key: bytes = KEY,
    key_columns: Sequence[str] = KEY_COLUMNS, fields: Sequence[str] = FIELDS, processes: int = 1,
) -> Path:  # fmt: skip
    """The file of a register built from `source`."""
    rows = open_source(source)
    assert rows is not None
    columns = choose(rows.header, key_columns, fields)
    asked = Asked(name, source.name, columns, datetime(2026, 11, 20, tzinfo=UTC))
    return build_register(rows, asked, key, folder, secrets.token_bytes, processes)
