"""`gateway check`: everything that is wrong with configuration, rules, lists and machine, at once.

Exit 0 where all is well, 1 with faults, 2 where the configuration itself is faulty (then too the
rest is checked, as far as it is known).
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gateway.cli.setting import Faulty, setting_path
from gateway.cli.surroundings import surroundings
from gateway.config import Reading, read_config
from gateway.decide.embargo import embargoed
from gateway.model.fault import Fault, Faults
from gateway.model.instant import in_utc
from gateway.model.release import Register, Release
from gateway.releases import concerns, load_register


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
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def check(config_file: Path | None, as_json: bool) -> None:
    """List everything that is wrong with the configuration and what it refers to."""
    path = setting_path(config_file)
    now = datetime.now(UTC)
    try:
        reading = read_config(path)
    except Faults as faults:
        if as_json:
            _print_json(_Report(faults.faults, (), None, None), now)
            sys.exit(2)
        raise Faulty(faults) from None
    report = _examine(reading, now)
    if as_json:
        _print_json(report, now)
    else:
        _print(report, path, now)
    sys.exit(2 if reading.faults else 1 if report.faults else 0)


def _examine(reading: Reading, now: datetime) -> _Report:
    from gateway.rulebook import load_rulebook

    config = reading.config
    faults = list(reading.faults)
    rules, register = None, None
    try:
        rules = len(load_rulebook(config.rules.policy).rules)
    except Faults as found:
        faults += found.faults
    try:
        register = load_register(
            config.rules.releases,
            config.rules.domains,
            config.department.zone,
            config.department.domains,
        )
    except Faults as found:
        faults += found.faults
    faults += surroundings(reading)
    warnings = concerns(register, now) if register else ()
    return _Report(tuple(sorted(faults)), warnings, rules, register)


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
    click.echo(f"{path}: in order, {report.rules} rules, {len(releases)} releases")
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
