"""The folders of regimes and of holidays -> every regime that a release may name.

A file that would be overlooked is a fault. Where there are no such folders there are no regimes,
and a release that names one does not load.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Mapping

from gateway.model.fault import Fault
from gateway.model.regime import Regime, WorkingDays
from gateway.releases.encoding import Encoding, told
from gateway.releases.holiday_file import read_holidays
from gateway.releases.named_files import named_files
from gateway.releases.reading import Reading, Wanted
from gateway.releases.regime_file import read_regime

_CALENDAR = Encoding[WorkingDays](WorkingDays)
_REGIME = Encoding[Regime](Regime)


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


def read_laws(files: LawFiles, reading: Reading) -> Laws:
    """Every regime that there is."""
    calendars = {
        path.stem: calendar
        for path in named_files(files.holidays, "uk-2008.yaml", reading.faults)
        if (calendar := _holidays(path, reading)) is not None
    }
    depends = told(calendars)
    regimes = {
        path.stem: regime
        for path in named_files(files.regimes, "uk-2008.yaml", reading.faults)
        if (regime := _regime(path, reading, calendars, depends)) is not None
    }
    default = files.default
    if default and default not in regimes:
        known = ", ".join(sorted(regimes)) or "none"
        message = f"there is no regime '{default}', which department.regime names"
        reading.faults.append(Fault(str(files.regimes), 0, 0, message, f"regimes: {known}"))
    return Laws(regimes, default)


def _holidays(path: Path, reading: Reading) -> WorkingDays | None:
    return reading.take(Wanted(_CALENDAR, path, lambda sheet: read_holidays(sheet, path.stem)))


def _regime(
    path: Path, reading: Reading, calendars: Mapping[str, WorkingDays], depends: bytes
) -> Regime | None:
    return reading.take(
        Wanted(_REGIME, path, lambda sheet: read_regime(sheet, path.stem, calendars), (depends,))
    )
