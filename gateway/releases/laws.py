"""The folders of regimes and of holidays -> every regime that a release may name.

A file that would be overlooked is a fault. Where there are no such folders there are no regimes,
and a release that names one does not load.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Mapping, TypeVar

from gateway.model.fault import Fault, Faults
from gateway.model.regime import Regime
from gateway.releases.entries import Sheet
from gateway.releases.holiday_file import read_holidays
from gateway.releases.regime_file import read_regime
from gateway.yaml_source import load

T = TypeVar("T")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class LawFiles:
    """Where regimes and calendars are, and which regime the department follows ("": none)."""

    regimes: Path | None = None
    holidays: Path | None = None
    default: str = ""

    @classmethod
    def beside(cls, releases: Path) -> LawFiles:
        """Where they are by default: in the folder that holds the folder of releases."""
        return cls(releases.parent / "regimes", releases.parent / "holidays")


@dataclass(frozen=True, slots=True)
class Laws:
    """`default` is the regime of a release that names none, "" where the department has none."""

    regimes: Mapping[str, Regime] = field(default_factory=dict)
    default: str = ""


def read_laws(files: LawFiles, sheets: list[Sheet], faults: list[Fault]) -> Laws:
    """Every regime that there is; the files that were read are added to `sheets`."""
    calendars = _each(files.holidays, read_holidays, sheets, faults)

    def regime(sheet: Sheet, stem: str) -> Regime | None:
        return read_regime(sheet, stem, calendars)

    regimes, default = _each(files.regimes, regime, sheets, faults), files.default
    if default and default not in regimes:
        known = ", ".join(sorted(regimes)) or "none"
        message = f"there is no regime '{default}', which department.regime names"
        faults.append(Fault(str(files.regimes), 0, 0, message, f"regimes: {known}"))
    return Laws(regimes, default)


def _each(
    folder: Path | None, read: Callable[[Sheet, str], T | None], sheets: list[Sheet],
    faults: list[Fault],
) -> dict[str, T]:  # fmt: skip
    found: dict[str, T] = {}
    for path in sorted(folder.iterdir()) if folder is not None and folder.is_dir() else ():
        if path.name.startswith(".") or path.suffix in (".md", ".txt"):
            continue
        if path.suffix != ".yaml" or not _ID.fullmatch(path.stem) or path.is_dir():
            hint = "name it like uk-2008.yaml: small letters, digits and hyphens"
            faults.append(Fault(str(path), 0, 0, "would be overlooked: not such a file", hint))
            continue
        try:
            sheet = Sheet(load(path))
        except Faults as fault:
            faults += fault.faults
            continue
        sheets.append(sheet)
        if (one := read(sheet, path.stem)) is not None:
            found[path.stem] = one
    return found
