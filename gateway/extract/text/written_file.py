"""A file that was written as letters, once it is decoded: handed on, or a Gap."""

from __future__ import annotations

import zlib
from typing import Iterator

from gateway.extract.magic import type_of_bytes
from gateway.extract.mail.envelopes import is_cms
from gateway.extract.signatures import looks_like_text
from gateway.model.content import Content
from gateway.model.message import Gap, Part

MAX_RUNS = 100
INFLATED = 1 << 24


def shows(content: bytes) -> bool:
    """Is it a file of a known kind, or text?"""
    if type_of_bytes(content) or is_cms(content) or looks_like_text(content):
        return True
    return content[:1] == b"\x78" and _inflated(content, 64) != b""


def _inflated(content: bytes, most: int) -> bytes:
    """What is packed (RFC 1950), up to `most` bytes and one that says that there is more."""
    engine = zlib.decompressobj()
    try:
        return engine.decompress(content, most + 1)
    except zlib.error:
        return b""


def written_file(part: Part, what: str, content: bytes, name: str | None) -> Iterator[Content]:
    """`content` as a file of `part`, unpacked where zlib has packed it; a Gap where it shows nothing
    and has no name."""
    number = f"{part.number}!{what}"
    if not shows(content) and name is None:
        detail = f"{len(content)} bytes of no known type, written as letters"
        yield Gap(part.location, "unreadable", detail)
        return
    if (
        content[:1] == b"\x78"
        and not type_of_bytes(content)
        and (plain := _inflated(content, INFLATED))
    ):
        content = plain[:INFLATED]
        if len(plain) > INFLATED:
            yield Gap(part.location, "limit", f"more than {INFLATED} bytes unpacked")
    kind = "application/octet-stream"
    yield Part(number, kind, "attachment", content, name, "", part.depth + 1)
