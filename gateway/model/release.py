"""What a statistical release is: its instant, its lists of people, its words.

Instants are zone-aware; dates are whole days in the release's zone, both ends included, except
that an exclusion ends at the start of `until` (DOMAIN section 4).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Iterable, Literal, Mapping, Protocol, TypeVar
from zoneinfo import ZoneInfo

from gateway.model.instant import in_utc

ReleaseState = Literal["provisional", "confirmed", "published", "postponed", "cancelled"]
Status = Literal[
    "listed", "production", "not-yet", "missing-declaration", "expired", "excluded", "not-listed"
]


class _Addressed(Protocol):
    @property
    def address(self) -> str: ...


_A = TypeVar("_A", bound=_Addressed)


def _by_address(entries: Iterable[_A]) -> dict[str, tuple[_A, ...]]:
    found: dict[str, tuple[_A, ...]] = {}
    for entry in entries:
        found[entry.address] = (*found.get(entry.address, ()), entry)
    return found


def _index() -> Any:
    """A field that is computed from the others and is no part of the value."""
    return field(init=False, repr=False, compare=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declaration:
    """A signed undertaking: `expires` is its last valid day."""

    signed: date
    version: int = 1
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """One line of the published list: a title, never an address. `count` is how many people."""

    id: str
    title: str
    organisation: str = ""
    count: int = 1
    justification: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person in a role, from the first to the last day inclusive (None: open-ended)."""

    role: str
    address: str
    starts: date | None = None
    ends: date | None = None
    declaration: Declaration | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Somebody barred from every list from `starts` until the start of `until` (None: for good)."""

    address: str
    starts: date
    until: date | None
    reason: str


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
class Roster:
    """Who may see one release. Addresses are normalised (`model.address`).

    `production_team` and `quality_assurers` may work on it before the window opens (T3.3);
    `appointments` are the pre-release list (T3.4), which counts inside the window only.
    `exclusions` are those of this release alone; the register holds those of every release.
    The mappings at the end are indexes by address, made from the rest.
    """

    roles: Mapping[str, Role]
    appointments: tuple[Appointment, ...]
    production_team: frozenset[str]
    declaration_required: bool = False
    quality_assurers: frozenset[str] = frozenset()
    exclusions: tuple[Exclusion, ...] = ()
    appointed: Mapping[str, tuple[Appointment, ...]] = _index()
    excluded: Mapping[str, tuple[Exclusion, ...]] = _index()

    def __post_init__(self) -> None:
        object.__setattr__(self, "appointed", _by_address(self.appointments))
        object.__setattr__(self, "excluded", _by_address(self.exclusions))


@dataclass(frozen=True, slots=True)
class Release:
    """One output. `lift` says whether the instant alone ends the embargo, or the instant and the
    state `published` together. `window` is elapsed time before the instant.

    `subject_words` are phrases whose presence names the release; `banner` the wording its pack
    carries at the top.
    """

    id: str
    title: str
    instant: datetime
    zone: str
    window: timedelta
    state: ReleaseState
    roster: Roster
    lift: Literal["instant", "instant-and-published"] = "instant"
    market_sensitive: bool = False
    delivery: Literal["attach", "links-only"] = "attach"
    contacts: tuple[str, ...] = ()
    head_of_profession: str = ""
    banner: str = ""
    subject_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """Everything the department knows about releases. `digest` names this reading of the files.

    `domains` maps a domain to its class; a subdomain has the class of its nearest listed parent.
    `synthetic` maps the digest of a file to its entry; its days are those of `zone`.
    The mappings at the end are indexes, made from the rest; `due` maps an instant in UTC to the
    ids of the releases published then.
    """

    releases: Mapping[str, Release] = field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()
    domains: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""
    synthetic: Mapping[str, SyntheticFile] = field(default_factory=dict)
    zone: str = "Europe/London"
    excluded: Mapping[str, tuple[Exclusion, ...]] = _index()
    due: Mapping[datetime, tuple[str, ...]] = _index()

    def __post_init__(self) -> None:
        object.__setattr__(self, "excluded", _by_address(self.exclusions))
        due: dict[datetime, tuple[str, ...]] = {}
        for release in self.releases.values():
            instant = in_utc(release.instant)
            due[instant] = (*due.get(instant, ()), release.id)
        object.__setattr__(self, "due", due)

    def synthetic_file(self, sha256: str, now: datetime) -> SyntheticFile | None:
        """The entry for a file's digest, while it is valid."""
        entry = self.synthetic.get(sha256)
        return (
            entry if entry and now.astimezone(ZoneInfo(self.zone)).date() <= entry.expires else None
        )

    def words(self) -> tuple[ReleaseWords, ...]:
        """The vocabulary that the detector of mentions needs."""
        return tuple(
            ReleaseWords(r.id, r.title, r.subject_words, r.banner) for r in self.releases.values()
        )


@dataclass(frozen=True, slots=True)
class ReleaseWords:
    """The words that name one release; all that leaves the register for the detectors."""

    release: str
    title: str
    subject_words: tuple[str, ...]
    banner: str


@dataclass(frozen=True, slots=True)
class Standing:
    """May this address have this release at this instant, and why, in one sentence."""

    address: str
    release: str
    status: Status
    sentence: str
    role: str | None = None

    @property
    def allowed(self) -> bool:
        return self.status in ("listed", "production")
