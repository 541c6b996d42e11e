"""The rows that `gateway registers build` is given: streamed, or read as an attachment would be.

What is read as an attachment must have been read entirely: a register without some of its rows
would let these go.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Sequence

from gateway.config import Config
from gateway.extract import read_nested
from gateway.model.content import Table
from gateway.model.message import Gap, Part
from gateway.parse import parse_message
from gateway.releases.unit_registers.faults import RegisterFault
from gateway.releases.unit_registers.source import Held, Source, open_source

_HEAD_ROWS = 60


def opened_source(path: Path, columns: Sequence[str], config: Config) -> Source:
    """What gives the rows of a file; of a workbook, those of the sheet that has the asked columns.
    Raises RegisterFault, OSError."""
    return open_source(path) or _read_whole(path, columns, config)


def _read_whole(path: Path, columns: Sequence[str], config: Config) -> Held:
    limits = config.limits.read
    if path.stat().st_size > limits.expanded_bytes:
        raise RegisterFault(f"{path}: the file is too large to be read at once", "save it as CSV")
    part = Part("1", "application/octet-stream", "attachment", path.read_bytes(), path.name)
    parse = partial(parse_message, limits=config.limits.parse)
    held: list[Held] = []
    gaps: list[Gap] = []
    for content in read_nested(part, limits, parse):
        if isinstance(content, Gap):
            gaps.append(content)
        elif isinstance(content, Table) and (found := _headed(content, columns)):
            held.append(found)
    if gaps:
        told = "; ".join(dict.fromkeys(f"{gap.reason}, {gap.detail}" for gap in gaps))
        hint = "save it as CSV, which is read whatever its length"
        raise RegisterFault(f"{path}: not all of it could be read: {told}", hint)
    if not held:
        message = f"{path}: no table in it has the columns {', '.join(columns)}"
        raise RegisterFault(message, "name its columns as they stand there")
    return max(held, key=lambda each: len(each.rows))


def _headed(table: Table, columns: Sequence[str]) -> Held | None:
    """The rows below the one that names the columns."""
    wanted = {column.strip().casefold() for column in columns}
    for number, row in enumerate(table.rows[:_HEAD_ROWS]):
        names = [cell.strip() for cell in row]
        if wanted <= {name.casefold() for name in names}:
            rows = [list(each) for each in table.rows[number + 1 :]]
            return Held(names, [each for each in rows if any(map(str.strip, each))])
    return None
