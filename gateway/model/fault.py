"""A fault in a file that a person wrote: what, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """`line` and `column` count from 1; 0 where the fault is of the file as a whole."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.line}" + (f":{self.column}" if self.column else "")
        return f"{place}: {self.message}" + (f"\n    hint: {self.hint}" if self.hint else "")


class Faults(Exception):
    """Every fault that was found, sorted by place; nothing was loaded."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__(f"{len(self.faults)} fault(s)")

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))
