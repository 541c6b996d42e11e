"""Mails to senders: held, refused, delivered with a note, and what became of a hold.

They go to the envelope sender alone, who knows every recipient including the blind ones. They
never quote the message, not even its subject; nothing goes to the null sender or to machines.
"""

from __future__ import annotations

from datetime import datetime
from typing import Mapping, Sequence

from gateway.act.composition import (
    Block,
    Reference,
    bullets,
    can_be_written_to,
    compose,
    heading,
    instant,
    paragraph,
    shown,
    steps,
)  # fmt: skip
from gateway.config import Department, Notices
from gateway.model.held import Hold, Journalled, Mail
from gateway.model.release import Release
from gateway.model.session import Arrival, Envelope
from gateway.model.verdict import Decision, Verdict

_NO_QUOTE = "The message itself and its subject are left out here on purpose."
_SENTENCE = 400


def hold_notice(
    arrival: Arrival, envelope: Envelope, verdict: Verdict, reference: Reference,
    releases: Mapping[str, Release], expires: datetime, notices: Notices, department: Department,
) -> Mail | None:  # fmt: skip
    """What the sender hears of a verdict, or None where there is nothing to say or nobody to
    say it to. Held beats refused beats a mere note."""
    form = _form(verdict)
    if form is None or not _answerable(envelope.sender, reference):
        return None
    when = instant(arrival.at, department.zone)
    subject, opening = form
    blocks = [
        paragraph(f"{opening.format(when=when)} {_NO_QUOTE}"),
        paragraph(*_identity(arrival, reference, held=bool(verdict.addresses("hold")))),
        *_people(verdict),
        *_why(verdict),
        *_next_steps(verdict, releases, notices, department),
    ]
    if verdict.addresses("hold"):
        until = instant(expires, department.zone)
        blocks += _deciders(verdict, releases, notices)
        blocks += [
            paragraph(
                f"If nobody has decided by {until}, the message is dropped and you are told so."
            )
        ]
    return _mail(subject, blocks, arrival, envelope, reference, arrival.at, notices, department)


def outcome_notice(
    hold: Hold, reference: Reference, choice: str, recipients: Sequence[Journalled], by: str,
    remark: str, now: datetime, notices: Notices, department: Department,
) -> Mail | None:  # fmt: skip
    """What became of a held message: `choice` is released, refused or expired."""
    if not _answerable(hold.sender, reference):
        return None
    when = instant(hold.arrived, department.zone)
    opening = {
        "released": f"The message that you sent at {when} and that was held is now released.",
        "refused": f"The message that you sent at {when} and that was held will not be delivered.",
        "expired": f"Nobody decided in time about the message that you sent at {when} and that "
        "was held. It was dropped.",
    }[choice]
    label = {
        "released": "It is on its way to", "refused": "It does not go to",
        "expired": "It did not go to",
    }[choice]  # fmt: skip
    blocks = [
        paragraph(f"{opening} {_NO_QUOTE}"),
        paragraph(*_identity(hold.arrival, reference, held=True)),
        heading(label),
        bullets([shown(recipient.recipient.address) for recipient in recipients]),
    ]
    if choice != "expired":
        blocks.append(paragraph(f"Decided by: {shown(by)}"))
    if remark:
        blocks.append(paragraph(f"Reason given: {shown(remark, _SENTENCE)}"))
    if choice != "released":
        blocks.append(paragraph(f"If this is wrong, speak to {shown(notices.contact)}."))
    subject = f"Held message {hold.id}: {choice}"
    return _mail(
        subject, blocks, hold.arrival, hold.envelope, reference, now, notices, department
    )  # fmt: skip


def _form(verdict: Verdict) -> tuple[str, str] | None:
    """Subject and first sentence; None where there is nothing to tell."""
    for disposition, word in (("hold", "held"), ("reject", "refused")):
        told = [d for d in verdict.decisions if d.disposition == disposition]
        if told:
            some = " for some recipients" if len(told) < len(verdict.decisions) else ""
            subject = f"Your message {'is' if disposition == 'hold' else 'was'} {word}{some}"
            return subject, f"The message that you sent at {{when}} was {word}{some}."
    if verdict.notify:
        return (
            "Your message was passed on, please note",
            "The message that you sent at {when} was passed on. Please note the following.",
        )
    return None


def _answerable(sender: str, reference: Reference) -> bool:
    """RFC 3834 section 2: never answer the null sender, machines or lists."""
    return not reference.automatic and can_be_written_to(sender)


def _identity(arrival: Arrival, reference: Reference, held: bool) -> list[str]:
    lines = [f"{'Hold' if held else 'Message'} number: {arrival.id}"]
    if reference.message_id:
        lines.append(f"Message-ID: {shown(reference.message_id)}")
    return lines


def _people(verdict: Verdict) -> list[Block]:
    blocks: list[Block] = []
    titles = {
        "hold": "Not delivered, held",
        "reject": "Not delivered, refused",
        "pass": "Passed on",
    }
    for disposition, title in titles.items():
        chosen = [d for d in verdict.decisions if d.disposition == disposition]
        if chosen:
            told = disposition != "pass"
            blocks += [heading(title), bullets([_person(d, told) for d in chosen])]
    return blocks


def _person(decision: Decision, told: bool) -> str:
    address = shown(decision.address)
    if not told or decision.standing is None:
        return address
    sentence = shown(decision.standing.sentence, _SENTENCE)
    return sentence if address in sentence else f"{address}: {sentence}"


def _why(verdict: Verdict) -> list[Block]:
    told = [d for d in verdict.decisions if d.disposition != "pass"]
    sentences = [sentence for decision in told for sentence in decision.because]
    sentences += [because for _, because in verdict.notify]
    unique = list(dict.fromkeys(shown(sentence, _SENTENCE) for sentence in sentences))
    if not unique:
        unique = ["The department's release policy asks for it."]
    return [heading("Why"), bullets(unique)]


def _next_steps(
    verdict: Verdict, releases: Mapping[str, Release], notices: Notices, department: Department
) -> list[Block]:
    held = [d for d in verdict.decisions if d.disposition != "pass"]
    if not held:
        return []
    unlisted = [d for d in held if d.listed is False]
    others = len(unlisted) < len(verdict.decisions)
    passed = bool(verdict.addresses("pass"))
    deciders = _contacts(verdict, releases) or [shown(notices.contact)]
    lines = []
    if passed:
        lines.append(
            "Do not send it again to the people under “Passed on”. There is nothing more to do "
            "for them."
        )
    elif unlisted and others:
        lines.append(
            "If the people who are not on the list do not need it: send the message again "
            "without them."
        )
    if unlisted:
        lines.append(
            f"If those people need it before publication: ask {' or '.join(deciders)} to add them to "
            "the list. Do not send it to them in any other way."
        )
    elif verdict.addresses("hold"):
        lines.append(f"If it is urgent: ask {' or '.join(deciders)} to look at it now.")
    lines += _waiting(held, releases, department)
    if not lines:
        lines.append(f"Speak to {shown(notices.contact)} before you send it again.")
    return [heading("What to do next"), steps(lines)]


def _waiting(
    decisions: Sequence[Decision], releases: Mapping[str, Release], department: Department
) -> list[str]:
    """From when on anybody may have it."""
    lines = []
    for id in dict.fromkeys(d.release for d in decisions if d.release in releases):
        release = releases[str(id)]
        moment = instant(release.instant, release.zone)
        if release.lift == "instant-and-published":
            public = f"once it is published, at {moment} at the earliest"
        else:
            public = f"from {moment}"
        lines.append(
            f"Otherwise wait. Everybody may have “{shown(release.title)}” {public}. After that, "
            "send the message again or ask for it to be released."
        )
    return lines


def _contacts(verdict: Verdict, releases: Mapping[str, Release]) -> list[str]:
    ids = dict.fromkeys(d.release for d in verdict.decisions if d.release in releases)
    contacts = [contact for id in ids for contact in releases[str(id)].contacts]
    return list(dict.fromkeys(shown(contact) for contact in contacts))[:5]


def _deciders(verdict: Verdict, releases: Mapping[str, Release], notices: Notices) -> list[Block]:
    contacts = _contacts(verdict, releases)
    people = ", ".join([*contacts, shown(notices.contact)])
    return [
        heading("Who decides"),
        paragraph(f"{people}. Give them the hold number above. Nobody reads answers to this mail."),
    ]


def _mail(
    subject: str, blocks: Sequence[Block], arrival: Arrival, envelope: Envelope,
    reference: Reference, now: datetime, notices: Notices, department: Department,
) -> Mail:  # fmt: skip
    return compose(
        "notice", (envelope.sender,), subject, blocks, sender=notices.sender,
        sender_name=department.name, hostname=department.hostname, now=now, about=arrival.id,
        reply_to=reference.message_id, answers=True, per_hour=notices.per_hour,
    )  # fmt: skip
