"""The department's files of invented records (`_synthetic.yaml`), known by their digest alone.

What a sender says of a file counts for nothing: rows that were called test data have been real
ones. A file that somebody registered, by its bytes, is no leak.
"""

from __future__ import annotations

import re
from typing import Any

from gateway.model.register import SyntheticFile
from gateway.releases import values
from gateway.releases.entries import Entry, Unfit

_DIGEST = re.compile(r"[0-9a-f]{64}")
_KEYS = ("sha256", "title", "owner", "expires")


def read_synthetic(root: Entry) -> dict[str, SyntheticFile]:
    """The `synthetic` entries by digest; every key is required."""
    found: dict[str, SyntheticFile] = {}
    listed: set[str] = set()
    for entry in root.entries("synthetic", _KEYS):
        sha256 = entry.require("sha256", _digest)
        title = entry.require("title", values.line)
        owner = entry.require("owner", values.mailbox)
        expires = entry.require("expires", values.day)
        if sha256 and sha256 in listed:
            entry.fault("sha256", "sha256: this file is there already", "keep one of the two")
            continue
        listed.add(sha256 or "")
        if sha256 and title and owner and expires:
            found[sha256] = SyntheticFile(sha256, title, owner, expires)
    return found


def _digest(value: Any) -> str:
    text = value.strip().lower() if isinstance(value, str) else ""
    if not _DIGEST.fullmatch(text):
        raise Unfit("expected 64 hexadecimal digits", "in quotes, as sha256sum prints them")
    return text
