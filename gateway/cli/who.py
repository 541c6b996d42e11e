"""`gateway who`: who may receive a release at an instant, who would be held, and why."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gateway.cli.setting import Faulty, load_setting
from gateway.decide.embargo import embargoed
from gateway.decide.roster import standing
from gateway.model.fault import Faults
from gateway.model.release import Register, Release, Standing
from gateway.releases import load_register
from gateway.releases.entries import Unfit
from gateway.releases.values import instant_in


@click.command()
@click.argument("release")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS…")
@click.option(
    "--at", help="Instant, ISO 8601; without an offset in the release's zone. Default: now."
)
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
@click.option("--json", "as_json", is_flag=True, help="A JSON list, one object an address.")
def who(
    release: str,
    addresses: tuple[str, ...],
    at: str | None,
    config_file: Path | None,
    as_json: bool,
) -> None:
    """Say for each ADDRESS whether it may receive RELEASE, and why."""
    register = _register(config_file)
    subject = register.releases.get(release)
    if subject is None:
        known = ", ".join(sorted(register.releases)) or "none"
        raise click.UsageError(f"there is no such release; the register has: {known}")
    now = _instant(at, subject)
    standings = [standing(register, subject, address, now) for address in addresses]
    if as_json:
        click.echo(json.dumps([_as_object(one) for one in standings], ensure_ascii=False))
    else:
        _print(subject, standings, now)


def _register(config_file: Path | None) -> Register:
    config = load_setting(config_file)
    rules = config.rules
    try:
        return load_register(
            rules.releases, rules.domains, config.department.zone, config.department.domains
        )
    except Faults as faults:
        raise Faulty(faults) from None


def _instant(at: str | None, release: Release) -> datetime:
    if at is None:
        return datetime.now(UTC)
    try:
        return instant_in(release.zone)(at)
    except Unfit as unfit:
        raise click.UsageError(f"--at: {unfit}; {unfit.hint}") from None


def _as_object(one: Standing) -> dict[str, str | bool | None]:
    return {
        "address": one.address,
        "release": one.release,
        "allowed": one.allowed,
        "status": one.status,
        "role": one.role,
        "sentence": one.sentence,
    }


def _print(release: Release, standings: list[Standing], now: datetime) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("address", "may receive it", "status", "why"):
        table.add_column(heading, overflow="fold")
    for one in standings:
        answer = "yes" if one.allowed else "no, held"
        table.add_row(Text(one.address), answer, one.status, Text(one.sentence))
    console = Console(highlight=False)
    console.print(table)
    if not embargoed(release, now):
        console.print("The embargo is over at that instant: everybody may receive it.")
