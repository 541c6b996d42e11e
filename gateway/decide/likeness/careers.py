"""Near misses in time: who held a post before, who has left, who was on an earlier list.

And who is barred under another address, or is on a list for a post that they have no longer.
"""

from __future__ import annotations

from datetime import date
from typing import Iterable, Iterator, Sequence

from gateway.decide.likeness.addresses import in_words
from gateway.decide.likeness.listed import (
    Known,
    TheList,
    day_in_words,
    in_force,
    people_in_words,
    quoted,
)  # fmt: skip
from gateway.decide.likeness.near_miss import NearMiss
from gateway.decide.likeness.spelling import alike, spelt
from gateway.decide.likeness.titles import alike as alike_titles
from gateway.decide.likeness.titles import read_title
from gateway.model.likeness import LikeWords
from gateway.model.release import Release

_BARRED = "who is excluded from pre-release lists"


def of_career(
    one: Known,
    aliases: Sequence[str],
    release: Release,
    listed: TheList,
    like: LikeWords,
    day: date,
) -> Iterator[NearMiss]:
    """Posts that somebody had by this list, or has had by the directory."""
    roster = release.roster
    left = one.person.left if one.person and one.person.left and one.person.left < day else None
    had = [entry for address in aliases for entry in roster.appointed.get(address, ())]
    for entry in had:
        now = _successors(listed, entry.role, aliases, day)
        title = roster.roles[entry.role].title if entry.role in roster.roles else entry.role
        if not now:
            continue  # that it has ended is said by their standing
        if left is not None:
            sentence = f"{one.address} left on {day_in_words(left)}; {_now(now, title)}."
            yield NearMiss("left", now[0], sentence, "high")
        elif entry.ends is not None and entry.ends < day:
            sentence = (
                f"{one.address} was {quoted(title)} until {day_in_words(entry.ends)};"
                f" {_now(now, title)}."
            )
            yield NearMiss("previous-holder", now[0], sentence, "high")
    if had or one.person is None:
        return
    for before in one.person.previous:
        held = read_title(before, like)
        for post in listed.posts_about(held):
            if alike_titles(held, post.title) == "high":
                now = _successors(listed, post.role.id, aliases, day)
                sentence = (
                    f"The directory has {quoted(before)} among the previous posts of {one.address};"
                    f" {_now(now, post.role.title)}."
                )
                yield NearMiss("previous-holder", now[0] if now else "", sentence, "medium")


def of_earlier_lists(
    one: Known, aliases: Sequence[str], earlier: Iterable[Release], listed: TheList, like: LikeWords,
    day: date,
) -> Iterator[NearMiss]:  # fmt: skip
    """Places on the list of an earlier edition, from which this one was made."""
    for release in earlier:
        for address in aliases:
            for entry in release.roster.appointed.get(address, ()):
                role = release.roster.roles.get(entry.role)
                title = role.title if role else entry.role
                now = _of_that_title(title, aliases, listed, like, day)
                tail = f"; {_now(now, title)}" if now else ""
                sentence = (
                    f"{one.address} was on the list of {quoted(release.title)} ({release.id}) as"
                    f" {quoted(title)} and is not on this one{tail}."
                )
                yield NearMiss("cloned-list", release.id, sentence, "high")
                return


def of_excluded(one: Known, aliases: Sequence[str], barred: Iterable[str]) -> Iterator[NearMiss]:
    """Another address of somebody who is barred, or one that is taken for theirs."""
    for address in barred:
        if address == one.address:
            continue
        if address in aliases:
            sentence = f"{one.address} is another address of {address}, {_BARRED}."
            yield NearMiss("alias-of-excluded", address, sentence, "high")
            continue
        other = spelt(address)
        found = alike(one.spelt, other)
        if found is not None:
            near = in_words(one, found, address, _BARRED)
            yield NearMiss("alias-of-excluded", address, near.sentence, near.confidence)
        elif other.local == one.spelt.local and one.name:
            sentence = f"{one.address} has the same words before the @ as {address}, {_BARRED}."
            yield NearMiss("alias-of-excluded", address, sentence, "medium")


def changed_role(
    one: Known, aliases: Sequence[str], release: Release, like: LikeWords, day: date
) -> Iterator[NearMiss]:
    """Somebody who is on the list for a post that the directory says they held before."""
    if one.person is None or not one.person.title:
        return
    title = read_title(one.person.title, like)
    previous = [read_title(before, like) for before in one.person.previous]
    for address in aliases:
        for entry in release.roster.appointed.get(address, ()):
            role = release.roster.roles.get(entry.role)
            if role is None or not in_force(entry, day):
                continue
            post = read_title(role.title, like)
            if alike_titles(title, post) is None and any(
                alike_titles(before, post) == "high" for before in previous
            ):
                sentence = (
                    f"The list says that {one.address} is {quoted(role.title)}; the directory says"
                    f" that they were that before and are {quoted(one.person.title)} now."
                )
                yield NearMiss("role-changer", role.title, sentence, "medium")


def _successors(listed: TheList, role: str, aliases: Sequence[str], day: date) -> tuple[str, ...]:
    posts = (post for post in listed.roles if post.role.id == role)
    return tuple(holder for post in posts for holder in post.held_by(day) if holder not in aliases)


def _of_that_title(
    title: str, aliases: Sequence[str], listed: TheList, like: LikeWords, day: date
) -> tuple[str, ...]:
    read = read_title(title, like)
    for post in listed.posts_about(read):
        if alike_titles(read, post.title) == "high":
            return _successors(listed, post.role.id, aliases, day)
    return ()


def _now(holders: tuple[str, ...], title: str) -> str:
    if not holders:
        return f"nobody else on the list is {quoted(title)} now"
    return f"now it is {people_in_words(holders)} who is {quoted(title)}"
