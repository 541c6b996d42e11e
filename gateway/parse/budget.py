"""What is left of the limits while one message is taken apart, and what was found so far.

One `Ledger` serves the message and everything nested in it (law 10). Whatever it refuses is
recorded as a Gap, once per place, so that nothing is dropped in silence (law 3).
"""

from __future__ import annotations

from gateway.model.limits import ParseLimits
from gateway.model.message import Gap, GapReason, Header, Location, Part

MAX_GAPS = 1000


class Ledger:
    """Mutable only while one message is parsed; belongs to nobody else."""

    __slots__ = ("bytes_left", "gaps", "header_bytes_left", "headers", "headers_left", "limits",
                 "parts", "parts_left", "seen")  # fmt: skip

    def __init__(self, limits: ParseLimits) -> None:
        self.limits = limits
        self.parts_left = limits.parts
        self.headers_left = limits.headers
        self.header_bytes_left = limits.header_bytes
        self.bytes_left = limits.decoded_bytes
        self.headers: list[Header] = []
        self.parts: list[Part] = []
        self.gaps: list[Gap] = []
        self.seen: set[Gap] = set()

    def gap(self, number: str, reason: GapReason, detail: str, name: str | None = None) -> None:
        gap = Gap(Location(number, name), reason, detail)
        if gap not in self.seen and len(self.gaps) < MAX_GAPS:
            self.seen.add(gap)
            self.gaps.append(gap)

    def take_part(self, number: str) -> bool:
        if self.parts_left <= 0:
            self.gap(number, "limit", f"more than {self.limits.parts} parts")
            return False
        self.parts_left -= 1
        return True

    def take_bytes(self, count: int, number: str, name: str | None) -> bool:
        if count > self.bytes_left:
            detail = f"more than {self.limits.decoded_bytes} bytes of decoded content"
            self.gap(number, "limit", detail, name)
            return False
        self.bytes_left -= count
        return True

    def add(self, part: Part) -> None:
        self.parts.append(part)
