"""What a reader raises where a file, or a piece of it, cannot be read."""

from __future__ import annotations

from gateway.model.message import GapReason


class ContainerFault(Exception):
    """An entry, or the whole container, that cannot be read; becomes a Gap."""

    def __init__(self, reason: GapReason, detail: str) -> None:
        self.reason: GapReason = reason
        self.detail = detail
        super().__init__(detail)
