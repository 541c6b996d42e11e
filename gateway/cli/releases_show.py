"""`gateway releases list` and `show`: what the register says, as a statistician wants to read it.

Nothing is sent or stored. Whether somebody counts is asked of `decide.roster`, as for mail.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from gateway.cli.lists import load_lists, the_release
from gateway.cli.release_details import details
from gateway.cli.release_screen import print_details
from gateway.cli.releases_view import print_list, summary
from gateway.cli.screen import forgiving
from gateway.decide.embargo import embargoed
from gateway.model.instant import in_utc
from gateway.model.release import Release
from gateway.releases.entries import Unfit
from gateway.releases.values import instant_in

_config = click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
_A_SECOND = timedelta(seconds=1)


@click.command("list")
@_config
@click.option("--all", "everything", is_flag=True, help="Those that are published as well.")
@click.option("--json", "as_json", is_flag=True, help="A JSON list, one object a release.")
def list_(config_file: Path | None, everything: bool, as_json: bool) -> None:
    """List the releases: those to come first, the next one at the top."""
    now = datetime.now(UTC)
    _, register = load_lists(config_file)
    to_come = [r for r in register.releases.values() if embargoed(r, now)]
    over = [r for r in register.releases.values() if not embargoed(r, now)] if everything else []
    in_order = [
        *sorted(to_come, key=lambda r: (in_utc(r.instant), r.id)),
        *sorted(over, key=lambda r: (in_utc(r.instant), r.id), reverse=True),
    ]
    found = [summary(register, release, now) for release in in_order]
    forgiving()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    elif found:
        print_list(found)
    elif register.releases:
        click.echo("no release is to come; --all shows those that are published")
    else:
        click.echo("there are no releases")


@click.command()
@click.argument("release")
@_config
@click.option(
    "--at",
    help="Instant, ISO 8601; without an offset in the release's zone. Default: now while the "
    "window is open, before that its opening, after that the last second before publication.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(release: str, config_file: Path | None, at: str | None, as_json: bool) -> None:
    """Show one RELEASE: its roles and who holds them, who does not count and why."""
    now = datetime.now(UTC)
    _, register = load_lists(config_file)
    subject = the_release(register, release)
    shown = details(register, subject, now, _moment(at, subject, now))
    forgiving()
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
    else:
        print_details(shown)


def _moment(at: str | None, release: Release, now: datetime) -> datetime:
    """The moment that a reader most likely asks about."""
    if at is not None:
        try:
            return instant_in(release.zone)(at)
        except Unfit as unfit:
            raise click.UsageError(f"--at: {unfit}; {unfit.hint}") from None
    if now < release.opens:
        return release.opens
    return now if embargoed(release, now) else in_utc(release.instant) - _A_SECOND
