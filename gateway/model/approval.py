"""A version of a list as a second person approved it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Approved:
    """The file named `subject` (without its ending), word for word as it was approved. `text` is
    None where it was its removal that was approved. `version` counts from 1. What is not `genuine`
    was written by somebody without the key, and is worth nothing."""

    subject: str
    version: int
    at: datetime
    by: str
    text: bytes | None
    genuine: bool = True
