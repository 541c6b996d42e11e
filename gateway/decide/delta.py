"""Who is on a message that was not on the one it answers or forwards.

The delta is a fact, shown and asked about; it permits nothing. Where nobody knows who was on the
earlier message there is none. A person is known under any of their addresses; where the earlier
header shows names alone, by the name in the directory, in this message's own header, or as the
local part spells it. Where the earlier header names its author alone ("On 27 March X wrote:"), who
else is on this message may have been there or not: a suspicion, which no rule counts as joined.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.model.acquaintance import Participants
from gateway.model.address import normalise_address
from gateway.model.finding import Finding
from gateway.model.message import Location
from gateway.model.people import Directory
from gateway.model.person_name import Names, name
from gateway.model.verdict import Case

_WHERE = Location("0", None, "recipients")


_AUTHOR_ALONE = "quoted-author"


def earlier_is_known(case: Case) -> bool:
    """Whether the message answers or forwards one whose people are known."""
    return _quoted(case) is not None or (_follows(case) and case.known.present is not None)


def with_added(case: Case, directory: Directory) -> Case:
    """The case with a finding for every recipient who has joined; `earlier` is how many people
    the earlier message is known to have had."""
    if not earlier_is_known(case):
        return _with_suspects(case, directory)
    before = _Before(case, directory)
    whom = (normalise_address(recipient.address) for recipient in case.envelope.recipients)
    facts = {"from": "quoted" if _quoted(case) else "history", "earlier": before.count}
    joined = tuple(
        Finding("added-recipient", _WHERE, "high", {"recipient": address, **facts})
        for address in dict.fromkeys(whom)
        if not before.had(address)
    )
    return replace(case, findings=case.findings + joined)


def has_joined(finding: Finding) -> bool:
    """Whether it says that somebody has joined, and does not just suspect it."""
    return finding.kind == "added-recipient" and finding.facts.get("from") != _AUTHOR_ALONE


def _with_suspects(case: Case, directory: Directory) -> Case:
    """Of the earlier message only the author is known: everybody but them and its reader, who is
    the sender now, may have joined."""
    quoted = case.quoted
    if quoted is None or not _follows(case) or quoted.names or len(quoted.addresses) != 1:
        return case
    before = _Before(case, directory)
    whom = (normalise_address(recipient.address) for recipient in case.envelope.recipients)
    facts = {"from": _AUTHOR_ALONE, "earlier": None}
    perhaps = tuple(
        Finding("added-recipient", _WHERE, "low", {"recipient": address, **facts})
        for address in dict.fromkeys(whom)
        if not before.had(address)
    )
    return replace(case, findings=case.findings + perhaps)


def _follows(case: Case) -> bool:
    return case.message.reply or case.message.forward


def _quoted(case: Case) -> Participants | None:
    """The header that this message quotes, where it says who received the earlier one."""
    quoted = case.quoted
    return quoted if quoted is not None and quoted.complete and _follows(case) else None


class _Before:
    """The people of the earlier message, from what is quoted and from what is remembered."""

    def __init__(self, case: Case, directory: Directory) -> None:
        quoted = case.quoted or Participants()
        remembered = case.known.present or frozenset()
        self._directory = directory
        self._named = case.named
        self._shows_names = bool(quoted.names)
        self._names = Names(quoted.names)
        self._words = {each[0] for each in quoted.names if len(each) == 1}
        self.count = quoted.count if _quoted(case) else case.known.earlier
        writers = {normalise_address(case.envelope.sender), case.message.author}
        self._addresses = writers | remembered
        for address in quoted.addresses:
            group = directory.groups.get(address)
            self._addresses |= {address, *(group.members if group else ())}

    def had(self, address: str) -> bool:
        if not self._addresses.isdisjoint(self._directory.aliases(address)):
            return True
        return self._shows_names and self._shown_by_name(address)

    def _shown_by_name(self, address: str) -> bool:
        """`press` is a mailbox that is shown as Press, `t.moss` one that is shown as Terry Moss."""
        local = address.rpartition("@")[0]
        person = self._directory.person_of.get(address)
        return (
            local in self._words
            or self._names.spelt_by(local)
            or self._names.hold(name(person.name if person else ""))
            or self._names.hold(name(self._named.get(address, "")))
        )
