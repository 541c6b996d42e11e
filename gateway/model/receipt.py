"""What became of mail with one release's material on its way to one address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Receipt:
    """`code` is the next hop's last reply code (three digits; "" where there is none)."""

    release: str
    address: str
    state: Literal["delivered", "failed"]
    code: str
    at: datetime
