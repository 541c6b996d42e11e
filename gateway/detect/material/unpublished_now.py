"""Which periods of a series are out at an instant, and what shows one that is not.

Fail closed: an edition under embargo publishes nothing, whatever the series' file says; rows of an
export of which nobody can say when they were are taken for unpublished ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.detect.material.periods import in_prose
from gateway.detect.normalise import fold
from gateway.model.finding import Confidence, Finding
from gateway.model.instant import in_utc
from gateway.model.period import Period
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.model.series import Series, SeriesShown

Embargoed = Callable[[Release, datetime], bool]
_DAY = timedelta(days=1)
_TOTALS = 20
_SUREST: Mapping[str, int] = {"template": 0, "identifiers": 1, "names": 2}


@dataclass(frozen=True, slots=True)
class Concluded:
    """`findings` are `unpublished-period`, one for each part and series; `published` the numbers of
    parts all of whose tables are registered exports, and show nothing that is not out."""

    findings: tuple[Finding, ...] = ()
    published: frozenset[str] = frozenset()


def conclude(
    shown: Iterable[SeriesShown], register: Register, now: datetime, embargoed: Embargoed
) -> Concluded:
    """What the series that a message shows amount to now. Facts of a finding: `series`, `release`
    (null where no coming edition is known), `period_end` (null where the rows have no period),
    `published_to`, `rows` (how many show it, at least), `how`."""
    best: dict[tuple[str, str], Finding] = {}
    out: dict[str, bool] = {}
    known: dict[str, _Calendar] = {}
    for one in shown:
        series = register.series.get(one.series)
        if series is None:
            continue
        if series.id not in known:
            known[series.id] = _Calendar.of(series, register, now, embargoed)
        finding = _finding(one, known[series.id], register, now)
        part = one.location.part
        clean = finding is None and one.how == "template" and not one.mixed and _is_dated(one)
        out[part] = out.get(part, True) and clean
        if finding is not None:
            key = part, one.series
            best[key] = min(best.get(key, finding), finding, key=_telling)
    return Concluded(
        tuple(best.values()), frozenset(part for part, is_out in out.items() if is_out)
    )


def _is_dated(shown: SeriesShown) -> bool:
    """Whether hardly a row is without a period: there may be one of totals."""
    return shown.undated <= 1 + sum(rows for _, rows in shown.periods) // _TOTALS


def coming_editions(
    series: str, register: Register, now: datetime, embargoed: Embargoed
) -> tuple[str, ...]:
    """The releases of a series that are under embargo, the next first."""
    known = register.series.get(series)
    if known is None:
        return ()
    return tuple(id for id, _ in _Calendar.of(known, register, now, embargoed).coming)


def published_to(series: str, register: Register, now: datetime, embargoed: Embargoed) -> str:
    """The last month or day of a series that is out; "" where nothing says."""
    known = register.series.get(series)
    return (_Calendar.of(known, register, now, embargoed).to or "") if known else ""


def _telling(finding: Finding) -> tuple[int, str]:
    """Sorts the surest first, and of those the latest period."""
    end = str(finding.facts["period_end"] or "")
    return _SUREST[str(finding.facts["how"])], "".join(chr(255 - ord(letter)) for letter in end)


def _finding(
    shown: SeriesShown, calendar: _Calendar, register: Register, now: datetime
) -> Finding | None:
    today = in_utc(now).astimezone(ZoneInfo(register.zone)).date()
    unpublished = [
        (period, rows)
        for period, rows in shown.periods
        if period.end > calendar.published_to and period.start <= today
    ]
    confidence: Confidence = "medium" if shown.how == "names" else "high"
    period: Period | None = None
    rows = sum(count for _, count in unpublished)
    if unpublished:
        period = max((one for one, _ in unpublished), key=lambda one: one.end)
        if all(one.start <= calendar.published_to for one, _ in unpublished) and _is_a_year(period):
            confidence = "low"  # a year of which some months are out
    elif shown.undated and not shown.periods:
        rows, confidence = shown.undated, "medium"
    else:
        return None
    return Finding(
        "unpublished-period",
        shown.location,
        confidence,
        {
            "series": shown.series,
            "release": calendar.release_of(period),
            "period_end": period.ends if period else None,
            "published_to": calendar.to,
            "rows": rows,
            "how": shown.how,
            **({"hidden": True} if shown.hidden else {}),
        },
    )


def _is_a_year(period: Period) -> bool:
    return period.kind in ("year", "financial-year")


@dataclass(frozen=True, slots=True)
class _Calendar:
    """`published_to` is the last day that is out; `coming` the editions under embargo, with their
    periods where they are known, the next first."""

    published_to: date
    coming: tuple[tuple[str, Period | None], ...]

    @property
    def to(self) -> str | None:
        unknown = self.published_to == date.min
        return None if unknown else Period(date.min, self.published_to).ends

    @classmethod
    def of(
        cls, series: Series, register: Register, now: datetime, embargoed: Embargoed
    ) -> _Calendar:
        editions = [register.releases[id] for id in series.editions if id in register.releases]
        editions += [
            release
            for release in register.releases.values()
            if series.release and series.release in (release.id, release.series)
            if release.id not in series.editions
        ]
        coming = sorted((r for r in editions if embargoed(r, now)), key=lambda r: in_utc(r.instant))
        closed = [period for release in coming if (period := _period(series, release))]
        out = [
            period
            for release in editions
            if release not in coming and (period := _period(series, release))
        ]
        if series.latest_published:
            out.append(series.latest_published)
        ends = [one.end for one in out if not any(one.end >= other.end for other in closed)]
        begun = [period.start - _DAY for period in closed if period.start > date.min]
        to = max(ends, default=min(begun, default=date.min))
        return cls(to, tuple((release.id, _period(series, release)) for release in coming))

    def release_of(self, period: Period | None) -> str | None:
        """The edition that the period belongs to: the one that ends with it or after it, else the
        next to come."""
        for id, covers in self.coming:
            if period and covers and covers.start <= period.end <= covers.end:
                return id
        return self.coming[0][0] if self.coming else None


def _period(series: Series, release: Release) -> Period | None:
    """What the series' file says that an edition covers, else its title."""
    if release.id in series.editions:
        return series.editions[release.id]
    day = in_utc(release.instant).date()
    found = in_prose(fold(release.title).lower(), day)
    return found[-1].period if found else None
