"""Which releases a message belongs to, and whether it may be seen by everyone yet.

A conflict between a banner and the calendar is read as the later instant (law 9): a sender's
banner may prolong an embargo and never shortens it. An active banner of a release that nobody
can name is tied to no list at all, so that nobody is listed (safe side).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, datetime, timedelta
from typing import Mapping
from zoneinfo import ZoneInfo

from gateway.model.finding import Finding
from gateway.model.instant import in_utc
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.model.verdict import Case, Tie

_STRENGTH = (
    "header", "banner", "material", "instant", "link", "figures", "title", "subject-words", "period",
    "indication",
)  # fmt: skip
_SURE = frozenset({"header", "banner", "material", "link", "figures", "title"})
_BY_FINDING: Mapping[str, str] = {
    "release-material": "material",
    "release-figures": "figures",
    "unpublished-period": "period",
    "indication": "indication",
}
"""Findings that say by a fact `release` whose contents these are."""
_NEAR = timedelta(days=7)
_NAMES = {
    "header": "The message declares that it belongs to",
    "banner": "The message carries the embargo notice of",
    "instant": "The message carries an embargo notice that by its day and time belongs to",
    "link": "The message links to the documents of",
    "material": "The message holds text of the registered material of",
    "figures": "The message holds figures of the registered material of",
    "period": "The message holds an unpublished period of the series of",
    "indication": "The message hints at the figures of",
    "title": "The message names",
    "subject-words": "The message uses words that stand for",
}
_UNDECLARED = (
    "The message declares a release that is not in the register;"
    " nobody is listed for it (safe side)."
)
_UNMATCHED = (
    "The message carries an embargo that is still running and that matches no known release;"
    " nobody is listed for it (safe side)."
)
_AMBIGUOUS = (
    "The message carries an embargo that is still running, several releases are due at that"
    " instant and it names none of them; nobody is listed for it (safe side)."
)


def embargoed(release: Release, now: datetime, banner_until: datetime | None = None) -> bool:
    """Whether the release may not yet be seen by everyone; at the very instant it may.

    Only the Head of Profession lifts it sooner, and that never lifts what has no date, nor what a
    sender's own notice says for longer. The instant alone lifts nothing that is not recorded as
    published yet, or that a calendar was to confirm and does not.
    """
    at = in_utc(now)
    if release.suspended or (banner_until is not None and at < in_utc(banner_until)):
        return True
    if lifted_early(release, at):
        return False
    return _runs(release, at)


def lifted_early(release: Release, now: datetime) -> bool:
    """Whether its Head of Profession has lifted the embargo, and it would run otherwise."""
    at = in_utc(now)
    return release.lifted is not None and in_utc(release.lifted) <= at and _runs(release, at)


def unconfirmed(release: Release, now: datetime) -> str:
    """Why a release is under embargo for want of its calendar alone, as the end of a sentence; ""
    where that is not why."""
    at, calendar = in_utc(now), release.calendar
    if at < in_utc(release.instant) or release.suspended or release.unpublished:
        return ""
    if calendar is None or not release.unconfirmed or lifted_early(release, at):
        return ""
    if calendar.doubt or calendar.read is None:
        return calendar.doubt or f"the calendar {calendar.source} was never read"
    last = _shown(calendar.read, release.zone)
    return f"the calendar {calendar.source} was last read on {last}, too long before"


def _runs(release: Release, at: datetime) -> bool:
    return at < in_utc(release.instant) or release.unpublished or release.unconfirmed


def ties(case: Case, register: Register, now: datetime) -> tuple[Tie, ...]:
    """Every release that the message belongs to, the strictest and surest first."""
    declared = case.message.declared_release
    notices = [f for f in case.findings if f.kind == "embargo-banner"]
    contents = any(f.kind in _BY_FINDING for f in case.findings)
    if not notices and not case.mentions and not declared and not contents:
        return ()
    banners = [_banner(finding, in_utc(now)) for finding in notices]
    names, unknown = _names(case, register)
    worded = {(m.release, m.location.part) for m in case.mentions if m.how == "banner"}
    evidence = _Evidence(register, in_utc(now), names, worded, {}, [_UNDECLARED] if unknown else [])
    # Banners that match an instant first, those without one last: what the former name may explain
    # the latter, in whatever order they stand in the message.
    for banner in sorted(banners, key=lambda banner: banner.vagueness(register)):
        evidence.weigh(banner)
    return evidence.ties(any(not banner.active for banner in banners))


@dataclass(frozen=True, slots=True)
class _Banner:
    """An embargo notice: when it ends (None: at publication), whether it still runs, and the
    part that it stands in."""

    until: datetime | None
    active: bool
    part: str

    def vagueness(self, register: Register) -> tuple[bool, bool, str, str]:
        """Sorts the surest banner first, and any two that differ always alike."""
        until = self.until.isoformat() if self.until else ""
        return self.until not in register.due, self.until is None, until, self.part


def _banner(finding: Finding, now: datetime) -> _Banner:
    """What cannot be read as an instant runs on, unless the detector says that it is over."""
    until = finding.facts.get("until")
    expired = finding.facts.get("expired") is True
    try:
        instant = in_utc(datetime.fromisoformat(until)) if isinstance(until, str) else None
    except (ValueError, OverflowError):
        instant, expired = None, False
    if instant is None or instant.year == MAXYEAR:  # the last year has no room for every zone
        return _Banner(None, not (instant is None and expired), finding.location.part)
    return _Banner(instant, now < instant, finding.location.part)


def _names(case: Case, register: Register) -> tuple[dict[str, set[str]], bool]:
    """How each release is named, and whether one was named that the register does not have."""
    declared = (case.message.declared_release or "").lower().replace(",", " ").split()
    pairs = [(release, "header") for release in declared]
    pairs += [(mention.release, mention.how) for mention in case.mentions]
    pairs += [
        (release, _BY_FINDING[finding.kind])
        for finding in case.findings
        if finding.kind in _BY_FINDING and finding.confidence != "low"
        if isinstance(release := finding.facts.get("release"), str)
    ]
    names: dict[str, set[str]] = {}
    for release, how in pairs:
        names.setdefault(release, set()).add(how)
    known = {release: hows for release, hows in names.items() if release in register.releases}
    return known, len(known) < len(names)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What ties the message: names by release, the notices of releases that stand in a part,
    banners that prolong, and what stayed unknown."""

    register: Register
    now: datetime
    names: dict[str, set[str]]
    notices: set[tuple[str, str]]
    prolonged: dict[str, datetime]
    unknown: list[str]

    def weigh(self, banner: _Banner) -> None:
        """Tie one banner to the releases it means, or record that nobody knows which."""
        due = self.register.due.get(banner.until, ()) if banner.until else ()
        named = [release for release in due if release in self.names]
        if due and banner.active and not named and len(due) > 1:
            self.unknown.append(_AMBIGUOUS)
            return
        for release in named or due or self._misdated(banner):
            self.names.setdefault(release, set()).add("instant")
            self.notices.add((release, banner.part))
        if due or not banner.active:
            return
        claimants = [release for release in self.names if self._claims(release, banner)]
        if not claimants:
            self.unknown.append(_UNMATCHED)
        elif banner.until is not None:
            for release in claimants:
                self.prolonged[release] = max(
                    banner.until, self.prolonged.get(release, banner.until)
                )

    def _misdated(self, banner: _Banner) -> list[str]:
        """Releases due soon whose day a notice names with an earlier hour or in another year.

        The calendar wins: nobody writes the day of a coming release by accident.
        """
        if banner.active or banner.until is None:
            return []
        return [
            release.id
            for release in self.register.perhaps_embargoed(self.now, self.now + _NEAR)
            if embargoed(release, self.now) and _same_day_of_the_year(banner.until, release)
        ]

    def _claims(self, release_id: str, banner: _Banner) -> bool:
        """Whether a named release explains a running banner whose instant matches no release.

        The weaker the name, the more must agree: else an old release's words in a message about
        an unregistered one would bring the wrong list. What is published explains nothing that
        still runs, unless its own notice stands in the same part.
        """
        hows = self.names[release_id]
        release = self.register.releases[release_id]
        running = embargoed(release, self.now)
        if banner.until is None:
            return running or (release_id, banner.part) in self.notices
        zone = ZoneInfo(release.zone)
        same_day = banner.until.astimezone(zone).date() == release.instant.astimezone(zone).date()
        if hows & _SURE:
            return running or same_day
        return running and same_day

    def ties(self, some_banner_is_over: bool) -> tuple[Tie, ...]:
        known = [self._tie(release, some_banner_is_over) for release in self._narrowed()]
        known.sort(key=lambda tie: (not tie.embargoed, _STRENGTH.index(tie.how), tie.release or ""))
        if not self.unknown:
            return tuple(known)
        sentence = " ".join(dict.fromkeys(self.unknown))
        return (Tie(None, True, "unknown", sentence), *known)

    def _narrowed(self) -> list[str]:
        """Without those that only share the wording of their notice with a surer release."""
        surely = {
            self._wording(release)
            for release, hows in self.names.items()
            if "banner" in hows and len(hows) > 1
        }
        return [
            release
            for release, hows in self.names.items()
            if hows != {"banner"} or self._wording(release) not in surely
        ]

    def _wording(self, release_id: str) -> str:
        return " ".join(self.register.releases[release_id].banner.casefold().split())

    def _tie(self, release_id: str, some_banner_is_over: bool) -> Tie:
        release = self.register.releases[release_id]
        until = self.prolonged.get(release_id)
        how = min(self.names[release_id], key=_STRENGTH.index)
        still = embargoed(release, self.now, until)
        state = _state(release, self.now, until) if still else _over(release, self.now)
        sentence = f"{_NAMES[how]} “{release.title}”, {state}."
        if still and some_banner_is_over:
            sentence += " A sender's notice never shortens the calendar's embargo."
        return Tie(release_id, still, how, sentence)


def _over(release: Release, now: datetime) -> str:
    if lifted_early(release, now):
        return "whose embargo its Head of Profession has lifted early"
    return "whose embargo is over"


def _same_day_of_the_year(until: datetime, release: Release) -> bool:
    zone = ZoneInfo(release.zone)
    said, due = until.astimezone(zone), release.instant.astimezone(zone)
    return (said.month, said.day) == (due.month, due.day) and said.date() <= due.date()


def _state(release: Release, now: datetime, until: datetime | None) -> str:
    """Why the embargo runs, as the end of a sentence."""
    if release.suspended:
        return f"which is {release.state} and stays under embargo"
    end = in_utc(release.instant)
    if until is not None and until > max(end, now):
        shown = _shown(until, release.zone)
        return f"which by the sender's notice is under embargo until {shown}, the later instant"
    calendar = release.calendar
    if now < end:
        until_then = f"which is under embargo until {_shown(end, release.zone)}"
        if calendar and calendar.registered:
            return f"{until_then}, the later instant, by the calendar {calendar.source}"
        return until_then
    if why := unconfirmed(release, now):
        return f"whose instant has passed but which no calendar has confirmed: {why}"
    return "whose instant has passed but which is not yet recorded as published"


def _shown(instant: datetime, zone: str) -> str:
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B %Y at %H:%M} ({zone})"
