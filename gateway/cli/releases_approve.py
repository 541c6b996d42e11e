"""`gateway releases approve`: a second person approves a changed list, having seen what changed.

Exit codes: 0 approved or nothing to approve, 1 not approved (with the reason), 2 misuse or bad
configuration. What is approved is the text that was shown, kept in the store: a file that is
edited afterwards waits again.
"""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from gateway.cli.list_versions import Version, compared
from gateway.cli.screen import forgiving
from gateway.cli.setting import Faulty, keyed, load_setting
from gateway.config import Config
from gateway.lists import approved_lists, load_files
from gateway.model.address import normalise_address
from gateway.model.approval import Approved
from gateway.model.fault import Faults
from gateway.model.register import Register
from gateway.releases.approval import changed_by, same_list
from gateway.releases.entries import Unfit
from gateway.releases.register import read_versions
from gateway.releases.values import address
from gateway.store import Store, StoreError


class NotApproved(click.ClickException):
    """Nothing was approved, and why."""

    exit_code = 1


@click.command()
@click.argument("release")
@click.option("--by", required=True, metavar="ADDRESS", help="Who approves it.")
@click.option("--removed-by", metavar="ADDRESS", help="Who removed the file, where it is gone.")
@click.option("--yes", is_flag=True, help="Do not ask again after showing what changed.")
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object; needs --yes.")
def approve(
    release: str, by: str, removed_by: str | None, yes: bool, config_file: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Approve the list of RELEASE (or _people, _exclusions, _synthetic) as it is in its file."""
    if as_json and not yes:
        raise click.UsageError("--json asks nobody anything: give --yes as well")
    config = load_setting(config_file, insist=True)
    forgiving()
    try:
        texts = read_versions(config.rules.releases)
        register = load_files(config, texts)
        approved = approved_lists(config)
        text, before = texts.get(release), approved.get(release)
        if release not in texts and release not in approved:
            known = ", ".join(sorted(texts.keys() | approved.keys())) or "none"
            raise click.UsageError(f"there is no such list; there are: {known}")
        if before and _same(before.text, text):
            _tell(release, None, (), as_json)
            return
        sentences = compared(
            config,
            texts,
            Version(release, before.text if before else None),
            Version(release, text),
        )
    except Faults as faults:
        raise Faulty(Faults(keyed(faults.faults, config))) from None
    author = _author(release, text, removed_by)
    _check(register, release, by, author)
    if not as_json:
        click.echo(f"{release}, changed by {author}:")
        for sentence in sentences or ("Nothing but its form.",):
            click.echo(f"  {sentence}")
    if not yes:
        click.confirm("Approve it?", abort=True)
    version = Approved(
        release, before.version + 1 if before else 1, datetime.now(UTC), normalise_address(by), text
    )
    _keep(config, approved, version, {"changed_by": author, "user": getpass.getuser()})
    _tell(release, version, sentences, as_json)


def _same(before: bytes | None, text: bytes | None) -> bool:
    if before is None or text is None:
        return before is text
    return same_list(before, text)


def _author(release: str, text: bytes | None, removed_by: str | None) -> str:
    """Who made the change. Raises NotApproved where nobody says so."""
    if text is not None:
        author = changed_by(text)
        if not author:
            key = "changed_by: ADDRESS"
            where = f"'{key}'" if release.startswith("_") else f"'{key}' under 'release:'"
            raise NotApproved(f"{release}: who changed it does not stand in the file; add {where}")
        return author
    if removed_by is None:
        raise click.UsageError(f"the file of {release} is gone: say who removed it (--removed-by)")
    return _address(removed_by, "--removed-by")


def _check(register: Register, release: str, by: str, author: str) -> None:
    """Raises NotApproved where the change is the approver's own."""
    names = register.directory.aliases(_address(by, "--by"))
    if set(names) & set(register.directory.aliases(author)):
        raise NotApproved(
            f"{release}: {by} changed it, and a second person has to approve it: not the same one"
        )


def _address(value: str, option: str) -> str:
    try:
        return address(value)
    except Unfit as unfit:
        raise click.UsageError(f"{option}: {unfit}; {unfit.hint}") from None


def _keep(
    config: Config,
    approved: Mapping[str, Approved | None],
    version: Approved,
    facts: dict[str, str],
) -> None:
    settings = config.store
    try:
        settings.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        store = Store.open(settings.path, settings.key_file, settings.busy_timeout)
        try:
            store.approve(version, dict(facts))
        finally:
            store.close()
    except StoreError as error:
        raise NotApproved(str(error)) from None


def _tell(
    release: str, version: Approved | None, sentences: tuple[str, ...], as_json: bool
) -> None:
    if as_json:
        shown = {
            "release": release,
            "approved": version is not None,
            "version": version.version if version else None,
            "by": version.by if version else None,
            "differences": list(sentences),
        }
        click.echo(json.dumps(shown, ensure_ascii=False))
    elif version is None:
        click.echo(f"{release}: nothing waits for approval")
    else:
        click.echo(f"{release}: version {version.version} approved by {version.by}")
