"""`gateway releases diff`: what is different between two versions of a list, in plain words.

Exit codes: 0 where they agree, 1 where they differ, 2 on misuse or where one does not load.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from gateway.cli.list_versions import Version, compared
from gateway.cli.screen import forgiving
from gateway.cli.setting import Faulty, keyed, load_setting
from gateway.config import Config
from gateway.lists import approved_lists
from gateway.model.fault import Faults
from gateway.releases.register import read_versions
from gateway.yaml_source import parse, read


@click.command()
@click.argument("old")
@click.argument("new", required=False)
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
@click.option("--json", "as_json", is_flag=True, help="A JSON list of sentences.")
def diff(old: str, new: str | None, config_file: Path | None, as_json: bool) -> None:
    """Compare two release files, OLD and NEW; or the approved version of a release with its file
    (OLD is its id, and there is no NEW)."""
    config = load_setting(config_file)
    forgiving()
    try:
        texts = read_versions(config.rules.releases)
        if new is None:
            approved = approved_lists(config)
            if old not in texts and old not in approved:
                raise click.UsageError(
                    f"there is no release '{old}'; give one, or two files to compare"
                )
            before = approved.get(old)
            first, second = Version(old, before.text if before else None), texts.get(old)
            found = compared(config, texts, first, Version(old, second))
        else:
            found = _of_two(config, texts, old, new)
    except Faults as faults:
        raise Faulty(Faults(keyed(faults.faults, config))) from None
    if as_json:
        click.echo(json.dumps(list(found), ensure_ascii=False))
    else:
        click.echo("\n".join(found) or "nothing that counts is different")
    sys.exit(1 if found else 0)


def _of_two(config: Config, texts: Mapping[str, bytes], old: str, new: str) -> tuple[str, ...]:
    """Faults of the new version are said of the file that was given, wherever it lies."""
    one, other = _version(texts, old), _version(texts, new)
    try:
        return compared(config, texts, one, other)
    except Faults as found:
        raise Faults(
            replace(fault, file=new) if Path(fault.file).stem == other.id else fault
            for fault in found.faults
        ) from None


def _version(texts: Mapping[str, bytes], name: str) -> Version:
    """A file, or the release of that id as it is in the register."""
    path = Path(name)
    if not path.is_file() and name in texts:
        return Version(name, texts[name])
    text = read(path, name)
    value = parse(text, name).value
    release = value.get("release") if isinstance(value, dict) else None
    id = release.get("id") if isinstance(release, dict) else None
    return Version(id if isinstance(id, str) else path.stem, text)
