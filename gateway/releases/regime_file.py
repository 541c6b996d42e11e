"""One file of rules/regimes -> `Regime`: a law or code of pre-release access, as data.

A new regime is a file, never code. Like a list it loads whole or not at all, with every fault.
"""

from __future__ import annotations

from typing import Any, Callable, Literal, Mapping

from gateway.model.regime import Regime, WorkingDays
from gateway.releases import values
from gateway.releases.entries import Entry, Sheet, Unfit

_KEYS = (
    "id", "title", "source", "windows", "holidays", "usual_time", "recipients", "people",
    "per_organisation", "grant_months", "declaration_required", "guidance_required",
    "exceptional_only", "markings", "wordings",
)  # fmt: skip
OTHER = "other"
"""What the files call a kind of release that has no line of its own; "" in the model."""

_RECIPIENTS: Callable[[Any], Literal["titles", "individuals"]] = values.one_of(
    "titles", "individuals"
)


def read_regime(sheet: Sheet, stem: str, calendars: Mapping[str, WorkingDays]) -> Regime | None:
    """The regime in a file named `stem`; None where what matters most is missing."""
    root = sheet.root(_KEYS)
    root.take("id", values.named_like(stem), stem)
    calendar = _calendar(root, calendars)
    title = root.require("title", values.line)
    source = root.require("source", values.line)
    windows = root.mapping("windows", values.window_in(calendar))
    if OTHER not in windows:
        root.fault(
            "windows",
            "windows: the window of any 'other' release is missing",
            "add a line 'other: PT24H', PT0H where there is no access at all",
        )
    regime = Regime(
        id=stem,
        title=title or "",
        source=source or "",
        windows={_kind(name): window for name, window in windows.items()},
        recipients=root.take("recipients", _RECIPIENTS, "titles"),
        per_organisation=root.maybe("per_organisation", values.count),
        people=root.maybe("people", values.count),
        grant_months=root.maybe("grant_months", values.months),
        declaration_required=root.take("declaration_required", values.flag, False),
        guidance_required=root.take("guidance_required", values.flag, False),
        exceptional_only=root.take("exceptional_only", values.flag, False),
        markings=_markings(root),
        wordings=tuple(root.each("wordings", values.phrase)),
        usual_time=root.maybe("usual_time", values.time_of_day),
        calendar=calendar,
    )
    return regime if title and source and OTHER in windows else None


def _kind(name: str) -> str:
    return "" if name == OTHER else name


def _calendar(root: Entry, calendars: Mapping[str, WorkingDays]) -> WorkingDays | None:
    def calendar(value: Any) -> WorkingDays:
        if not isinstance(value, str) or value not in calendars:
            known = ", ".join(sorted(calendars)) or "none"
            raise Unfit(f"there is no calendar '{value}'", f"files of rules/holidays: {known}")
        return calendars[value]

    return root.maybe("holidays", calendar)


def _markings(root: Entry) -> Mapping[str, str]:
    entry = root.entry("markings", ("market-sensitive", OTHER))
    if entry is None:
        return {}
    return {
        name: words
        for name in ("market-sensitive", OTHER)
        if (words := entry.take(name, values.phrase, ""))
    }
