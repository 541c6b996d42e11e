"""`gateway releases import`: roles and people from a file that somebody keeps elsewhere.

Nothing is written unless the whole register would load with it; then the release file is replaced
at once. Exit codes: 0 done (or nothing to do), 1 not written, 2 with every fault of every row.
"""

from __future__ import annotations

import json
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

import click

from gateway.cli.list_file import read_listings
from gateway.cli.list_import import as_sections, brought_in
from gateway.cli.screen import forgiving
from gateway.cli.setting import Faulty, keyed, load_setting
from gateway.config import Config
from gateway.lists import approved_lists, load_files
from gateway.model.fault import Faults
from gateway.releases.approval import changed_by, same_list
from gateway.releases.entries import Unfit
from gateway.releases.importing.draft import merged
from gateway.releases.register import read_versions
from gateway.releases.values import address


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE…",
                type=click.Path(path_type=Path, dir_okay=False))  # fmt: skip
@click.option("--into", metavar="RELEASE", help="The release whose list it is; else it is shown.")
@click.option("--by", metavar="ADDRESS", help="Who changes the list; noted in its file.")
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def import_(
    files: tuple[Path, ...], into: str | None, by: str | None, dry_run: bool,
    config_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Bring in roles and people from FILE: CSV, XLSX, ODS, or a published page (titles only)."""
    config = load_setting(config_file)
    forgiving()
    try:
        texts = read_versions(config.rules.releases)
        if into is not None and into not in texts:
            known = ", ".join(id for id in texts if not id.startswith("_")) or "none"
            raise click.UsageError(
                f"there is no release '{into}': write its file with title and instant first;"
                f" there are: {known}"
            )
        register = load_files(config, texts)
        listing = merged(read_listings(files, config))
        today = datetime.now(UTC).date()
        sentences: tuple[str, ...] = ()
        if into is None:
            text = as_sections(listing, register.directory, today)
        else:
            text, sentences = brought_in(
                config,
                register.directory,
                texts,
                into,
                _authors(config, into, by, texts[into]),
                listing,
                today,
            )
    except Faults as faults:
        raise Faulty(Faults(keyed(faults.faults, config))) from None
    done = bool(into and sentences and not dry_run)
    if into and done:
        _write(config.rules.releases / f"{into}.yaml", text, texts[into])
    if as_json:
        shown = {
            "release": into, "written": done, "differences": list(sentences),
            "notes": list(listing.notes), "text": None if into else text,
        }  # fmt: skip
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for note in listing.notes:
        click.echo(f"note: {note}", err=True)
    if into is None:
        click.echo(text, nl=False)
        return
    click.echo("\n".join(sentences) or "nothing that counts is different")
    if dry_run:
        click.echo("nothing was written")
    elif done:
        click.echo(f"{config.rules.releases / f'{into}.yaml'}: written")
        if config.rules.approval != "none":
            click.echo(f"it waits for a second person: gateway releases approve {into} --by …")


def _authors(config: Config, into: str, by: str | None, old: bytes) -> tuple[str, ...]:
    """Who changes the list, and who changed it since it was approved last: none of them may
    approve it. Raises Faults where the store cannot say."""
    if config.rules.approval == "none":
        return (_address(by),) if by else ()
    if by is None:
        raise click.UsageError("lists need approval: say who changes this one with --by")
    version = approved_lists(config).get(into)
    waits = version is None or version.text is None or not same_list(version.text, old)
    return tuple(dict.fromkeys((*(changed_by(old) if waits else ()), _address(by))))


def _address(by: str) -> str:
    try:
        return address(by)
    except Unfit as unfit:
        raise click.UsageError(f"--by: {unfit}; {unfit.hint}") from None


def _write(path: Path, text: str, before: bytes) -> None:
    """The whole file at once, and only in place of what was read."""
    path = path.resolve()  # what a link leads to is written, and the link stays
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        if path.read_bytes() != before:
            raise click.ClickException(
                f"{path}: somebody changed it meanwhile; nothing was written"
            )
        with draft.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(path.stat().st_mode & 0o777)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        reason = error.strerror or "cannot be written"
        raise click.ClickException(f"{path}: {reason}; nothing was written") from None
