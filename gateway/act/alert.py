"""Mails to a release's contacts and the security officer: a breach, or one that was prevented.

They say what happened, when, by which rule, to whom, and whether it was delivered in the next
hop's own words. No content and no subject: an alert must not become a second leak.
"""

from __future__ import annotations

from datetime import datetime
from typing import Collection, Literal, Mapping, Sequence, Union

from gateway.act.composition import (
    NO_QUOTE,
    Block,
    Reference,
    at_home,
    bullets,
    can_be_written_to,
    compose,
    heading,
    instant,
    paragraph,
    shown,
    times_are,
)  # fmt: skip
from gateway.act.grounds import ROWS, family
from gateway.config import Department, Notices
from gateway.model.address import normalise_address
from gateway.model.held import Mail
from gateway.model.release import Release
from gateway.model.reply import Reply
from gateway.model.session import Arrival, Envelope
from gateway.model.verdict import Alert, Decision, Verdict

Delivery = Union[Reply, Literal["unknown", "queued"]]
"""The next hop's reply; or that it is not known yet; or that the outbox has it."""
_JOINED = "They were not on the message that this one answers or forwards."


def alert_mails(
    arrival: Arrival, envelope: Envelope, verdict: Verdict, reference: Reference,
    releases: Mapping[str, Release], delivery: Delivery, notices: Notices, department: Department,
    joined: Collection[str] = (),
) -> tuple[Mail, ...]:  # fmt: skip
    """One mail for each release that a verdict's alerts are about; `joined` are the recipients who
    were not on the message that this one answers or forwards."""
    groups = by_release(verdict.alerts)
    return tuple(
        _mail(
            alerts, releases.get(id) if id else None, arrival, envelope, verdict, reference,
            delivery, notices, department, joined,
        )
        for id, alerts in groups.items()
    )  # fmt: skip


def by_release(alerts: Sequence[Alert]) -> dict[str | None, list[Alert]]:
    """The alerts of each mail, in the order of the mails."""
    groups: dict[str | None, list[Alert]] = {}
    for alert in alerts:
        groups.setdefault(alert.release, []).append(alert)
    return groups


def undelivered_mail(
    alerts: Sequence[Alert], to: Sequence[str], refused: Sequence[tuple[str, str]],
    arrival: Arrival, now: datetime, notices: Notices, department: Department,
) -> Mail | None:  # fmt: skip
    """What follows an alert once the outbox has failed: `refused` pairs addresses with replies.

    None where the alert was not about any of them (law 6).
    """
    concerned = {normalise_address(address) for alert in alerts for address in alert.recipients}
    lines = [
        f"{shown(address)}: not delivered, the next mail server said: {shown(reply, 300)}"
        for address, reply in refused
        if normalise_address(address) in concerned
    ]
    if not lines:
        return None
    breach = any(alert.severity == "breach" for alert in alerts)
    subject = _subject(breach, alerts[0].release or _what(alerts), arrival.id) + " not delivered"
    zone = department.zone
    blocks = [
        paragraph(
            "An alert told you of this message. It was stored for delivery then; now it is certain "
            "that it was not delivered to the recipients below."
        ),
        paragraph(
            f"Received: {instant(arrival.at, zone)}", f"Given up: {instant(now, zone)}",
            f"Message number: {arrival.id}",
        ),
        bullets(lines),
        paragraph(NO_QUOTE),
        paragraph(times_are(zone)),
    ]  # fmt: skip
    return compose(
        "alert", to, subject, blocks, sender=notices.sender, sender_name=department.name,
        hostname=department.hostname, now=now, about=arrival.id,
    )  # fmt: skip


def _mail(
    alerts: Sequence[Alert], release: Release | None, arrival: Arrival, envelope: Envelope,
    verdict: Verdict, reference: Reference, delivery: Delivery, notices: Notices,
    department: Department, joined: Collection[str],
) -> Mail:  # fmt: skip
    breach = any(alert.severity == "breach" for alert in alerts)
    subject = _subject(breach, release.id if release else _what(alerts), arrival.id)
    zone = department.zone
    sender = shown(envelope.sender) if envelope.sender else "the null sender <>"
    lines = [
        f"Received: {instant(arrival.at, zone)}",
        f"Sender: {sender}",
        f"Message number: {arrival.id}",
    ]
    if reference.message_id:
        lines.append(f"Message-ID: {shown(reference.message_id)}")
    if release:
        public = instant(release.instant, release.zone, zone)
        lines.append(f"Release: {shown(release.title)} ({release.id}), public from {public}")
    fates = {normalise_address(d.address): d for d in verdict.decisions}
    blocks: list[Block] = [
        paragraph(_opening(breach, alerts, fates, delivery)),
        paragraph(*lines),
        heading("What happened, by which rule"),
        bullets([_rule(alert, zone) for alert in alerts]),
        heading("Recipients"),
        bullets(_recipients(alerts, fates, delivery, zone, joined)),
    ]
    concerned = {normalise_address(address) for alert in alerts for address in alert.recipients}
    held = {normalise_address(address) for address in verdict.addresses("hold")} & concerned
    if held:
        blocks.append(paragraph(_waiting(len(held), arrival.id)))
    blocks.append(paragraph(NO_QUOTE))
    blocks.append(paragraph(times_are(zone)))
    return compose(
        "alert", _to(release, breach, notices), subject, blocks, sender=notices.sender,
        sender_name=department.name, hostname=department.hostname, now=arrival.at,
        about=arrival.id,
    )  # fmt: skip


def _subject(breach: bool, what: str, id: str) -> str:
    return f"[{'BREACH' if breach else 'near miss'}] {shown(what, 80)}: message {id}"


def _what(alerts: Sequence[Alert]) -> str:
    """What an alert of no known release is about."""
    about = family(alerts[0].rule)
    if about in ROWS:
        return "rows about people or firms"
    names = {
        "list": "unknown release", "secret": "material marked SECRET",
        "marked": "marked material", "marking": "marked material", "unread": "unread attachment",
    }  # fmt: skip
    return names.get(about, alerts[0].rule.replace("-", " "))


def _to(release: Release | None, breach: bool, notices: Notices) -> list[str]:
    """A breach is also for the Head of Profession, who answers for the release (DOMAIN 1, S0)."""
    people = list(release.contacts) if release else []
    if release and breach:
        people.append(release.head_of_profession)
    usable = [address for address in people if can_be_written_to(address)]
    return list(dict.fromkeys([*usable, notices.security_officer]))


def _waiting(held: int, id: str) -> str:
    waits = "1 of these recipients waits" if held == 1 else f"{held} of these recipients wait"
    return f"{waits} for a decision. The security officer sees more with: gateway holds show {id}"


def _opening(
    breach: bool, alerts: Sequence[Alert], fates: Mapping[str, Decision], delivery: Delivery
) -> str:
    if not breach:
        return "A message that must not reach these recipients was stopped in time."
    if isinstance(delivery, Reply) and not delivery.positive:
        return "A message in breach of the release policy was sent. It was not delivered."
    if delivery == "unknown" and any(
        _passes(a, fates) for alert in alerts for a in alert.recipients
    ):
        return (
            "A message in breach of the release policy was sent. Whether it was delivered is not "
            "known: the gateway did not hear the next mail server's answer."
        )
    return "A message in breach of the release policy was sent."


def _rule(alert: Alert, zone: str) -> str:
    because = at_home(alert.because, zone)
    return f"{alert.rule} ({alert.severity}, {alert.weight}): {because}"


def _recipients(
    alerts: Sequence[Alert], fates: Mapping[str, Decision], delivery: Delivery, zone: str,
    joined: Collection[str],
) -> list[str]:  # fmt: skip
    """Those the alerts are about and nobody else on the message (law 6); of their standing, what
    it is for the alert's own release."""
    addresses = dict.fromkeys(address for alert in alerts for address in alert.recipients)
    lines = []
    for address in addresses:
        decision = fates.get(normalise_address(address))
        line = f"{shown(address)}: {_fate(decision, delivery)}"
        standing = decision.standing if decision is not None else None
        if standing is not None and standing.release == alerts[0].release:
            said = (standing.sentence, *standing.near)
            line += f". {' '.join(at_home(sentence, zone) for sentence in said)}"
        if normalise_address(address) in joined:
            line = f"{line.rstrip('.')}. {_JOINED}"
        lines.append(line)
    return lines


def _passes(address: str, fates: Mapping[str, Decision]) -> bool:
    decision = fates.get(normalise_address(address))
    return decision is not None and decision.disposition == "pass"


def _fate(decision: Decision | None, delivery: Delivery) -> str:
    """One recipient's fate; who has no decision is held (law 5)."""
    if decision is None or decision.disposition == "hold":
        return "held in time, not delivered"
    if decision.disposition == "reject":
        return "refused, not delivered"
    if isinstance(delivery, Reply):
        answer = shown(str(delivery), 300)
        if delivery.positive:
            return f"delivered to the next mail server, which said: {answer}"
        return f"not delivered, the next mail server said: {answer}"
    if delivery == "queued":
        return "stored for delivery; you hear if it cannot be delivered"
    return "delivery outcome unknown"
