"""Parts to contents: one file per family of formats, a registry, and the sandbox."""

from gateway.extract.registry import read_part, reads_in_worker
from gateway.extract.signatures import detect_type

__all__ = ["detect_type", "read_part", "reads_in_worker"]
