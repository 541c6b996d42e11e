"""One line of a list that is brought in, and the whole of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Line:
    """What one row says; "" and None where it says nothing. `place` is where it stands, for people.
    `name` is the person's, and is written beside the address as a remark."""

    title: str
    organisation: str = ""
    count: int | None = None
    justification: str = ""
    name: str = ""
    address: str = ""
    starts: date | None = None
    ends: date | None = None
    signed: date | None = None
    version: int | None = None
    expires: date | None = None
    place: tuple[str, int] = ("", 0)


@dataclass(frozen=True, slots=True)
class Listing:
    """All lines of all files. `told` are the things that the files have columns for; of everything
    else the release file keeps what it says. `notes` say what was left out."""

    lines: tuple[Line, ...]
    told: frozenset[str]
    notes: tuple[str, ...] = ()

    @property
    def names_people(self) -> bool:
        return "address" in self.told
