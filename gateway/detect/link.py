"""Finds links to where the documents of a release lie, whatever wrote or rewrote them.

A place is a host, the beginning of a path, and perhaps parameters; what else a link carries does
not matter. Links within links are links (Safe Links, Proofpoint, Google and their kin), whether
percent-encoded or in base64; so are defanged ones, and hosts written as other numbers. Host and path
compare without regard to case: most file servers do. What is no letter of a link to whoever opens it
(tabs, soft hyphens, full-width letters, `..`) is none here. What an opaque short link leads to nobody
can tell.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Iterable, Iterator, NamedTuple
from urllib.parse import unquote

import idna

from gateway.detect.link_spellings import dotted, refanged, unpacked
from gateway.detect.normalise import flat, fold
from gateway.model.address import normalise_domain
from gateway.model.release import ReleaseWords

_ROUNDS = 3
_BEYOND = 600
# "http" in base64, as it stands in flat text and as it is written.
_PACKED = ("ahr0chm6ly", "ahr0cdovl")
# Dots as they are defanged, and percent-encoded, in flat text.
_DOTS = (" dot ", " punkt ", " 2e")
# A host that is a number has too many spellings to look for each.
_ANY_LINK = ("http", "ftp", "file", "smb")
_FOUR_NUMBERS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_PLACE = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:)?//(?:[^/@\s]*@)?(\[[^\]]+\]|[^/:?#\s]+)(?::\d+)?", re.I
)
_AUTHORITY = re.compile(r"\A\s*[a-z][a-z0-9+.-]*:[/\\]{2,}[^/\\?#]*", re.I)
# What a browser leaves out of an address (WHATWG URL section 4.4), and out of the name of a host.
_UNREAD = str.maketrans("\u3002", ".", "\t\r\n")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_BROKEN = re.compile(r"=?[ \t]*\n[ \t>|]*")
_SLASHES = re.compile(r"/{2,}")
_GOES_ON = re.compile(r"[\w-]|\.[\w-]")
_PORT = re.compile(r":\d{1,5}")
# Windows writes a WebDAV server as `\\host@SSL@8443\DavWWWRoot\path`.
_WEBDAV = re.compile(r"(?:@ssl)?(?:@\d{1,5})?(?:/davwwwroot(?=/|\Z))?")
_TAIL = re.compile(r"[?#][^\s<>\"]*")
_MARKS = re.compile("[?&#]")
_CLOSING = ".,;:!)]}'"
_MOST_CLOSING = 8


class _Registered(NamedTuple):
    """One place: the parameters that it asks for, and whether only what is in a folder counts."""

    parameters: frozenset[str]
    folder: bool
    release: str


@dataclass(slots=True)
class _Host:
    """The places on one host by their paths, a folder's without its last slash."""

    pattern: re.Pattern[str]
    paths: dict[str, list[_Registered]] = field(default_factory=dict)

    @property
    def lengths(self) -> list[int]:
        return sorted({len(path) for path in self.paths})


class Links:
    """The locations of every release, ready to be looked for; immutable after construction."""

    def __init__(self, words: tuple[ReleaseWords, ...]) -> None:
        self._hosts: dict[str, _Host] = {}
        self._by_phrase: dict[str, list[_Host]] = {}
        self._numeric = False
        for release in words:
            for location in release.locations:
                self._add(location, release.release)
        if self._hosts:
            self._by_phrase |= {packed: list(self._hosts.values()) for packed in _PACKED}

    @property
    def phrases(self) -> tuple[str, ...]:
        """Without one of these in its flat text, a text links to no release."""
        return tuple(self._by_phrase)

    def linked(self, text: str, phrases: Iterable[str]) -> tuple[str, ...]:
        """The releases that `text` links to; `phrases` are those that were found in it."""
        hosts = {id(host): host for phrase in phrases for host in self._by_phrase.get(phrase, ())}
        if not hosts:
            return ()
        found: dict[str, None] = {}
        for version in _versions(text, self._numeric):
            for host in hosts.values():
                found |= dict.fromkeys(_matches(host, version))
        return tuple(found)

    def _add(self, location: str, release: str) -> None:
        location = _plain(location)
        parsed = _PLACE.match(location)
        name = normalise_domain(parsed[1]) if parsed else ""
        if parsed is None or not name:
            return
        shown = {name.removeprefix("www."), _unicode(name).removeprefix("www.")}
        host = self._hosts.get(name)
        if host is None:
            either = "|".join(map(re.escape, sorted(shown)))
            host = _Host(re.compile(rf"(?<![\w.-])(?:www\.)?(?:{either})(?![\w-])\.?"))
            self._hosts[name] = host
            phrases = {flat(fold(each)) for each in shown}
            phrases |= {phrase.replace(" ", dot) for phrase in phrases for dot in _DOTS}
            if _FOUR_NUMBERS.fullmatch(name):
                self._numeric = True
                phrases |= set(_ANY_LINK)
            for phrase in phrases:
                self._by_phrase.setdefault(phrase, []).append(host)
        path, tail = _split(location[parsed.end() :])
        folder = path.endswith("/")
        place = _Registered(_parameters(tail), folder, release)
        host.paths.setdefault(path.removesuffix("/"), []).append(place)


def as_opened(address: str) -> str:
    """The address of a link as whoever opens it asks for it."""
    address = address.translate(_UNREAD)
    return _AUTHORITY.sub(lambda found: unquote(found[0]), address)


def _versions(text: str, numeric: bool) -> Iterator[str]:
    """The text, and what the spellings of the links in it stand for."""
    yield _plain(text)
    packed = list(unpacked(text))
    for other in ("\n".join(packed), refanged(text), dotted(text) if numeric else ""):
        if other:
            yield _plain(other)
    for _ in range(_ROUNDS):
        decoded = unquote(text)
        if decoded == text:
            return
        text = decoded
        yield _plain(text)
        if numeric and (other := dotted(text)):
            yield _plain(other)


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_UNSEEN)
    return text.lower().replace("\\", "/").replace("&amp;", "&")


def _matches(host: _Host, text: str) -> Iterator[str]:
    lengths = host.lengths
    longest = lengths[-1]
    seen: set[str] = set()
    for place in host.pattern.finditer(text):
        after = text[place.end() : place.end() + 3 * longest + _BEYOND]
        if after in seen:
            continue
        seen.add(after)
        # A link that was broken at the end of a line goes on behind the marks of quoting.
        runs = (
            (after, *(_BROKEN.sub(gap, after) for gap in ("", " "))) if "\n" in after else (after,)
        )
        for run in runs:
            path, tail = _split(run)
            parameters = _perhaps_closed(tail)
            for way in dict.fromkeys((path, _walked(path))):
                for length in lengths:
                    if length > len(way):
                        break
                    if not length and text[place.start() - 1 : place.start()] == "@":
                        continue  # an e-mail address
                    for one in host.paths.get(way[:length], ()):
                        if one.parameters <= parameters and _ends(way, length, one.folder):
                            yield one.release


def _split(rest: str) -> tuple[str, str]:
    """The path behind a host; and the parameters and fragments behind the path, as written."""
    beside = _PORT.match(rest) or _WEBDAV.match(rest)
    rest = (rest[beside.end() :] if beside else rest).partition("__;")[0]
    tail = _TAIL.search(rest)
    path = rest[: tail.start()] if tail else rest
    path = _SLASHES.sub("/", unquote(path).lower())
    return ("" if path == "/" else path), tail[0] if tail else ""


def _parameters(tail: str) -> frozenset[str]:
    return frozenset(unquote(each).lower() for each in _MARKS.split(tail) if each)


def _perhaps_closed(tail: str) -> frozenset[str]:
    """Parameters in running text: the signs at their end may be of a link or of its sentence."""
    found = _parameters(tail)
    for _ in range(_MOST_CLOSING):
        if not tail.endswith(tuple(_CLOSING)):
            break
        tail = tail[:-1]
        found |= {unquote(_MARKS.split(tail)[-1]).lower()}
    return found


def _walked(path: str) -> str:
    """The path without its `.` and `..`, as a server is asked for it."""
    if "/." not in path:
        return path
    steps: list[str] = []
    for step in path.split("/"):
        if step == ".." and len(steps) > 1:
            steps.pop()
        elif step not in (".", ".."):
            steps.append(step)
    return "/".join(steps)


def _ends(path: str, length: int, folder: bool) -> bool:
    """Whether the registered path ends where a name in this one does; a file of a folder's name is
    beside it."""
    if not _GOES_ON.match(path, length):
        return True
    return length > 0 and not folder and path[length] == "."


def _unicode(name: str) -> str:
    try:
        return idna.decode(name)
    except (idna.IDNAError, UnicodeError):
        return name
