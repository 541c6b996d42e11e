"""Near misses of titles: what the directory calls somebody, and what the list calls its posts."""

from __future__ import annotations

import re
from datetime import date
from typing import Iterator

from gateway.decide.likeness.listed import (
    Known,
    ListedRole,
    TheList,
    day_in_words,
    people_in_words,
    quoted,
)
from gateway.decide.likeness.near_miss import NearMiss
from gateway.decide.likeness.titles import Title, alike, read_title
from gateway.model.likeness import LikeWords

_FEWEST_WORDS = 2
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]{3,100})[)\]]")
_RESEMBLES = "A title that resembles one on the list is not on the list."
_ALONE = "A title alone puts nobody on the list."
_ANOTHER = "The same post in another department is not on the list."


def of_title(one: Known, listed: TheList, like: LikeWords, day: date) -> Iterator[NearMiss]:
    """Posts of the list that the recipient's is taken for: by the directory, or where they are not
    in it by what their address spells, or what the message calls them."""
    if one.person is not None:
        title = read_title(one.person.title, like)
        for post in listed.posts_about(title):
            yield from _by_directory(one, title, post, day)
        return
    if not one.name:
        for post in _taken_for(" ".join(one.spelt.words), listed, like):
            yield _by_address(one, post, day)
    # Jo Smith (Deputy Head, People Policy)
    for text in (one.called, *_IN_BRACKETS.findall(one.called)):
        for post in _taken_for(text, listed, like):
            yield _by_message(one, post, day)


def _by_directory(one: Known, title: Title, post: ListedRole, day: date) -> Iterator[NearMiss]:
    sure = alike(title, post.title)
    if sure is None or one.person is None:
        return
    mine, theirs = one.person.organisation, post.role.organisation
    elsewhere = bool(mine and theirs) and mine.casefold() != theirs.casefold()
    listed = f"The list says {quoted(post.role.title)}{f' of {theirs}' if elsewhere else ''}"
    says = f"the directory says that {one.address} is {quoted(title.text)}"
    says += f" of {mine}" if elsewhere else ""
    last = _RESEMBLES if sure != "high" or not _same(title, post) else _ALONE
    sentence = f"{listed}, {_held(post, day)}; {says}. {_ANOTHER if elsewhere else last}"
    yield NearMiss("post" if elsewhere else "title", post.role.title, sentence, sure)


def _taken_for(text: str, listed: TheList, like: LikeWords) -> Iterator[ListedRole]:
    title = read_title(text, like)
    if len(title.subject) + len(title.rank) >= _FEWEST_WORDS:
        for post in listed.posts_about(title):
            if alike(title, post.title) is not None:
                yield post


def _by_address(one: Known, post: ListedRole, day: date) -> NearMiss:
    sentence = (
        f"The list says {quoted(post.role.title)}, {_held(post, day)}; {one.address} reads as if it"
        f" were that post. {_RESEMBLES}"
    )
    return NearMiss("title", post.role.title, sentence, "medium")


def _by_message(one: Known, post: ListedRole, day: date) -> NearMiss:
    """What the message says is not repeated: nobody knows what stands there."""
    sentence = (
        f"The list says {quoted(post.role.title)}, {_held(post, day)}; the message calls {one.address}"
        f" by that title or a similar one. {_RESEMBLES}"
    )
    return NearMiss("title", post.role.title, sentence, "medium")


def _held(post: ListedRole, day: date) -> str:
    holders = post.held_by(day)
    if holders:
        return f"held by {people_in_words(holders)}"
    last = post.last_before(day)
    if last is None or last.ends is None:
        return "held by nobody"
    return f"held by {last.address} until {day_in_words(last.ends)}"


def _same(title: Title, post: ListedRole) -> bool:
    """But for capitals and punctuation."""
    mine, yours = (
        "".join(c for c in text.casefold() if c.isalnum()) for text in (title.text, post.role.title)
    )
    return mine == yours
