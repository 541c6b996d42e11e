"""`gateway releases calendar`: what the calendars say beside the register, how old that is, and
where the two disagree.

Nothing is fetched: it is what the running gateway goes by. Exit codes: 0 where calendars and
register agree, 1 where there is something to resolve, 2 where the lists do not load.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.table import Table
from rich.text import Text

from gateway.cli.screen import forgiving, moment, screen
from gateway.cli.setting import Faulty, keyed, load_setting
from gateway.decide.embargo import embargoed, unconfirmed
from gateway.lists import as_written, calendars
from gateway.model.announcement import Snapshot
from gateway.model.fault import Faults
from gateway.model.instant import in_utc
from gateway.model.release import Release
from gateway.releases.calendar_concerns import of_snapshots
from gateway.releases.reconciliation import reconciled
from gateway.releases.wording import length


@click.command("calendar")
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
@click.option("--all", "everything", is_flag=True, help="Releases that are out as well.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def calendar(config_file: Path | None, everything: bool, as_json: bool) -> None:
    """Show what calendars of announcements say of each release."""
    now = datetime.now(UTC)
    config = load_setting(config_file)
    try:
        written = as_written(config)
    except Faults as faults:
        raise Faulty(Faults(keyed(faults.faults, config))) from None
    snapshots = calendars(config)
    register = reconciled(written, snapshots)
    conflicts = {conflict.release: conflict.sentence for conflict in register.conflicts}
    shown = [
        _release(written.releases[release.id], release, conflicts.get(release.id), now)
        for release in sorted(register.releases.values(), key=lambda r: (in_utc(r.instant), r.id))
        if everything or embargoed(release, now) or release.id in conflicts
    ]
    told = list(of_snapshots(snapshots, now))
    forgiving()
    if as_json:
        found = [_calendar(snapshot, now) for snapshot in snapshots]
        said = {"calendars": found, "warnings": told, "releases": shown}
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        _print(snapshots, told, shown, config.department.zone, now)
    sys.exit(1 if conflicts or any(snapshot.read is None for snapshot in snapshots) else 0)


def _calendar(snapshot: Snapshot, now: datetime) -> dict[str, Any]:
    read = snapshot.read
    return {
        "name": snapshot.name,
        "read": read.isoformat() if read else None,
        "valid_until": (read + snapshot.valid).isoformat() if read else None,
        "fresh": read is not None and in_utc(now) <= in_utc(read) + snapshot.valid,
        "announcements": len(snapshot.announcements),
        "faults": [str(fault) for fault in snapshot.faults],
    }


def _release(
    written: Release, release: Release, conflict: str | None, now: datetime
) -> dict[str, Any]:
    entry = release.calendar
    return {
        "release": release.id,
        "title": release.title,
        "zone": release.zone,
        "register": {"instant": _local(written.instant, release), "state": written.state},
        "calendar": entry
        and {
            "name": entry.source,
            "by": "key" if release.announced else "title",
            "instant": entry.instant and _local(entry.instant, release),
            "state": entry.state if not entry.doubt else None,
            "read": entry.read and _local(entry.read, release),
            "doubt": entry.doubt or None,
        },
        "counts": {"instant": _local(release.instant, release), "state": release.state},
        "waits": unconfirmed(release, now) or None,
        "conflict": conflict,
    }


def _local(at: datetime, release: Release) -> str:
    return at.astimezone(ZoneInfo(release.zone)).isoformat()


def _print(
    snapshots: tuple[Snapshot, ...], told: list[str], shown: list[dict[str, Any]], zone: str,
    now: datetime,
) -> None:  # fmt: skip
    if not snapshots:
        click.echo("there are no calendars; they stand under 'calendars' in the configuration")
    for snapshot in snapshots:
        read = snapshot.read
        age = f"{length((in_utc(now) - in_utc(read)).total_seconds())} ago" if read else "never"
        when = f", {moment(read, zone)}" if read else ""
        many = len(snapshot.announcements)
        click.echo(f"{snapshot.name}: read {age}{when}; {many} announcements")
    for line in told:
        click.echo(f"warning: {line}")
    table = Table(box=None, pad_edge=False)
    for heading in ("release", "register", "calendar", ""):
        table.add_column(heading, overflow="fold")
    for one in shown:
        table.add_row(
            Text(f"{one['release']}\n{one['title']}"),
            Text(_said(one["register"], one["zone"])),
            Text(_theirs(one)),
            Text("DIFFER" if one["conflict"] else "waits" if one["waits"] else ""),
        )
    if shown:
        screen().print(table)
    for one in shown:
        if said := one["conflict"] or one["waits"]:
            screen().print(Text(f"{one['release']}: {said}"))


def _theirs(one: dict[str, Any]) -> str:
    entry = one["calendar"]
    if entry is None:
        return "in none"
    if entry["doubt"]:
        return f"{entry['name']}: nothing"
    return f"{entry['name']}: {_said(entry, one['zone'])}"


def _said(one: dict[str, Any], zone: str) -> str:
    when = moment(datetime.fromisoformat(one["instant"]), zone) if one["instant"] else "no day"
    return f"{when}\n{one['state']}"
