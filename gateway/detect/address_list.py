"""Takes the lists of people apart that mail programs write into headers and quoted headers.

Lenient where the wire is strict: semicolons, names without addresses, `[mailto:…]`, commas
between surname and given names. Linear in the length of a list, which is bounded.
"""

from __future__ import annotations

import re
from typing import Iterable, Iterator

from gateway.model.address import is_usable, normalise_address
from gateway.model.message import Header

_LONGEST = 50_000
_FIELDS = frozenset(("from", "to", "cc"))
_COMMA = re.compile(r'"[^"]*"|<[^<>]*>|\([^()]*\)|,')
# Most fields name one person in the plainest way.
_ONE = re.compile(
    r'(?:"?([^"<>@,;()\[\]\\]*)"?<)?([A-Za-z0-9._-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+)>?'
)
_BETWEEN = re.compile(r'[\s<>"(),;:\[\]]+')


def people(value: str) -> Iterator[tuple[str, str]]:
    """(normalised address, name) of everybody in a list; "" for what is not shown."""
    value = value[:_LONGEST]
    if one := _ONE.fullmatch(value):
        yield normalise_address(one[2]), (one[1] or "").strip(" \t\"'")
        return
    for piece in value.split(";") if ";" in value else _parted_by_commas(value):
        address = address_in(piece) if "@" in piece else ""
        shown = re.split("[<\\[]", piece, maxsplit=1)[0] if address else piece
        shown = "" if address and "@" in shown else shown.strip(" \t\r\n\"',")
        if address or shown:
            yield address, shown


def named_in(headers: Iterable[Header]) -> dict[str, str]:
    """Everybody in a message's own From, To and Cc, and the name beside each address."""
    named: dict[str, str] = {}
    for header in headers:
        if header.part != "0":
            break
        if header.name.lower() in _FIELDS:
            for address, shown in people(header.value):
                if address:
                    named[address] = named.get(address) or shown
    return named


def address_in(text: str) -> str:
    """The last address that stands in a text, normalised; "" for none."""
    for word in reversed(_BETWEEN.split(text)):
        word = word.strip("'*_.")
        if "@" in word:
            address = normalise_address(word)
            # `Terry Moss/DEPT@DEPT` is how Notes writes a name.
            if is_usable(address) and "." in address.rpartition("@")[2]:
                return address
    return ""


def _parted_by_commas(value: str) -> list[str]:
    pieces = [piece for each in _between_commas(value) if (piece := each.strip())]
    single = [len(piece.split()) == 1 and "@" not in piece for piece in pieces]
    if "@" not in value and len(pieces) > 1:
        if not all(single[::2]):
            return pieces
        return [", ".join(pieces[at : at + 2]) for at in range(0, len(pieces), 2)]
    joined: list[str] = []
    for index, piece in enumerate(pieces):
        if index and single[index - 1] and "<" in piece:
            joined[-1] = f"{joined[-1]}, {piece}"  # Moss, Terry <t.moss@dept.example>
        else:
            joined.append(piece)
    return joined


def _between_commas(value: str) -> Iterator[str]:
    """Commas within quotation marks and brackets part nothing (RFC 5322 section 3.4)."""
    at = 0
    for match in _COMMA.finditer(value):
        if match[0] == ",":
            yield value[at : match.start()]
            at = match.end()
    yield value[at:]
