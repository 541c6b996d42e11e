"""Where a process finds the unit registers: what is needed where there are none, too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class UnitRegisterSource:
    """Picklable; holds neither registers nor key. `required` are the names of those that must be
    there. `edition` names what lay there: another edition is other registers."""

    folder: Path
    key_file: Path
    required: tuple[str, ...] = ()
    edition: str = ""
