"""`gateway releases lift`: the Head of Profession ends an embargo early, or puts it in force again.

What was said is an entry of the store's audit, and counts from there: a running gateway takes it
over within seconds, and no file can say it. It is bound to the date that the release had: one that
slips is under embargo again. Exit codes: 0 done, 1 not done (with the reason), 2 misuse.
"""

from __future__ import annotations

import getpass
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Callable

import click

from gateway.cli.lists import the_release
from gateway.cli.screen import forgiving, moment
from gateway.cli.setting import Faulty, keyed, load_setting
from gateway.config import Config
from gateway.decide.embargo import embargoed, lifted_early
from gateway.lists import early_lifts, read_lists
from gateway.model.address import normalise_address
from gateway.model.fault import Faults
from gateway.model.instant import in_utc
from gateway.model.lift import Lift
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.store import Store, StoreError


class NotLifted(click.ClickException):
    """Nothing was changed, and why."""

    exit_code = 1


@click.command()
@click.argument("release")
@click.option("--by", required=True, metavar="ADDRESS", help="The Head of Profession's address.")
@click.option("--reason", required=True, metavar="TEXT", help="Kept in the audit.")
@click.option("--undo", is_flag=True, help="Withdraw the lift: under embargo again.")
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def lift(
    release: str, by: str, reason: str, undo: bool, config_file: Path | None, as_json: bool
) -> None:  # fmt: skip
    """End the embargo of RELEASE now, before its instant."""
    if not reason.strip():
        raise click.UsageError("--reason: say why; the audit keeps it")
    now = datetime.now(UTC)
    config = load_setting(config_file, insist=True)
    who, why = f"{normalise_address(by)} (user {_user()})", reason.strip()
    try:
        register = read_lists(config)
    except Faults as faults:
        # A mistake in some list keeps nobody from putting an embargo back, whoever they are.
        if undo and any(one.release == release for one in early_lifts(config)):
            _note(config, lambda store: store.embargoes.withdraw(release, who, why, now))
            click.echo(f"{release}: under embargo again, though the lists do not load:", err=True)
            click.echo("\n".join(map(str, keyed(faults.faults, config))), err=True)
            return
        raise Faulty(Faults(keyed(faults.faults, config))) from None
    subject = the_release(register, release)
    _check_person(register, subject, by)
    _check_release(subject, now, undo)
    if undo:
        _note(config, lambda store: store.embargoes.withdraw(subject.id, who, why, now))
    else:
        granted = Lift(subject.id, in_utc(subject.instant), now, who, why)
        _note(config, lambda store: store.embargoes.lift(granted))
    forgiving()
    _tell(subject, undo, now, as_json)


def _check_person(register: Register, release: Release, by: str) -> None:
    """Raises NotLifted unless it is the release's own Head of Profession."""
    head = normalise_address(release.head_of_profession)
    if not head:
        raise NotLifted(
            f"{release.id}: it names no head_of_profession, and nobody else may lift its embargo"
        )
    if normalise_address(by) not in register.directory.aliases(head):
        raise NotLifted(f"{release.id}: {by} is not its Head of Profession; nobody else may")


def _check_release(release: Release, now: datetime, undo: bool) -> None:
    lifted = lifted_early(release, now)
    if undo:
        if not lifted:
            raise NotLifted(f"{release.id}: its embargo is not lifted early")
        return
    if release.suspended:
        raise NotLifted(
            f"{release.id}: it is {release.state}; give it a date and a state in its file first"
        )
    if lifted or not embargoed(release, now):
        how = "is lifted already" if lifted else "is over: everybody may have it"
        raise NotLifted(f"{release.id}: its embargo {how}")


def _note(config: Config, deed: Callable[[Store], None]) -> None:
    """Have the store keep what was said. Raises NotLifted."""
    settings = config.store
    try:
        settings.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        store = Store.open(settings.path, settings.key_file, settings.busy_timeout)
        try:
            deed(store)
        finally:
            store.close()
    except StoreError as error:
        raise NotLifted(str(error)) from None


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _tell(release: Release, undo: bool, now: datetime, as_json: bool) -> None:
    if as_json:
        shown = {"release": release.id, "lifted": not undo, "at": now.isoformat()}
        click.echo(json.dumps(shown))
    elif undo:
        until = moment(in_utc(release.instant), release.zone)
        least = " at the least" if release.unpublished or release.unconfirmed else ""
        click.echo(f"{release.id}: under embargo again, until {until}{least}")
        click.echo("what was cleared meanwhile and is not delivered yet is held again")
        click.echo("material that was forgotten meanwhile has to be registered again")
    else:
        click.echo(f"{release.id}: its embargo is lifted; a running gateway knows within seconds")
        click.echo("its registered material is forgotten; what that alone held is decided again")
        click.echo("other held messages stay held: decide about them with gateway holds")
