"""`gateway scan`: what files are, before somebody sends them; nothing is sent and nothing is stored.

Files are read as the gateway reads attachments: simple text here, everything else in a sandboxed
child. A file that could not be read is `unreadable`, never clean.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Iterator, Literal

import click

from gateway.act.composition import shown
from gateway.cli.scan_view import SCALE, show
from gateway.cli.screen import forgiving, screen
from gateway.cli.setting import load_setting
from gateway.config import Config
from gateway.detect.microdata import Signal, TableVerdict, judge
from gateway.detect.microdata.stacked import Stacked, of_units
from gateway.extract import SandboxNeeded, read_nested, reads_in_worker
from gateway.extract.sandbox import Sandbox, SandboxFailure
from gateway.lists import read_lists
from gateway.model.content import Content, Table, Text
from gateway.model.fault import Faults
from gateway.model.file_digest import FileDigest
from gateway.model.limits import ParseLimits, ReadLimits
from gateway.model.message import Gap, Location, Part
from gateway.model.register import Register, SyntheticFile
from gateway.parse import parse_message

Visibility = Literal["visible", "hidden", "very-hidden"]
Judged = tuple[TableVerdict, Visibility]
Packed = tuple[FileDigest, ...]
Reading = tuple[tuple[Judged, ...], tuple[Gap, ...], Packed]

# Worst first: what a careful person would want to hear of before anything else.
_ORDER = ("microdata", "unsure", "unreadable", "aggregate", "not-a-table")


@dataclass(frozen=True, slots=True)
class Limits:
    """On what files hold, and on the structure of messages among them."""

    read: ReadLimits = field(default_factory=ReadLimits)
    structure: ParseLimits = field(default_factory=ParseLimits)


@dataclass(frozen=True, slots=True)
class Scanned:
    """One file's verdict: the worst of its tables and gaps. `visibility` is that table's.

    `also` are the other tables that need a look: (where, verdict, data rows). `changes` says what
    would change the verdict, `synthetic` are the register's entries for exactly these bytes.
    """

    file: str
    verdict: str
    where: str
    rows: int
    columns: int
    signals: tuple[Signal, ...]
    gaps: tuple[Gap, ...]
    identifiers: tuple[str, ...] = ()
    tables: int = 0
    visibility: Visibility = "visible"
    also: tuple[tuple[str, str, int], ...] = ()
    changes: tuple[str, ...] = ()
    synthetic: tuple[SyntheticFile, ...] = ()


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON list with an object a file.")
def scan(files: tuple[str, ...], config_file: Path | None, as_json: bool) -> None:
    """Say of each FILE whether it holds unit records, and why."""
    for file in files:
        if os.path.isdir(file):
            raise click.UsageError(f"{shown(file)} is a folder; name the files in it")
        if not os.path.exists(file):
            raise click.UsageError(f"{shown(file)}: no such file")
    scanned = asyncio.run(scan_files(files, load_setting(config_file)))
    forgiving()
    if as_json:
        click.echo(json.dumps([as_object(one) for one in scanned], ensure_ascii=False))
        return
    console = screen(soft_wrap=True)
    for one in scanned:
        show(console, one)
    if any(one.signals and one.verdict != "not-a-table" for one in scanned):
        console.print(SCALE, markup=False)


async def scan_files(files: tuple[str, ...], config: Config) -> list[Scanned]:
    """Judge files one after the other; children are started only where one is needed."""
    limits = Limits(config.limits.read, config.limits.parse)
    register = _register(config)
    now = datetime.now(UTC)
    sandbox: Sandbox | None = None
    scanned = []
    try:
        for file in files:
            part = _load(file, config.limits.decoded_bytes)
            if isinstance(part, Gap):
                scanned.append(conclude(file, ((), (part,), ())))
                continue
            reading: Reading | None = None
            if reads_in_worker(part, limits.read):
                with suppress(SandboxNeeded):
                    reading = read_tables(limits, part, in_worker=True)
            if reading is None:
                if sandbox is None:
                    sandbox = Sandbox(
                        read_tables, same_limits, limits, 1, config.sandbox.jobs, limits.read
                    )
                reading = await _in_sandbox(sandbox, part)
            one = conclude(file, reading)
            digest = FileDigest(hashlib.sha256(part.content).hexdigest(), reading[2])
            entries = register.synthetic_files(digest, now)
            scanned.append(replace(one, synthetic=entries))
    finally:
        if sandbox is not None:
            await sandbox.close()
    return scanned


def same_limits(limits: Limits) -> Limits:
    """What a sandboxed child builds: the limits are all it needs."""
    return limits


def read_tables(limits: Limits, part: Part, in_worker: bool = False) -> Reading:
    """Every table's verdict, every gap, and the files that it packs; the tables themselves stay
    in this process.

    Raises SandboxNeeded, in the worker only.
    """
    verdicts: list[Judged] = []
    gaps: list[Gap] = []
    packed: Packed = ()
    stacked = Stacked()
    parse = partial(parse_message, limits=limits.structure)

    def contents() -> Iterator[Content]:
        nonlocal packed
        packed = yield from read_nested(part, limits.read, parse, in_worker)

    def note(table: Table, one_of_many: bool = False) -> None:
        try:
            verdict = judge(table)
        except Exception as error:  # noqa: BLE001 - a detector that fails is a Gap (law 3)
            detail = f"the table could not be judged ({type(error).__name__})"
            gaps.append(Gap(table.location, "crashed", detail))
            return
        if not one_of_many or of_units(verdict):
            verdicts.append((_within(verdict, table), table.visibility))
        if not one_of_many and verdict.verdict != "microdata":
            stacked.add(table)

    for content in contents():
        if isinstance(content, Gap):
            gaps.append(content)
        elif isinstance(content, Table):
            note(content)
        elif isinstance(content, Text):
            stacked.add_text(content)
    for table in stacked.tables():
        note(table, one_of_many=True)
    return tuple(verdicts), tuple(gaps), packed


def _within(verdict: TableVerdict, table: Table) -> TableVerdict:
    """Of a table in an archive or attached file it is said in which one."""
    place = table.location
    if "!" not in place.part or not place.name:
        return verdict
    return replace(verdict, where=f"{place.name}: {verdict.where or place.where}")


def conclude(file: str, reading: Reading) -> Scanned:
    """The worst verdict in a file wins; a gap is worse than a harmless table."""
    verdicts, gaps, _ = reading
    first = min(
        verdicts,
        key=lambda judged: (_ORDER.index(judged[0].verdict), -judged[0].score),
        default=None,
    )
    verdict: str = first[0].verdict if first else "not-a-table"
    unread = any(map(_matters, gaps)) or (first is None and any(map(_is_whole, gaps)))
    if unread and _ORDER.index("unreadable") < _ORDER.index(verdict):
        verdict = "unreadable"
    if first is None:
        return Scanned(file, verdict, "", 0, 0, (), gaps)
    worst, visibility = first
    kinds = tuple(sorted({kind for judged, _ in verdicts for kind in judged.identifiers}))
    also = tuple(
        (judged.where, judged.verdict, judged.rows)
        for judged, _ in verdicts
        if judged is not worst and judged.verdict in ("microdata", "unsure")
    )
    where = worst.where if worst.verdict != "not-a-table" else ""
    return Scanned(
        file, verdict, where, worst.rows, worst.columns, worst.signals, gaps, kinds,
        len(verdicts), visibility, also, worst.changes,
    )  # fmt: skip


def _is_whole(gap: Gap) -> bool:
    """About the file itself, not about something embedded in it: a scanned page, a picture."""
    return "!" not in gap.location.part


def _matters(gap: Gap) -> bool:
    """Whether a table could be in what was not read: pictures and sounds hold none to be judged."""
    return not gap.detected_type.startswith(("image/", "audio/", "video/", "font/"))


def _register(config: Config) -> Register:
    """For the synthetic files in it; where it does not load, none is known, which is said."""
    try:
        return read_lists(config)
    except Faults:
        click.echo(
            "the register of releases does not load, so no file counts as synthetic; "
            "`gateway check` says why",
            err=True,
        )
        return Register()


def as_object(one: Scanned) -> dict[str, Any]:
    """The JSON object of the command-line contract (DESIGN section 6)."""
    return {
        "file": one.file,
        "verdict": one.verdict,
        "where": one.where,
        "rows": one.rows,
        "columns": one.columns,
        "signals": [{"name": s.name, "weight": s.weight, "why": s.why} for s in one.signals],
        "gaps": [
            {"part": g.location.part, "name": g.location.name, "reason": g.reason} for g in one.gaps
        ],
    }


def _load(file: str, limit: int) -> Part | Gap:
    path = Path(file)
    place = Location("1", path.name)
    try:
        if path.stat().st_size > limit:
            return Gap(place, "limit", f"larger than {limit} bytes")
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "cannot be opened"
        return Gap(place, "unreadable", reason)
    return Part("1", "application/octet-stream", "attachment", content, path.name)


async def _in_sandbox(sandbox: Sandbox, part: Part) -> Reading:
    try:
        reading: Reading = await sandbox.run(part)
    except SandboxFailure as failure:
        return (), (Gap(part.location, failure.reason, failure.detail),), ()
    return reading
