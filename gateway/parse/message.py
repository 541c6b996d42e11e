"""Takes a message apart: entities in document order, nested messages included.

Never raises and never hangs: iteration is over byte ranges, recursion is bounded by `depth`, and
every refusal is a Gap. Every byte of the message ends up in a header, a Part, or under a Gap:
text outside the boundaries becomes Parts numbered `preamble` and `epilogue`. Part numbers follow
IMAP (RFC 9051 section 6.4.5); an attached message "2" has its parts under "2.".
"""

from __future__ import annotations

import hashlib
import re

from gateway.model.limits import ParseLimits
from gateway.model.message import Header, Message, Part
from gateway.parse.budget import Ledger
from gateway.parse.dates import read_date
from gateway.parse.entity import STRUCTURAL, Entity, read_entity
from gateway.parse.fields import NEEDED, HeaderBlock, read_header_block
from gateway.parse.folded_rows import folded_rows
from gateway.parse.multipart import split
from gateway.parse.transfer import IDENTITY, decode_transfer, uu_files
from gateway.parse.words import header_value

# Python's own stack stays far from its limit whatever the configuration says.
MAX_DEPTH = 150
MESSAGE_TYPES = frozenset(("message/rfc822", "message/global", "message/news"))
UNREADABLE_TYPES = {
    "message/partial": "a fragment of a message (RFC 2046 section 5.2.2)",
    "message/external-body": "content kept elsewhere (RFC 2046 section 5.2.3)",
}
_MESSAGE_NAME = re.compile(r"\.(eml|mht|mhtml|nws)$", re.I)
_MESSAGE_START = re.compile(
    rb"(?:From [^\r\n]*\r?\n)?(?:Received|Return-Path|From|To|Date|Subject|Message-ID|"
    rb"MIME-Version|Delivered-To|Content-Type|X-[A-Za-z0-9-]+):",
    re.I,
)
_USUAL_PREAMBLE = re.compile(
    rb"\s*(this (?:is a |is an |e-?mail |message )[a-z0-9\"' -]*(?:mime|openpgp)[a-z0-9/() \"',:;.\r\n-]{0,150})\s*",
    re.I,
)
_MBOX_NEXT = re.compile(rb"\r?\n\r?\nFrom \S+ [^\r\n]*\d{2}:\d{2}[^\r\n]*\r?\n[!-9;-~]+:")


def parse_message(raw: bytes, limits: ParseLimits) -> Message:
    """Parse `raw`. Whatever it is, a Message comes back; what was not read is in its gaps."""
    ledger = Ledger(limits)
    try:
        _message(ledger, raw, 0, len(raw), "0", "1", "", 0)
        if raw.startswith(b"From ") and _MBOX_NEXT.search(raw):
            ledger.gap("0", "unreadable", "a mailbox: only its first message was taken apart")
    except RecursionError:
        ledger.gap("0", "limit", "nested too deeply")
    except Exception as error:  # noqa: BLE001 - the boundary: a fault of ours must become a Gap
        ledger.gap("0", "crashed", f"the parser failed ({type(error).__name__})")
    subject = message_id = ""
    date = None
    for header in ledger.headers:
        if header.part != "0":
            break
        name = header.name.lower()
        if name == "subject" and not subject:
            subject = header.value
        elif name == "message-id" and not message_id:
            message_id = header.value
        elif name == "date" and date is None:
            date = read_date(header.value)
    return Message(
        len(raw), hashlib.sha256(raw).hexdigest(), tuple(ledger.headers), tuple(ledger.parts),
        tuple(ledger.gaps), subject, message_id, date,
    )  # fmt: skip


def _message(
    ledger: Ledger, raw: bytes, start: int, end: int,
    label: str, number: str, prefix: str, depth: int,
) -> None:  # fmt: skip
    """A whole message: `label` is its place, `number` its only part's, `prefix` its parts'."""
    block = _headers(ledger, raw, start, end, label, whole=True)
    _body(ledger, raw, block, end, read_entity(block.fields, "text/plain"),
          (label, number, prefix), depth)  # fmt: skip


# A parameter that is no name of a file, and whose value has words.
_SPEAKS = re.compile(
    rb";\s{0,100}(?!name|filename|charset|boundary|type|protocol|micalg)[\w*.-]{1,100}\s{0,9}=\s{0,9}"
    rb"\"[^\" ]{1,1000} [^\"]{1,1000}\"",
    re.I,
)


def _headers(
    ledger: Ledger, raw: bytes, start: int, end: int, label: str, whole: bool
) -> HeaderBlock:
    block = read_header_block(raw, start, end, ledger.header_bytes_left)
    ledger.header_bytes_left -= min(max(block.body - start, 0), ledger.header_bytes_left)
    if block.cut:
        detail = f"more than {ledger.limits.header_bytes} bytes of header fields"
        ledger.gap(label, "limit", detail)
    late: set[bytes] = set()
    for name, body in block.fields:
        if not whole and name.lower() in STRUCTURAL and not _SPEAKS.search(body):
            continue
        if ledger.headers_left <= 0:
            ledger.gap(label, "limit", f"more than {ledger.limits.headers} header fields")
            needed = name.lower()
            if label != "0" or needed not in NEEDED or needed in late:
                continue
            late.add(needed)
        else:
            ledger.headers_left -= 1
        ledger.headers.append(Header(name.decode("ascii"), header_value(body), label))
        if rows := folded_rows(name, body):
            _outside(ledger, rows, f"{label}.header-{len(ledger.headers)}", 1)
    if block.strays:
        ledger.gap(label, "unreadable", "lines among the header fields that are no fields")
        _outside(ledger, b"\r\n".join(block.strays), f"{label}.header-lines", 1)
    return block


def _body(
    ledger: Ledger, raw: bytes, block: HeaderBlock, end: int, entity: Entity,
    place: tuple[str, str, str], depth: int,
) -> None:  # fmt: skip
    label, number, _ = place
    start = block.body
    for doubt in entity.doubts:
        ledger.gap(label, "unreadable", doubt)
    main = entity.type.main
    if main.startswith("multipart/"):
        _multipart(ledger, raw, start, end, entity, place, depth)
    elif main in MESSAGE_TYPES:
        _attached(ledger, raw, start, end, entity, number, depth)
    else:
        if main in UNREADABLE_TYPES:
            ledger.gap(number, "unreadable", UNREADABLE_TYPES[main], entity.name)
        _leaf(ledger, raw[start:end], entity, number, depth)


def _too_deep(ledger: Ledger, number: str, depth: int) -> bool:
    if depth < min(ledger.limits.depth, MAX_DEPTH):
        return False
    ledger.gap(number, "limit", f"nested more than {ledger.limits.depth} deep")
    return True


def _multipart(
    ledger: Ledger, raw: bytes, start: int, end: int, entity: Entity,
    place: tuple[str, str, str], depth: int,
) -> None:  # fmt: skip
    label, number, prefix = place
    main = entity.type.main
    if _too_deep(ledger, number, depth):
        return
    if main == "multipart/encrypted":
        ledger.gap(label, "encrypted", "multipart/encrypted (RFC 1847 section 2.2)")
    if entity.encoding not in IDENTITY:
        raw, start, end = _decoded(ledger, raw, start, end, entity, label)
    boundary = _boundary(entity, raw, start, end)
    if not boundary:
        if raw[start:end].strip():
            ledger.gap(label, "unreadable", "a multipart without a usable boundary")
            _outside(ledger, raw[start:end], number, depth + 1)
        return
    cut = split(raw, start, end, boundary, ledger.parts_left)
    if not cut.inside:
        if raw[start:end].strip():
            ledger.gap(label, "unreadable", "a multipart whose boundary never occurs")
            _outside(ledger, raw[start:end], number, depth + 1)
        return
    if cut.more:
        ledger.gap(label, "limit", "more parts, or more boundary lines, than are taken apart")
    default = "message/rfc822" if main == "multipart/digest" else "text/plain"
    for index, (first, last) in enumerate(cut.inside, 1):
        child = f"{prefix}{index}"
        if not ledger.take_part(child):
            break
        block = _headers(ledger, raw, first, last, child, whole=False)
        _body(ledger, raw, block, last, read_entity(block.fields, default),
              (child, child, f"{child}."), depth + 1)  # fmt: skip
    for index, (first, last) in enumerate(cut.outside):
        text = raw[first:last]
        if text.strip() and not (index == 0 and _USUAL_PREAMBLE.fullmatch(text)):
            name = "preamble" if index == 0 else f"epilogue{index if index > 1 else ''}"
            _outside(ledger, text, f"{prefix}{name}", depth + 1)


def _boundary(entity: Entity, raw: bytes, start: int, end: int) -> bytes:
    """The declared boundary as it stands in the bytes, or b"" where there is none to use."""
    declared = entity.type.get("boundary") or ""
    for candidate in (declared, declared.strip(), declared.strip("'\"")):
        for charset in ("utf-8", "latin-1"):
            needle = candidate.encode(charset, "ignore")
            if needle and raw.find(b"--" + needle, start, end) >= 0:
                return needle
    return declared.encode("utf-8")


def _decoded(
    ledger: Ledger, raw: bytes, start: int, end: int, entity: Entity, number: str
) -> tuple[bytes, int, int]:
    """A composite body behind a transfer encoding: forbidden by RFC 2045 section 6.4, and met.

    Multiparts are mostly mislabelled: they are decoded only where the raw text shows no boundary.
    """
    boundary = (entity.type.get("boundary") or "").encode("utf-8")
    if boundary and raw.find(b"--" + boundary, start, end) >= 0:
        return raw, start, end
    if not ledger.take_bytes(end - start, number, entity.name):
        return b"", 0, 0
    decoded = decode_transfer(raw[start:end], entity.encoding)
    if decoded.fault:
        ledger.gap(number, "unreadable", decoded.fault, entity.name)
    return decoded.content, 0, len(decoded.content)


def _attached(
    ledger: Ledger, raw: bytes, start: int, end: int, entity: Entity, number: str, depth: int
) -> None:
    if _too_deep(ledger, number, depth):
        return
    if entity.encoding not in IDENTITY:
        raw, start, end = _decoded(ledger, raw, start, end, entity, number)
    while start < end and raw[start] in b"\r\n":
        start += 1
    _message(ledger, raw, start, end, number, f"{number}.1", f"{number}.", depth + 1)


def _outside(ledger: Ledger, text: bytes, number: str, depth: int) -> None:
    """Text that belongs to no part is text all the same."""
    if ledger.take_part(number) and ledger.take_bytes(len(text), number, None):
        ledger.add(Part(number, "text/plain", "body", text, None, "", depth))


def _leaf(ledger: Ledger, raw: bytes, entity: Entity, number: str, depth: int) -> None:
    name = entity.name
    if not ledger.take_bytes(len(raw), number, name):
        return
    decoded = decode_transfer(raw, entity.encoding)
    content = decoded.content
    if decoded.fault:
        ledger.gap(number, "unreadable", decoded.fault, name)
        if content is not raw and entity.encoding != "quoted-printable":
            _outside(ledger, raw, f"{number}.raw", depth)
    if _is_message(entity, name, content) and not _too_deep(ledger, number, depth):
        _message(ledger, content, 0, len(content), number, f"{number}.1", f"{number}.", depth + 1)
        return
    main = entity.type.main
    charset = (entity.type.get("charset") or "").lower().strip("'\" ")
    ledger.add(
        Part(number, main, entity.role(content), content, name, charset, depth, entity.parameters)
    )  # fmt: skip
    if main == "text/plain" and b"begin " in content:
        for index, (file_name, file, fault) in enumerate(uu_files(content), 1):
            place = f"{number}.uu{index}"
            if fault:
                ledger.gap(place, "unreadable", fault, file_name)
            if ledger.take_part(place) and ledger.take_bytes(len(file), place, file_name):
                kind = "application/octet-stream"
                ledger.add(Part(place, kind, "attachment", file, file_name, "", depth + 1))


def _is_message(entity: Entity, name: str | None, content: bytes) -> bool:
    """A saved message attached as a plain file: its own attachments must not be read as text."""
    main = entity.type.main
    named = bool(name and _MESSAGE_NAME.search(name))
    if not named and main not in ("application/octet-stream", "application/x-mimearchive"):
        return False
    if not _MESSAGE_START.match(content):
        return False
    head = content[:65536].lower()
    return named or b"\nmime-version:" in head or b"\ncontent-type:" in head
