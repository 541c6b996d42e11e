"""`gateway holds`: what waits for a decision, and the decisions.

Works on the store while the gateway runs. A hold number may be cut to its beginning or its end.
Exit codes: 0 done, 1 not done (with the reason), 2 misuse or bad configuration. Nothing shown
here repeats the message (law 8).
"""

from __future__ import annotations

import asyncio
import getpass
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Callable, Iterator, TypeVar

import click

from gateway.act.composition import shown
from gateway.act.hold import NotDecided, Released, StillHeld, Telling, expire, refuse, release
from gateway.cli.hold_view import (
    details,
    evidence_lines,
    explain,
    print_details,
    print_json,
    print_list,
    released,
    summary,
)
from gateway.cli.setting import Faulty, load_setting, setting_path
from gateway.config import Config
from gateway.model.fault import Faults
from gateway.model.held import Hold
from gateway.model.session import Envelope, Session
from gateway.model.verdict import Verdict
from gateway.store import Store, StoreError, UnknownHold

_NUMBER = click.argument("id", metavar="HOLD_NUMBER")
_ALIKE = 5

Command = TypeVar("Command", bound=Callable[..., Any])


def _shared(command: Command) -> Command:
    """The options that every subcommand takes."""
    command = click.option("--json", "as_json", is_flag=True, help="JSON for scripts.")(command)
    option = click.option(
        "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
    )
    return option(command)


def _deciding(command: Command) -> Command:
    command = click.option("--by", help="Who decides; default: the user of this computer.")(command)
    option = click.option(
        "--to",
        "addresses",
        multiple=True,
        metavar="ADDRESS",
        help="Only for this recipient (may be repeated).",
    )
    return option(command)


@click.group()
def holds() -> None:
    """Show and decide about messages that are held."""


@holds.command("list")
@_shared
@click.option("--all", "everything", is_flag=True, help="Decided ones as well.")
def list_(config_file: Path | None, as_json: bool, everything: bool) -> None:
    """List what waits for a decision, oldest first."""
    config = _setting(config_file)
    with _opened(config) as store:
        found = store.holds(everything)
    if as_json:
        print_json([summary(hold) for hold in found])
    elif found:
        print_list(found, config.department.zone)
    else:
        click.echo("nothing is held" if not everything else "nothing was ever held")


@holds.command()
@_shared
@_NUMBER
def show(config_file: Path | None, as_json: bool, id: str) -> None:
    """Show one held message: for whom, why, what was found, who did what. Never its content."""
    config = _setting(config_file)
    with _opened(config) as store:
        hold = _found(store, id)
        trail = store.audit_entries(hold.id)
    if as_json:
        print_json(details(hold, trail))
    else:
        print_details(hold, trail, config.department.zone)


@holds.command("release")
@_shared
@_deciding
@_NUMBER
@click.option("--force", is_flag=True, help="Release against what the rules of now say.")
@click.option("--reason", default="", help="Kept in the audit and told to the sender.")
def release_(
    config_file: Path | None, as_json: bool, addresses: tuple[str, ...], by: str | None, id: str,
    force: bool, reason: str,
) -> None:  # fmt: skip
    """Decide again by the lists and rules of now, and deliver to those who may have it."""
    if force and not (by and reason.strip()):
        raise click.UsageError(
            "--force goes against the rules: say who decided so with --by NAME, and why with "
            "--reason TEXT; the audit keeps both"
        )
    config = _setting(config_file)
    with _opened(config) as store:
        hold = _found(store, id)
        if not as_json:
            click.echo("".join(f"{line}\n" for line in evidence_lines(hold)), nl=False)
        try:
            done = asyncio.run(
                _release(config, store, hold.id, addresses or None, by or _user(), force, reason)
            )
        except StillHeld as still:
            explain(still, hold, as_json)
            raise click.exceptions.Exit(1) from None
    if as_json:
        print_json(released(done))
    else:
        names = ", ".join(shown(r.recipient.address) for r in done.recipients)
        against = " against the rules" if done.overridden else ""
        click.echo(f"{hold.id}: released to {names}{against}")


@holds.command("refuse")
@_shared
@_deciding
@_NUMBER
@click.option("--reason", default="", help="Kept in the audit and told to the sender.")
def refuse_(
    config_file: Path | None, as_json: bool, addresses: tuple[str, ...], by: str | None, id: str,
    reason: str,
) -> None:  # fmt: skip
    """Never deliver it; the sender is told."""
    config = _setting(config_file)
    with _opened(config) as store:
        id = _found(store, id).id
        done = refuse(store, id, by or _user(), reason, _now(), _telling(config), addresses or None)
    names = [recipient.recipient.address for recipient in done]
    if as_json:
        print_json({"id": id, "refused": names})
    else:
        click.echo(f"{id}: refused for {', '.join(map(shown, names))}")


@holds.command("expire")
@_shared
def expire_(config_file: Path | None, as_json: bool) -> None:
    """End every hold whose time is up; the running gateway does so by itself."""
    config = _setting(config_file)
    with _opened(config) as store:
        ended = expire(store, _now(), _telling(config))
    if as_json:
        print_json({"expired": list(ended)})
    else:
        click.echo("\n".join(f"{id}: expired" for id in ended) or "no hold has expired")


def _setting(config_file: Path | None) -> Config:
    """The configuration, which must be the department's own: the example holds nobody's mail."""
    config = load_setting(config_file, insist=True)
    if config_file is None:
        click.echo(f"using {setting_path(None)}, store {config.store.path}", err=True)
    return config


def _found(store: Store, number: str) -> Hold:
    """The hold of this number, or of the only one that begins or ends like this."""
    try:
        return store.hold(number)
    except UnknownHold:
        known = [hold.id for hold in store.holds(everything=True)]
        like = [id for id in known if number and (id.startswith(number) or id.endswith(number))]
        if len(like) > 1:
            many = ", ".join(like[:_ALIKE]) + (", …" if len(like) > _ALIKE else "")
            raise NotDecided(f"{len(like)} hold numbers are like {number}: {many}") from None
        if not like:
            raise
        return store.hold(like[0])


@contextmanager
def _opened(config: Config) -> Iterator[Store]:
    """The store; its failures become one line and exit code 1."""
    settings = config.store
    if not settings.path.exists():
        raise click.ClickException(f"there is no store at {settings.path} (did the gateway run?)")
    try:
        store = Store.open(settings.path, settings.key_file, settings.busy_timeout)
        try:
            yield store
        finally:
            store.close()
    except (StoreError, NotDecided) as error:
        raise click.ClickException(str(error)) from None


async def _release(
    config: Config, store: Store, id: str, addresses: tuple[str, ...] | None, by: str,
    force: bool, reason: str,
) -> Released:  # fmt: skip
    # Only here: the pipeline with its readers takes long to load, and the other commands need none.
    from gateway.live import opened_inspector

    try:
        async with opened_inspector(config) as inspector:

            async def redecide(
                session: Session, envelope: Envelope, content: bytes, now: datetime,
                arrived: datetime,
            ) -> Verdict:  # fmt: skip
                return (await inspector.inspect(session, envelope, content, now, arrived)).verdict

            return await release(
                store, id, addresses, by, _now(), redecide, _telling(config), force=force,
                remark=reason,
            )  # fmt: skip
    except Faults as faults:
        raise Faulty(faults) from None


def _telling(config: Config) -> Telling:
    return Telling(config.notices, config.department)


def _now() -> datetime:
    return datetime.now(UTC)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise click.UsageError("this computer does not know who you are: say --by NAME") from None
