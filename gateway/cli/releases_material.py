"""`gateway releases material`: what is in releases that are not out yet, so that it is recognised.

Files are read in a sandbox, and keyed digests alone are kept. A running gateway takes a change over
within seconds. Exit codes: 0 done, 1 not done (with every reason), 2 misuse or bad configuration.
"""

from __future__ import annotations

import asyncio
import getpass
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gateway.act.composition import shown
from gateway.cli.screen import forgiving, moment
from gateway.cli.setting import Faulty, NotDone, json_and_config, keyed, load_setting
from gateway.config import Config
from gateway.lists import read_lists
from gateway.model.fault import Faults
from gateway.releases.material import MaterialUnavailable, find_material
from gateway.releases.material.public_edition import ADVICE, without_public_edition
from gateway.releases.material.unavailable import NotRegistered
from gateway.store import Store, StoreError

if TYPE_CHECKING:
    from gateway.act.material_register import MaterialRegister
    from gateway.releases.material.document import Registered

_SHOWN = 12
Command = TypeVar("Command", bound=Callable[..., Any])


def _by(command: Command) -> Command:
    option = click.option("--by", help="Who does this; default: the user of this computer.")
    return option(command)


@click.group()
def material() -> None:
    """Register what is in releases that are not out yet, so that it is recognised in mail."""


@material.command()
@click.argument("release")
@click.argument("files", nargs=-1, required=True, metavar="FILE…",
                type=click.Path(path_type=Path, dir_okay=False))  # fmt: skip
@click.option("--public", is_flag=True, help="It is out already: what stands in it proves nothing.")
@click.option("--name", help="What to call the document, if there is one FILE.")
@_by
@json_and_config
def add(
    release: str, files: tuple[Path, ...], public: bool, name: str | None, by: str | None,
    config_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Register FILE… as material of RELEASE: all of them, or none."""
    if name is not None and len(files) > 1:
        raise click.UsageError("--name is for one FILE")
    from gateway.act.material_register import Pack

    config, now = load_setting(config_file, insist=True), datetime.now(UTC)
    try:
        register = read_lists(config)
    except Faults as faults:
        raise Faulty(Faults(keyed(faults.faults, config))) from None
    pack = Pack(release, tuple(_read(files, name)), by or _user(), public)
    with _opened(config) as kept:
        added = asyncio.run(kept.add(pack, register, now))
        repeats = release in without_public_edition(kept.documents(), register.releases)
    forgiving()
    if as_json:
        told = {"release": release, "documents": [_as_object(one) for one in added]}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in added:
        click.echo(f"{one.release}: {_sentence(one)}")
        for line in _unread(one):
            click.echo(line)
    if any(one.gaps for one in added):
        click.echo("what was not read is not recognised: register it in a form that can be read")
    if repeats:
        click.echo(ADVICE)


@material.command("list")
@click.argument("release", required=False)
@json_and_config
def list_(release: str | None, config_file: Path | None, as_json: bool) -> None:
    """List what is registered, and what could not be read of it."""
    config = load_setting(config_file, insist=True)
    with _opened(config) as kept:
        found = [one for one in kept.documents() if release in (None, one.release)]
    forgiving()
    if as_json:
        click.echo(json.dumps([_as_object(one) for one in found], ensure_ascii=False))
        return
    if not found:
        click.echo("nothing is registered" + (f" for {release}" if release else ""))
    for one in found:
        at = moment(one.at, config.department.zone)
        click.echo(f"{one.release}: {_sentence(one)}; by {shown(one.by)}, {at}")
        for line in _unread(one):
            click.echo(line)


@material.command()
@click.argument("release")
@click.argument("document", required=False)
@_by
@json_and_config
def remove(
    release: str, document: str | None, by: str | None, config_file: Path | None, as_json: bool
) -> None:
    """Forget the material of RELEASE, or one DOCUMENT of it (its name, or its number)."""
    config, now = load_setting(config_file, insist=True), datetime.now(UTC)
    with _opened(config) as kept:
        mine = [one for one in kept.documents() if one.release == release]
        chosen = [one for one in mine if document in (None, one.name, one.id)]
        if not chosen:
            what = f"{shown(document)} of {release}" if document else release
            raise NotDone(f"nothing is registered as {what}: `list` shows what is")
        kept.remove(chosen, by or _user(), now)
    forgiving()
    if as_json:
        told = {"release": release, "removed": [_as_object(one) for one in chosen]}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in chosen:
        click.echo(f"{one.release}: removed {shown(one.name)} ({one.id})")


@material.command()
@click.option("--rebuild", is_flag=True,
              help="Make the index again from the documents, which must be whole.")  # fmt: skip
@json_and_config
def verify(rebuild: bool, config_file: Path | None, as_json: bool) -> None:
    """Read all that is registered, and say whether it is whole and fits its key."""
    config = load_setting(config_file, insist=True)
    if rebuild:
        with _opened(config) as kept:
            if kept.folder.standing() is not None:
                kept.folder.rebuild(kept.key())
    source = find_material(config.material_folder, config.material_key)
    fault = source.fault if source else ""
    releases = sorted(source.releases) if source else []
    if as_json:
        told = {"ok": not fault, "fault": fault, "releases": releases}
        click.echo(json.dumps(told, ensure_ascii=False))
    elif fault:
        click.echo(f"material register unavailable: {fault}")
        click.echo(f"it concerns: {', '.join(releases) or 'nobody knows which releases'}")
    else:
        click.echo(f"whole: material of {len(releases)} release(s)")
    if fault:
        raise click.exceptions.Exit(1)


@contextmanager
def _opened(config: Config) -> Iterator[MaterialRegister]:
    """The register of material; what goes wrong with it inside ends the command."""
    from gateway.act.material_register import MaterialRegister

    settings = config.store
    _check_user(settings.path)
    try:
        settings.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        store = Store.open(settings.path, settings.key_file, settings.busy_timeout)
        try:
            yield MaterialRegister(config, store)
        finally:
            store.close()
    except (NotRegistered, StoreError) as error:
        raise NotDone(str(error)) from None
    except MaterialUnavailable as error:
        raise NotDone(f"material register unavailable: {error}") from None
    except OSError as error:
        raise NotDone(f"{error.filename or settings.path}: {error.strerror}") from None


def _check_user(store: Path) -> None:
    """Raises NotDone where the gateway could not read what we are about to write."""
    try:
        owner = store.stat().st_uid
    except OSError:
        return  # there is none yet, or opening it says more
    if owner != os.geteuid():
        raise NotDone(
            "the store belongs to another user, who could not read what you register: run this as"
            f" the user that the gateway runs as (number {owner})"
        )


def _read(files: Sequence[Path], name: str | None) -> Iterator[tuple[str, bytes]]:
    """Raises UsageError with every file that cannot be read."""
    faults, found = [], []
    for path in files:
        try:
            found.append((name or path.name, path.read_bytes()))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "cannot be opened"
            faults.append(f"{shown(str(path))}: {reason}")
    if faults:
        raise click.UsageError("\n".join(faults))
    return iter(found)


def _sentence(one: Registered) -> str:
    public = ", public" if one.public else ""
    return f"{shown(one.name)} ({one.id}{public}): {one.words} words, {one.figures} figures"


def _unread(one: Registered) -> Iterator[str]:
    """What of a document was not read, and so is not recognised."""
    for gap in one.gaps[:_SHOWN]:
        where = ", ".join(
            part for part in (gap.location.name if "!" in gap.location.part else "",
                              gap.location.where) if part
        )  # fmt: skip
        detail = f" ({shown(gap.detail)})" if gap.detail else ""
        yield f"  not read: {shown(where) or 'the document'}: {gap.reason}{detail}"
    if len(one.gaps) > _SHOWN:
        yield f"  not read: {len(one.gaps) - _SHOWN} more"


def _as_object(one: Registered) -> dict[str, Any]:
    return {
        "release": one.release, "id": one.id, "name": one.name, "public": one.public,
        "by": one.by, "at": one.at.isoformat(), "words": one.words, "figures": one.figures,
        "gaps": [
            {"part": g.location.part, "name": g.location.name, "where": g.location.where,
             "reason": g.reason, "detail": g.detail}
            for g in one.gaps
        ],
    }  # fmt: skip


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
