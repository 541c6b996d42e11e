"""An export of Microsoft Graph -> accounts and lists: `{"users": […], "groups": […]}`.

Each may be an array or a page as Graph answers it (`value`), as may the `members` of a group, and
the `messageRules` of a user. Rules of all inboxes may stand in `inboxRules`, each with its `mailbox`,
and settings of Exchange (`ForwardingSmtpAddress`, `ForwardingAddress`) beside a user's own. What
may be cut off (a page with a next one; 20 members, where `$expand` ends without a word) reaches
anybody. An account that nobody can sign in to is a shared mailbox, as far as one can tell.
"""

from __future__ import annotations

from types import NoneType
from typing import Any

from gateway.model.fault import Fault, Faults
from gateway.releases.directories.forwarding import forwarding, of_rules, properties
from gateway.releases.directories.json_text import MAX_ENTRIES, Entries, lowered, parse
from gateway.releases.directories.records import (
    Account,
    Extract,
    Forwarding,
    Listing,
    addresses,
    first,
    text,
)

_SECTIONS = ("users", "contacts", "groups")
_RULES = "inboxrules"
_OWNERS = ("mailbox", "mailboxowner", "mailboxownerid", "userprincipalname", "owner")
_EXPANDED = 20
_NEXT = "@odata.nextlink"
_PEOPLE = ("user", "orgcontact", "contact")


def read_graph(raw: bytes, name: str) -> Extract:
    """Raises Faults where the file as a whole cannot be relied on."""
    return graph_extract(parse(raw, name), name)


def graph_extract(value: Any, name: str) -> Extract:
    """What an export says. Raises Faults."""
    top = lowered(value)
    faults: list[Fault] = []
    entries: dict[str, list[Any]] = {}
    for section in (*_SECTIONS, _RULES):
        given = top.get(section, [])
        if _is_cut(given):
            message = f"{section}: stops after its first page"
            hint = "follow @odata.nextLink, and put all pages together"
            faults.append(Fault(name, 0, 0, message, hint))
        if isinstance(given, dict) and "value" not in lowered(given):
            given = [given]  # PowerShell writes an array of one as that one
        if not isinstance(_given(given), (list, NoneType)):
            faults.append(
                Fault(name, 0, 0, f"{section}: neither a list nor a page", "export it again")
            )
        entries[section] = _items(given)
    if not any(section in top for section in _SECTIONS):
        hint = 'write {"users": […], "groups": […]}'
        faults.append(Fault(name, 0, 0, "there are neither users nor groups in it", hint))
    if sum(map(len, entries.values())) > MAX_ENTRIES:
        faults.append(Fault(name, 0, 0, f"more than {MAX_ENTRIES:,} entries"))
    if faults:
        raise Faults(faults)
    return _Export(name).extract(entries)


def _given(section: Any) -> Any:
    """What is in an array, or in a page of one."""
    return lowered(section).get("value") if isinstance(section, dict) else section


def _items(section: Any) -> list[Any]:
    given = _given(section)
    return given if isinstance(given, list) else []


def _is_cut(given: Any) -> bool:
    return isinstance(given, dict) and _NEXT in lowered(given)


class _Export:
    def __init__(self, name: str) -> None:
        self._name = name
        self._entries = Entries(name)
        self._accounts: list[Account] = []
        self._listings: list[Listing] = []
        self._inline: set[str] = set()
        self._forwardings: list[Forwarding] = []

    def extract(self, sections: dict[str, list[Any]]) -> Extract:
        for section in ("users", "contacts"):
            for key, place, entry in self._entries.of(sections[section], section):
                self._person(key, place, entry)
        groups = [*self._entries.of(sections["groups"], "groups")]
        for key, place, entry in groups:
            self._group(key, place, entry)
        for number, rule in enumerate(sections[_RULES], 1):
            self._rule(f"inboxRules entry {number}", lowered(rule))
        if self._entries.faults:
            raise Faults(self._entries.faults)
        return Extract(tuple(self._accounts), tuple(self._listings), tuple(self._forwardings))

    def _person(self, key: str, place: str, entry: dict[str, Any]) -> None:
        name, own = first((entry.get("displayname"), entry.get("mail"))), _addresses(entry)
        self._forward(forwarding(own, place, properties(entry)))
        if entry.get("accountenabled") is False and own:
            fault = "its account is switched off, as that of a shared mailbox is"
            self._listings.append(Listing((key,), place, name, own, (), fault, mailbox=True))
            return
        self._accounts.append(
            Account(
                (key,),
                place,
                name,
                own,
                first((entry.get("jobtitle"), entry.get("title"))),
                first((entry.get("department"), entry.get("companyname"))),
            )
        )

    def _rule(self, place: str, rule: dict[str, Any]) -> None:
        own = addresses(*(rule.get(name) for name in _OWNERS))
        if not own:
            self._entries.faults.append(
                Fault(self._name, 0, 0, f"{place}: whose inbox it is cannot be read",
                      "export each rule with its 'mailbox', an e-mail address")
            )  # fmt: skip
        self._forward(forwarding(own[:1], place, of_rules([rule])))

    def _forward(self, found: Forwarding | None) -> None:
        if found is not None:
            self._forwardings.append(found)

    def _group(self, key: str, place: str, entry: dict[str, Any]) -> None:
        name = first((entry.get("displayname"), entry.get("mail"), key))
        members: list[str] = []
        fault = _unknown(entry)
        for member in () if fault else _items(entry.get("members")):
            reference = self._member(member)
            if reference is None:
                fault = f"a member is of a kind that is not understood: {_kind(member) or 'no id'}"
                break
            members.append(reference)
        self._listings.append(
            Listing((key,), place, name, _addresses(entry), tuple(members), fault)
        )

    def _member(self, member: Any) -> str | None:
        """The key of a member; a person whom only groups know becomes an account."""
        if isinstance(member, str):
            return member or None
        entry, kind = lowered(member), _kind(member)
        key = entry.get("id")
        if not isinstance(key, str) or not key or kind not in (*_PEOPLE, "group", ""):
            return None
        if kind in _PEOPLE and key not in self._entries and key not in self._inline:
            self._inline.add(key)
            self._person(key, f"member {text(key)}", entry)
        return key


def _kind(member: Any) -> str:
    """What a member is: `user`, `group`, `device`…; "" where it does not say."""
    kind = text(lowered(member).get("@odata.type"))
    return kind.rpartition(".")[2].lower()[:40]


def _addresses(entry: dict[str, Any]) -> tuple[str, ...]:
    proxies = entry.get("proxyaddresses")
    return addresses(entry.get("mail"), *(proxies if isinstance(proxies, list) else ()))


def _unknown(entry: dict[str, Any]) -> str:
    """Why the members of a group are not all there."""
    kinds = entry.get("grouptypes")
    if (isinstance(kinds, list) and "DynamicMembership" in kinds) or entry.get("membershiprule"):
        return "it is dynamic: its members are not known"
    given = entry.get("members")
    if given is None:
        if _items(entry.get("owners")):
            return "the export names its owners and no members"
        return "the export has no members of it"
    if _is_cut(given) or "members@odata.nextlink" in entry:
        return "the export has only some of its members"
    if isinstance(given, list) and len(given) == _EXPANDED and isinstance(given[0], dict):
        return (
            "the export has exactly 20 members of it, where $expand cuts off; export them as a page"
            " of /groups/ID/members"
        )
    if not isinstance(given, (list, dict)):
        return "its members are not a list"
    return ""
