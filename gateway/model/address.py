"""One spelling for every e-mail address, so that comparing two is comparing two strings.

Never raises, and is idempotent. What is no usable address becomes a value without `@`, which no
list can hold, so that it equals nobody (default deny). Spellings are folded only where mail
systems agree that they are one mailbox: anything bolder would let a lookalike pass for somebody
listed. A character beyond ASCII never becomes one of ASCII: the next hop gets what was written
(the Kelvin sign, a full-width dot) and need not take it for what we would.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Iterable

import idna

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_DOMAIN = rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*"
_PLAIN = re.compile(rf"{_ATEXT}+(?:\.{_ATEXT}+)*@{_DOMAIN}")
_NAME = re.compile(_DOMAIN)
_LITERAL = re.compile(r"\[[0-9A-Za-z:.-]{1,80}\]")  # RFC 5321 section 4.1.3
_ATOMS = re.compile(rf"(?:{_ATEXT}|[^\x00-\x7f])+(?:\.(?:{_ATEXT}|[^\x00-\x7f])+)*")  # RFC 6531
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)  # RFC 5321 section 4.1.2
_UNUSABLE = "unusable:"
_MAX_LENGTH = 1000


def normalise_address(address: str) -> str:
    """The one spelling of an address; "" for the null reverse-path."""
    if len(address) <= _MAX_LENGTH and _PLAIN.fullmatch(address):
        return address.lower()
    address = address.strip(" \t")
    if address.startswith("<") and address.endswith(">"):
        address = address[1:-1].strip(" \t")
    if not address or (address.startswith(_UNUSABLE) and "@" not in address):
        return _shown(address)
    local, at, domain = address.rpartition("@")
    if not at or len(address) > _MAX_LENGTH:
        return _unusable(address)
    normal_local, normal_domain = _local_part(local), normalise_domain(domain)
    if normal_local is None or not normal_domain:
        return _unusable(address)
    return f"{normal_local}@{normal_domain}"


def domain_of(address: str) -> str:
    """The domain of an address in A-labels; "" where it has none that is usable."""
    _, at, domain = normalise_address(address).rpartition("@")
    return domain if at else ""


def is_within(domain: str, parents: Iterable[str]) -> bool:
    """Whether a domain is one of these or below one; all of them normalised."""
    return any(domain == parent or domain.endswith(f".{parent}") for parent in parents)


def is_usable(normalised: str) -> bool:
    """Whether a normalised address can be compared with others."""
    return "@" in normalised


def normalise_domain(domain: str) -> str:
    """A domain in lower-case A-labels without a trailing dot; "" where that is impossible."""
    if _LITERAL.fullmatch(domain):
        return domain.lower()
    if not domain.isascii():
        try:
            if any(_becomes_ascii(_mapped(character), character) for character in domain):
                return ""
            # UTS 46 without transitional processing: what browsers and mail systems look up.
            domain = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
        except UnicodeError:
            return ""
    domain = domain.removesuffix(".")
    return domain.lower() if _NAME.fullmatch(domain) else ""


def _local_part(local: str) -> str | None:
    """Case-folded and NFC; quoted only where it must be, so that "a.b" is a.b."""
    quoted = _QUOTED.fullmatch(local)
    if quoted:
        text = re.sub(r"\\(.)", r"\1", quoted[1])
    elif _looks_unquoted(local):
        text = local
    else:
        return None
    if not text.isprintable():
        return None
    if not text.isascii() and any(
        _becomes_ascii(unicodedata.normalize("NFC", character).lower(), character)
        for character in unicodedata.normalize("NFC", text) + text
    ):
        return None
    # lower() and not casefold(): that one makes strasse of straße, two mailboxes into one.
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
    if _ATOMS.fullmatch(text):
        return text
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def _mapped(character: str) -> str:
    """UTS 46 section 4, of one character. Raises UnicodeError where it is not allowed."""
    return idna.uts46_remap(character, std3_rules=True, transitional=False)


def _becomes_ascii(mapped: str, character: str) -> bool:
    """Whether a character beyond ASCII is mapped to ASCII, or to nothing at all."""
    return not character.isascii() and mapped.isascii()


def _looks_unquoted(local: str) -> bool:
    """Atoms, with dots in any place: `a..b` is wrong by RFC 5321 and exists all the same."""
    return bool(local) and bool(_ATOMS.fullmatch(local.replace(".", "a")))


def _unusable(address: str) -> str:
    return _shown(_UNUSABLE + address)


def _shown(address: str) -> str:
    """Bounded, printable and without `@`."""
    kept = address[:_MAX_LENGTH].replace("@", "(at)")[:_MAX_LENGTH]
    return "".join(c if c.isprintable() and c != " " else "?" for c in kept)
