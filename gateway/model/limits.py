"""Every limit on what is parsed and read, in one place (law 10), shared across nesting."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """Bounds on the MIME structure; what lies beyond one becomes a Gap `limit`."""

    depth: int = 30
    parts: int = 1000
    header_bytes: int = 262_144
    headers: int = 2000
    decoded_bytes: int = 209_715_200


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Bounds on one part's contents. `seconds` and `memory_bytes` hold in the
    sandbox; `known_parts` is how many attachments a worker remembers its findings of.
    `message_seconds` is for all parts of a message together."""

    text_chars: int = 20_000_000
    cells: int = 5_000_000
    columns: int = 20_000
    expanded_bytes: int = 1_073_741_824
    nested: int = 8
    entries: int = 10_000
    seconds: float = 20.0
    memory_bytes: int = 1_073_741_824
    inline_bytes: int = 262_144
    known_parts: int = 512
    message_seconds: float = 60.0
