"""S/MIME and OpenPGP: what is signed is opened, what is locked is said to be, and a signature
is nothing else."""

from __future__ import annotations

import binascii
from typing import Iterator

from gateway.extract import types
from gateway.extract.mail.cms import AUTH_ENVELOPED, ENVELOPED, Damaged, open_cms
from gateway.extract.mail.envelopes import is_cms, is_detached_signature, is_signed_data
from gateway.extract.signatures import detect_type
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_CLEAR = ("signed-data", "certs-only", "compressed-data")


def read_signature(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Detached signatures carry no text that any reader here could miss."""
    if not is_detached_signature(part.content):
        yield from _opened(part, part.content, limits, "called a detached signature, and is none")


def read_locked(part: Part, limits: ReadLimits) -> Iterator[Content]:
    kind = dict(part.parameters).get("smime-type", "").lower()
    content = _unarmoured(part.content)
    if is_cms(content):
        clear = is_signed_data(content) or kind in _CLEAR
        doubt = "S/MIME with its content inside, not encrypted" if clear else ""
        yield from _opened(part, content, limits, doubt)
        return
    if kind in _CLEAR:
        yield Gap(part.location, "unreadable", "S/MIME with its content inside, not encrypted")
        return
    if part.content_type == "application/pgp-encrypted" and part.content.strip() == b"Version: 1":
        return  # the control part of multipart/encrypted (RFC 3156 section 4)
    yield Gap(part.location, "encrypted", f"encrypted ({detect_type(part)})")


def _opened(part: Part, content: bytes, limits: ReadLimits, doubt: str) -> Iterator[Content]:
    """The content of signed or compressed data is an entity of its own (RFC 8551 section 3.5)."""
    try:
        opened = open_cms(content, limits.expanded_bytes)
    except Damaged:
        reason = "unreadable" if doubt else "encrypted"
        yield Gap(part.location, reason, doubt or f"encrypted ({detect_type(part)})")  # type: ignore[arg-type]
        return
    if opened.fault:
        yield Gap(part.location, "unreadable", opened.fault)
    if opened.kind in (ENVELOPED, AUTH_ENVELOPED):
        yield Gap(part.location, "encrypted", "encrypted (S/MIME enveloped data)")
    elif opened.content is None:
        if not is_signed_data(content):
            detail = doubt or f"encrypted ({detect_type(part)})"
            yield Gap(part.location, "unreadable" if doubt else "encrypted", detail)
        # Signed data without content: certificates and signatures, nothing to read.
        elif doubt.startswith("called"):
            yield Gap(part.location, "unreadable", doubt)
    elif opened.content:
        yield _inner(part, opened.content)


def _inner(part: Part, content: bytes) -> Part:
    number = f"{part.number}!content"
    head = content[:200].lstrip().lower()
    kind = types.MESSAGE if head.startswith((b"content-", b"mime-version")) else part.content_type
    if kind == part.content_type:
        kind = "application/octet-stream"  # signed files carry no header
    return Part(number, kind, "attachment", content, _plain_name(part.name), "", part.depth + 1)


def _plain_name(name: str | None) -> str | None:
    """`report.xlsx.p7m` signs `report.xlsx`; the usual `smime.p7m` has no name in it."""
    stem, dot, ending = (name or "").rpartition(".")
    return stem if dot and ending.lower() in ("p7m", "p7s") and "." in stem else None


def _unarmoured(content: bytes) -> bytes:
    """PEM, or base64 that nobody declared."""
    if content[:1] == b"\x30":
        return content
    lines = [line for line in content.strip().split(b"\n") if not line.startswith(b"-----")]
    try:
        return binascii.a2b_base64(b"".join(lines))
    except binascii.Error:
        return content
