"""Parts that are locked, and parts that are signatures and nothing else."""

from __future__ import annotations

from typing import Iterator

from gateway.extract.mail.envelopes import is_detached_signature, is_signed_data
from gateway.extract.signatures import detect_type
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part


def read_signature(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Detached signatures carry no text that any reader here could miss."""
    if not is_detached_signature(part.content):
        yield Gap(part.location, "unreadable", "called a detached signature, and is none")


def read_locked(part: Part, limits: ReadLimits) -> Iterator[Content]:
    kind = dict(part.parameters).get("smime-type", "").lower()
    if is_signed_data(part.content) or kind in ("signed-data", "certs-only", "compressed-data"):
        # Opaque signing wraps the text without hiding it from the recipient (RFC 8551, 3.5.1).
        yield Gap(part.location, "unreadable", "S/MIME with its content inside, not encrypted")
        return
    if part.content_type == "application/pgp-encrypted" and part.content.strip() == b"Version: 1":
        return  # the control part of multipart/encrypted (RFC 3156 section 4)
    yield Gap(part.location, "encrypted", f"encrypted ({detect_type(part)})")
