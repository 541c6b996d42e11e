"""What a part is, judged by its bytes first and by its declared type and name second.

A lie in the label never decides: a workbook called .txt is a workbook, and text called .png is
text and will be read.
"""

from __future__ import annotations

import re

from gateway.extract.charset import utf16_without_mark
from gateway.extract.envelopes import is_cms, is_detached_signature
from gateway.model.message import Part
from gateway.model.picture import picture_end, picture_type

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENCRYPTED_OFFICE = "application/encrypted-office"
OLE_TYPE = "application/x-ole-storage"
BROKEN_PICTURE = "application/x-broken-picture"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"), (b"{\\rtf", "application/rtf"),
    (b"\x1f\x8b", "application/gzip"), (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\0", "application/x-xz"), (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"), (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"), (b"$FL2", "application/x-spss-sav"),
    (b"$FL3", "application/x-spss-sav"), (b"<stata_dta>", "application/x-stata-dta"),
    (b"PAR1", "application/vnd.apache.parquet"), (b"ARROW1", "application/vnd.apache.arrow.file"),
    (b"HEADER RECORD*******", "application/x-sas-xport"), (b"SQLite format 3\0", "application/vnd.sqlite3"),
    (b"MZ", "application/x-dosexec"), (b"\x7fELF", "application/x-executable"),
    (b"ID3", "audio/mpeg"), (b"OggS", "audio/ogg"), (b"!<arch>", "application/x-archive"),
    (b"-----BEGIN PGP MESSAGE-----", "application/pgp-encrypted"), (b"RDX2\n", "application/x-r-data"),
    (b"RDX3\n", "application/x-r-data"), (b"\x89HDF\r\n", "application/x-hdf5"),
    (b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60", "application/x-sas-data"), (b"FEA1", "application/x-feather"),
    (b"ITSF", "application/vnd.ms-htmlhelp"), (b"wOFF", "font/woff"), (b"wOF2", "font/woff2"),
)  # fmt: skip
_BY_FIRST: dict[int, tuple[tuple[bytes, str], ...]] = {
    first: tuple(m for m in _MAGIC if m[0][0] == first) for first in {m[0][0] for m in _MAGIC}
}
_ZIP_MEMBERS = (
    (b"xl/workbook.xml", XLSX),
    (b"xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroenabled.12"),
    (b"word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)  # fmt: skip
_BY_NAME = {
    "csv": "text/csv", "tsv": "text/csv", "tab": "text/csv", "psv": "text/csv",
    "htm": "text/html", "html": "text/html", "xhtml": "text/html", "svg": "text/html",
    "ics": "text/calendar", "vcs": "text/calendar", "ifb": "text/calendar",
}  # fmt: skip
_BY_TYPE = {
    "text/csv": "text/csv", "application/csv": "text/csv", "text/x-csv": "text/csv",
    "text/comma-separated-values": "text/csv", "text/tab-separated-values": "text/csv",
    "text/html": "text/html", "application/xhtml+xml": "text/html", "image/svg+xml": "text/html",
    "text/calendar": "text/calendar", "application/ics": "text/calendar", "text/xml": "text/xml",
    "application/xml": "text/xml",
}  # fmt: skip
SIGNATURES = frozenset(
    ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
)
LOCKED = frozenset(
    ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
)
_MARKS = {"text/html": b"<", "text/calendar": b":"}
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--[^>]{0,500}-->\s*)?<(?:!doctype\s+html|html|head|body|svg)[\s>]",
    re.I,
)
_XML = re.compile(rb"\s*<\?xml[\s]")
_CONTROLS = bytes(
    sorted(set(range(256)) - set(range(0x20)) - {0x7F} | set(b"\t\n\r\f\x0b\x08\x1a\x1b"))
)


def detect_type(part: Part) -> str:
    """A media type in lower case; a type of our own where none is registered."""
    content, declared = part.content, part.content_type
    if not content or (declared in SIGNATURES and is_detached_signature(content)):
        return declared
    found = _by_bytes(content)
    # A picture that is none may be text; other formats stay what they claim, and where they look
    # like text they are read as text besides (registry).
    if found and not (found == BROKEN_PICTURE and looks_like_text(content)):
        return found
    if not looks_like_text(content):
        if is_cms(content):
            return "application/pkcs7-mime"
        # A label proves nothing: what does not show its type is bytes that nobody can read. Only
        # what the label says is locked or signed is taken at its word: nobody looks inside, and it
        # is a gap of its own.
        return declared if declared in LOCKED | SIGNATURES else "application/octet-stream"
    return text_type(part)


def _kind_of_name(name: str | None) -> str | None:
    return _BY_NAME.get(name.rsplit(".", 1)[-1].lower().strip()) if name else None


def text_type(part: Part) -> str:
    """What a part is that looks like text."""
    content = part.content
    if _HTML.match(content):
        return "text/html"
    if content.lstrip(b"\xef\xbb\xbf \r\n")[:15].upper() == b"BEGIN:VCALENDAR":
        return "text/calendar"
    for kind in (_BY_TYPE.get(part.content_type), _kind_of_name(part.name)):
        # Without a single tag or property it is not what it is called.
        if kind and not (kind in _MARKS and _MARKS[kind] not in content):
            return kind
    if _XML.match(content):
        return "text/xml"
    declared = part.content_type
    return declared if declared.startswith("text/") and declared not in _MARKS else "text/plain"


def _by_bytes(content: bytes) -> str:
    picture = picture_type(content)
    if picture:
        return picture if picture_end(content, picture) >= 0 else BROKEN_PICTURE
    for magic, kind in _BY_FIRST.get(content[0], ()):
        if content.startswith(magic) and (magic != b"MZ" or b"\0" in content[:64]):
            return kind
    if content[:2] == b"PK" and content[2:4] in (b"\3\4", b"\5\6", b"\7\x08"):
        return _zip_type(content)
    if content.startswith(OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le")
        return ENCRYPTED_OFFICE if encrypted in content else OLE_TYPE
    if content[:4] == b"RIFF":
        return "audio/wav"
    if content[4:8] == b"ftyp":
        return "video/mp4"
    head = content[:1024]
    if b"%PDF-" in head and (b"\0" in content[:8192] or b"endobj" in content):
        return "application/pdf"
    return ""


def _zip_type(content: bytes) -> str:
    for member, kind in _ZIP_MEMBERS:
        if member in content:
            return kind
    if content[30:38] == b"mimetype":
        return content[38:110].split(b"PK")[0].decode("ascii", "ignore").lower()
    return "application/zip"


def looks_like_text(content: bytes) -> bool:
    """Hardly any control characters, or UTF-16."""
    head = content[:16384]
    odd = len(head.translate(None, _CONTROLS))
    if not odd:
        return True
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or utf16_without_mark(content):
        return True
    return odd * 100 < len(head)
