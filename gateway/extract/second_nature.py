"""Files that are two things at once: an archive that stands inside or behind another format.

Programs that unpack look for a zip from its end and for RAR and 7z from anywhere, whatever stands
in front; what they would find must be read here, too. Formats that hold files as they are, and
whose readers look behind their end, are left out: their insides are no second nature.
"""

from __future__ import annotations

import re
import struct
import zlib

from gateway.extract import types

_RAR = b"Rar!\x1a\x07"
_SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"
# Formats that are zips, and have readers who look at the listed entries only.
PACKAGES = frozenset((types.XLSX, types.XLSB, types.DOCX, types.PPTX, *types.OPEN_DOCUMENTS))
_ZIPS = PACKAGES | {types.ZIP}
_HOLDERS = frozenset((
    *_ZIPS, types.SEVEN_ZIP, types.RAR, types.TAR, *types.OTHER_ARCHIVES, *types.STREAMS,
    types.MESSAGE, types.MBOX, types.TNEF, types.SQLITE, types.ACCESS,
    types.OLE, types.XLS, types.DOC, types.PPT, types.MSG,
))  # fmt: skip
# Compound files keep what is embedded in sectors, seldom in one piece and never at their very end.
_SECTORED = frozenset((types.OLE, types.XLS, types.DOC, types.PPT, types.MSG))
# What nobody reads may hold any file: the heads that are long enough to prove one.
_UNREAD = ("audio/", "video/", "font/", "application/octet-stream", types.BROKEN_PICTURE)
_HEADS = (
    re.compile(rb"PK\x03\x04[\x0a-\x3f]\x00..[\x00\x08\x09\x0c\x0e\x5d]\x00", re.S),
    re.compile(rb"\xfd7zXZ\x00\x00"),
    re.compile(rb"BZh[1-9]1AY&SY"),
    re.compile(rb"\x28\xb5\x2f\xfd"),
    re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    re.compile(rb"%PDF-[12]\."),
    re.compile(rb"SQLite format 3\x00"),
)
_GZIP = b"\x1f\x8b\x08"
_MOST_TRIES = 1000


def archive_within(content: bytes, kind: str) -> bytes:
    """The archive that a file of another type is as well, or nothing."""
    start = -1 if kind in _ZIPS else _zip_at_end(content)
    if start > 0 and kind in _SECTORED and not _ends_with_zip(content):
        start = -1  # a file in its streams, which their reader hands on in one piece
    if kind not in _HOLDERS and not kind.startswith("image/"):
        # Most texts have none of these bytes, and one is found much sooner than two.
        if 0x1A in content and b"\x1a\x07" in content:
            start = _earlier(start, content.find(_RAR, 1))
        if 0xBC in content and b"\xbc\xaf" in content:
            start = _earlier(start, content.find(_SEVEN_ZIP, 1))
    if kind.startswith(_UNREAD):
        heads = (head.search(content, 1) for head in _HEADS)
        start = _earlier(start, _gzip_within(content), *(head.start() for head in heads if head))
    return content[start:] if start > 0 else b""


def _gzip_within(content: bytes) -> int:
    """Three bytes prove nothing: where words come out of what follows (RFC 1952 section 2.3)."""
    at = 0
    for _ in range(_MOST_TRIES):
        at = content.find(_GZIP, at + 1)
        if at < 0 or (content[at + 3 : at + 4] < b"\x20" and _unpacks(content[at : at + 4096])):
            break
    return at


def _unpacks(head: bytes) -> bool:
    unpacking = zlib.decompressobj(31)
    try:
        return len(unpacking.decompress(head, 64)) >= 32 or unpacking.eof
    except zlib.error:
        return False


def _ends_with_zip(content: bytes) -> bool:
    end = content.rfind(b"PK\5\6", -65_557)
    return end + 22 + int.from_bytes(content[end + 20 : end + 22], "little") == len(content)


def _earlier(*places: int) -> int:
    return min((place for place in places if place > 0), default=-1)


def _zip_at_end(content: bytes) -> int:
    """Where a zip begins that ends at the end of the file (APPNOTE.TXT section 4.3.16)."""
    if 6 not in content or b"\5\6" not in content[-66_000:]:
        return -1
    end = content.rfind(b"PK\5\6", -65_557)
    if end < 0 or end + 22 > len(content):
        return -1
    size, offset = struct.unpack_from("<2I", content, end + 12)
    directory = end - size
    if directory < 0 or content[directory : directory + 4] != b"PK\1\2":
        return -1
    first = content.find(b"PK\3\4", 0, directory)
    start = directory - offset
    return start if start > 0 else first
