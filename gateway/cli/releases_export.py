"""`gateway releases export`: the list that is published, of titles alone."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gateway.cli.lists import load_lists, the_release
from gateway.releases.publishing.listing import published
from gateway.releases.publishing.page import as_page
from gateway.releases.publishing.sheet import as_sheet


@click.command()
@click.argument("release")
@click.option(
    "--format", "form", type=click.Choice(["html", "ods"]), default="html", show_default=True,
    help="A page of the web, or an OpenDocument spreadsheet.",
)  # fmt: skip
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Default: standard output."
)
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
def export(release: str, form: str, output: Path | None, config_file: Path | None) -> None:
    """Write the published list of RELEASE: job titles, organisations, numbers and reasons; no names
    and no addresses."""
    _, register = load_lists(config_file)
    subject = the_release(register, release)
    if not subject.roster.roles:
        raise click.ClickException(f"{release} has no roles, so that there is nothing to publish")
    if release in register.waiting:
        click.echo(f"note: {release}: {register.waiting[release]}", err=True)
    listing = published(subject)
    content = as_page(listing).encode() if form == "html" else as_sheet(listing)
    if output is None:
        if form == "ods" and sys.stdout.isatty():
            raise click.UsageError("a spreadsheet is nothing for a screen: give --output FILE")
        click.echo(content, nl=False)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror or 'cannot be written'}") from None
