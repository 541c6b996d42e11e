"""`gateway releases check`: what is worth a look in the lists of releases that are still to come.

Exit codes: 0 with nothing to say, 1 with warnings, 2 where the lists do not load. Nothing is sent
or stored; what nobody knows (no deliveries yet, a page that cannot be read) is said, and is no warning.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from gateway.cli.list_file import read_listings
from gateway.cli.lists import load_lists, the_release
from gateway.cli.screen import forgiving
from gateway.config import Config
from gateway.decide.roster import domain_class, standing
from gateway.model.address import normalise_address
from gateway.model.fault import Faults
from gateway.model.instant import in_utc
from gateway.model.receipt import Receipt
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.releases.hygiene import Circumstances, Remark, hygiene
from gateway.store import Store, StoreError
from gateway.yaml_source import Document, load, parse


@click.command()
@click.argument("releases", nargs=-1, metavar="[RELEASE…]")
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
@click.option("--json", "as_json", is_flag=True, help="A JSON list, one object a remark.")
def check(releases: tuple[str, ...], config_file: Path | None, as_json: bool) -> None:
    """Look through the lists of RELEASE… (default: all that are to come)."""
    now = datetime.now(UTC)
    config, register = load_lists(config_file)
    subjects = [the_release(register, id) for id in releases] or _to_come(register, now)
    known = Circumstances(
        partial(standing, register), partial(domain_class, register), _receipts(config),
        _published(config, subjects),
    )  # fmt: skip
    forgiving()
    found: list[dict[str, Any]] = []
    for release in subjects:
        remarks = hygiene(register, release, now, known)
        if not remarks:
            continue
        file = config.rules.releases / f"{release.id}.yaml"
        document = _document(file)
        for remark in remarks:
            person = register.directory.person_of.get(remark.address)
            line = _line(document, remark, person.id if person else "")
            found.append(_object(remark, file, line))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        for one in found:
            place = f"{one['file']}:{one['line']}" if one["line"] else one["release"]
            click.echo(f"{place}: {'' if one['warning'] else 'note: '}{one['sentence']}")
        if not found:
            click.echo("nothing to say" if subjects else "no release is to come")
    sys.exit(1 if any(one["warning"] for one in found) else 0)


def _to_come(register: Register, now: datetime) -> list[Release]:
    coming = [
        release
        for release in register.releases.values()
        if in_utc(release.instant) > now and release.state != "cancelled"
    ]
    return sorted(coming, key=lambda release: in_utc(release.instant))


def _receipts(config: Config) -> tuple[Receipt, ...]:
    """None where there is no store yet, or it cannot be read; then that is said of itself."""
    settings = config.store
    if not settings.path.exists():
        return ()
    try:
        store = Store.open(settings.path, settings.key_file, settings.busy_timeout)
        try:
            return store.receipts()
        finally:
            store.close()
    except StoreError as error:
        click.echo(f"note: the store cannot say what was delivered: {error}", err=True)
        return ()


def _published(config: Config, releases: Sequence[Release]) -> Mapping[str, tuple[str, ...]]:
    """The titles of the pages that releases name, from files; a page of the web is not fetched."""
    found: dict[str, tuple[str, ...]] = {}
    for release in releases:
        file = config.rules.releases / release.published
        if not release.published or not file.is_file():
            continue
        try:
            (listing,) = read_listings([file], config)
        except Faults as faults:
            click.echo(faults, err=True)
            continue
        found[release.id] = tuple(line.title for line in listing.lines)
    return found


def _document(file: Path) -> Document:
    try:
        return load(file)
    except Faults:  # gone, but kept in force until that is approved
        return parse(b"{}", str(file))


def _line(document: Document, remark: Remark, person: str) -> int:
    """Where the entry stands that a remark is about; 0 where it is about the list as a whole.
    `person` is the id of the person whose address it names, who may be written by that."""
    value = document.value if isinstance(document.value, dict) else {}

    def about(key: str, entry: Any) -> bool:
        if key == "roles":
            return bool(remark.role) and not remark.address and entry.get("id") == remark.role
        if not remark.address:
            return False
        if not isinstance(entry, dict):
            return normalise_address(str(entry)) == remark.address
        if remark.role and entry.get("role") != remark.role:
            return False
        named = normalise_address(str(entry.get("address") or ""))
        return named == remark.address or (bool(person) and entry.get("person") == person)

    for key in ("appointments", "rota", "roles", "production_team", "quality_assurers"):
        for number, entry in enumerate(value.get(key) or []):
            if about(key, entry):
                return document.places[(key, number)][0]
    return 0


def _object(remark: Remark, file: Path, line: int) -> dict[str, Any]:
    return {
        "release": remark.release,
        "kind": remark.kind,
        "warning": remark.warning,
        "sentence": remark.sentence,
        "address": remark.address or None,
        "role": remark.role or None,
        "file": str(file),
        "line": line or None,
    }
