"""`gateway holds`: what waits for a decision, and the decisions.

Works on the store while the gateway runs. Exit codes: 0 done, 1 not done (with the reason),
2 misuse or bad configuration. Nothing shown here repeats the message (law 8).
"""

from __future__ import annotations

import asyncio
import getpass
import json
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Callable, Iterator, TypeVar
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from gateway.act.composition import shown
from gateway.act.hold import NotDecided, Released, StillHeld, Telling, expire, refuse, release
from gateway.cli.setting import Faulty, load_setting
from gateway.config import Config
from gateway.model.fault import Faults
from gateway.model.finding import Finding
from gateway.model.held import AuditEntry, Evidence, Hold, HoldSummary, Journalled
from gateway.model.session import Envelope, Session
from gateway.model.verdict import Decision, Verdict
from gateway.store import Store, StoreError

_FILE_WIDTH = 240  # in pipes and files nobody's window breaks the lines

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
    config = load_setting(config_file)
    with _opened(config) as store:
        found = store.holds(everything)
    if as_json:
        _print_json([_summary(hold) for hold in found])
    elif found:
        _print_list(found, config.department.zone)
    else:
        click.echo("nothing is held" if not everything else "nothing was ever held")


@holds.command()
@_shared
@click.argument("id")
def show(config_file: Path | None, as_json: bool, id: str) -> None:
    """Show one held message: for whom, why, what was found, who did what. Never its content."""
    config = load_setting(config_file)
    with _opened(config) as store:
        hold = store.hold(id)
        trail = store.audit_entries(id)
    if as_json:
        _print_json(_details(hold, trail))
    else:
        _print_details(hold, trail, config.department.zone)


@holds.command("release")
@_shared
@_deciding
@click.argument("id")
@click.option("--force", is_flag=True, help="Release against what the rules of now say.")
@click.option("--reason", default="", help="Kept in the audit and told to the sender.")
def release_(
    config_file: Path | None, as_json: bool, addresses: tuple[str, ...], by: str | None, id: str,
    force: bool, reason: str,
) -> None:  # fmt: skip
    """Decide again by the lists and rules of now, and deliver to those who may have it."""
    config = load_setting(config_file)
    with _opened(config) as store:
        try:
            done = asyncio.run(
                _release(config, store, id, addresses or None, by or _user(), force, reason)
            )
        except StillHeld as still:
            _explain(still, id, as_json)
            raise click.exceptions.Exit(1) from None
    if as_json:
        _print_json(_released(done))
    else:
        names = ", ".join(shown(r.recipient.address) for r in done.recipients)
        click.echo(f"{id}: released to {names}" + (" against the rules" if done.overridden else ""))


@holds.command("refuse")
@_shared
@_deciding
@click.argument("id")
@click.option("--reason", default="", help="Kept in the audit and told to the sender.")
def refuse_(
    config_file: Path | None, as_json: bool, addresses: tuple[str, ...], by: str | None, id: str,
    reason: str,
) -> None:  # fmt: skip
    """Never deliver it; the sender is told."""
    config = load_setting(config_file)
    with _opened(config) as store:
        done = refuse(store, id, by or _user(), reason, _now(), _telling(config), addresses or None)
    names = [recipient.recipient.address for recipient in done]
    if as_json:
        _print_json({"id": id, "refused": names})
    else:
        click.echo(f"{id}: refused for {', '.join(map(shown, names))}")


@holds.command("expire")
@_shared
def expire_(config_file: Path | None, as_json: bool) -> None:
    """End every hold whose time is up; the running gateway does so by itself."""
    config = load_setting(config_file)
    with _opened(config) as store:
        ended = expire(store, _now(), _telling(config))
    if as_json:
        _print_json({"expired": list(ended)})
    else:
        click.echo("\n".join(f"{id}: expired" for id in ended) or "no hold has expired")


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
    store.hold(id)  # an unknown id is said at once
    # Only here: the pipeline with its readers takes long to load, and the other commands need none.
    from gateway.app import opened_inspector

    try:
        async with opened_inspector(config) as inspector:

            async def redecide(
                session: Session, envelope: Envelope, content: bytes, now: datetime
            ) -> Verdict:
                return (await inspector.inspect(session, envelope, content, now)).verdict

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


# -- as JSON ----------------------------------------------------------------------------------------


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _summary(hold: HoldSummary) -> dict[str, Any]:
    return {
        "id": hold.id, "arrived": hold.arrived, "sender": hold.sender, "size": hold.size,
        "state": hold.state, "expires": hold.expires,
        "recipients": [_recipient(recipient) for recipient in hold.recipients],
    }  # fmt: skip


def _recipient(recipient: Journalled) -> dict[str, Any]:
    return {
        "address": recipient.recipient.address, "disposition": recipient.origin,
        "state": recipient.state, "release": recipient.release,
        "reasons": list(recipient.reasons), "decided_by": recipient.decided_by,
        "decided_at": recipient.decided_at, "remark": recipient.remark, "reply": recipient.reply,
    }  # fmt: skip


def _details(hold: Hold, trail: tuple[AuditEntry, ...]) -> dict[str, Any]:
    return _summary(hold) | {
        "options": list(hold.envelope.options),
        "client": hold.session.client_address,
        "because": {d.address: _because(d) for d in hold.verdict.decisions},
        "findings": [_evidence(e) for e in hold.evidence if isinstance(e, Finding)],
        "gaps": [_evidence(e) for e in hold.evidence if not isinstance(e, Finding)],
        "history": [
            {"at": e.at, "actor": e.actor, "action": e.action, "facts": dict(e.facts)}
            for e in trail
        ],
    }


def _evidence(item: Evidence) -> dict[str, Any]:
    place = {"part": item.location.part, "name": item.location.name, "where": item.location.where}
    if isinstance(item, Finding):
        return {"kind": item.kind, "confidence": item.confidence, **place}
    return {"reason": item.reason, "detail": item.detail, **place}


def _released(done: Released) -> dict[str, Any]:
    return {
        "id": done.hold.id,
        "released": [recipient.recipient.address for recipient in done.recipients],
        "overridden": [_against(decision) for decision in done.overridden],
    }


def _against(decision: Decision) -> dict[str, Any]:
    return {
        "address": decision.address, "disposition": decision.disposition,
        "release": decision.release, "reasons": list(decision.reasons),
        "because": _because(decision),
    }  # fmt: skip


def _because(decision: Decision) -> list[str]:
    standing = [decision.standing.sentence] if decision.standing else []
    return [*standing, *decision.because]


# -- for people -------------------------------------------------------------------------------------


def _when(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}" if at else "-"


def _console() -> Console:
    width = None if sys.stdout.isatty() else _FILE_WIDTH
    return Console(highlight=False, soft_wrap=True, width=width)


def _print_list(found: tuple[HoldSummary, ...], zone: str) -> None:
    grid = Grid("hold", "arrived", "from", "state", "held for", "release", "expires", box=None)
    for hold in found:
        held = [shown(r.recipient.address, 60) for r in hold.held]
        names = ", ".join(held[:3]) + (f" and {len(held) - 3} more" if len(held) > 3 else "")
        releases = sorted({r.release for r in hold.recipients if r.release})
        grid.add_row(
            *_cells(
                hold.id, _when(hold.arrived, zone), shown(hold.sender, 60) or "<>", hold.state,
                names or "-", ", ".join(releases) or "-", _when(hold.expires, zone),
            )
        )  # fmt: skip
    _console().print(grid)


def _print_details(hold: Hold, trail: tuple[AuditEntry, ...], zone: str) -> None:
    console = _console()
    for label, value in (
        ("hold", f"{hold.id} ({hold.state})"), ("from", shown(hold.sender) or "<>"),
        ("arrived", _when(hold.arrived, zone)), ("expires", _when(hold.expires, zone)),
        ("size", f"{hold.size} bytes"),
    ):  # fmt: skip
        console.print(Text(f"{label:8} {value}"))
    because = {decision.address: decision for decision in hold.verdict.decisions}
    for recipient in hold.recipients:
        decision = because.get(recipient.recipient.address)
        console.print(Text(f"to       {shown(recipient.recipient.address)}: {recipient.state}"))
        for line in _recipient_lines(recipient, decision, zone):
            console.print(Text(f"         {shown(line, 400)}"))
    for item in hold.evidence:
        name = f" in {shown(item.location.name)}" if item.location.name else ""
        where = shown(item.location.where) or f"part {item.location.part}"
        what = f"found {item.kind}" if isinstance(item, Finding) else f"not read ({item.reason})"
        console.print(Text(f"{what} at {where}{name}"))
    for entry in trail:
        console.print(Text(f"{_when(entry.at, zone)} {shown(entry.actor)}: {entry.action}"))


def _recipient_lines(recipient: Journalled, decision: Decision | None, zone: str) -> Iterator[str]:
    if recipient.release:
        yield f"release: {recipient.release}"
    if recipient.reasons:
        yield f"rules: {', '.join(recipient.reasons)}"
    if decision is not None and _because(decision):
        yield f"why: {' '.join(_because(decision))}"
    if recipient.decided_at is not None:
        remark = f" ({recipient.remark})" if recipient.remark else ""
        yield f"decided by {recipient.decided_by}, {_when(recipient.decided_at, zone)}{remark}"
    if recipient.reply:
        yield f"next mail server: {recipient.reply}"


def _cells(*values: str) -> list[Text]:
    return [Text(shown(value, 400)) for value in values]


def _explain(still: StillHeld, id: str, as_json: bool) -> None:
    if as_json:
        _print_json({"id": id, "released": [], "still": [_against(d) for d in still.decisions]})
        return
    click.echo(f"{id}: nothing was released; {still}:", err=True)
    for decision in still.decisions:
        why = " ".join(_because(decision)) or "no reason was given"
        rules = ", ".join(decision.reasons)
        click.echo(f"  {shown(decision.address)}: {shown(why, 400)} ({rules})", err=True)
    click.echo("name the others with --to, or go against the rules with --force", err=True)
