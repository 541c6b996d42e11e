"""Mails that the gateway itself writes: one list of blocks becomes plain text and HTML.

Whatever came from outside (addresses, ids, titles, replies) goes through `shown`: no control,
bidirectional or invisible characters, bounded in length, escaped in HTML. The null return path
and Auto-Submitted (RFC 3834) keep machines from answering.
"""

from __future__ import annotations

import hashlib
import html
import quopri
import re
import textwrap
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.parser import BytesHeaderParser
from email.utils import format_datetime
from typing import Literal, Sequence
from zoneinfo import ZoneInfo

from gateway.model.address import is_usable, normalise_address
from gateway.model.held import Mail, Purpose
from gateway.model.session import Envelope, Recipient
from gateway.model.verdict import MessageFacts

_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_HEADER_BYTES = 65_536
NO_QUOTE = "The message itself and its subject are left out here on purpose."
_SHOWN = 200
_SENTENCE = 400
_LIST = 100
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,240}>")
# RFC 5321 section 4.5.3.1: a path is at most 256 octets, brackets included.
_MAILBOX = re.compile(r'(?:[^\s"<>()\[\]\\,;:]+|"(?:[^"\\\s]|[ ])+")@[^\s"<>()\\,;]+')
_BULK = re.compile(r"\s*(bulk|list|junk)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a notice may say of the message that it is about; never its subject.

    `automatic` mail (RFC 3834 section 2, lists, receipts) is never answered.
    """

    message_id: str = ""
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, or the items of a bulleted or numbered list."""

    kind: Literal["heading", "paragraph", "bullets", "steps"]
    lines: tuple[str, ...]


def heading(text: str) -> Block:
    return Block("heading", (text,))


def paragraph(*lines: str) -> Block:
    return Block("paragraph", lines)


def bullets(lines: Sequence[str]) -> Block:
    """A list that stops at a hundred and says how many more there are."""
    kept = list(lines[:_LIST])
    if len(lines) > _LIST:
        kept.append(f"… and {len(lines) - _LIST} more")
    return Block("bullets", tuple(kept))


def steps(lines: Sequence[str]) -> Block:
    return Block("steps", tuple(lines))


def read_reference(content: bytes) -> Reference:
    """What the top header says of itself. Anything unreadable is simply not said."""
    end = re.search(rb"\r?\n\r?\n", content[:_HEADER_BYTES])
    head = BytesHeaderParser().parsebytes(content[: end.end() if end else _HEADER_BYTES])
    automatic = (
        not str(head.get("Auto-Submitted", "no")).strip().lower().startswith("no")
        or "List-Id" in head
        or bool(_BULK.match(str(head.get("Precedence", ""))))
    )
    return Reference(safe_message_id(str(head.get("Message-ID", ""))), automatic)


def reference(facts: MessageFacts) -> Reference:
    """The same from what the pipeline found out."""
    return Reference(safe_message_id(facts.message_id), facts.auto_submitted or facts.bulk)


def safe_message_id(value: str) -> str:
    """The id, or "" where it is not one that may stand in a header of ours (RFC 5322, 3.6.4)."""
    match = _MESSAGE_ID.fullmatch(value.strip())
    return match[0] if match else ""


def shown(text: str, limit: int = _SHOWN) -> str:
    """Foreign text as people may see it: printable, on one line, bounded."""
    kept = " ".join(text[: limit * 2 + 100].split())
    kept = "".join("\N{REPLACEMENT CHARACTER}" if _unprintable(c) else c for c in kept)
    return kept if len(kept) <= limit and len(text) <= limit * 2 else kept[:limit] + "…"


def _unprintable(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def instant(at: datetime, zone: str, home: str = "") -> str:
    """An instant as people say it, the same in every locale.

    A mail says once that its times are those of `home` (default: `zone`); another zone is named,
    and so is the half of a night in which the clock shows an hour twice.
    """
    there = at.astimezone(ZoneInfo(zone))
    day = f"{_DAYS[there.weekday()]} {there.day} {_MONTHS[there.month - 1]} {there.year}"
    twice = there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()
    mark = f" ({there:%Z})" if twice else f" ({zone})" if home and zone != home else ""
    return f"{there:%H:%M} on {day}{mark}"


def at_home(sentence: str, home: str) -> str:
    """A sentence of the rules or lists as people may see it, without the zone that the mail names
    once for all."""
    return shown(sentence, _SENTENCE).replace(f" ({home})", "")


def times_are(home: str) -> str:
    """What `instant` and `at_home` leave out, said once."""
    return f"All times here are in the zone {home}."


def can_be_written_to(address: str) -> bool:
    """Whether an address may stand in our envelope and our To field."""
    return (
        len(address.encode("utf-8", "replace")) <= 254
        and bool(_MAILBOX.fullmatch(address))
        and not any(_unprintable(c) for c in address)
        and is_usable(normalise_address(address))
    )


def compose(
    purpose: Purpose, to: Sequence[str], subject: str, blocks: Sequence[Block], *, sender: str,
    sender_name: str, hostname: str, now: datetime, about: str, reply_to: str = "",
    answers: bool = False, per_hour: int = 0,
) -> Mail:  # fmt: skip
    """The finished mail. `to` are addresses that `can_be_written_to`."""
    text = _text(blocks).encode()
    page = _page(subject, blocks).encode()
    mark = hashlib.blake2b(text + "".join(to).encode(), digest_size=12).hexdigest()
    boundary = f"=_{mark}"
    fields = [
        f"From: {_phrase(sender_name)} <{sender}>",
        "To: " + ",\r\n ".join(f"<{address}>" for address in to),
        f"Subject: {_unstructured(subject)}",
        f"Date: {format_datetime(now)}",
        f"Message-ID: <{purpose}.{about}.{mark}@{hostname}>",
        f"Auto-Submitted: {'auto-replied' if answers else 'auto-generated'}",
        "X-Auto-Response-Suppress: All",
    ]
    if reply_to:
        fields += [f"In-Reply-To: {reply_to}", f"References: {reply_to}"]
    fields += ["MIME-Version: 1.0", f'Content-Type: multipart/alternative; boundary="{boundary}"']
    parts = (("plain", text), ("html", page))
    body = b"".join(_part(boundary, subtype, raw) for subtype, raw in parts)
    head = "\r\n".join(fields).encode() + b"\r\n\r\n"
    options = () if all(address.isascii() for address in to) else ("SMTPUTF8",)
    recipients = tuple(Recipient(address) for address in to)
    envelope = Envelope("", recipients, options)
    return Mail(purpose, envelope, head + body + f"--{boundary}--\r\n".encode(), per_hour)


def _phrase(text: str) -> str:
    """A display name: atoms as they are, everything else encoded (RFC 5322 section 3.2.5)."""
    plain = re.fullmatch(r"[A-Za-z0-9 '_-]{0,200}", text)
    return text if plain else _encoded(text)


def _unstructured(text: str) -> str:
    plain = re.fullmatch(r"[ -~]{0,200}", text) and "=?" not in text
    return text if plain else _encoded(text)


def _encoded(text: str) -> str:
    """RFC 2047, folded."""
    return Header(text, "utf-8", maxlinelen=70).encode(linesep="\r\n")


def _part(boundary: str, subtype: str, raw: bytes) -> bytes:
    head = (
        f"--{boundary}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    encoded = quopri.encodestring(raw).replace(b"\n", b"\r\n")
    return head.encode() + encoded + b"\r\n"


def _text(blocks: Sequence[Block]) -> str:
    return "\n\n".join(_block_text(block) for block in blocks) + "\n"


def _block_text(block: Block) -> str:
    if block.kind == "heading":
        return f"{block.lines[0]}\n{'-' * min(len(block.lines[0]), 72)}"
    if block.kind == "paragraph":
        return "\n".join(textwrap.fill(line, 72, break_long_words=False) for line in block.lines)
    items = []
    for number, line in enumerate(block.lines, 1):
        mark = f"{number}. " if block.kind == "steps" else "- "
        items.append(
            textwrap.fill(
                line, 72, initial_indent=mark, subsequent_indent=" " * len(mark),
                break_long_words=False, break_on_hyphens=False,
            )
        )  # fmt: skip
    return "\n".join(items)


def _page(title: str, blocks: Sequence[Block]) -> str:
    body = "\n".join(_block_page(block) for block in blocks)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title></head>\n"
        '<body style="font-family: sans-serif; line-height: 1.4; max-width: 40em">\n'
        f"{body}\n</body>\n</html>\n"
    )


def _block_page(block: Block) -> str:
    lines = [html.escape(line) for line in block.lines]
    if block.kind == "heading":
        return f"<h2>{lines[0]}</h2>"
    if block.kind == "paragraph":
        return f"<p>{'<br>'.join(lines)}</p>"
    tag = "ol" if block.kind == "steps" else "ul"
    return f"<{tag}>\n" + "\n".join(f"<li>{line}</li>" for line in lines) + f"\n</{tag}>"
