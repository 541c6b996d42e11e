"""The header fields that the gateway adds, and the count of those that others have added.

- Nothing below the added fields changes by a byte, so that signatures survive (law 7).
- What the client said about itself is made harmless first: seven bits, no CR or LF, nothing that
  ends a comment.
- Recipients are named only where there is exactly one: a list would reveal who is in Bcc.
"""

from __future__ import annotations

import re
from email.header import Header
from email.utils import format_datetime
from typing import Sequence

from gateway.model.session import Arrival, Envelope, Session

MAX_LINE = 78  # RFC 5322 section 2.1.1
LONGEST_LINE = 998
MAX_NAME = 60

_NAME = re.compile(r"[A-Za-z0-9._:\[\]-]+")
_UNSAFE = re.compile(r"[^A-Za-z0-9._:\[\]-]")
_FOR = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
_FIELD_NAME = re.compile(r"[!-9;-~]+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_RECEIVED = re.compile(rb"\n[Rr][Ee][Cc][Ee][Ii][Vv][Ee][Dd][ \t]*:")


def received(session: Session, envelope: Envelope, arrival: Arrival, hostname: str) -> bytes:
    """The Received field for this transaction (RFC 5321 section 4.4), folded, with its CRLF."""
    helo, name, address = map(_named, (session.helo, session.client_name, session.client_address))
    if ":" in address:
        address = "IPv6:" + address.removeprefix("IPv6:").removeprefix("IPV6:")
    lines = [
        f"Received: from {helo}",
        f"\t({name}",
        f"\t[{address}])",
        f"\tby {hostname}",
        f"\twith {_protocol(session, envelope)}",
        f"\tid {_UNSAFE.sub('?', arrival.id)}",
    ]
    if len(envelope.recipients) == 1:
        recipient = envelope.recipients[0].address
        if len(recipient) < MAX_NAME and _FOR.fullmatch(recipient):
            lines.append(f"\tfor <{recipient}>")
    text = _joined(lines) + f";\r\n\t{format_datetime(arrival.at)}\r\n"
    return text.encode("ascii", "replace")


def _joined(lines: Sequence[str]) -> str:
    """Lines that fit together share one."""
    rows = [lines[0]]
    for line in lines[1:]:
        if len(rows[-1]) + len(line) < MAX_LINE:  # one place is left for the semicolon
            rows[-1] += " " + line[1:]
        else:
            rows.append(line)
    return "\r\n".join(rows)


def _named(value: str) -> str:
    """A host name or address as claimed by the client."""
    if not value or value.startswith(("[UNAVAILABLE", "[TEMPUNAVAIL")):
        return "unknown"
    value = value[:MAX_NAME]
    return value if _NAME.fullmatch(value) else _UNSAFE.sub("?", value)


def _protocol(session: Session, envelope: Envelope) -> str:
    """RFC 3848; RFC 6531 section 4.3 for internationalised mail."""
    if session.protocol[:1].upper() not in ("E", "U"):
        return "SMTP"
    base = "UTF8SMTP" if envelope.smtputf8 else "ESMTP"
    return base + ("S" if session.tls else "") + ("A" if session.user else "")


def stamp(content: bytes, headers: Sequence[tuple[str, str]]) -> bytes:
    """The fields before the content, the first of them on top. Raises ValueError for a field
    that could not stand in a header."""
    if not headers:
        return content
    return b"".join([*(_field(name, value) for name, value in headers), content])


def _field(name: str, value: str) -> bytes:
    if not _FIELD_NAME.fullmatch(name) or len(name) > MAX_NAME:
        raise ValueError("not a header field name")
    if _CONTROL.search(value):
        raise ValueError("line endings and controls cannot stand in a header field")
    if not value.isascii():
        encoded = Header(value, "utf-8", MAX_LINE, header_name=name).encode(linesep="\r\n")
        return f"{name}: {encoded}\r\n".encode("ascii")
    return (_folded(f"{name}: {value}") + "\r\n").encode("ascii")


def _folded(line: str) -> str:
    """RFC 5322 section 2.2.3: broken before spaces, as far as there are any. Raises ValueError."""
    rows: list[str] = []
    start = line.index(":") + 2
    while len(line) > MAX_LINE:
        while line[start : start + 1] == " ":  # no line may consist of white space alone
            start += 1
        at = line.rfind(" ", start, MAX_LINE + 1)
        if at < 0:
            at = line.find(" ", max(start, MAX_LINE))
        if at < 0 or not line[at:].strip(" "):
            break
        rows.append(line[:at])
        line, start = line[at:], 1
    rows.append(line)
    if max(map(len, rows)) > LONGEST_LINE:
        raise ValueError("too long a word for a header field")
    return "\r\n".join(rows)


def hops(content: bytes) -> int:
    """How many Received fields the message has; many mean a loop (RFC 5321 section 6.3)."""
    if content.startswith(b"\r\n"):
        return 0
    end = content.find(b"\r\n\r\n")
    header = b"\n" + content[: end if end >= 0 else len(content)]
    return len(_RECEIVED.findall(header))
