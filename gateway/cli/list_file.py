"""Reads a list that somebody keeps elsewhere: a table, or a published page; in the sandbox.

The file is opened with the readers that mail is read with. What could not be read of it is a
fault: half a list is no list.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import astuple
from itertools import islice
from pathlib import Path
from typing import Any

from gateway.config import Config
from gateway.extract import detect_type, read_part
from gateway.extract.fault import ContainerFault
from gateway.extract.office.hidden_lines import UNSEEN, HiddenLines, hidden_lines
from gateway.extract.sandbox import Sandbox, SandboxFailure
from gateway.extract.text.charset import decode
from gateway.model.content import Table
from gateway.model.fault import Fault, Faults
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part
from gateway.releases.importing.entry import Line, Listing
from gateway.releases.importing.page import read_page
from gateway.releases.importing.table import MAX_ROWS, Sheet, read_sheets

_PAGES = ("text/html", "application/xhtml+xml")


def read_listings(paths: Sequence[Path], config: Config) -> tuple[Listing, ...]:
    """Each file's list. Raises Faults with every fault of every file."""
    faults: list[Fault] = []
    parts: list[Part] = []
    for path in paths:
        try:
            parts.append(_part(path, config.limits.decoded_bytes))
        except Faults as wrong:
            faults += wrong.faults
    found = asyncio.run(_read(parts, config, faults))
    if faults:
        raise Faults(faults)
    return found


def _part(path: Path, limit: int) -> Part:
    try:
        if path.stat().st_size > limit:
            raise Faults([Fault(path.name, 0, 0, f"larger than {limit} bytes")])
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise Faults([Fault(path.name, 0, 0, reason, "check the path")]) from None
    return Part("1", "application/octet-stream", "attachment", content, path.name)


async def _read(parts: Sequence[Part], config: Config, faults: list[Fault]) -> tuple[Listing, ...]:
    """What the sandbox makes of each; what is wrong is added to `faults`."""
    limits = config.limits.read
    sandbox = Sandbox(contents_of, same, limits, 1, config.sandbox.jobs, limits)
    found: list[Listing] = []
    try:
        for part in parts:
            name = part.name or ""
            try:
                found.append(_listing(await sandbox.run(part)))
            except SandboxFailure as failure:
                faults.append(_unread(name, failure.reason, failure.detail))
            except Faults as wrong:
                faults += wrong.faults
    finally:
        await sandbox.close()
    return tuple(found)


def _listing(contents: Any) -> Listing:
    kind, found, told, notes, faults = contents
    if faults:
        raise Faults([Fault(*fault) for fault in faults])
    if kind == "page":
        return Listing(tuple(Line(*line) for line in found), frozenset(told), tuple(notes))
    return read_sheets([Sheet(*sheet) for sheet in found])


def same(limits: ReadLimits) -> ReadLimits:
    """What a sandboxed child builds: the limits are all it needs."""
    return limits


def contents_of(limits: ReadLimits, part: Part) -> Any:
    """What a sandboxed child makes of a file, as plain values: its kind, tables or lines, what
    they tell, notes, faults."""
    file = part.name or ""
    if detect_type(part) in _PAGES:
        try:
            listing = read_page(file, decode(part.content).text)
        except Faults as found:
            return "page", (), (), (), [astuple(fault) for fault in found.faults]
        return "page", list(map(_plain, listing.lines)), list(listing.told), listing.notes, ()
    sheets, faults = [], []
    unseen, wrong = _unseen(part, limits)
    for content in read_part(part, limits):
        if isinstance(content, Table):
            where = content.location.where
            rows = [[str(cell) for cell in row] for row in islice(content.rows, MAX_ROWS + 1)]
            name = f"{file}, {where}" if where else file
            lines = unseen.get(where.removeprefix("sheet "), HiddenLines((), ()))
            hidden = content.visibility != "visible"
            sheets.append((name, rows, hidden, lines.rows, lines.columns, lines.formulas))
        elif isinstance(content, Gap):
            faults.append(astuple(_unread(file, content.reason, content.detail)))
    faults += [] if faults else wrong
    return "tables", sheets, (), (), faults


def _unseen(part: Part, limits: ReadLimits) -> tuple[dict[str, HiddenLines], list[tuple[Any, ...]]]:
    """What a spreadsheet hides, by sheet; with a fault where nobody can tell."""
    file, kind = part.name or "", detect_type(part)
    if kind in UNSEEN:
        message = "whether it hides rows or columns cannot be seen in this format"
        return {}, [astuple(Fault(file, 0, 0, message, "save it again as CSV, XLSX or ODS"))]
    try:
        return hidden_lines(part, kind, limits), []
    except ContainerFault as fault:
        return {}, [astuple(_unread(file, fault.reason, fault.detail))]


def _plain(line: Line) -> tuple[Any, ...]:
    return tuple(getattr(line, name) for name in line.__dataclass_fields__)


def _unread(name: str, reason: str, detail: str) -> Fault:
    return Fault(
        name, 0, 0, f"could not be read whole: {reason}: {detail}",
        "save it again as CSV, XLSX or ODS, without anything but the list",
    )  # fmt: skip
