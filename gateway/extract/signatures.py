"""What a part is, judged by its bytes first and by its declared type and name second.

A lie in the label never decides: a workbook called .txt is a workbook, and text called .png is
text and will be read.
"""

from __future__ import annotations

import re

from gateway.extract import types
from gateway.extract.magic import type_of_bytes
from gateway.extract.mail.envelopes import is_cms, is_detached_signature
from gateway.extract.text.charset import utf16_without_mark
from gateway.extract.xml_roots import type_of_root
from gateway.model.message import Part

_BY_NAME = {
    "csv": "text/csv", "tsv": "text/csv", "tab": "text/csv", "psv": "text/csv",
    "htm": "text/html", "html": "text/html", "xhtml": "text/html", "svg": "text/html",
    "ics": types.CALENDAR, "vcs": types.CALENDAR, "ifb": types.CALENDAR, "vcf": types.VCARD,
    "json": types.JSON, "ndjson": types.NDJSON, "jsonl": types.NDJSON, "geojson": types.JSON,
    "xml": types.XML, "eml": types.MESSAGE, "mht": types.MESSAGE, "mhtml": types.MESSAGE,
}  # fmt: skip
_BY_TYPE = {
    "text/csv": "text/csv", "application/csv": "text/csv", "text/x-csv": "text/csv",
    "text/comma-separated-values": "text/csv", "text/tab-separated-values": "text/csv",
    "text/html": "text/html", "application/xhtml+xml": "text/html", "image/svg+xml": "text/html",
    "text/calendar": types.CALENDAR, "application/ics": types.CALENDAR,
    "text/vcard": types.VCARD, "text/x-vcard": types.VCARD, "text/directory": types.VCARD,
    "text/xml": types.XML, "application/xml": types.XML,
    "application/json": types.JSON, "text/json": types.JSON, "application/x-ndjson": types.NDJSON,
    "application/jsonl": types.NDJSON, "message/rfc822": types.MESSAGE,
    "message/global": types.MESSAGE,
}  # fmt: skip
# What a text of the type must hold; without it, it is not what it is called.
_MARKS = {
    "text/html": b"<", types.CALENDAR: b":", types.VCARD: b":", types.XML: b"<",
    types.JSON: b"[{", types.NDJSON: b"[{", types.MESSAGE: b":",
}  # fmt: skip
_HTML = re.compile(
    rb"(?:<\?xml[^>]{0,200}\?>\s{0,9999}+)?(?:<!--[^>]{0,500}-->\s{0,9999}+)?<(?:!doctype\s+html|html|head|body|svg)[\s>]",
    re.I,
)
_XML = re.compile(rb"<\?xml[\s]")
_JSON = re.compile(rb"\[\s{0,9999}+[\[{\"\d\-tfn\]]|\{\s{0,9999}+[\"}]")
_MARK = b"\xef\xbb\xbf"
# What the first line of a message or a mailbox begins with; looked at before the costly ones.
_FIRST_LINE = re.compile(rb"\s{0,100}(?:From |[!-9;-~]{1,76}[ \t]{0,9}:)")
# A header block (RFC 5322 section 3.6): three of the usual fields, or MIME's own, make a message.
_BLOCK = re.compile(rb"(?:[!-9;-~]{1,76}[ \t]{0,9}:[^\n]{0,2000}\n(?:[ \t][^\n]*\n){0,500}){2,500}")
_USUAL = re.compile(
    rb"^(return-path|received|delivered-to|from|to|cc|subject|date|message-id|reply-to|sender"
    rb"|mime-version|content-type|x-[a-z0-9-]{1,60}|dkim-signature|arc-seal)[ \t]*:",
    re.I | re.M,
)
_MBOX = re.compile(rb"From \S{1,300} [^\n]{0,80}\d\d:\d\d[^\n]{0,40}\n")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
_CONTROLS = bytes(
    sorted(
        set(range(256)) - set(range(0x20)) - {0x7F}
        | set(b"\t\n\r\f\x0b\x08\x1a\x1b\x1c\x1d\x1e\x1f")
    )
)


def detect_type(part: Part) -> str:
    """A media type in lower case; a type of our own where none is registered."""
    content, declared = part.content, part.content_type
    if not content or (declared in types.SIGNATURES and is_detached_signature(content)):
        return declared
    found = type_of_bytes(content)
    # A picture that is none may be text; other formats stay what they claim, and where they look
    # like text they are read as text besides (registry).
    if found and not (found == types.BROKEN_PICTURE and looks_like_text(content)):
        return found
    if not looks_like_text(content):
        if is_cms(content):
            return "application/pkcs7-mime"
        if declared == types.MESSAGE or (
            _FIRST_LINE.match(content) and _is_message(content[:100_000].replace(b"\r\n", b"\n"))
        ):
            return types.MESSAGE  # with parts in 8bit or binary (RFC 3030)
        # A label proves nothing: what does not show its type is bytes that nobody can read. Only
        # what the label says is locked or signed is taken at its word: nobody looks inside, and it
        # is a gap of its own.
        locked = declared in types.LOCKED or declared in types.SIGNATURES
        return declared if locked else "application/octet-stream"
    return text_type(part)


def _kind_of_name(name: str | None) -> str | None:
    return _BY_NAME.get(name.rsplit(".", 1)[-1].lower().strip()) if name else None


def text_type(part: Part) -> str:
    """What a part is that looks like text."""
    content = part.content
    start = _start(content)
    head = content[start : start + 15].upper()
    if _HTML.match(content, start):
        return "text/html"
    if found := type_of_root(content):
        return found
    if head == b"BEGIN:VCALENDAR":
        return types.CALENDAR
    if head.startswith(b"BEGIN:VCARD"):
        return types.VCARD
    for kind in (_BY_TYPE.get(part.content_type), _kind_of_name(part.name)):
        if kind and any(mark in content for mark in _marks(kind)):
            return kind
    if _XML.match(content, start):
        return types.XML
    if part.role != "body" and (kind := _shape(content, start)):
        return kind
    declared = part.content_type
    return declared if declared.startswith("text/") and declared not in _MARKS else "text/plain"


def _start(content: bytes) -> int:
    """Where the words begin, behind a byte order mark and blanks, in either order."""
    blanks = len(content) - len(content.lstrip())
    if not content.startswith(_MARK, blanks):
        return blanks
    rest = content[blanks + len(_MARK) :]
    return len(content) - len(rest.lstrip())


def _marks(kind: str) -> tuple[bytes, ...]:
    return tuple(bytes((mark,)) for mark in _MARKS.get(kind, b"")) or (b"",)


def _shape(content: bytes, start: int) -> str:
    """Files that say what they are only by how they are written."""
    if _JSON.match(content, start) and content[-200:].rstrip().endswith((b"}", b"]")):
        return types.NDJSON if _is_lines_of_json(content, start) else types.JSON
    if not _FIRST_LINE.match(content):
        return ""
    head = content[:100_000].replace(b"\r\n", b"\n").lstrip(b"\n")
    if _MBOX.match(head):
        return types.MBOX
    return types.MESSAGE if _is_message(head) else ""


def _is_lines_of_json(content: bytes, start: int) -> bool:
    """The first line is a whole value, and another one follows."""
    end = content.find(b"\n", start)
    line, following = content[max(start, end - 80) : end].rstrip(), content[end : end + 80].lstrip()
    return end - start > 2 and line.endswith((b"}", b"]")) and following.startswith((b"{", b"["))


def _is_message(head: bytes) -> bool:
    block = _BLOCK.match(head)
    if not block:
        return False
    names = {name.lower() for name in _USUAL.findall(block[0])}
    return len(names) > 2 or names >= {b"mime-version", b"content-type"}


def looks_like_text(content: bytes) -> bool:
    """Hardly any control characters, or UTF-16 or UTF-32 with their mark."""
    head = content[:16384]
    odd = len(head.translate(None, _CONTROLS))
    if not odd:
        return True
    if b"=ybegin line=" in head or content.startswith(_WIDE_MARKS) or utf16_without_mark(content):
        return True
    return odd * 100 < len(head)
