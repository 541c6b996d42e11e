"""Which reader reads what: the table that later formats are added to.

Types that need no reader (detached signatures) and types that nobody can read without
a key are rows of the same table; everything else is a Gap (law 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterator

from gateway.extract.calendar_text import read_calendar
from gateway.extract.delimited import read_delimited
from gateway.extract.envelopes import is_detached_signature, is_signed_data
from gateway.extract.html import read_html
from gateway.extract.plain import read_plain
from gateway.extract.signatures import (
    BROKEN_PICTURE,
    ENCRYPTED_OFFICE,
    XLSX,
    detect_type,
    looks_like_text,
    text_type,
)
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part
from gateway.model.picture import picture_tail

# More than so many table tags are the sandbox's business.
WORKER_CELLS = 20_000
WORKER_TABLES = 500
Read = Callable[[Part, ReadLimits], Iterator[Content]]


@dataclass(frozen=True, slots=True)
class Reader:
    """`inline`: small parts may be read in the worker; everything else goes to the sandbox."""

    types: tuple[str, ...]
    read: Read
    inline: bool = False


def _signature(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Detached signatures carry no text that any reader here could miss."""
    if not is_detached_signature(part.content):
        yield Gap(part.location, "unreadable", "called a detached signature, and is none")


def _picture(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """A picture may show a table; which unread pictures matter is for the rules to say."""
    yield Gap(part.location, "no-reader", "a picture, and no text recognition")
    if picture_tail(part.content):
        yield Gap(part.location, "unreadable", "something behind the end of the picture")


def _broken_picture(part: Part, limits: ReadLimits) -> Iterator[Content]:
    yield Gap(part.location, "unreadable", "begins like a picture, and is none")


def _encrypted(part: Part, limits: ReadLimits) -> Iterator[Content]:
    kind = dict(part.parameters).get("smime-type", "").lower()
    if is_signed_data(part.content) or kind in ("signed-data", "certs-only", "compressed-data"):
        # Opaque signing wraps the text without hiding it from the recipient (RFC 8551, 3.5.1).
        yield Gap(part.location, "unreadable", "S/MIME with its content inside, not encrypted")
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
    Reader((BROKEN_PICTURE,), _broken_picture, inline=True),
    Reader(
        (ENCRYPTED_OFFICE, "application/pkcs7-mime", "application/x-pkcs7-mime",
         "application/pgp-encrypted"),
        _encrypted,
        inline=True,
    ),
    Reader(
        ("application/pgp-signature", "application/pkcs7-signature",
         "application/x-pkcs7-signature"),
        _signature,
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


def inline_cost(part: Part, limits: ReadLimits) -> int | None:
    """Bytes that reading the part in the worker would cost; None: it belongs in the sandbox.

    `limits.inline_bytes` is for all parts of one message together: who adds up is the caller.
    """
    kind = detect_type(part)
    reader = find_reader(kind)
    if reader is None:
        # A format without a reader that is text all the same is read as text, too.
        if not looks_like_text(part.content) and not part.content_type.startswith("text/"):
            return 0
    elif reader.read in (_signature, _picture, _broken_picture, _encrypted):
        return 0  # nothing is parsed
    elif not reader.inline or (reader.read is read_html and _many_cells(part.content)):
        return None
    size = len(part.content)
    return size if size <= limits.inline_bytes else None


def _many_cells(html: bytes) -> bool:
    if html.count(b"<t") + html.count(b"<T") > WORKER_CELLS:
        return True
    return html.count(b"<table") + html.count(b"<TABLE") > WORKER_TABLES


def reads_in_worker(part: Part, limits: ReadLimits) -> bool:
    """Is the part small and simple enough to be read outside the sandbox?"""
    return inline_cost(part, limits) is not None


def read_part(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Everything a reader finds in the part. A reader that fails yields a Gap, never silence."""
    kind = detect_type(part)
    if not part.content:
        return
    reader = find_reader(kind)
    if reader is None:
        yield Gap(part.location, "no-reader", f"no reader for {kind[:100]}")
        if looks_like_text(part.content) or part.content_type.startswith("text/"):
            yield from _contained(find_reader(text_type(part)) or _PLAIN, part, limits)
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
