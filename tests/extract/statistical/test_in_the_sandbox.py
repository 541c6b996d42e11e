"""The libraries work where there are no threads, no files and little memory."""

from __future__ import annotations

import io
import random
import sqlite3
from pathlib import Path
from typing import AsyncIterator

import pandas
import pyreadstat
import pytest
from support import r_writer as r
from support.dbase_writer import dbase
from support.reading import build, read_shapes

from gateway.extract.sandbox import Sandbox, SandboxFailure
from gateway.model.limits import ReadLimits


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    made = Sandbox(read_shapes, build, None, 1, 1000, ReadLimits())
    yield made
    await made.close()


def samples(folder: Path) -> dict[str, bytes]:
    """The same three rows of two columns in every format."""
    frame = pandas.DataFrame({"id": [1.0, 2.0, 3.0], "name": ["Ann", "Bo", "Cy"]})
    path = folder / "file"
    found = {}
    for kind in ("sav", "dta", "xport"):
        getattr(pyreadstat, f"write_{kind}")(frame, str(path))
        found[kind] = path.read_bytes()
    out = io.BytesIO()
    frame.to_parquet(out)
    found["parquet"] = out.getvalue()
    out = io.BytesIO()
    frame.to_feather(out)
    found["feather"] = out.getvalue()
    connection = sqlite3.connect(":memory:")
    frame.to_sql("people", connection, index=False)
    found["sqlite"] = connection.serialize()
    connection.close()
    found["dbase"] = dbase(
        [("ID", "N", 4), ("NAME", "C", 5)],
        [(b" ", (str(i), name)) for i, name in enumerate(("Ann", "Bo", "Cy"), 1)],
    )
    columns = {"id": r.integers(1, 2, 3), "name": r.strings("Ann", "Bo", "Cy")}
    found["rds"] = r.rds(r.frame(columns))
    return found


async def test_every_format_is_read(sandbox: Sandbox, tmp_path: Path) -> None:
    for kind, content in samples(tmp_path).items():
        tables, gaps, _ = await sandbox.run(content)
        assert (tables, gaps) == ([(4, 2)], []), kind


async def test_every_damaged_file_ends_in_contents_or_a_gap(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    chance = random.Random(3)
    for kind, content in samples(tmp_path).items():
        for _ in range(15):
            damaged = bytearray(content)
            for _ in range(4):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            if chance.random() < 0.3:
                del damaged[chance.randrange(1, len(damaged)) :]
            try:
                tables, gaps, texts = await sandbox.run(bytes(damaged))
            except SandboxFailure as failure:
                assert failure.reason in ("crashed", "limit"), kind
            else:
                assert tables or gaps or texts, kind
