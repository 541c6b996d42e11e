"""What a sender is told to do next, worked out from each recipient's standing and reasons.

Pure. Most urgent first. Nothing here may lead to a leak: rows about people or firms and SECRET
material are never to be "sent again later", and nobody is to be asked to list whom no list may
hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.act.composition import at_home, instant, shown
from gateway.act.grounds import LINKS_ONLY, ROWS, UNREAD, Grounds, families, listing, where
from gateway.config import Notices
from gateway.decide.embargo import unconfirmed
from gateway.model.instant import in_utc
from gateway.model.release import Release, Status
from gateway.model.verdict import Decision, Verdict

_NOT_BY_WAITING = ROWS | {"secret", "marking"}
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the advice depends on. `zone` is the one that the mail's times are in."""

    verdict: Verdict
    grounds: Grounds
    releases: Mapping[str, Release]
    notices: Notices
    at: datetime
    expires: datetime
    zone: str

    @property
    def told(self) -> tuple[Decision, ...]:
        """Those whom the message does not reach now."""
        return tuple(d for d in self.verdict.decisions if d.disposition != "pass")

    @property
    def secret(self) -> bool:
        outside = any(map(self.grounds.outside, self.told))
        return "secret" in families(self.told) or bool(self.grounds.secret and outside)

    @property
    def rows(self) -> bool:
        """Whether rows about people or firms are among the reasons."""
        public = any(map(self.grounds.public, self.told))
        return bool(families(self.told) & ROWS) or bool(self.grounds.rows and public)

    def releases_concerned(self) -> tuple[Release, ...]:
        ids = dict.fromkeys(d.release for d in self.verdict.decisions if d.release in self.releases)
        return tuple(self.releases[str(id)] for id in ids)

    def contacts(self) -> tuple[str, ...]:
        found = [shown(contact) for r in self.releases_concerned() for contact in r.contacts]
        return tuple(dict.fromkeys(found))[:5]

    def deciders(self) -> str:
        return listing(self.contacts(), "or") or shown(self.notices.contact)

    def release_of(self, decision: Decision) -> Release | None:
        return self.releases.get(decision.release) if decision.release else None


def next_steps(situation: Situation) -> tuple[str, ...]:
    """The steps in their order, each once; none where nobody was held or refused."""
    told = situation.told
    if not told:
        return ()
    lines = list(dict.fromkeys(_steps(situation)))
    if not situation.secret:
        asked = situation.rows or any("ask " in line.lower() for line in lines)
        if situation.verdict.addresses("hold") and not asked:
            lines.append(f"If it is urgent, ask {situation.deciders()} to look at it now.")
        lines += _waiting(situation, otherwise=bool(lines))
    if situation.verdict.addresses("pass"):
        lines.append(
            "Do not send it again to the people under “Passed on”. There is nothing more to do "
            "for them."
        )
    return tuple(
        lines or [f"Speak to {shown(situation.notices.contact)} before you send it again."]
    )


def _steps(s: Situation) -> Iterator[str]:
    if s.secret:
        officer = shown(s.notices.security_officer)
        yield f"Do not send it again in any way. Call the security officer now ({officer})."
        return
    about = families(s.told)
    if s.rows:
        yield _rows(s)
    if "sender" in about:
        yield (
            "Do not pass the material on. If your own declaration is missing, read and sign it; if "
            f"not, ask {s.deciders()} about your access."
        )
    if any(d.release is None and d.listed is False for d in s.told):
        yield _unknown(s)
    if any(rule.startswith(LINKS_ONLY) for d in s.told for rule in d.reasons):
        yield _link(s)
    if "unread" in about:
        yield from _unread(s)
    yield from _people(s)


def _rows(s: Situation) -> str:
    sure = s.grounds.rows or any(
        not rule.endswith("-unsure") for d in s.told for rule in d.reasons if families([d]) & ROWS
    )
    public = [d for d in s.told if s.grounds.public(d)]
    never = ""
    if public or not s.grounds.classes:
        never = (
            " Such rows never go to a private mailbox or to the media, also not after publication."
        )
    if not sure:
        return (
            f"Look at the table{where(s.grounds.unsure)}: if it has a row for each person or firm, "
            f"take it out. If it has not, ask {s.deciders()} to look at it now."
            f"{never}"
        )
    rest = " and send the rest."
    if any(d.listed is False for d in s.told):
        rest = " and send the rest to those on the list." if any(d.listed for d in s.told) else "."
    line = f"Take out the table with rows about single people or firms{where(s.grounds.rows)}{rest}"
    if never:
        return line + never
    return f"{line} Rows leave the department only if a second person approves: ask {s.deciders()}."


def _link(s: Situation) -> str:
    links = [s.grounds.share_links.get(release.id) for release in s.releases_concerned()]
    shown_ones = [shown(link, 400) for link in links if link]
    if not shown_ones:
        return "Send a link to the material instead of attaching it."
    return f"Send this link instead of attaching the material: {listing(shown_ones)}"


def _unknown(s: Situation) -> str:
    contact = shown(s.notices.contact)
    declared = any(rule.startswith("declared") for d in s.told for rule in d.reasons)
    if declared and not s.grounds.banners:
        return f"Correct the X-Statistical-Release field, or ask {contact} to register the release."
    return (
        "Check the date in the notice at the top. If it is wrong, correct it and send the message "
        f"again. If it is right, ask {contact} to register the release."
    )


def _unread(s: Situation) -> Iterator[str]:
    cure = {
        "encrypted": "Send it without the password, so that it can be checked",
        "unreadable": "Save it anew and send it again",
        "crashed": "Save it anew and send it again",
        "limit": "Send it in smaller files",
        "timeout": "Send it in smaller files",
        "no-reader": "Send it as plain text, CSV or XLSX",
    }
    grouped: dict[str, list[str]] = {}
    for place, reason in s.grounds.unread:
        grouped.setdefault(cure[reason], []).append(f"{place} is {UNREAD[reason]}")
    for step, places in grouped.items():
        said = listing(list(dict.fromkeys(places))[:_NAMED])
        yield f"{said[:1].upper()}{said[1:]}. {step}, or ask {s.deciders()} to look at it."


def _people(s: Situation) -> Iterator[str]:
    """What each recipient's standing calls for."""
    yield from _not_yet(s)
    unsigned = _names(s, "missing-declaration")
    if unsigned:
        yield (
            f"{unsigned} must read and sign the declaration first. After that, send the message "
            "again or ask for it to be released."
        )
    unlisted = [d for d in s.told if _status(d) == "not-listed"]
    inside = [d for d in unlisted if not s.grounds.public(d)]
    if inside:
        names, one = _called(inside, "the people who are not on the list"), len(inside) == 1
        others = len(s.told) > len(unlisted) and not s.verdict.addresses("pass")
        if others and not s.rows and any(d.listed for d in s.told):
            yield (
                f"If {names} {'does' if one else 'do'} not need it, send the message again without "
                "them."
            )
        yield (
            f"If {names} {'needs' if one else 'need'} it before publication, ask {s.deciders()} to "
            "add them to the list. Do not send it to them in any other way."
        )
    for release in s.releases_concerned():
        public = [d for d in unlisted if s.grounds.public(d) and d.release == release.id]
        if public:
            what = "the rest" if s.rows else "it"
            names = _called(public, "the private mailboxes and the media")
            yield (
                f"Leave {names} out until {what} is published{_on(s, release)}: nothing goes to a "
                "private mailbox or to the media before that."
            )
    ended = _names(s, "expired", "excluded")
    if ended:
        yield f"Leave {ended} out. Do not ask for them to be added to the list."


def _not_yet(s: Situation) -> Iterator[str]:
    grouped: dict[str, list[Decision]] = {}
    for decision in s.told:
        release = s.release_of(decision)
        if release is not None and _status(decision) == "not-yet":
            grouped.setdefault(_from_when(s, release, decision), []).append(decision)
    for rest, decisions in grouped.items():
        yield f"{_called(decisions, 'Those who are on the list')} {rest}"


def _from_when(s: Situation, release: Release, decision: Decision) -> str:
    if release.suspended:
        return f"may have it once “{shown(release.title)}” has a new date. Ask {s.deciders()} when."
    begins = decision.standing.begins if decision.standing else None
    if begins is None:
        return f"may have it {_from(s, release)}."
    return f"may have it from {instant(begins, release.zone, s.zone)}. Send it then."


def _waiting(s: Situation, otherwise: bool) -> Iterator[str]:
    """From when on anybody may have it; never for what waiting does not cure."""
    for release in s.releases_concerned():
        mine = [d for d in s.told if d.release == release.id and _by_waiting(s, d)]
        if not mine:
            continue
        whole = len(mine) == len([d for d in s.told if d.release == release.id])
        who = "Everybody" if whole else _called(mine, "The others")
        by_itself = all(rule.startswith("material-") for d in mine for rule in d.reasons)
        end = (
            (
                "After that it goes out by itself, where nothing else speaks against it."
                if by_itself
                else "After that, send the message again or ask for it to be released."
            )
            if in_utc(release.instant) < in_utc(s.expires)
            else "Send it again then: this hold ends before that, at "
            f"{instant(s.expires, s.zone, s.zone)}."
        )
        yield (
            f"{'Otherwise wait' if otherwise else 'Wait'}. {who} may have “{shown(release.title)}” "
            f"{_from(s, release)}. {end}"
        )


def _by_waiting(s: Situation, decision: Decision) -> bool:
    cured = _status(decision) in ("not-listed", "missing-declaration", "expired", "excluded")
    public = s.grounds.public(decision) and _status(decision) == "not-listed"
    return cured and not public and not families([decision]) & _NOT_BY_WAITING


def _from(s: Situation, release: Release) -> str:
    if in_utc(release.instant) <= in_utc(s.at):
        if why := unconfirmed(release, s.at):
            return f"once it is certain that it came out ({at_home(why, s.zone)})"
        return "once it is published"
    moment = instant(release.instant, release.zone, s.zone)
    if release.lift == "instant-and-published":
        return f"once it is published, at {moment} at the earliest"
    return f"from {moment}"


def _on(s: Situation, release: Release) -> str:
    if in_utc(release.instant) <= in_utc(s.at):
        return ""
    return f" ({instant(release.instant, release.zone, s.zone)})"


def _status(decision: Decision) -> Status | None:
    if decision.listed:
        return "listed"
    if decision.standing is not None:
        return decision.standing.status
    return "not-listed" if decision.listed is False and decision.release else None


def _names(s: Situation, *statuses: Status) -> str:
    return _called([d for d in s.told if _status(d) in statuses], "Those whose entry says so")


def _called(decisions: Sequence[Decision], otherwise: str) -> str:
    names = list(dict.fromkeys(shown(d.address) for d in decisions))
    return listing(names) if len(names) <= _NAMED else otherwise
