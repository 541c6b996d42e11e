"""Printer settings inside office files: the words in them, and what stands behind their end."""

from __future__ import annotations

import re

from gateway.extract.magic import type_of_bytes
from gateway.extract.office.text_runs import text_runs
from gateway.extract.signatures import looks_like_text
from gateway.extract.text.charset import decode

# DEVMODEW ([MS-RPRN] 2.2.2.1): the device's name in UTF-16, versions, its own size and the driver's.
_VERSIONS = (b"\x20\3", b"\0\4", b"\1\4")
_TAGS = re.compile(r"<[^>]*>")


def printer_settings(content: bytes) -> tuple[str, bytes] | None:
    """Its words, and the bytes that it does not account for; None where it is none."""
    if content[12:17] == b"<?xml" and b"<plist" in content[:300]:
        return _TAGS.sub("\n", decode(content[12:], "").text), b""
    own, driver = (int.from_bytes(content[at : at + 2], "little") for at in (68, 70))
    if not 120 <= own <= len(content) or content[64:66] not in _VERSIONS:
        return None
    mine = content[own : own + driver]
    behind = content[own + driver :].strip(b"\0")
    if mine and (type_of_bytes(mine) or looks_like_text(mine)):
        return text_runs(content[:own]), content[own:]
    return text_runs(content[: own + driver]), behind
