"""The paths of MAIL and RCPT: RFC 5321 section 4.1.2 and, where asked for, RFC 6531.

The spelling is kept exactly. Whatever is not a path by the grammar is refused: control
characters, bare words, unbracketed addresses. One compiled pattern, linear in its input.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

DOMAIN_OCTETS = 255  # 4.5.3.1.2
PATH_OCTETS = 256  # 4.5.3.1.3, with the angle brackets
LABEL_OCTETS = 63  # RFC 1035 section 2.3.4

# RFC 6531 section 3.3 adds every non-ASCII character; C1 controls and Unicode line ends stay out.
_WIDE = "\u00a0-\u2027\u202a-\ud7ff\ue000-\U0010ffff"
_ATOM = rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~{_WIDE}-]+"
_QUOTED = rf'"(?:[ !#-\[\]-~{_WIDE}]|\\[ -~])*"'
# The grammar has no underscore in host names, real internal hosts do.
_LABEL = rf"[A-Za-z0-9_{_WIDE}]+(?:-+[A-Za-z0-9_{_WIDE}]+)*"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"
_LITERAL = r"\[[0-9A-Za-z.:]+\]"
_MAILBOX = rf"(?P<local>{_ATOM}(?:\.{_ATOM})*|{_QUOTED})@(?P<domain>{_DOMAIN}|{_LITERAL})"
_ROUTE = rf"(?:@(?:{_DOMAIN}|{_LITERAL})(?:,@(?:{_DOMAIN}|{_LITERAL}))*:)?"
_MAILBOX_PATTERN = re.compile(_MAILBOX)
_PATH_PATTERN = re.compile(
    rf" *<(?:{_ROUTE}(?P<mailbox>{_MAILBOX})|(?P<bare>[Pp][Oo][Ss][Tt][Mm][Aa][Ss][Tt][Ee][Rr]|))>"
    r"(?: +(?P<rest>.*))?"
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`local@domain` as it was spelt; `domain` may be an address literal in brackets."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def parse_mailbox(text: str) -> Mailbox | None:
    """One mailbox without brackets, or None where it is none."""
    match = _MAILBOX_PATTERN.fullmatch(text)
    if match is None or not _within_limits(match["local"], match["domain"]):
        return None
    return Mailbox(match["local"], match["domain"])


def parse_path(text: str) -> tuple[str, str] | None:
    """`<path> parameters` as (mailbox, parameters), or None where the path is malformed.

    The null path is "", `<Postmaster>` (RFC 5321 section 4.5.1) has no domain, and a source
    route is dropped, as appendix C asks.
    """
    match = _PATH_PATTERN.fullmatch(text)
    if match is None:
        return None
    mailbox, local, domain, bare, rest = match.groups()
    if mailbox is None:
        return bare, rest or ""
    if not _within_limits(local, domain):
        return None
    return mailbox, rest or ""


def is_literal(domain: str) -> bool:
    """Whether a bracketed domain is an address literal of RFC 5321 section 4.1.3."""
    inner = domain[1:-1]
    try:
        if inner[:5].upper() == "IPV6:":
            IPv6Address(inner[5:])
        else:
            IPv4Address(inner)
    except ValueError:
        return False
    return True


def _within_limits(local: str, domain: str) -> bool:
    """The path and domain limits only: SRS and VERP senders exceed the 64 octets of a local part,
    and RFC 5321 section 4.5.3.1 asks not to impose such limits."""
    if local.isascii() and domain.isascii():
        local_octets, domain_octets = len(local), len(domain)
    else:
        local_octets, domain_octets = len(local.encode()), len(domain.encode())
    if domain_octets > DOMAIN_OCTETS or local_octets + domain_octets + 3 > PATH_OCTETS:
        return False
    if domain[0] == "[":
        return is_literal(domain)
    return domain_octets <= LABEL_OCTETS or all(
        len(label) <= LABEL_OCTETS for label in domain.split(".")
    )
