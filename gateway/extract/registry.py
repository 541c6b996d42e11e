"""Which reader reads what: the table that later formats are added to.

Types that need no reader (detached signatures) and types that nobody can read without
a key are rows of the same table; everything else is a Gap (law 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterator

from gateway.extract.calendar_text import read_calendar
from gateway.extract.delimited import read_delimited
from gateway.extract.html import read_html
from gateway.extract.plain import read_plain
from gateway.extract.signatures import ENCRYPTED_OFFICE, XLSX, detect_type
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

Read = Callable[[Part, ReadLimits], Iterator[Content]]


@dataclass(frozen=True, slots=True)
class Reader:
    """`inline`: small parts may be read in the worker; everything else goes to the sandbox."""

    types: tuple[str, ...]
    read: Read
    inline: bool = False


def _nothing(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Detached signatures carry no text that any reader here could miss."""
    return iter(())


def _picture(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """A picture may show a table; which unread pictures matter is for the rules to say."""
    yield Gap(part.location, "no-reader", "a picture, and no text recognition")


def _encrypted(part: Part, limits: ReadLimits) -> Iterator[Content]:
    kind = dict(part.parameters).get("smime-type", "").lower()
    if kind in ("signed-data", "certs-only", "compressed-data"):
        # Opaque signing wraps the text without hiding it from the recipient (RFC 8551, 3.5.1).
        yield Gap(part.location, "no-reader", f"no reader for S/MIME {kind}")
        return
    if part.content_type == "application/pgp-encrypted" and part.content.strip() == b"Version: 1":
        return  # the control part of multipart/encrypted (RFC 3156 section 4)
    yield Gap(part.location, "encrypted", f"encrypted ({detect_type(part)})")


def _workbook(part: Part, limits: ReadLimits) -> Iterator[Content]:
    from gateway.extract.workbook import read_workbook  # loaded where it is needed: the sandbox

    contents: Iterator[Content] = read_workbook(part, limits)
    return contents


READERS: tuple[Reader, ...] = (
    Reader(("text/html",), read_html, inline=True),
    Reader(("text/calendar",), read_calendar, inline=True),
    Reader(("text/csv",), read_delimited, inline=True),
    Reader((XLSX,), _workbook),
    Reader(
        (ENCRYPTED_OFFICE, "application/pkcs7-mime", "application/x-pkcs7-mime",
         "application/pgp-encrypted"),
        _encrypted,
        inline=True,
    ),
    Reader(
        ("application/pgp-signature", "application/pkcs7-signature",
         "application/x-pkcs7-signature"),
        _nothing,
        inline=True,
    ),
)  # fmt: skip
_BY_TYPE = {kind: reader for reader in READERS for kind in reader.types}
_PLAIN = Reader(("text/plain",), read_plain, inline=True)
_PICTURE = Reader(("image/*",), _picture, inline=True)


def find_reader(kind: str) -> Reader | None:
    """The reader for a detected type, or None."""
    reader = _BY_TYPE.get(kind)
    if reader is None:
        if kind.startswith("text/") and kind != "text/rtf":
            return _PLAIN
        if kind.startswith("message/"):
            return _PLAIN
        if kind.startswith("image/"):
            return _PICTURE
    return reader


def reads_in_worker(part: Part, limits: ReadLimits) -> bool:
    """Is the part small and simple enough to be read outside the sandbox?"""
    reader = find_reader(detect_type(part))
    if reader is None or reader.read in (_nothing, _picture):
        return True  # nothing is parsed
    return reader.inline and len(part.content) <= limits.inline_bytes


def read_part(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Everything a reader finds in the part. A reader that fails yields a Gap, never silence."""
    kind = detect_type(part)
    if not part.content:
        return
    reader = find_reader(kind)
    if reader is None:
        yield Gap(part.location, "no-reader", f"no reader for {kind[:100]}")
        if part.content_type.startswith("text/"):
            yield from _contained(Reader((), read_plain), part, limits)
        return
    yield from _contained(reader, part, limits)


def _contained(reader: Reader, part: Part, limits: ReadLimits) -> Iterator[Content]:
    try:
        yield from reader.read(part, limits)
    except RecursionError:
        yield Gap(part.location, "limit", "nested too deeply")
    except MemoryError:
        yield Gap(part.location, "limit", "not enough memory")
    except Exception as error:  # noqa: BLE001 - the boundary: a reader's fault must become a Gap
        yield Gap(part.location, "crashed", f"the reader failed ({type(error).__name__})")
