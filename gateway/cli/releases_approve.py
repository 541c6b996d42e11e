"""`gateway releases approve`: a second person approves changed lists, having seen what changed.

Exit codes: 0 approved or nothing to approve, 1 not approved (with the reason), 2 misuse or bad
configuration. All that were named are approved or none. What is approved is the text that was
shown, kept in the store: a file that is edited afterwards waits again.
"""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.cli.list_versions import all_compared
from gateway.cli.screen import forgiving
from gateway.cli.setting import Faulty, keyed, load_setting
from gateway.config import Config
from gateway.lists import approved_lists, load_files
from gateway.model.approval import Approved
from gateway.model.fault import Faults
from gateway.model.people import Directory
from gateway.model.register import Register
from gateway.releases.approval import changed_by, same_list
from gateway.releases.entries import Unfit
from gateway.releases.register import read_versions
from gateway.releases.values import address
from gateway.store import Store, StoreError


class NotApproved(click.ClickException):
    """Nothing was approved, and why."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class _Change:
    """One file that waits for approval: what it says (None: it is gone), who made it so, and what
    is different from the version that was approved last."""

    id: str
    version: int
    text: bytes | None
    authors: tuple[str, ...]
    sentences: tuple[str, ...]


@click.command()
@click.argument("releases", nargs=-1, required=True, metavar="RELEASE…")
@click.option("--by", required=True, metavar="ADDRESS", help="Who approves them.")
@click.option("--removed-by", metavar="ADDRESS", help="Who removed the file, where it is gone.")
@click.option("--yes", is_flag=True, help="Do not ask again after showing what changed.")
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
@click.option("--json", "as_json", is_flag=True, help="A JSON list; needs --yes.")
def approve(
    releases: tuple[str, ...], by: str, removed_by: str | None, yes: bool,
    config_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Approve the lists of RELEASE… (or _people, _groups, …) as their files are."""
    if as_json and not yes:
        raise click.UsageError("--json asks nobody anything: give --yes as well")
    config = load_setting(config_file, insist=True)
    approver = _address(by, "--by")
    forgiving()
    try:
        texts = read_versions(config.rules.releases)
        register = load_files(config, texts)
        waiting = _waiting(config, texts, register, releases, removed_by)
    except Faults as faults:
        raise Faulty(Faults(keyed(faults.faults, config))) from None
    for change in waiting:
        _check(change, approver, register.directory)
    if not as_json:
        _show(waiting, releases)
    if waiting and not yes:
        click.confirm("Approve this?", abort=True)
    _keep(config, waiting, approver)
    if as_json:
        click.echo(
            json.dumps([_object(change, approver) for change in waiting], ensure_ascii=False)
        )
        return
    for change in waiting:
        click.echo(f"{change.id}: version {change.version} approved by {approver}")
    if config.rules.approval == "none":
        click.echo("note: rules.approval is none, so that lists count without it", err=True)


def _waiting(
    config: Config, texts: Mapping[str, bytes], register: Register, ids: tuple[str, ...],
    removed_by: str | None,
) -> list[_Change]:  # fmt: skip
    """Those of the named files that are not approved as they are. Raises Faults, NotApproved."""
    approved = approved_lists(config)
    changed: dict[str, bytes | None] = {}
    for id in dict.fromkeys(ids):
        if id not in texts and id not in approved:
            known = ", ".join(sorted(texts.keys() | approved.keys())) or "none"
            raise click.UsageError(f"there is no list '{id}'; there are: {known}")
        before, text = approved.get(id), texts.get(id)
        old = before.text if before else None
        if before and before.genuine and _same(old, text):
            continue
        changed[id] = old
    told = all_compared(config, texts, register, changed)
    return [
        _Change(
            id,
            approved[id].version + 1 if id in approved else 1,
            texts.get(id),
            _authors(id, texts.get(id), removed_by),
            told[id],
        )
        for id in changed
    ]


def _same(before: bytes | None, text: bytes | None) -> bool:
    if before is None or text is None:
        return before is text
    return same_list(before, text)


def _authors(id: str, text: bytes | None, removed_by: str | None) -> tuple[str, ...]:
    """Who made the change. Raises NotApproved where nobody says so."""
    if text is None:
        if removed_by is None:
            raise click.UsageError(f"the file of {id} is gone: say who removed it (--removed-by)")
        return (_address(removed_by, "--removed-by"),)
    authors = changed_by(text)
    if not authors:
        where = "" if id.startswith("_") else " under 'release:'"
        raise NotApproved(
            f"{id}: who changed it does not stand in the file; add 'changed_by: ADDRESS'{where}"
        )
    return authors


def _check(change: _Change, approver: str, directory: Directory) -> None:
    """Raises NotApproved where the change is the approver's own, under whichever address."""
    own = set(directory.aliases(approver))
    if any(own & set(directory.aliases(author)) for author in change.authors):
        raise NotApproved(
            f"{change.id}: {approver} changed it, and a second person has to approve it: not the"
            " same one"
        )


def _address(value: str, option: str) -> str:
    try:
        return address(value)
    except Unfit as unfit:
        raise click.UsageError(f"{option}: {unfit}; {unfit.hint}") from None


def _keep(config: Config, changes: list[_Change], by: str) -> None:
    """All in one commit. Raises NotApproved."""
    settings, now = config.store, datetime.now(UTC)
    user = getpass.getuser()
    versions = [
        (
            Approved(change.id, change.version, now, by, change.text),
            {"changed_by": list(change.authors), "user": user},
        )
        for change in changes
    ]
    if not versions:
        return
    try:
        settings.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        store = Store.open(settings.path, settings.key_file, settings.busy_timeout)
        try:
            store.approve(versions)
        finally:
            store.close()
    except (StoreError, OSError) as error:
        raise NotApproved(str(error)) from None


def _show(changes: list[_Change], named: tuple[str, ...]) -> None:
    waiting = {change.id for change in changes}
    for id in dict.fromkeys(named):
        if id not in waiting:
            click.echo(f"{id}: nothing waits for approval")
    for change in changes:
        click.echo(f"{change.id}, changed by {', '.join(change.authors)}:")
        for sentence in change.sentences or ("Nothing but its form.",):
            click.echo(f"  {sentence}")


def _object(change: _Change, by: str) -> dict[str, Any]:
    return {
        "release": change.id,
        "version": change.version,
        "changed_by": list(change.authors),
        "approved_by": by,
        "differences": list(change.sentences),
    }
