"""Delivery status notifications: what became of a message, for its sender (RFC 3464, RFC 3461).

- Nobody is told on behalf of `<>`, and nobody who said NOTIFY=NEVER for a recipient.
- The return path is null and Auto-Submitted is set (RFC 3834), so that machines do not answer.
- Unless the caller says otherwise, only Message-ID, Date, From and To of the original return:
  a message that policy has looked at must not travel again as a report (law 8).
- Whatever came from outside is decoded only where it stays printable; it cannot start a line.
"""

from __future__ import annotations

import hashlib
import quopri
import re
import textwrap
from dataclasses import dataclass
from datetime import datetime
from email.generator import BytesGenerator
from email.message import Message
from email.utils import format_datetime
from io import BytesIO
from typing import Literal, Sequence

from gateway.act.composition import can_be_written_to, safe_message_id, shown
from gateway.act.fate import Fate
from gateway.model.held import Mail
from gateway.model.reply import Reply
from gateway.model.session import Arrival, Envelope, Recipient
from gateway.model.xtext import decode_xtext

Kind = Literal["failed", "delayed", "relayed"]

MAX_HEADER = 65_536
MAX_TEXT = 800
MAX_ADDRESS = 320
RETURNED = (b"message-id", b"date", b"from", b"to")

_CLASS = {"failed": "5", "delayed": "4", "relayed": "2"}
_EVENT = {"failed": "FAILURE", "delayed": "DELAY", "relayed": "SUCCESS"}
_SUBJECT = {
    "failed": "Your message could not be delivered",
    "delayed": "Your message has not been delivered yet",
    "relayed": "Your message was passed on",
}
_OPENING = {
    "failed": "Your message could not be delivered to the recipients below. It will not be tried "
    "again. If it still matters, correct what is said to be wrong and send it once more.",
    "delayed": "Your message has not reached the recipients below yet. There is nothing you need "
    "to do: delivery is tried again until it works or the time is up.",
    "relayed": "Your message was passed on for the recipients below to a mail server that sends "
    "no confirmations. You will hear no more unless something goes wrong there.",
}
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*")
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a report says beside the fates. `retry_until` is for delays."""

    hostname: str
    arrival: Arrival
    now: datetime
    retry_until: datetime | None = None


def report(
    kind: Kind,
    envelope: Envelope,
    fates: Sequence[Fate],
    content: bytes,
    circumstances: Circumstances,
    headers_only_ids: bool = True,
) -> Mail | None:
    """The notification, or None where the sender asked for none or cannot be told.

    `relayed` is for recipients whose next hop offers no DSN (RFC 3461 section 5.2.2); where it
    does offer it, the next hop reports.
    """
    told = [fate for fate in fates if wanted(kind, fate.recipient)]
    sender = envelope.sender
    if not told or not can_be_written_to(sender):
        return None
    utf8 = not all(text.isascii() for text in (sender, *(f.recipient.address for f in told)))
    parts = [
        _part("text/plain; charset=utf-8", *_plain(_explanation(kind, told, circumstances))),
        _status(kind, envelope, told, circumstances, utf8),
        _returned(kind, envelope, content, utf8, headers_only_ids),
    ]
    mark = hashlib.blake2b(b"".join(parts), digest_size=16).hexdigest()
    head = Message()
    head["From"] = f"Mail Delivery System <MAILER-DAEMON@{circumstances.hostname}>"
    head["Subject"] = _SUBJECT[kind]
    head["Date"] = format_datetime(circumstances.now)
    head["Message-ID"] = f"<{kind}.{mark}@{circumstances.hostname}>"
    original = safe_message_id(_first(content, b"message-id"))
    if original:
        head["In-Reply-To"] = head["References"] = original
    head["Auto-Submitted"] = "auto-replied"
    head["MIME-Version"] = "1.0"
    line = f"--=_{mark}".encode()
    raw = (
        f"To: <{sender}>\r\n"
        "Content-Type: multipart/report; report-type=delivery-status;\r\n"
        f' boundary="=_{mark}"\r\n'
    ).encode() + _folded(head)
    raw += b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
    options = (() if raw.isascii() else ("BODY=8BITMIME",)) + (("SMTPUTF8",) if utf8 else ())
    return Mail("dsn", Envelope("", (Recipient(sender),), options), raw)


def wanted(kind: Kind, recipient: Recipient) -> bool:
    """RFC 3461 section 4.1; without NOTIFY failures and delays are reported."""
    notify = _option(recipient.options, "NOTIFY")
    if notify is None:
        return kind != "relayed"
    return _EVENT[kind] in notify.upper().split(",")


def _option(options: Sequence[str], keyword: str) -> str | None:
    for option in options:
        name, _, value = option.partition("=")
        if name.upper() == keyword:
            return value
    return None


def _explanation(kind: Kind, fates: Sequence[Fate], known: Circumstances) -> str:
    rows = [textwrap.fill(_OPENING[kind], 72), ""]
    if kind == "delayed" and known.retry_until is not None:
        rows += [f"It is tried until {format_datetime(known.retry_until)}.", ""]
    for fate in fates:
        said = f"The mail server {shown(fate.host)} said: " if fate.host else ""
        answer = textwrap.fill(
            said + _answer(fate.reply), 72, initial_indent="    ", subsequent_indent="    "
        )
        rows += [f"  {shown(fate.recipient.address, MAX_ADDRESS)}", answer, ""]
    rows += [
        f"The message came in on {format_datetime(known.arrival.at)}",
        f"and is known here as {known.arrival.id}.",
        f"This report was written by {known.hostname}.",
        "Nobody reads answers to it.",
    ]
    return "\n".join(rows) + "\n"


def _status(
    kind: Kind, envelope: Envelope, fates: Sequence[Fate], known: Circumstances, utf8: bool
) -> bytes:
    """RFC 3464 section 2; RFC 6533 section 4 for internationalised addresses."""
    whole = [("Reporting-MTA", f"dns; {known.hostname}")]
    envid = _option(envelope.options, "ENVID")
    if envid:
        whole.append(("Original-Envelope-Id", _decoded(envid)))
    whole.append(("Arrival-Date", format_datetime(known.arrival.at)))
    groups = [whole, *(_recipient_fields(kind, fate, known) for fate in fates)]
    body = b"".join(_group(fields, utf8) for fields in groups).removesuffix(b"\r\n")
    return _part(f"message/{'global-' if utf8 else ''}delivery-status", body)


def _recipient_fields(kind: Kind, fate: Fate, known: Circumstances) -> list[tuple[str, str]]:
    """RFC 3464 section 2.3."""
    address = fate.recipient.address
    fields = []
    kept, _, original = (_option(fate.recipient.options, "ORCPT") or "").partition(";")
    if original:
        fields.append(("Original-Recipient", f"{shown(kept)}; {_decoded(original)}"))
    family = "rfc822" if address.isascii() else "utf-8"
    fields += [
        ("Final-Recipient", f"{family}; {shown(address, MAX_ADDRESS)}"),
        ("Action", kind),
        ("Status", _status_code(kind, fate.reply)),
    ]
    if fate.host:
        fields.append(("Remote-MTA", f"dns; {shown(fate.host)}"))
    fields.append(("Diagnostic-Code", f"smtp; {_answer(fate.reply)}"))
    fields.append(("Last-Attempt-Date", format_datetime(known.now)))
    if kind == "delayed" and known.retry_until is not None:
        fields.append(("Will-Retry-Until", format_datetime(known.retry_until)))
    return fields


def _group(fields: Sequence[tuple[str, str]], utf8: bool) -> bytes:
    """Fields and the empty line after them."""
    if utf8:
        return "".join(f"{name}: {value}\r\n" for name, value in fields).encode() + b"\r\n"
    group = Message()
    for name, value in fields:
        group[name] = value.encode("ascii", "replace").decode("ascii")
    return _folded(group)


def _answer(reply: Reply) -> str:
    return shown(" ".join(f"{reply.code} {reply.enhanced} {reply.text}".split()), MAX_TEXT)


def _status_code(kind: Kind, reply: Reply) -> str:
    """RFC 3463, of the class that the action asks for."""
    if _STATUS.fullmatch(reply.enhanced) and reply.enhanced[0] == _CLASS[kind]:
        return reply.enhanced
    return f"{_CLASS[kind]}.0.0"


def _returned(
    kind: Kind, envelope: Envelope, content: bytes, utf8: bool, headers_only_ids: bool
) -> bytes:
    """As much of the original as may go back; RET counts for failures only (RFC 3461, 4.3)."""
    full = (_option(envelope.options, "RET") or "").upper() == "FULL"
    if full and kind == "failed" and not headers_only_ids:
        return _part("message/global" if utf8 else "message/rfc822", content)
    kept = [f for name, f in _fields(content) if name in RETURNED or not headers_only_ids]
    return _part("message/global-headers" if utf8 else "text/rfc822-headers", b"".join(kept))


def _fields(content: bytes) -> list[tuple[bytes, bytes]]:
    """The fields of the header, raw, with their lower-case names; what is no field is left out."""
    if content.startswith(b"\r\n"):
        return []
    end = content.find(b"\r\n\r\n")
    header = content[: min(end + 2 if end >= 0 else len(content), MAX_HEADER)]
    header = header[: header.rfind(b"\n") + 1]
    names = ((match[0].partition(b":")[0], match[0]) for match in _FIELD.finditer(header))
    return [(name.strip().lower(), field) for name, field in names]


def _first(content: bytes, name: bytes) -> str:
    value = next((field for found, field in _fields(content) if found == name), b":")
    return value.partition(b":")[2].decode("utf-8", "replace")


def _decoded(xtext: str) -> str:
    """xtext (RFC 3461 section 4) as text, or as it stands where the text would not be printable."""
    text = decode_xtext(xtext)
    return shown(text if text is not None and text.isprintable() else xtext, 500)


def _plain(text: str) -> tuple[bytes, str]:
    encoded = quopri.encodestring(text.encode("utf-8", "replace")).replace(b"\n", b"\r\n")
    return encoded, "quoted-printable"


def _part(content_type: str, body: bytes, encoding: str = "") -> bytes:
    encoding = encoding or ("7bit" if body.isascii() else "8bit")
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode("ascii") + body


def _folded(fields: Message) -> bytes:
    """The fields and the empty line that ends them."""
    buffer = BytesIO()
    BytesGenerator(buffer, mangle_from_=False, maxheaderlen=78).flatten(fields, linesep="\r\n")
    return buffer.getvalue()
