"""An export of SCIM 2.0 (RFC 7643, RFC 7644) -> accounts and lists.

Either one ListResponse with Users and Groups in `Resources`, or `{"Users": …, "Groups": …}` of such
responses. SCIM gives groups no address of their own: one counts that stands in `emails`, `email` or
`mail`, of the group or of an extension, or as its display name. Nor does it say where mail of a user
goes on to: extensions do, as `forwardingAddress` or `forwardTo`.
"""

from __future__ import annotations

from typing import Any, Iterator

from gateway.model.fault import Fault, Faults
from gateway.releases.directories.forwarding import forwarding, properties
from gateway.releases.directories.json_text import (
    MAX_ENTRIES,
    Entries,
    lowered,
    objects,
    parse,
)
from gateway.releases.directories.records import (
    Account,
    Extract,
    Listing,
    addresses,
    first,
    text,
)

_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user"
_PRIVATE = ("home", "other")
"""Types of e-mail addresses that say nothing of where somebody works."""


def read_scim(raw: bytes, name: str) -> Extract:
    """Raises Faults where the file as a whole cannot be relied on."""
    return scim_extract(parse(raw, name), name)


def scim_extract(value: Any, name: str) -> Extract:
    """What an export says. Raises Faults."""
    top = lowered(value)
    faults: list[Fault] = []
    resources: list[Any] = []
    responses = [top] if "resources" in top else [top[k] for k in ("users", "groups") if k in top]
    if not responses:
        hint = 'write a ListResponse with \'Resources\', or {"Users": …, "Groups": …}'
        faults.append(Fault(name, 0, 0, "there are neither users nor groups in it", hint))
    for response in responses:
        given = response if isinstance(response, list) else lowered(response).get("resources")
        given = given if isinstance(given, list) else []
        total = lowered(response).get("totalresults")
        if isinstance(total, int) and total > len(given):
            message = f"it has {len(given)} of {total} entries"
            hint = "go on with startIndex, and put all pages together"
            faults.append(Fault(name, 0, 0, message, hint))
        resources += given
    if len(resources) > MAX_ENTRIES:
        faults.append(Fault(name, 0, 0, f"more than {MAX_ENTRIES:,} entries"))
    if faults:
        raise Faults(faults)
    return _extract(resources, name)


def _extract(resources: list[Any], name: str) -> Extract:
    accounts: list[Account] = []
    listings: list[Listing] = []
    forwardings = []
    entries = Entries(name)
    for key, place, entry in entries.of(resources, "Resources"):
        if "username" in entry or _is(entry, "User"):
            one = _user(place, key, entry)
            said = (value for part in _parts(entry) for value in properties(part))
            if found := forwarding(one.addresses, place, said):
                forwardings.append(found)
            if isinstance(one, Account):
                accounts.append(one)
            else:
                listings.append(one)
        elif "members" in entry or _is(entry, "Group"):
            listings.append(_group(place, key, entry))
    if entries.faults:
        raise Faults(entries.faults)
    return Extract(tuple(accounts), tuple(listings), tuple(forwardings))


def _is(entry: dict[str, Any], kind: str) -> bool:
    """By its schemas, or by its resource type."""
    schemas = entry.get("schemas")
    named = isinstance(schemas, list) and any(
        isinstance(one, str) and one.lower().endswith(f":{kind.lower()}") for one in schemas
    )
    return named or lowered(entry.get("meta")).get("resourcetype") == kind


def _user(place: str, key: str, entry: dict[str, Any]) -> Account | Listing:
    full = lowered(entry.get("name"))
    parts = f"{text(full.get('givenname'))} {text(full.get('familyname'))}"
    name = first((entry.get("displayname"), full.get("formatted"), parts, entry.get("username")))
    own = _emails(entry)
    if entry.get("active") is False and own:
        fault = "its account is switched off, as that of a shared mailbox is"
        return Listing((key,), place, name, own, (), fault, mailbox=True)
    office = lowered(entry.get(_ENTERPRISE))
    return Account(
        (key,), place, name, own, text(entry.get("title")),
        first((office.get("department"), office.get("organization"))),
    )  # fmt: skip


def _emails(entry: dict[str, Any]) -> tuple[str, ...]:
    """The addresses of work, the primary one first."""
    given = [one for _, one in objects(entry.get("emails"))]
    work = [one for one in given if text(one.get("type")).lower() not in _PRIVATE]
    in_order = sorted(work, key=lambda one: one.get("primary") is not True)
    return addresses(*(one.get("value") for one in in_order))


def _group(place: str, key: str, entry: dict[str, Any]) -> Listing:
    given, fault = entry.get("members"), ""
    members: list[str] = []
    if not isinstance(given, list):
        fault = "the export has no members of it"
    for member in given if isinstance(given, list) else ():
        inner = lowered(member)
        reference, kind = text(inner.get("value")), text(inner.get("type"))
        if not reference or kind.lower() not in ("", "user", "group"):
            fault = f"a member is of a kind that is not understood: {kind[:40] or 'no value'}"
            break
        members.append(reference)
    name = first((entry.get("displayname"), key))
    return Listing((key,), place, name, _addresses(entry), tuple(members), fault)


def _addresses(entry: dict[str, Any]) -> tuple[str, ...]:
    return addresses(*_mail_of(entry)) or addresses(entry.get("displayname"))


def _mail_of(entry: dict[str, Any]) -> Iterator[Any]:
    for place in _parts(entry):
        yield from (one.get("value") for _, one in objects(place.get("emails")))
        yield place.get("email")
        yield place.get("mail")


def _parts(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The entry itself, and its extensions."""
    yield entry
    yield from (lowered(one) for key, one in entry.items() if key.startswith("urn:"))
