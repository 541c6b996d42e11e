"""Parts to contents: one file per family of formats, a registry, and the sandbox."""

from gateway.extract.nested import SandboxNeeded, read_nested
from gateway.extract.registry import (
    inline_cost,
    load_inline_readers,
    read_part,
    reads_in_worker,
)
from gateway.extract.signatures import detect_type

__all__ = [
    "SandboxNeeded",
    "detect_type",
    "inline_cost",
    "load_inline_readers",
    "read_nested",
    "read_part",
    "reads_in_worker",
]
