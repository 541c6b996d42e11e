"""Everything the department knows about releases and people, as loaded at one moment."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Iterable, Mapping
from zoneinfo import ZoneInfo

from gateway.model.announcement import Conflict
from gateway.model.file_digest import FileDigest
from gateway.model.indexes import by_address, index
from gateway.model.indication import NO_WORDS, IndicationWords
from gateway.model.instant import in_utc
from gateway.model.lift import Lift
from gateway.model.likeness import LikeWords
from gateway.model.people import Directory
from gateway.model.regime import Regime
from gateway.model.release import Release, ReleaseWords
from gateway.model.roster import Exclusion
from gateway.model.series import Series


@dataclass(frozen=True, slots=True)
class SyntheticFile:
    """A file of invented records, known by its bytes: the only way to say "this is dummy data".

    `sha256` is in lower-case hex, `owner` answers for it, `expires` is its last valid day.
    """

    sha256: str
    title: str
    owner: str
    expires: date


@dataclass(frozen=True, slots=True)
class Register:
    """Everything the department knows about releases. `digest` names this reading of the files.

    `approved` is the register as a second person approved it, where the department asks for that:
    then somebody may have only what both allow. `waiting` maps each changed file of it (by its
    name without the ending) to a sentence that says what waits. `conflicts` are what calendars of
    announcements say otherwise; the stricter of the two is in `releases` already.

    `directory` is everybody it knows; `regimes` the laws that its releases follow, by their ids;
    `like` are words and departments that people take for one another; `series` what is exported
    long before it is published, by its ids; `indication` the words that hint at figures.

    `domains` maps a domain to its class; a subdomain has the class of its nearest listed parent.
    `synthetic` maps the digest of a file to its entry; its days are those of `zone`.
    The mappings at the end are indexes, made from the rest; `due` maps an instant in UTC to the
    ids of the releases published then, or then but for a calendar; `in_order` has them all by
    their instants, `lasting` those of which the instant alone does not end the embargo.
    """

    releases: Mapping[str, Release] = field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()
    domains: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""
    synthetic: Mapping[str, SyntheticFile] = field(default_factory=dict)
    zone: str = "Europe/London"
    directory: Directory = field(default_factory=Directory)
    regimes: Mapping[str, Regime] = field(default_factory=dict)
    like: LikeWords = field(default_factory=LikeWords)
    approved: Register | None = None
    waiting: Mapping[str, str] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    series: Mapping[str, Series] = field(default_factory=dict)
    indication: IndicationWords = NO_WORDS
    excluded: Mapping[str, tuple[Exclusion, ...]] = index()
    due: Mapping[datetime, tuple[str, ...]] = index()
    in_order: tuple[Release, ...] = index()
    lasting: tuple[Release, ...] = index()

    def __post_init__(self) -> None:
        object.__setattr__(self, "excluded", by_address(self.exclusions))
        due: dict[datetime, tuple[str, ...]] = {}
        for release in self.releases.values():
            for instant in _notified(release):
                due[instant] = (*due.get(instant, ()), release.id)
        object.__setattr__(self, "due", due)
        in_order = sorted(self.releases.values(), key=_instant)
        object.__setattr__(self, "in_order", tuple(in_order))
        lasting = (one for one in in_order if one.suspended or one.unpublished or one.unconfirmed)
        object.__setattr__(self, "lasting", tuple(lasting))

    def due_between(self, first: datetime, last: datetime) -> tuple[Release, ...]:
        """The releases published from one instant to another, both included, in their order."""
        start = bisect_left(self.in_order, in_utc(first), key=_instant)
        return self.in_order[start : bisect_right(self.in_order, in_utc(last), start, key=_instant)]

    def perhaps_embargoed(self, now: datetime, last: datetime) -> tuple[Release, ...]:
        """Every release due by `last` whose embargo may run at `now`; and others, whose does not."""
        past = bisect_left(self.lasting, in_utc(now), key=_instant)
        return self.lasting[:past] + self.due_between(now, last)

    def synthetic_files(self, file: FileDigest, now: datetime) -> tuple[SyntheticFile, ...]:
        """The valid entries by which a file is synthetic: its own, or one for every file of the
        archive that it is. () where it is not."""
        entry = self.synthetic.get(file.sha256)
        if entry and now.astimezone(ZoneInfo(self.zone)).date() <= entry.expires:
            return (entry,)
        found: dict[SyntheticFile, None] = {}
        for inner in file.packed:
            entries = self.synthetic_files(inner, now)
            if not entries:
                return ()
            found |= dict.fromkeys(entries)
        return tuple(found)

    def with_lifts(self, lifts: Iterable[Lift]) -> Register:
        """The same, with these embargoes lifted early and no others; a lift that was granted for
        another date than a release has now counts for nothing."""
        granted = {(lift.release, in_utc(lift.instant)): lift.at for lift in lifts}
        releases = {
            id: _lifted(release, granted.get((id, in_utc(release.instant))))
            for id, release in self.releases.items()
        }
        return replace(self, releases=releases)

    def words(self) -> tuple[ReleaseWords, ...]:
        """The vocabulary that the detector of mentions needs."""
        return tuple(
            ReleaseWords(
                r.id,
                r.title,
                r.subject_words,
                r.banner,
                (*r.locations, r.share_link) if r.share_link else r.locations,
                tuple(words for words in (r.marking, *r.wordings) if words),
            )
            for r in self.releases.values()
        )


def _notified(release: Release) -> set[datetime]:
    """The instants that a notice of this release may name, in UTC: also that of its own file, where
    a calendar has moved it."""
    found = {in_utc(release.instant)}
    if release.calendar is not None and release.calendar.registered is not None:
        found.add(in_utc(release.calendar.registered))
    return found


def _instant(release: Release) -> datetime:
    return in_utc(release.instant)


def _lifted(release: Release, at: datetime | None) -> Release:
    return release if release.lifted == at else replace(release, lifted=at)
