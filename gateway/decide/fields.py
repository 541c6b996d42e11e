"""How each field of the vocabulary is read off a situation.

The table has one reader for every field of `model.vocabulary` and no other; a test compares the
two. A reader returns a plain scalar, None for what is unknown or absent.
"""

from __future__ import annotations

from typing import Any, Callable, Mapping

from gateway.decide.situation import Person, Situation
from gateway.model.finding import Finding, Mention, PartFacts
from gateway.model.media_type import contradicts
from gateway.model.message import Gap
from gateway.model.rule import Scalar
from gateway.model.vocabulary import FACT_PREFIX

FIGURES_THAT_COUNT = 3
MANY, TIMES_THE_MOST = 10, 3
Reader = Callable[[Any, Situation], Scalar]


def _fact(key: str) -> Reader:
    def read(finding: Finding, _: Situation) -> Scalar:
        value = finding.facts.get(key)
        # A list or mapping is no scalar: a rule that asks for it must not pass by accident.
        if isinstance(value, (list, dict)):
            raise TypeError("the fact is not a single value")
        return value

    return read


def _extension(part: PartFacts, _: Situation) -> Scalar:
    head, dot, tail = (part.name or "").rpartition(".")
    return tail.lower() if dot and head else ""


def _mismatch(part: PartFacts, _: Situation) -> Scalar:
    return contradicts(part.content_type, part.detected_type)


def _part_figures(part: PartFacts, _: Situation) -> int:
    return part.figures


def _figures(_: Any, situation: Situation) -> int:
    """All of them, wherever they stand: a subject may name what an attachment counts."""
    most = {part.number: part.figures for part in situation.case.parts}
    most["0"] = situation.case.message.figures
    for mention in situation.case.mentions:
        number = mention.location.part
        most[number] = max(mention.figures, most.get(number, 0))
    return sum(most.values())


def _notice_over_here(finding: Finding, situation: Situation) -> Scalar:
    return finding.location.part in situation.parts_of_old_notices


def _attachments(_: Any, situation: Situation) -> int:
    return sum(part.role == "attachment" for part in situation.case.parts)


def _added(person: Person, situation: Situation) -> Scalar:
    return None if situation.added is None else person.address in situation.added


def _first_ever(person: Person, situation: Situation) -> Scalar:
    strangers = situation.case.known.strangers
    if strangers is None:
        return None
    return strangers.issuperset(situation.register.directory.aliases(person.address))


def _unusually_many(_: Any, situation: Situation) -> Scalar:
    most, many = situation.case.known.most, len(situation.case.envelope.recipients)
    return None if most is None else many >= MANY and many > TIMES_THE_MOST * most


def _this_release(mention: Mention, situation: Situation) -> Scalar:
    return mention.release == situation.tie.release


_FILE: Mapping[str, Reader] = {
    "name": lambda part, _: part.name,
    "extension": _extension,
    "type": lambda part, _: part.content_type,
    "detected-type": lambda part, _: part.detected_type,
    "type-mismatch": _mismatch,
    "size": lambda part, _: part.size,
    "verdict": lambda part, _: part.verdict,
    "rows": lambda part, _: part.rows,
    "columns": lambda part, _: part.columns,
    "figures": _part_figures,
    "table": lambda part, _: part.verdict not in ("", "not-a-table"),
    "sha256": lambda part, _: part.sha256,
    "all-published": lambda part, _: part.all_published,
    "synthetic": lambda part, s: s.is_synthetic(part.number),
}


def _place(thing: Finding | Mention | Gap, situation: Situation) -> Scalar:
    return situation.role(thing.location.part)


_PLACE: Mapping[str, Reader] = {
    "in": _place,
    "name": lambda thing, _: thing.location.name,
    "where": lambda thing, _: thing.location.where,
}

_WHO: Mapping[str, Callable[[Person], Scalar]] = {
    "address": lambda person: person.address,
    "domain": lambda person: person.domain,
    "class": lambda person: person.kind,
    "listed": lambda person: person.listed,
    "status": lambda person: person.status,
}


def _sender(read: Callable[[Person], Scalar]) -> Reader:
    return lambda _, situation: read(situation.sender)


def _recipient(read: Callable[[Person], Scalar]) -> Reader:
    return lambda person, _: read(person)


READERS: Mapping[str, Mapping[str, Reader]] = {
    "finding": {
        "kind": lambda finding, _: finding.kind,
        "confidence": lambda finding, _: finding.confidence,
        **_PLACE,
        **{
            key: _fact(key)
            for key in (
                "level", "scheme", "descriptor", "until", "expired", "verdict", "rows", "columns",
                "visibility", "likeness", "resembles", "release", "matches", "series", "register",
                "direction",
            )
        },
        "recipient": _fact("recipient"),
        "hidden": lambda finding, _: finding.hidden,
        "notice-over-here": _notice_over_here,
        "this-release": lambda finding, s: finding.facts.get("release") == s.tie.release,
        "synthetic": lambda finding, s: s.is_synthetic(finding.location.part),
    },
    "attachment": _FILE,
    "part": {"role": lambda part, _: part.role, **_FILE},
    "gap": {
        "reason": lambda gap, _: gap.reason,
        **_PLACE,
        "detected-type": lambda gap, s: gap.detected_type or s.detected_type(gap.location.part),
        "structure": lambda gap, s: s.is_structure(gap.location.part),
    },
    "mention": {
        "release": lambda mention, _: mention.release,
        "how": lambda mention, _: mention.how,
        "figures": lambda mention, _: mention.figures,
        "this-release": _this_release,
        **_PLACE,
    },
    "recipient": {
        **{name: _recipient(read) for name, read in _WHO.items()},
        "on-a-near-list": lambda person, s: s.on_a_near_list(person.address),
        "added": _added,
        "first-ever": _first_ever,
        "sender-own": lambda person, s: s.is_own(person),
        "likeness": lambda person, s: s.likeness(person),
    },
    "sender": {
        **{name: _sender(read) for name, read in _WHO.items()},
        "null": lambda _, situation: situation.case.envelope.sender in ("", "<>"),
    },
    "release": {
        "tied": lambda _, s: s.tie.embargoed or s.tie.release is not None,
        "known": lambda _, s: s.release is not None,
        "embargoed": lambda _, s: s.tie.embargoed,
        "how": lambda _, s: s.tie.how or None,
        "id": lambda _, s: s.tie.release,
        "state": lambda _, s: s.release.state if s.release else None,
        "market-sensitive": lambda _, s: s.release.market_sensitive if s.release else None,
        "links-only": lambda _, s: s.release.delivery == "links-only" if s.release else None,
        "window-open": lambda _, s: s.window_open,
        "marked-as-required": lambda _, s: s.carries(s.release.marking) if s.release else None,
        "worded-as-required": lambda _, s: s.carries(*s.release.wordings) if s.release else None,
        "in-final-form": lambda _, s: s.in_final_form,
        "near": lambda _, s: s.near,
        "hours-to-release": lambda _, s: s.hours_to_release,
    },
    "message": {
        "size": lambda _, s: s.case.message.size,
        "auto-submitted": lambda _, s: s.case.message.auto_submitted,
        "reply": lambda _, s: s.case.message.reply,
        "forward": lambda _, s: s.case.message.forward,
        "bulk": lambda _, s: s.case.message.bulk,
        "has-figures": lambda _, s: _figures(_, s) >= FIGURES_THAT_COUNT,
        "figures": _figures,
        "attachments": _attachments,
        "recipients": lambda _, s: len(s.case.envelope.recipients),
        "added": lambda _, s: len(s.added or ()),
        "unusually-many": _unusually_many,
        "findings": lambda _, s: len(s.case.findings),
        "gaps": lambda _, s: len(s.case.gaps),
        "declares-release": lambda _, s: bool(s.case.message.declared_release),
    },
    "session": {
        "tls": lambda _, s: s.case.session.tls,
        "user": lambda _, s: s.case.session.user,
        "client-address": lambda _, s: s.case.session.client_address,
    },
}  # fmt: skip

THINGS: Mapping[str, Callable[[Situation], Any]] = {
    "finding": lambda s: s.case.findings,
    "attachment": lambda s: [part for part in s.case.parts if part.role == "attachment"],
    "part": lambda s: s.case.parts,
    "gap": lambda s: s.case.gaps,
    "mention": lambda s: s.case.mentions,
    "recipient": lambda s: s.people,
}


def reader(subject: str, field: str) -> Reader:
    """The reader of one field. A field outside the vocabulary is a KeyError: load refuses it."""
    known = READERS[subject].get(field)
    if known is not None:
        return known
    if subject == "finding" and field.startswith(FACT_PREFIX):
        return _fact(field.removeprefix(FACT_PREFIX))
    raise KeyError(field)
