"""Two versions of the lists, the approved and the changed: what may count until somebody approves.

- Nobody gets more than both versions allow. People are judged by both registers (`decide`); of a
  release itself the stricter of each thing counts (`effective`).
- A version that was never approved, or that does not load any more, allows nobody anything.
- What says nothing about who may have what and when needs no approval: comments, the note of a
  review, and a state that tells of the ordinary course of a release.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Callable, Iterable, Mapping, TypeVar

from gateway.model.approval import Approved
from gateway.model.fault import Faults
from gateway.model.instant import in_utc
from gateway.model.register import Register, SyntheticFile
from gateway.model.release import Release
from gateway.model.roster import Roster
from gateway.releases.entries import Unfit
from gateway.releases.values import authors
from gateway.yaml_source import parse

Versions = Mapping[str, bytes]
_HALTED = ("postponed", "cancelled")
_UNAPPROVED = {
    "_exclusions": "whom it bars is barred, and nothing in it may be taken back unseen",
    "_synthetic": "no file counts as synthetic",
    "_people": "nobody counts by what stands in it alone",
    "_groups": "no list of it reaches anybody who counts",
}
_OF_NO_ACCOUNT = ("reviewed", "changed_by")
_NOBODY = Roster({}, (), frozenset())
T = TypeVar("T")


def agreed_register(
    load: Callable[[Versions], Register], texts: Versions, approved: Mapping[str, Approved]
) -> Register:
    """The register of the files as they are (`texts`), as far as their approved versions agree.

    Raises Faults where the files as they are do not load.
    """
    register = load(texts)
    waiting = _waiting(texts, approved)
    if not waiting:
        return register
    kept = {id: one.text for id, one in approved.items() if one.genuine and one.text is not None}
    # Approved files may speak of releases that nobody has approved yet.
    unknown = {id: text for id, text in texts.items() if id not in kept and id[:1] != "_"}
    before, broken = _as_approved(load, {**unknown, **kept})
    before = replace(
        before, releases={id: one for id, one in before.releases.items() if id in kept}
    )
    for id in broken & kept.keys():
        waiting[id] = (
            "its approved version no longer loads beside the other approved files, so that nobody"
            " on it counts"
        )
    return _agreed(register, before, waiting)


def effective(approved: Release, changed: Release) -> Release:
    """The release that counts until a change of it is approved: never sooner, never less strict,
    known by the words of both. Its people are those of the change, and judged by both."""
    instant = max(approved.instant, changed.instant, key=in_utc)
    opens = max(approved.opens, changed.opens)
    window = changed.window
    if instant != changed.instant or opens != changed.opens:
        window = max(in_utc(instant) - opens, timedelta(0))
    one_by_one = "instant-and-published" in (approved.lift, changed.lift)
    former = [
        name
        for name in (approved.title, approved.banner)
        if name and name not in (changed.title, changed.banner)
    ]
    return replace(
        changed,
        instant=instant,
        window=window,
        state=approved.state if approved.state in _HALTED else changed.state,
        lift="instant-and-published" if one_by_one else "instant",
        delivery="links-only"
        if "links-only" in (approved.delivery, changed.delivery)
        else "attach",
        market_sensitive=approved.market_sensitive or changed.market_sensitive,
        contacts=_either(approved.contacts, changed.contacts),
        head_of_profession=approved.head_of_profession,
        subject_words=_either(approved.subject_words, changed.subject_words, former),
        locations=_either(approved.locations, changed.locations),
        share_link=approved.share_link,
        announced=approved.announced or changed.announced,
        threshold=min(approved.threshold, changed.threshold, key=lambda one: one.bits),
    )


def same_list(one: bytes, other: bytes) -> bool:
    """Whether two versions of a file say the same of who may have what and when."""
    if one == other:
        return True
    try:
        return bool(_said(parse(one, "")) == _said(parse(other, "")))
    except Faults:
        return False


def changed_by(text: bytes) -> tuple[str, ...]:
    """Who made this version, as the file says; () where it does not, or says it wrongly."""
    try:
        value = parse(text, "").value
    except Faults:
        return ()
    release = value.get("release", value) if isinstance(value, dict) else None
    said = release.get("changed_by") if isinstance(release, dict) else None
    try:
        return authors(said) if said else ()
    except Unfit:
        return ()


def _said(document: Any) -> Any:
    value = document.value
    if not isinstance(value, dict):
        return value
    release = value.get("release")
    if not isinstance(release, dict):
        return {key: said for key, said in value.items() if key not in _OF_NO_ACCOUNT}
    told = {key: said for key, said in release.items() if key not in _OF_NO_ACCOUNT}
    told["state"] = said if (said := release.get("state")) in _HALTED else "in course"
    return {**value, "release": told}


def _waiting(texts: Versions, approved: Mapping[str, Approved]) -> dict[str, str]:
    """What of each file waits for approval, in a sentence."""
    found: dict[str, str] = {}
    for id in sorted(texts.keys() | approved.keys()):
        version, text = approved.get(id), texts.get(id)
        if version is not None and not version.genuine:
            found[id] = "its approved version was tampered with in the store: nobody on it counts"
        elif version is None or (version.text is None and text is not None):
            found[id] = (
                f"nobody has approved it, so that {_UNAPPROVED.get(id, 'nobody on it counts')}"
            )
        elif text is None and version.text is not None:
            found[id] = "its file is gone and nobody has approved that: it stays under embargo"
        elif text is not None and version.text is not None and not same_list(version.text, text):
            found[id] = (
                f"it was changed since {version.by} approved it, and the change waits for a second"
                " person's approval: who was added does not count, who was removed is gone"
            )
    return found


def _as_approved(
    load: Callable[[Versions], Register], kept: Versions
) -> tuple[Register, frozenset[str]]:
    """The approved register, and which files were left out because they no longer load."""
    left = dict(kept)
    while True:
        try:
            return load(left), frozenset(kept.keys() - left.keys())
        except Faults as found:
            faulty = {Path(fault.file).stem for fault in found.faults} & left.keys()
            if not faulty:
                return Register(), frozenset(kept)
            for id in faulty:
                del left[id]


def _agreed(changed: Register, approved: Register, waiting: Mapping[str, str]) -> Register:
    releases = {
        id: effective(approved.releases[id], release) if id in approved.releases else release
        for id, release in changed.releases.items()
    }
    for id in approved.releases.keys() - releases.keys():
        releases[id] = replace(approved.releases[id], roster=_NOBODY)
    synthetic = {
        digest: _shorter(entry, approved.synthetic[digest])
        for digest, entry in changed.synthetic.items()
        if digest in approved.synthetic
    }
    digest = hashlib.sha256(f"{changed.digest} {approved.digest}".encode()).hexdigest()
    return replace(
        changed,
        releases=releases,
        synthetic=synthetic,
        digest=digest,
        approved=approved,
        waiting=waiting,
    )


def _shorter(one: SyntheticFile, other: SyntheticFile) -> SyntheticFile:
    return min(one, other, key=lambda entry: entry.expires)


def _either(*groups: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))
