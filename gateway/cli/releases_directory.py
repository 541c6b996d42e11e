"""`gateway releases directory`: what the office's directories say, how old it is, and what is wrong.

Exit 0 where every directory counts and every list in it can be taken apart, 1 where not. `--read`
asks the servers now, as a running gateway does by itself.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from gateway.cli.lists import load_lists
from gateway.cli.screen import forgiving, moment, screen
from gateway.cli.setting import load_setting
from gateway.config import Config
from gateway.lists import directory_files
from gateway.model.fault import Fault
from gateway.model.people import Source
from gateway.releases.directories.ldap import Unreadable
from gateway.releases.directories.renewal import renew


@dataclass(frozen=True, slots=True)
class _Shown:
    """The JSON object of a directory. `state` is current, stale or unread; `why` says why."""

    name: str
    kind: str
    place: str
    state: str
    why: str
    read: str | None
    until: str | None
    people: int
    lists: int
    faults: tuple[Fault, ...]


@click.command()
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
@click.option("--read", "ask", is_flag=True, help="Read the directories on servers now.")
@click.option("--json", "as_json", is_flag=True, help="A JSON list, one object a directory.")
def directory(config_file: Path | None, ask: bool, as_json: bool) -> None:
    """Say what the office's directories know, how old that is, and what is wrong with it."""
    failed = _renew(load_setting(config_file)) if ask else False
    now = datetime.now(UTC)
    config, register = load_lists(config_file)
    found = [_shown(source, now) for source in register.directory.sources]
    forgiving()
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    elif found:
        _print(found, config.department.zone)
    else:
        click.echo("no directory is configured (`directories` in the configuration)")
    sys.exit(1 if failed or any(one.faults or one.state != "current" for one in found) else 0)


def _renew(config: Config) -> bool:
    """Read every directory that is on a server; whether one could not be."""
    failed = False
    for file in directory_files(config):
        if file.server is None:
            continue
        try:
            renew(file, datetime.now(UTC))
        except (Unreadable, OSError) as error:
            click.echo(f"{file.name} was not read: {error}", err=True)
            failed = True
    return failed


def _shown(source: Source, now: datetime) -> _Shown:
    state, why = "current", ""
    if source.fault:
        state, why = "unread", source.fault
    elif source.until is not None and now > source.until:
        state, why = "stale", "it was last read too long ago"
    read, until = (at.isoformat() if at else None for at in (source.read, source.until))
    return _Shown(
        source.name, source.kind, source.place, state, why, read, until, source.people,
        source.groups, source.faults,
    )  # fmt: skip


def _print(found: Iterable[_Shown], zone: str) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("directory", "kind", "state", "read", "counts until", "people", "lists"):
        table.add_column(heading, overflow="fold")
    for one in found:
        read, until = (
            moment(datetime.fromisoformat(at), zone) if at else "never"
            for at in (one.read, one.until)
        )
        table.add_row(
            Text(one.name), one.kind, one.state, read, until, str(one.people), str(one.lists)
        )
    screen().print(table)
    for one in found:
        if one.state == "unread":
            click.echo(f"{one.name} {one.why}: nobody in it is known")
        elif one.state == "stale":
            click.echo(f"{one.name}: {one.why}; its lists count as unlisted")
        for fault in one.faults:
            click.echo(f"{one.name}: {fault}")
