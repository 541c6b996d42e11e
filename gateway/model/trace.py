"""What a message shares with registered material, how much of it counts, and where material lies.

The part of it that is needed where nothing is registered, too: no arrays, and nothing to load.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gateway.model.message import Gap, Location

Kind = Literal["phrase", "figure"]
UNREAD_MATERIAL = Location("0", None, "registered material")
"""Where a message was not compared with registered material: as a whole."""


def unread_material(why: str) -> Gap:
    """That a message was not compared with the registered material."""
    return Gap(UNREAD_MATERIAL, "unreadable", f"material register unavailable: {why}")


@dataclass(frozen=True, slots=True)
class MaterialSource:
    """Where a process finds the material and its key; picklable, holds neither. `edition` names
    the reading: another edition is other material. `releases` are those that have any, `fault` says
    why none of it can be used, "" where it can."""

    folder: Path
    key_file: Path
    edition: str
    releases: frozenset[str] = frozenset()
    fault: str = ""


OF_WORDS = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """Something that a part of a message shares with registered material.

    `mark` tells one shared thing from another, so that none counts twice; it is a digest. `bits` is
    how surprising it is that both have it, `context` whether words stand near it that stand near it
    in the document too. `place` is where in the document, `location` where in the message. A trace
    whose mark is `OF_WORDS` says only that a text is about what the release is about.
    """

    kind: Kind
    release: str
    document: str
    place: str
    location: Location
    mark: int
    bits: float
    context: bool = False


@dataclass(frozen=True, slots=True)
class Threshold:
    """From how many bits on what a message shares with a release's material is that material."""

    bits: float = 22.0


ORDINARY = Threshold()
"""For releases that ask for nothing else."""
