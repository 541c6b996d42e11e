"""Entries of an LDAP directory -> accounts and lists.

Pure. Active Directory, RFC 4519 groups (groupOfNames, groupOfUniqueNames), POSIX groups and mail
aliases are understood. A list whose members an LDAP URL or a filter computes is dynamic. Names are
compared in small letters and without the spaces that RFC 4514 lets stand beside a separator. Where
mail goes on to is said by attributes of many schemas; a routing address (inetLocalMailRecipient)
that is the same name at the server which keeps the mailbox is no other place.
"""

from __future__ import annotations

import re
from typing import Iterable, Mapping, NamedTuple, Sequence

from gateway.model.address import is_within
from gateway.releases.directories.forwarding import forwarding
from gateway.releases.directories.records import (
    Account,
    Extract,
    Forwarding,
    Listing,
    addresses,
    first,
    text,
)

PEOPLE_ATTRIBUTES = (
    "objectClass", "cn", "displayName", "mail", "proxyAddresses", "mailAlternateAddress",
    "mailLocalAddress", "title", "department", "departmentNumber", "ou", "o",
    "company", "uid", "gidNumber", "primaryGroupID", "userAccountControl",
    "msExchRecipientTypeDetails", "altRecipient", "msExchGenericForwardingAddress",
    "mailForwardingAddress", "gosaMailForwardingAddress", "zimbraMailForwardingAddress",
    "zimbraPrefMailForwardingAddress", "mailRoutingAddress", "maildrop", "targetAddress",
)  # fmt: skip
_FORWARDS = (
    "altrecipient", "msexchgenericforwardingaddress", "mailforwardingaddress",
    "gosamailforwardingaddress", "zimbramailforwardingaddress", "zimbraprefmailforwardingaddress",
)  # fmt: skip
_ROUTES = ("mailroutingaddress", "maildrop", "targetaddress")
# Where Microsoft and Google keep the mailboxes of a domain, beside any other name of theirs.
_CLOUDS = (".mail.onmicrosoft.com", ".test-google-a.com")
GROUP_ATTRIBUTES = (
    "objectClass", "cn", "displayName", "mail", "proxyAddresses", "mailAlternateAddress",
    "mailLocalAddress", "member", "uniqueMember", "memberUid", "rfc822MailMember",
    "mgrpRFC822MailMember", "memberURL", "labeledURI", "mgrpDeliverTo", "owner", "gidNumber",
    "primaryGroupToken",
)  # fmt: skip
_ADDRESSES = ("mail", "proxyaddresses", "mailalternateaddress", "maillocaladdress")
_LISTS = frozenset(
    "group groupofnames groupofuniquenames groupofentries groupofmembers groupofurls posixgroup"
    " nismailalias mailgroup dynamicgroup msexchdynamicdistributionlist".split()
)
_DYNAMIC = frozenset("groupofurls dynamicgroup msexchdynamicdistributionlist".split())
_COMPUTED = ("memberurl", "labeleduri", "mgrpdeliverto")
_SHARED = frozenset(("4", "34359738368"))
_ROOMS = frozenset(("16", "32", "8589934592", "17179869184"))
_DISABLED = 2
_SEPARATOR = re.compile(r"\s*([,=+])\s*")
_UID_OF_NAME = re.compile(r"#'[01]*'B\Z")


class Entry(NamedTuple):
    """One entry: its name, and its values by the names of attributes in small letters."""

    name: str
    values: Mapping[str, Sequence[str]]


def ldap_extract(people: Iterable[Entry], groups: Iterable[Entry]) -> Extract:
    """What a directory says. An entry that both searches found is a list; so is one of a list's
    classes that only the search for people found, and nobody knows its members."""
    found = {same_name(entry.name): entry for entry in groups}
    accounts: list[Account] = []
    listings: list[Listing] = []
    forwardings: list[Forwarding] = []
    primary: dict[str, list[str]] = {}
    for entry in people:
        key = same_name(entry.name)
        if key in found:
            continue
        one = _unasked(key, entry) if _classes(entry) & _LISTS else _person(key, entry)
        if isinstance(one, Account):
            accounts.append(one)
        else:
            listings.append(one)
        if forward := _forwarding(one.addresses, entry):
            forwardings.append(forward)
        for attribute in ("gidnumber", "primarygroupid"):
            for number in entry.values.get(attribute, ()):
                primary.setdefault(f"{attribute}={number}", []).append(key)
    listings += (_list(key, entry, primary) for key, entry in found.items())
    return Extract(tuple(accounts), tuple(listings), tuple(forwardings))


def same_name(name: str) -> str:
    """One spelling of a distinguished name, for comparing."""
    return _SEPARATOR.sub(r"\1", name).strip().lower()


def _classes(entry: Entry) -> frozenset[str]:
    return frozenset(one.lower() for one in entry.values.get("objectclass", ()))


def _addresses(entry: Entry) -> tuple[str, ...]:
    return addresses(*(value for name in _ADDRESSES for value in entry.values.get(name, ())))


def _one(entry: Entry, *names: str) -> str:
    return first(value for name in names for value in entry.values.get(name, ()))


def _person(key: str, entry: Entry) -> Account | Listing:
    name, own = _one(entry, "displayname", "cn"), _addresses(entry)
    keys = (key, *(f"uid={uid}" for uid in entry.values.get("uid", ())))
    fault = _why_nobodys(entry)
    if fault and own:
        return Listing(keys, text(entry.name), name, own, (), fault, mailbox=True)
    return Account(
        keys,
        text(entry.name),
        name,
        own,
        _one(entry, "title"),
        _one(entry, "department", "departmentnumber", "ou", "company", "o"),
    )


def _forwarding(own: tuple[str, ...], entry: Entry) -> Forwarding | None:
    said = [value for name in _FORWARDS for value in entry.values.get(name, ())]
    kept = {uid.lower() for uid in entry.values.get("uid", ())}
    kept |= {address.partition("@")[0] for address in own}
    domains = frozenset(address.partition("@")[2] for address in own)
    for route in (value for name in _ROUTES for value in entry.values.get(name, ())):
        name, _, host = route.strip().lower().removeprefix("smtp:").partition("@")
        if name not in kept or (
            host and not is_within(host, domains) and not host.endswith(_CLOUDS)
        ):
            said.append(route)
    said = [same_name(one) if "=" in one else one for one in said]
    return forwarding(own, text(entry.name), said)


def _why_nobodys(entry: Entry) -> str:
    """Why an account is nobody's own; "" where it is."""
    kinds = set(entry.values.get("msexchrecipienttypedetails", ()))
    if kinds & _SHARED:
        return "it is a shared mailbox, and the directory does not say who reads it"
    if kinds & _ROOMS:
        return "it is the mailbox of a room or of equipment"
    control = _one(entry, "useraccountcontrol")
    if control.isdecimal() and int(control) & _DISABLED:
        return "its account is switched off, as that of a shared mailbox is"
    return ""


def _unasked(key: str, entry: Entry) -> Listing:
    name, fault = _one(entry, "displayname", "cn"), "the filter for groups does not find it"
    return Listing((key,), text(entry.name), name, _addresses(entry), (), fault)


def _list(key: str, entry: Entry, primary: Mapping[str, Sequence[str]]) -> Listing:
    values, classes = entry.values, _classes(entry)
    members = [same_name(one) for one in values.get("member", ())]
    members += [same_name(_UID_OF_NAME.sub("", one)) for one in values.get("uniquemember", ())]
    members += [f"uid={one}" for one in values.get("memberuid", ())]
    for attribute in ("rfc822mailmember", "mgrprfc822mailmember"):
        for one in values.get(attribute, ()):
            members.append(next(iter(addresses(one)), f"alias {text(one)}"))
    for attribute, counted in (("gidnumber", "gidnumber"), ("primarygrouptoken", "primarygroupid")):
        for number in values.get(attribute, ()):
            members += primary.get(f"{counted}={number}", ())
    fault = ""
    if classes & _DYNAMIC or any(
        "ldap" in one.lower() for name in _COMPUTED for one in values.get(name, ())
    ):
        fault = "it is dynamic: its members are not known"
    elif not members and values.get("owner"):
        fault = "it names its owner and no members"
    return Listing(
        (key,), text(entry.name), _one(entry, "displayname", "cn") or text(entry.name),
        _addresses(entry), tuple(dict.fromkeys(members)), fault,
    )  # fmt: skip
