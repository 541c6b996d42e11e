"""`gateway inspect`: what would happen to a message; nothing is sent and nothing is stored."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from gateway.act.composition import shown
from gateway.cli.inspect_view import Answer, show
from gateway.cli.screen import screen
from gateway.cli.setting import Faulty, keyed, load_setting
from gateway.config import Config
from gateway.model.address import is_usable, normalise_address
from gateway.model.fault import Faults
from gateway.model.finding import Finding
from gateway.model.message import Gap
from gateway.model.session import Envelope, Recipient, Session
from gateway.pipeline import Inspection

_NO_MAIL = "no From or To: is this an e-mail? `gateway scan` is for files"
_NOBODY = "no recipient in To, Cc or Bcc, so there is nobody to decide about; name some with --to"


@click.command()
@click.argument("messages", nargs=-1, required=True, metavar="MESSAGE.eml…")
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
@click.option("--from", "sender", help="Envelope sender; default: the From field.")
@click.option("--to", "recipients", multiple=True, help="Envelope recipient; default: To, Cc, Bcc.")
@click.option("--at", "at", help="Instant of the decision, ISO 8601; default: now.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a message.")
def inspect(
    messages: tuple[str, ...], config_file: Path | None, sender: str | None,
    recipients: tuple[str, ...], at: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Say what would happen to each MESSAGE (- reads standard input), and why."""
    for option, address in (("--from", sender), *(("--to", address) for address in recipients)):
        _check_address(option, address)
    sender = "" if sender == "<>" else sender
    config = load_setting(config_file)
    raws = [(name, _read(name)) for name in messages]
    now = _instant(at, config.department.zone)
    try:
        asyncio.run(_inspect_all(config, raws, sender, recipients, now, as_json))
    except Faults as faults:
        raise Faulty(Faults(keyed(faults.faults, config))) from None


async def _inspect_all(
    config: Config, raws: list[tuple[str, bytes]], sender: str | None,
    recipients: tuple[str, ...], now: datetime, as_json: bool,
) -> None:  # fmt: skip
    from gateway.live import opened_inspector

    async with opened_inspector(config, now) as inspector:
        material = inspector.knowledge.material
        if material is not None and material.fault:
            click.echo(f"material register unavailable: {material.fault}", err=True)
        for name, raw in raws:
            envelope = _envelope(raw, sender, recipients)
            if not envelope.sender and not envelope.recipients:
                click.echo(f"{shown(name)}: {_NO_MAIL}", err=True)
            elif not envelope.recipients:
                click.echo(f"{shown(name)}: {_NOBODY}", err=True)
            inspection = await inspector.inspect(Session("127.0.0.1"), envelope, raw, now)
            if as_json:
                click.echo(json.dumps(as_object(inspection, name if len(raws) > 1 else None)))
            else:
                answer = Answer(name, inspection, inspector.knowledge.register, now)
                show(screen(soft_wrap=True), answer)


def _check_address(option: str, address: str | None) -> None:
    """The null sender is an address (RFC 5321 section 4.5.5), though nobody's."""
    if address is None or (option == "--from" and address in ("", "<>")):
        return
    if not is_usable(normalise_address(address)):
        raise click.UsageError(
            f"{option}: {shown(address)!r} is no e-mail address; write one such as "
            "someone@dept.example"
        )


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise click.UsageError(f"{name}: {error.strerror or 'cannot be read'}") from None


def _instant(text: str | None, zone: str) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(
            f"--at: {text!r} is not an instant; write one such as 2018-03-28T09:29:59+01:00"
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(zone))


def _envelope(raw: bytes, sender: str | None, recipients: tuple[str, ...]) -> Envelope:
    head = BytesHeaderParser().parsebytes(raw[:1_000_000])
    if sender is None:
        sender = next(iter(_addresses(head, "From", "Sender")), "")
    if not recipients:
        recipients = tuple(dict.fromkeys(_addresses(head, "To", "Cc", "Bcc")))
    return Envelope(sender, tuple(Recipient(address) for address in recipients))


def _addresses(head: Any, *names: str) -> list[str]:
    values = [str(value) for name in names for value in head.get_all(name, [])]
    return [address for _, address in getaddresses(values) if "@" in address]


def as_object(inspection: Inspection, file: str | None = None) -> dict[str, Any]:
    """The JSON object of the command-line contract."""
    case, verdict = inspection.case, inspection.verdict
    result: dict[str, Any] = {} if file is None else {"file": file}
    result |= {
        "message": {
            "sha256": case.message.sha256,
            "size": case.message.size,
            "parts": inspection.parts,
        },
        "disposition": verdict.disposition,
        "recipients": [
            {
                "address": decision.address,
                "disposition": decision.disposition,
                "release": decision.release,
                "listed": decision.listed,
                "reasons": list(decision.reasons),
            }
            for decision in verdict.decisions
        ],
        "alerts": [
            {"rule": alert.rule, "severity": alert.severity, "release": alert.release}
            for alert in verdict.alerts
        ],
        "findings": [_finding(finding) for finding in case.findings],
        "gaps": [_gap(gap) for gap in case.gaps],
        "rules": [
            {"id": trace.id, "matched": trace.matched, "mode": trace.mode, "why": trace.why}
            for trace in verdict.rules
        ],
        "ms": {
            stage: round(getattr(inspection.ms, stage), 3)
            for stage in ("parse", "extract", "detect", "decide")
        },
    }
    return result


def _finding(finding: Finding) -> dict[str, Any]:
    where = finding.location
    return {
        "kind": finding.kind,
        "part": where.part,
        "name": where.name,
        "where": where.where,
        "confidence": finding.confidence,
        "facts": dict(finding.facts),
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {"part": gap.location.part, "name": gap.location.name, "reason": gap.reason}
