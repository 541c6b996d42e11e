"""Why registered material cannot be used."""

from __future__ import annotations


class MaterialUnavailable(Exception):
    """The material or its key cannot be read; the text is for operators and quotes nothing."""


class NotRegistered(Exception):
    """Material was not added or not removed, and nothing has changed: `reasons` say why, one for
    each thing that is wrong."""

    def __init__(self, *reasons: str) -> None:
        self.reasons = reasons
        super().__init__("\n".join(reasons))
