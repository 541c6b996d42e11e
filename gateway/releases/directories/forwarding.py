"""What a directory says of where mail goes on to -> addresses, or keys of its entries.

A value that says that mail is forwarded, and not readably where to, is a fault: nobody can tell who
reads it. Values are addresses with or without `smtp:`, with a name beside them as in Exchange's
inbox rules (`"Bela Wood" [SMTP:b.wood@dept.example]`), names of entries, and objects of Graph.
"""

from __future__ import annotations

import re
from typing import Any, Iterable, Iterator, Mapping

from gateway.model.address import is_usable, normalise_address
from gateway.model.fault import Fault
from gateway.model.people import Forward
from gateway.releases.directories.json_text import lowered
from gateway.releases.directories.records import Account, Extract, Forwarding, Listing, text

_ENCLOSED = re.compile(
    r"""(?:"[^"]{0,200}"|[^"<>\[\],;@]{0,200}+)\s{0,9}"""
    r"[\[<](?:smtp:)?([^\[\]<>\s]{1,250}@[^\[\]<>\s]{1,250})[\]>]",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"smtp:", re.IGNORECASE)
_BETWEEN = re.compile(r"[;,\s]+")
_OFF = ("false", "0", "no", "disabled")
_INNER = (
    "emailaddress", "address", "primarysmtpaddress", "smtpaddress", "mail", "value", "id",
    "identity", "distinguishedname",
)  # fmt: skip
FORWARDS = (
    "forwardingsmtpaddress", "forwardingaddress", "forwardingemailaddress", "forwardto",
    "forwardaddress", "mailforwardingaddress", "redirectto",
)  # fmt: skip
"""Names of properties that say where mail goes on to, in small letters and without separators."""
RULES = ("messagerules", "inboxrules")
"""Properties that hold the rules of an inbox, as Graph and Exchange export them."""
_ACTIONS = ("forwardto", "redirectto", "forwardasattachmentto")


def forwarding(own: tuple[str, ...], place: str, values: Iterable[object]) -> Forwarding | None:
    """Where mail to an entry's own addresses goes on to; None where it goes nowhere else."""
    to: dict[str, None] = {}
    fault = ""
    for value in values:
        for piece in _pieces(value):
            if piece is None:
                fault = fault or f"what it says cannot be read: {text(str(value))[:60]}"
            elif piece not in own:
                to[piece] = None
    return Forwarding(own, place, tuple(to), fault) if own and (to or fault) else None


def properties(entry: Mapping[str, Any]) -> Iterator[object]:
    """What an entry says with its keys in small letters, and what the rules of its inbox do."""
    for key, value in entry.items():
        if ("forward" in key or "redirect" in key) and _plain(key) in FORWARDS:
            yield value
    for key in RULES:
        rules = entry.get(key)
        if isinstance(rules, dict):
            said = lowered(rules)
            rules = said.get("value", [rules])  # PowerShell unwraps what is alone
            if "@odata.nextlink" in said:
                yield {key: "only the first page"}
        yield from of_rules(rules)


def _plain(key: str) -> str:
    return key.replace("_", "").replace("-", "")


def of_rules(rules: object) -> Iterator[object]:
    """Where rules of an inbox send mail on to, but those that are switched off."""
    if rules in (None, [], ""):
        return
    if not isinstance(rules, list):
        yield rules if not isinstance(rules, (str, dict)) else f"rules: {type(rules).__name__}"
        return
    for rule in rules:
        said = lowered(rule)
        if _is_off(said.get("isenabled")) or _is_off(said.get("enabled")):
            continue
        actions = said.get("actions")
        for place in (rule, *(actions if isinstance(actions, list) else (actions,))):
            done = lowered(place)
            yield from (done[action] for action in _ACTIONS if action in done)
            if place is not None and not isinstance(place, dict):
                yield place  # an object cut off at the depth of the export, of which words are left


def _is_off(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() in _OFF)


def _pieces(value: object) -> Iterator[str | None]:
    """Addresses and keys that a value names; None for each that cannot be read."""
    if value is None or value is False:
        return
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _pieces(one)
    elif isinstance(value, dict):
        said = lowered(value)
        inner = next((said[name] for name in _INNER if said.get(name)), None)
        yield from _pieces(inner) if inner is not None else (None,) if said else ()
    elif isinstance(value, str):
        yield from _of_text(value.strip())
    else:
        yield None


def _of_text(value: str) -> Iterator[str | None]:
    if not value:
        return
    enclosed = _ENCLOSED.findall(value)
    yield from map(_address, enclosed)
    left = _ENCLOSED.sub(" ", value) if enclosed else value
    if not enclosed and ("@" not in left or "=" in left):
        yield left
    else:
        yield from (_address(_SCHEME.sub("", one, count=1)) for one in _BETWEEN.split(left) if one)


def _address(written: str) -> str | None:
    normal = normalise_address(written)
    return normal if is_usable(normal) else None


def forwards_of(extracts: Iterable[tuple[str, Extract]]) -> dict[str, Forward]:
    """Where mail to each address goes on to, by all directories together: (name, what it says)."""
    found: dict[str, Forward] = {}
    for source, extract in extracts:
        if not extract.forwardings:
            continue
        entries: tuple[Account | Listing, ...] = (*extract.listings, *extract.accounts)
        keys = {key: one.addresses[0] for one in entries if one.addresses for key in one.keys}
        for forwarding in extract.forwardings:
            forward = _forward(forwarding, keys, source)
            for address in forwarding.addresses:
                before = found.get(address)
                found[address] = _both(before, forward) if before else forward
    return found


def unclear(place: str, extract: Extract, forwards: Mapping[str, Forward]) -> Iterator[Fault]:
    """Forwardings of a directory that nobody can follow."""
    for one in extract.forwardings:
        fault = forwards[one.addresses[0]].fault
        if fault:
            message = (
                f"{one.place}: {one.addresses[0]} is on no list: its mail is forwarded, and {fault}"
            )
            hint = "name where it goes by an e-mail address, or take the forwarding out"
            yield Fault(place, 0, 0, message, hint)


def _forward(forwarding: Forwarding, keys: Mapping[str, str], source: str) -> Forward:
    targets, fault = [], forwarding.fault
    for one in forwarding.to:
        if one in keys:
            targets.append(keys[one])
        elif is_usable(one) and "=" not in one:
            targets.append(one)
        else:
            fault = fault or f"'{text(one)[:60]}' is not in the directory, or has no address"
    return Forward(tuple(dict.fromkeys(targets)), source, fault)


def _both(one: Forward, other: Forward) -> Forward:
    targets = tuple(dict.fromkeys((*one.targets, *other.targets)))
    return Forward(targets, one.source, one.fault or other.fault)
