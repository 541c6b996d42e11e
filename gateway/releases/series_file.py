"""Files of rules/series -> `Series`: what a system exports long before a release publishes it.

A file that would be overlooked is a fault. A release that there is not is none, and a warning
(`series_concerns`): its period counts as unpublished, and lists come and go.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from gateway.model.period import Period, written
from gateway.model.series import Series
from gateway.releases import values
from gateway.releases.encoding import Encoding
from gateway.releases.entries import Sheet, Unfit
from gateway.releases.named_files import named_files
from gateway.releases.reading import Reading, Wanted

FOLDER = "series"
_SERIES = Encoding[Series](Series)
_KEYS = (
    "id", "title", "release", "names", "measures", "identifiers", "columns", "latest_published",
    "editions", "next_due", "owner",
)  # fmt: skip
_SHORTEST_CODE = 3
_FEWEST_COLUMNS = 3
_PERIOD_HINT = "write it as 2016-03, 2016-Q1, 2016, 2016/17 (April to March), 2016-03-31, or 2016-04 to 2016-09"


def series_folder(releases: Path) -> Path:
    """Where they are: beside the folder of releases. There need be none."""
    return releases.parent / FOLDER


def read_all(folder: Path, reading: Reading) -> dict[str, Series]:
    """Every series, by its id. Faults are noted in `reading`."""
    found = reading.take_all(
        Wanted(_SERIES, path, partial(_in_folder, path.stem))
        for path in named_files(folder, "response-times.yaml", reading.faults)
    )
    return {series.id: series for series in found}


def _in_folder(stem: str, sheet: Sheet) -> Series | None:
    return read_series(sheet, stem)


def read_series(sheet: Sheet, stem: str) -> Series | None:
    """The series in a file named `stem`; None where what matters most is missing."""
    root = sheet.root((FOLDER,))
    entry = root.entry(FOLDER, _KEYS)
    if entry is None:
        sheet.fault((), "'series' is missing", "begin with 'series:' and its title and words")
        return None
    entry.take("id", values.named_like(stem), stem)
    title = entry.require("title", values.phrase)
    columns = tuple(entry.each("columns", values.line))
    if columns and len(columns) < _FEWEST_COLUMNS:
        entry.fault(
            "columns",
            f"columns: fewer than {_FEWEST_COLUMNS}, so that many tables would be taken for it",
            "write all columns of the export, or leave the key out",
        )
    series = Series(
        stem,
        title or "",
        entry.take("release", values.line, ""),
        tuple(entry.each("names", values.phrase)),
        tuple(entry.each("measures", values.phrase)),
        tuple(entry.each("identifiers", _code)),
        columns,
        entry.maybe("latest_published", period),
        entry.mapping("editions", period),
        entry.maybe("next_due", values.day),
        entry.take("owner", values.mailbox, ""),
    )
    if series.latest_published is None and not series.editions and not series.release:
        message = "nothing says up to when it is published"
        entry.fault("title", message, "write latest_published, or the editions and their periods")
    return series if title else None


def period(value: Any) -> Period:
    """A reference period as files state it."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, date):
        text = text.isoformat()[:10]
    found = written(text) if isinstance(text, str) else None
    if found is None:
        raise Unfit("not a period", _PERIOD_HINT)
    return found


def _code(value: Any) -> str:
    if not isinstance(value, str):
        raise Unfit("expected text", "put codes in quotes, so that their zeros stay")
    text = values.line(value)
    if sum(map(str.isalnum, text)) < _SHORTEST_CODE:
        raise Unfit(
            f"shorter than {_SHORTEST_CODE} letters or digits, so it would be found everywhere",
            "leave it out",
        )
    return text
