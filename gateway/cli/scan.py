"""`gateway scan`: what files are, before somebody sends them; nothing is sent and nothing is stored.

Files are read as the gateway reads attachments: simple text here, everything else in a sandboxed
child. A file that could not be read is `unreadable`, never clean.
"""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Iterator, Literal

import click
from rich.console import Console

from gateway.act.composition import shown
from gateway.cli.screen import forgiving, screen
from gateway.cli.setting import load_setting
from gateway.config import Config
from gateway.detect.microdata import Signal, TableVerdict, judge
from gateway.extract import read_nested, reads_in_worker
from gateway.extract.sandbox import Sandbox, SandboxFailure
from gateway.model.content import Table
from gateway.model.limits import ParseLimits, ReadLimits
from gateway.model.message import Gap, GapReason, Location, Part
from gateway.parse import parse_message

Visibility = Literal["visible", "hidden", "very-hidden"]
Reading = tuple[tuple[tuple[TableVerdict, Visibility], ...], tuple[Gap, ...]]

# Worst first: what a careful person would want to hear of before anything else.
_ORDER = ("microdata", "unsure", "unreadable", "aggregate", "not-a-table")
_MEANING = {
    "microdata": "rows look like records of persons, households or firms",
    "unsure": "could be records of units; a person has to look",
    "unreadable": "not everything in this file could be read, so nobody can say",
    "aggregate": "looks like a table of counts or other figures, not like records of units",
    "not-a-table": "no table found",
}
_ADVICE = {
    "microdata": "Do not send it by mail. If it is meant to leave, use the agreed route for unit records; if it should be a table, aggregate it first and look for hidden sheets.",
    "unsure": "Have somebody who knows the material look at the columns named above before it is sent.",
    "unreadable": "Until somebody has looked at it, treat it as if it held what it must not.",
    "aggregate": "Still check whether it is released: figures before their publication time go to the listed people only.",
    "not-a-table": "Text is not judged here; markings and embargoes are what `gateway inspect` looks for.",
}
_MENDING: dict[GapReason, str] = {
    "encrypted": "Send it without encryption, or show it to the security officer: nobody can look into what is locked.",
    "no-reader": "The gateway cannot read this format yet; send CSV, XLSX or plain text, or show it to the security officer.",
    "unreadable": "Open it and save it anew; it may be damaged.",
    "limit": "It is larger than the gateway reads; send a smaller part of it.",
    "timeout": "It takes longer to read than the gateway waits; send a simpler or smaller version.",
    "crashed": "Reading it failed; save it in another format, such as CSV or XLSX.",
}
_UNSEEN: dict[Visibility, str] = {
    "hidden": "it is HIDDEN: whoever opens the file does not see it, and can show it with two clicks",
    "very-hidden": "it is VERY HIDDEN: the program does not even list it, and it is in the file all the same",
}
_SCALE = "numbers: +1.0 makes records of units about 3 times as likely, +2.0 about 7 times, and -1.0 a third as likely"


@dataclass(frozen=True, slots=True)
class Scanned:
    """One file's verdict: the worst of its tables and gaps. `visibility` is that table's."""

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
        _print(console, one)
    if any(one.signals and one.verdict != "not-a-table" for one in scanned):
        console.print(_SCALE, markup=False)


async def scan_files(files: tuple[str, ...], config: Config) -> list[Scanned]:
    """Judge files one after the other; children are started only where one is needed."""
    limits = config.limits.read
    sandbox: Sandbox | None = None
    scanned = []
    try:
        for file in files:
            part = _load(file, config.limits.decoded_bytes)
            if isinstance(part, Gap):
                scanned.append(conclude(file, ((), (part,))))
                continue
            if reads_in_worker(part, limits):
                reading = read_tables(limits, part)
            else:
                if sandbox is None:
                    sandbox = Sandbox(
                        read_tables, same_limits, limits, 1, config.sandbox.jobs, limits
                    )
                reading = await _in_sandbox(sandbox, part)
            scanned.append(conclude(file, reading))
    finally:
        if sandbox is not None:
            await sandbox.close()
    return scanned


def same_limits(limits: ReadLimits) -> ReadLimits:
    """What a sandboxed child builds: the limits are all it needs."""
    return limits


def read_tables(limits: ReadLimits, part: Part) -> Reading:
    """Every table's verdict and every gap; the tables themselves stay in this process."""
    verdicts, gaps = [], []
    for content in read_nested(part, limits, partial(parse_message, limits=ParseLimits())):
        if isinstance(content, Gap):
            gaps.append(content)
        elif isinstance(content, Table):
            try:
                verdicts.append((judge(content), content.visibility))
            except Exception as error:  # noqa: BLE001 - a detector that fails is a Gap (law 3)
                detail = f"the table could not be judged ({type(error).__name__})"
                gaps.append(Gap(content.location, "crashed", detail))
    return tuple(verdicts), tuple(gaps)


def conclude(file: str, reading: Reading) -> Scanned:
    """The worst verdict in a file wins; a gap is worse than a harmless table."""
    verdicts, gaps = reading
    first = min(
        verdicts,
        key=lambda judged: (_ORDER.index(judged[0].verdict), -judged[0].score),
        default=None,
    )
    verdict: str = first[0].verdict if first else "not-a-table"
    if gaps and _ORDER.index("unreadable") < _ORDER.index(verdict):
        verdict = "unreadable"
    if first is None:
        return Scanned(file, verdict, "", 0, 0, (), gaps)
    worst, visibility = first
    kinds = tuple(sorted({kind for judged, _ in verdicts for kind in judged.identifiers}))
    return Scanned(
        file, verdict, worst.where, worst.rows, worst.columns, worst.signals, gaps, kinds,
        len(verdicts), visibility,
    )  # fmt: skip


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
        return (), (Gap(part.location, failure.reason, failure.detail),)
    return reading


def _print(console: Console, one: Scanned) -> None:
    console.print(f"[bold]{one.verdict.upper()}[/bold]  ", end="")
    console.print(shown(one.file), markup=False)

    def say(line: str) -> None:
        console.print(f"  {line}", markup=False)

    say(_MEANING[one.verdict])
    if one.verdict != "not-a-table":
        for line in _of_table(one):
            say(line)
    for gap in one.gaps:
        place = shown(gap.location.where or gap.location.name or "")
        say(f"not read: {place}: {gap.reason}{' – ' if gap.detail else ''}{shown(gap.detail)}")
    say(f"what to do: {_ADVICE[one.verdict]}")
    for reason in dict.fromkeys(gap.reason for gap in one.gaps):
        say(f"about what was not read: {_MENDING[reason]}")


def _of_table(one: Scanned) -> Iterator[str]:
    """Where the worst table is, and the reasons."""
    if one.where and one.rows:
        more = f" (the worst of {one.tables} tables)" if one.tables > 1 else ""
        yield f"where: {shown(one.where)}; {one.rows} data rows, {one.columns} columns{more}"
    if one.visibility != "visible":
        yield _UNSEEN[one.visibility]
    for title, sign in (("speaks for records:", 1), ("speaks against:", -1)):
        chosen = [s for s in one.signals if s.weight * sign > 0][:4]
        if chosen:
            yield title
        for signal in chosen:
            yield f"  {signal.weight:+.1f}  {signal.why}"
    if one.identifiers:
        yield f"whole columns of direct identifiers: {', '.join(one.identifiers)}"
