"""What `gateway holds` shows, as JSON for scripts and as lines for people.

Addresses, rules, kinds and places of what was found; never the content or the subject (law 8).
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any, Iterator
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from gateway.act.composition import shown
from gateway.act.hold import Released, StillHeld
from gateway.decide.delta import has_joined
from gateway.model.finding import Finding
from gateway.model.held import AuditEntry, Evidence, Hold, HoldSummary, Journalled
from gateway.model.verdict import Decision

_FILE_WIDTH = 240  # in pipes and files nobody's window breaks the lines


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def summary(hold: HoldSummary) -> dict[str, Any]:
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


def details(hold: Hold, trail: tuple[AuditEntry, ...]) -> dict[str, Any]:
    return summary(hold) | {
        "options": list(hold.envelope.options),
        "client": hold.session.client_address,
        "because": {d.address: _because(d) for d in hold.verdict.decisions},
        **_findings(hold),
        "history": [
            {"at": e.at, "actor": e.actor, "action": e.action, "facts": dict(e.facts)}
            for e in trail
        ],
    }


def _findings(hold: Hold) -> dict[str, Any]:
    return {
        "findings": [_evidence(e) for e in hold.evidence if isinstance(e, Finding)],
        "gaps": [_evidence(e) for e in hold.evidence if not isinstance(e, Finding)],
    }


def _evidence(item: Evidence) -> dict[str, Any]:
    place = {"part": item.location.part, "name": item.location.name, "where": item.location.where}
    if isinstance(item, Finding):
        about = {"recipient": item.facts["recipient"]} if "recipient" in item.facts else {}
        return {
            "kind": item.kind, "confidence": item.confidence, "hidden": item.hidden, **place, **about,
        }  # fmt: skip
    return {"reason": item.reason, "detail": item.detail, **place}


def released(done: Released) -> dict[str, Any]:
    return {
        "id": done.hold.id,
        "released": [recipient.recipient.address for recipient in done.recipients],
        **_findings(done.hold),
        "overridden": [_against(decision) for decision in done.overridden],
    }


def _against(decision: Decision) -> dict[str, Any]:
    return {
        "address": decision.address, "disposition": decision.disposition,
        "release": decision.release, "reasons": list(decision.reasons),
        "because": _because(decision),
    }  # fmt: skip


def _because(decision: Decision) -> list[str]:
    standing = decision.standing
    return [*((standing.sentence, *standing.near) if standing else ()), *decision.because]


def _when(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}" if at else "-"


def _console() -> Console:
    width = None if sys.stdout.isatty() else _FILE_WIDTH
    return Console(highlight=False, soft_wrap=True, width=width)


def print_list(found: tuple[HoldSummary, ...], zone: str) -> None:
    grid = Grid(
        "hold number", "arrived", "from", "state", "held for", "release", "expires", box=None
    )
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


def print_details(hold: Hold, trail: tuple[AuditEntry, ...], zone: str) -> None:
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
    for line in evidence_lines(hold):
        console.print(Text(line))
    for entry in trail:
        console.print(Text(f"{_when(entry.at, zone)} {shown(entry.actor)}: {entry.action}"))


def evidence_lines(hold: Hold) -> Iterator[str]:
    """What the message has in it, each once: kinds and places, no values."""
    seen = set()
    for item in hold.evidence:
        name = f" in {shown(item.location.name)}" if item.location.name else ""
        where = shown(item.location.where) or f"part {item.location.part}"
        what = f"found {item.kind}" if isinstance(item, Finding) else f"not read ({item.reason})"
        hidden = " (hidden)" if isinstance(item, Finding) and item.hidden else ""
        if isinstance(item, Finding) and item.kind == "added-recipient":
            where = f"{where}: {shown(str(item.facts.get('recipient')))}"
            where += "" if has_joined(item) else " (perhaps: only the earlier author is quoted)"
        line = f"{what} at {where}{name}{hidden}"
        if line not in seen:
            yield line
        seen.add(line)


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


def explain(still: StillHeld, hold: Hold, as_json: bool) -> None:
    if as_json:
        still_held = [_against(decision) for decision in still.decisions]
        print_json({"id": hold.id, "released": [], "still": still_held, **_findings(hold)})
        return
    click.echo(f"{hold.id}: nothing was released; {still}:", err=True)
    for decision in still.decisions:
        why = " ".join(_because(decision)) or "no reason was given"
        rules = ", ".join(decision.reasons)
        click.echo(f"  {shown(decision.address)}: {shown(why, 400)} ({rules})", err=True)
    click.echo("name the others with --to, or go against the rules with --force", err=True)
