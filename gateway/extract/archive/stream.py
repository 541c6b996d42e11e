"""Compressed files: gzip, bzip2, xz, zstd and their kin, each the same file made smaller."""

from __future__ import annotations

from typing import Callable, Iterator

from gateway.extract import types
from gateway.extract.archive import members
from gateway.extract.archive.entries import Entries
from gateway.extract.archive.expansion import Expansion
from gateway.extract.archive.members import Member
from gateway.extract.fault import ContainerFault
from gateway.extract.signatures import detect_type
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Part

_MEMBERS: dict[str, Callable[[bytes, int], Member | None]] = {
    types.GZIP: members.gzip_member,
    "application/x-bzip2": members.bzip2_member,
    "application/x-xz": members.xz_member,
    "application/zstd": members.zstd_member,
    "application/x-lzma": members.lzma_member,
    "application/x-lzip": members.lzip_member,
    "application/x-lz4": members.lz4_member,
    "application/x-compress": members.compress_member,
}
_SHORT = {"tgz": "tar", "tbz": "tar", "tbz2": "tar", "txz": "tar", "tzst": "tar", "taz": "tar",
          "tlz": "tar", "svgz": "svg", "emz": "emf", "wmz": "wmf"}  # fmt: skip
_SUFFIXES = frozenset(("gz", "bz2", "xz", "zst", "lzma", "lz", "lz4", "z", "bgz", "gzip"))


def read_stream(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """The file that was compressed, as one Part; then what stands beside and behind it."""
    entries = Entries(part)
    walk = _Walk(part.content, _MEMBERS[detect_type(part)], limits.entries)
    found = Expansion(limits).gather(walk.pieces())
    for words in walk.words:
        yield from entries.words("what is said about the compressed file", words)
    yield from entries.unpacked(inner_name(part.name), found)
    for skipped in walk.skipped:
        yield from entries.stray("passed over in the compressed file", skipped)
    if found.fault is None:
        yield from entries.stray("behind the end of the compressed file", part.content[walk.end :])


def inner_name(name: str | None) -> str:
    """data.csv.gz is data.csv, and release.tgz is release.tar."""
    head, dot, suffix = (name or "").rpartition(".")
    if not dot:
        return name or ""
    short = _SHORT.get(suffix.lower())
    if short:
        return f"{head}.{short}"
    return head if suffix.lower() in _SUFFIXES else name or ""


class _Walk:
    """From stream to stream, for as long as there are any."""

    def __init__(
        self, content: bytes, member: Callable[[bytes, int], Member | None], most: int
    ) -> None:
        self._content, self._member, self._most = content, member, most
        self.end = 0
        self.words: dict[str, None] = {}
        self.skipped: list[bytes] = []

    def pieces(self) -> Iterator[bytes]:
        """What all streams hold, one behind the other."""
        count = 0
        while self.end < len(self._content):
            member = self._member(self._content, self.end)
            if member is None:
                # Some writers fill up with zeros (xz section 2.2, tapes), and go on behind them.
                padded = _behind_padding(self._content, self.end)
                member = self._member(self._content, padded) if padded else None
                if member is None:
                    break
            count += 1
            # A block-gzipped file has a stream for each 64 KB; empty ones cost time and no bytes.
            if count > self._most + (len(self._content) >> 8):
                raise ContainerFault("limit", f"more than {self._most} compressed streams")
            self.words.update(dict.fromkeys(words for words in member.words if words))
            if member.skipped:
                self.skipped.append(member.skipped)
            yield from member.pieces
            self.end = member.end()
        if self.end > len(self._content):
            raise ContainerFault("unreadable", "compressed data that are cut off")


def _behind_padding(content: bytes, at: int) -> int:
    """Where zeros end that begin at `at`; 0 where there are none or nothing but them."""
    rest = len(content[at:].lstrip(b"\0"))
    place = len(content) - rest
    return place if at < place < len(content) else 0
