"""One release file (DOMAIN section 4) -> `Release`, with every fault in it.

What the gateway cannot honour must not load: unknown keys and values that contradict each other
are faults, never ignored.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Callable, Literal
from zoneinfo import ZoneInfo

from gateway.model.instant import in_utc
from gateway.model.regime import Regime, Window, WorkingDays, in_words, opening
from gateway.model.release import CalendarKey, Release, ReleaseState
from gateway.model.trace import ORDINARY, Threshold
from gateway.releases import values
from gateway.releases.entries import Entry, Sheet, Unfit, meant
from gateway.releases.holders import Known
from gateway.releases.laws import Laws
from gateway.releases.roster_file import ROSTER_KEYS, read_roster

_RELEASE_KEYS = (
    "id", "title", "instant", "zone", "window", "state", "market_sensitive", "delivery", "lift",
    "contacts", "head_of_profession", "banner", "subject_words",
    "regime", "kind", "marking", "series", "published", "reviewed", "changed_by",
    "locations", "share_link", "calendar", "material",
)  # fmt: skip
_STATES: Callable[[Any], ReleaseState] = values.one_of(
    "provisional", "confirmed", "published", "postponed", "cancelled"
)  # fmt: skip
_ELSEWHERE = {
    "people": "people go into _people.yaml, for all releases",
    "groups": "groups go into _people.yaml or _groups.yaml, for all releases",
    "absences": "absences go into _people.yaml, for all releases",
    "complete": "'complete' goes into _people.yaml",
    "synthetic": "synthetic files go into _synthetic.yaml",
    **dict.fromkeys(
        ("title", "instant", "zone", "state", "regime", "kind", "window", "subject_words", "banner",
         "locations", "contacts", "delivery", "lift"),
        "it is about the release itself: write it below 'release:'",
    ),
}  # fmt: skip
_DELIVERY: Callable[[Any], Literal["attach", "links-only"]] = values.one_of("attach", "links-only")
_LIFT: Callable[[Any], Literal["instant", "instant-and-published"]] = values.one_of(
    "instant", "instant-and-published"
)
_A_DAY: Window = timedelta(hours=24)


def read_release(sheet: Sheet, stem: str, zone: str, laws: Laws, known: Known) -> Release | None:
    """The release in a file named `stem`; None where what matters most is missing."""
    root = sheet.root(("release", *ROSTER_KEYS), _ELSEWHERE)
    entry = root.entry("release", _RELEASE_KEYS)
    if entry is None:
        sheet.fault((), "'release' is missing", "begin with 'release:' and its title and instant")
        read_roster(root, stem, zone, None, None, known)
        return None
    entry.take("id", values.named_like(stem), stem)
    title = entry.require("title", values.line)
    zone = entry.take("zone", values.zone, zone)
    instant = entry.require("instant", values.instant_in(zone))
    regime = _regime(entry, laws)
    kind = entry.take("kind", values.line, "")
    market_sensitive = entry.take("market_sensitive", values.flag, False)
    entry.maybe("marking", _not_here)
    day = instant.astimezone(ZoneInfo(zone)).date() if instant else None
    release = Release(
        id=stem,
        title=title or "",
        instant=instant or datetime.min,
        zone=zone,
        window=_window(entry, regime, kind, instant, zone),
        state=entry.take("state", _STATES, "provisional"),
        roster=read_roster(root, stem, zone, regime, day, known),
        lift=entry.take("lift", _LIFT, "instant"),
        market_sensitive=market_sensitive,
        delivery=entry.take("delivery", _DELIVERY, "attach"),
        contacts=tuple(entry.each("contacts", values.mailbox)),
        head_of_profession=entry.take("head_of_profession", values.mailbox, ""),
        banner=entry.take("banner", values.phrase, ""),
        subject_words=tuple(entry.each("subject_words", values.phrase)),
        regime=regime.id if regime else "",
        kind=kind,
        marking=regime.marking(market_sensitive) if regime else "",
        wordings=regime.wordings if regime else (),
        series=entry.take("series", values.line, ""),
        published=entry.take("published", values.line, ""),
        reviewed=entry.maybe("reviewed", values.day),
        changed_by=entry.take("changed_by", values.authors, ()),
        locations=tuple(entry.each("locations", values.location)),
        share_link=entry.take("share_link", values.web_link, ""),
        announced=_announced(entry),
        threshold=_threshold(entry),
    )
    return release if title and instant else None


def _threshold(entry: Entry) -> Threshold:
    """From how many bits on shared material is the release's."""
    found = entry.entry("material", ("bits",))
    return ORDINARY if found is None else Threshold(found.take("bits", values.bits, ORDINARY.bits))


def _announced(entry: Entry) -> CalendarKey | None:
    """The calendar of the configuration that announces the release, and its key there."""
    found = entry.entry("calendar", ("name", "key"))
    if found is None:
        return None
    name, key = found.require("name", values.line), found.require("key", values.line)
    return CalendarKey(name, key) if name and key else None


def _regime(entry: Entry, laws: Laws) -> Regime | None:
    """The law that the release follows: its own, else the department's."""

    def regime(value: Any) -> Regime:
        if not isinstance(value, str) or value not in laws.regimes:
            hint = meant(str(value), sorted(laws.regimes), "files of rules/regimes")
            raise Unfit(f"there is no regime '{value}'", hint)
        return laws.regimes[value]

    return entry.maybe("regime", regime) if entry.has("regime") else laws.regimes.get(laws.default)


def _window(
    entry: Entry, regime: Regime | None, kind: str, instant: datetime | None, zone: str
) -> Window:
    """The regime's window for this kind of release, or the file's own where that is shorter."""
    if regime is None:
        if kind:
            hint = "name the release's 'regime', or take the kind out"
            entry.fault("kind", "kind: only a regime says what a kind of release means", hint)
        return entry.take("window", values.window_in(None), _A_DAY)
    longest = regime.window(kind)
    if longest is None:
        known = ", ".join(sorted(name for name in regime.windows if name)) or "none"
        entry.fault(
            "kind", f"kind: {regime.id} knows no '{kind}' releases", f"its kinds: {known}"
        )  # fmt: skip
        longest = timedelta()
    window = entry.take("window", values.window_in(regime.calendar), longest)
    if instant is None:
        return window
    for one in dict.fromkeys((longest, window)):
        if isinstance(one, WorkingDays) and (years := one.unknown_years(instant, zone)):
            entry.fault(
                "instant",
                f"instant: {in_words(one)} before it reach into {', '.join(map(str, years))}, whose"
                f" holidays nobody has written down",
                f"add that year to rules/holidays/{one.calendar}.yaml",
            )
            return longest
    if opening(window, in_utc(instant), zone) < opening(longest, in_utc(instant), zone):
        entry.fault(
            "window",
            f"window: longer than {regime.id} allows, which is {in_words(longest)}",
            "a release may narrow its regime's window, never widen it",
        )
    return window


def _not_here(value: Any) -> str:
    raise Unfit("the regime says which words are required", "take this line out")
