"""Mails to senders: held, refused, delivered with a note, and what became of a hold.

They go to the envelope sender alone, who knows every recipient including the blind ones. They
never quote the message, not even its subject; nothing goes to the null sender or to machines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import zip_longest

from gateway.act.advice import Situation, next_steps
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
    steps,
    times_are,
)  # fmt: skip
from gateway.act.grounds import ROWS, UNREAD, Grounds, family
from gateway.config import Department, Notices
from gateway.model.address import normalise_address
from gateway.model.held import Hold, Journalled, Mail
from gateway.model.release import Release
from gateway.model.session import Arrival, Envelope
from gateway.model.verdict import Decision, Verdict

NO_GROUNDS = Grounds()
_PLACES = 3
_KINDS = {"webmail": "A private mailbox.", "media": "An address of the media."}


def hold_notice(
    arrival: Arrival, envelope: Envelope, verdict: Verdict, reference: Reference,
    releases: Mapping[str, Release], expires: datetime, notices: Notices, department: Department,
    grounds: Grounds = NO_GROUNDS,
) -> Mail | None:  # fmt: skip
    """What the sender hears of a verdict, or None where there is nothing to say or nobody to
    say it to. Held beats refused beats a mere note."""
    form = _form(verdict)
    if form is None or not _answerable(envelope.sender, reference):
        return None
    zone = department.zone
    situation = Situation(verdict, grounds, releases, notices, arrival.at, expires, zone)
    subject, opening = form
    blocks = [
        paragraph(f"{opening.format(when=instant(arrival.at, zone))} {NO_QUOTE}"),
        paragraph(*_identity(arrival, reference, held=bool(verdict.addresses("hold")))),
        *_people(situation),
        *_joined(situation),
        heading("Why"),
        bullets(_why(situation)),
    ]
    if lines := next_steps(situation):
        blocks += [heading("What to do next"), steps(lines)]
    if verdict.addresses("hold"):
        blocks += _deciders(situation)
        end = f"If nobody has decided by {instant(expires, zone)}, the message is dropped and you are told so."
        blocks.append(paragraph(end))
    blocks.append(paragraph(times_are(zone)))
    return _mail(subject, blocks, arrival, envelope, reference, arrival.at, notices, department)


def outcome_notice(
    hold: Hold, reference: Reference, choice: str, recipients: Sequence[Journalled], by: str,
    remark: str, now: datetime, notices: Notices, department: Department,
) -> Mail | None:  # fmt: skip
    """What became of a held message: `choice` is released, refused, expired or held again."""
    if not _answerable(hold.sender, reference):
        return None
    when = instant(hold.arrived, department.zone)
    opening = {
        "released": f"The message that you sent at {when} and that was held is now released.",
        "refused": f"The message that you sent at {when} and that was held will not be delivered.",
        "expired": f"Nobody decided in time about the message that you sent at {when} and that "
        "was held. It was dropped.",
        "held again": f"The message that you sent at {when} and that was cleared is held after all.",
    }[choice]
    label = {
        "released": "It is on its way to", "refused": "It does not go to",
        "expired": "It did not go to", "held again": "It is not delivered yet to",
    }[choice]  # fmt: skip
    blocks = [
        paragraph(f"{opening} {NO_QUOTE}"),
        paragraph(*_identity(hold.arrival, reference, held=True)),
        heading(label),
        bullets([shown(recipient.recipient.address) for recipient in recipients]),
    ]
    if choice in ("released", "refused"):
        blocks.append(paragraph(f"Decided by: {shown(by)}"))
    if remark:
        blocks.append(paragraph(f"Reason given: {shown(remark, 400)}"))
    if choice != "released":
        blocks.append(paragraph(f"If this is wrong, speak to {shown(notices.contact)}."))
    blocks.append(paragraph(times_are(department.zone)))
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


def _people(situation: Situation) -> list[Block]:
    blocks: list[Block] = []
    titles = {
        "hold": "Not delivered, held",
        "reject": "Not delivered, refused",
        "pass": "Passed on",
    }
    for disposition, title in titles.items():
        chosen = [d for d in situation.verdict.decisions if d.disposition == disposition]
        if chosen:
            lines = [_person(d, situation) for d in chosen]
            blocks += [heading(title), bullets(lines)]
    return blocks


def _person(decision: Decision, situation: Situation) -> str:
    """The address, and what it is about this recipient that stops the message."""
    address = shown(decision.address)
    if decision.disposition == "pass":
        return address
    said = _about(decision, situation)
    if not said and len(situation.told) > 1 and any(_about(d, situation) for d in situation.told):
        said = ["Held together with the others."]
    rest = " ".join(said)
    return rest if rest.startswith(address) else f"{address}: {rest}" if rest else address


def _joined(situation: Situation) -> list[Block]:
    """Who is on this message that was not on the one before: said where a list is the matter."""
    grounds, decisions = situation.grounds, situation.verdict.decisions
    if not grounds.joined or all(decision.listed is None for decision in decisions):
        return []
    before = f"the message that yours {'forwards' if grounds.forward else 'answers'}"
    if len(grounds.joined) == len({normalise_address(d.address) for d in decisions}):
        return [paragraph(f"Nobody whom you sent this to was on {before}.")]
    return [
        heading("Added by you"),
        paragraph(f"These were not on {before}:"),
        bullets([shown(address) for address in grounds.joined]),
    ]


def _about(decision: Decision, situation: Situation) -> list[str]:
    kind = situation.grounds.kind(decision.address)
    said = [_KINDS[kind]] if kind in _KINDS else []
    if situation.grounds.senders_own(decision):
        said = ["This looks like your own private mailbox."]
    if not said and situation.grounds.outside(decision) and (situation.secret or situation.rows):
        said = ["Outside the department."]
    standing = decision.standing
    if standing is not None and not standing.allowed:
        said.append(at_home(standing.sentence, situation.zone))
    if standing is not None:
        key = normalise_address(decision.address), standing.release
        if near := situation.grounds.taken_for.get(key):
            said.append(at_home(near, situation.zone))
    return said


def _why(situation: Situation) -> list[str]:
    """The deciding reason of each kind with its places; what says the same is only counted."""
    first: dict[str, str] = {}
    same: dict[str, None] = {}
    ruled: dict[str, None] = {}
    for decision in situation.told:
        for rule, because in zip_longest(decision.reasons, decision.because, fillvalue=""):
            about = family(rule) if rule else because
            if because and about not in first:
                sentence = at_home(because, situation.zone)
                first[about] = sentence + _places(about, situation.grounds)
                ruled[rule] = None
            elif rule not in ruled:
                same[rule] = None
    lines = list(dict.fromkeys(first.values()))
    told = dict.fromkeys(decision.release for decision in situation.told if decision.release)
    lines += [line for release in told for line in situation.grounds.shared.get(release, ())]
    if same:
        rules = f"{len(same)} more rule{'s' if len(same) > 1 else ''}"
        ask = "ask" if len(same) > 1 else "asks"
        lines.append(f"{rules} {ask} for the same: {', '.join(same)}.")
    lines += [at_home(text, situation.zone) for _, text in situation.verdict.notify]
    return list(dict.fromkeys(lines)) or ["The department's release policy asks for it."]


def _places(about: str, grounds: Grounds) -> str:
    """Where it was found: the part and its kind, never a name."""
    found: tuple[str, ...] = {
        "secret": grounds.secret, "marked": grounds.marked, "marking": grounds.marked,
        "list": grounds.banners if grounds.banners != ("the text",) else (),
        "unpublished": grounds.series, "indication": grounds.hints,
    }.get(about, ())  # fmt: skip
    if about in ROWS:
        found = grounds.rows or grounds.unsure
    if about in ("unread", "links"):
        found = tuple(f"{place} is {UNREAD[reason]}" for place, reason in grounds.unread)
        return f" Not read: {'; '.join(found[:_PLACES])}." if found else ""
    more = "" if len(found) <= _PLACES else f"; {len(found) - _PLACES} more"
    return f" Found in: {'; '.join(found[:_PLACES])}{more}." if found else ""


def _deciders(situation: Situation) -> list[Block]:
    notices = situation.notices
    people = list(situation.contacts())
    for release in situation.releases_concerned():
        head = shown(release.head_of_profession)
        if head:
            people.append(f"{head} (Head of Profession)")
    if situation.secret:
        people = [f"{shown(notices.security_officer)} (security officer)"]
    contact = shown(notices.contact)
    people.append(contact[:1].upper() + contact[1:])
    if notices.out_of_hours:
        people.append(f"Out of hours: {shown(notices.out_of_hours)}")
    return [
        heading("Who decides"),
        bullets(list(dict.fromkeys(people))),
        paragraph("Give them the hold number above. Nobody reads answers to this mail."),
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
