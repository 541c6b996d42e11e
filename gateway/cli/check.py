"""`gateway check`: everything that is wrong with configuration, rules, lists and machine, at once.

Exit 0 where all is well, 2 where something that people wrote is faulty, 1 where only the machine
is not ready or the audit was changed. A faulty part does not keep the others from being checked.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gateway.cli.material_check import of_material
from gateway.cli.readiness import doubts, readiness
from gateway.cli.setting import Faulty, read_setting, setting_path
from gateway.config import Config
from gateway.decide.embargo import embargoed
from gateway.lists import calendars
from gateway.model.fault import Fault, Faults
from gateway.model.instant import in_utc
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.releases import concerns
from gateway.releases.calendar_concerns import of_snapshots
from gateway.store import Store, StoreError


@dataclass(frozen=True, slots=True)
class _Report:
    faults: tuple[Fault, ...]
    warnings: tuple[str, ...]
    rules: int | None
    register: Register | None


@click.command()
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
@click.option("--no-ports", is_flag=True, help="Do not look whether the ports are free.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def check(config_file: Path | None, no_ports: bool, as_json: bool) -> None:
    """List everything that is wrong with the configuration and what it refers to."""
    now = datetime.now(UTC)
    try:
        reading = read_setting(config_file)
    except Faults as faults:
        if as_json:
            _print_json(_Report(faults.faults, (), None, None), now)
            sys.exit(2)
        raise Faulty(faults) from None
    ready = readiness(reading, ports=not no_ports)
    told = of_snapshots(calendars(reading.config), now)
    of_lists = concerns(ready.register, now) if ready.register else ()
    unusable, of_packs = of_material(reading, ready.register, now)
    warnings = (*doubts(reading.config), *told, *of_lists, *of_packs)
    broken = (*_of_audit(reading.config), *unusable)
    report = _Report((*ready.faults, *broken), warnings, ready.rules, ready.register)
    if as_json:
        _print_json(report, now)
    else:
        _print(report, setting_path(config_file), now)
    sys.exit(ready.exit_code or bool(broken))


def _of_audit(config: Config) -> Iterator[Fault]:
    """Where the chain of the audit breaks; a store that cannot be opened is told elsewhere."""
    settings = config.store
    if not settings.path.exists():
        return
    try:
        with closing(Store.open(settings.path, settings.key_file, settings.busy_timeout)) as store:
            fault = store.verify().fault
    except StoreError:
        return
    if fault:
        message = f"somebody else has changed the audit: {fault}"
        hint = "keep a copy of the file and of what lies beside it; early lifts may not count"
        yield Fault(str(settings.path), 0, 0, message, hint)


def _print(report: _Report, path: Path, now: datetime) -> None:
    for fault in report.faults:
        click.echo(fault, err=True)
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
    if report.faults:
        count = len(report.faults)
        click.echo(f"{count} fault{'s' if count > 1 else ''} found; see above", err=True)
        return
    releases = report.register.releases if report.register else {}
    doubtful = len(report.warnings)
    warned = f", with {doubtful} warning{'s' if doubtful > 1 else ''}" if doubtful else ""
    many = f"{len(releases)} release{'s' if len(releases) != 1 else ''}"
    click.echo(f"{path}: in order{warned}; {report.rules} rules, {many}")
    release = _next(report.register, now)
    if release:
        local = release.instant.astimezone(ZoneInfo(release.zone))
        when = f"{local:%A} {local.day} {local:%B %Y at %H:%M} ({release.zone})"
        click.echo(f"next publication: {release.id}, {when}")


def _print_json(report: _Report, now: datetime) -> None:
    release = _next(report.register, now)
    click.echo(
        json.dumps(
            {
                "ok": not report.faults,
                "faults": [asdict(fault) for fault in report.faults],
                "warnings": list(report.warnings),
                "rules": report.rules,
                "releases": len(report.register.releases) if report.register else None,
                "next": {"release": release.id, "instant": release.instant.isoformat()}
                if release
                else None,
            }
        )
    )


def _next(register: Register | None, now: datetime) -> Release | None:
    """The release whose embargo is the next to end; those without a date are left out."""
    coming = [
        release
        for release in (register.releases.values() if register else ())
        if embargoed(release, now)
        and in_utc(release.instant) > now
        and release.state != "cancelled"
    ]
    return min(coming, key=lambda release: in_utc(release.instant), default=None)
