"""Cuts a text into words and chooses the shingles that stand for it, however it is written down.

Invariants: line wraps, quoting, bullets, case, punctuation and words broken at the end of a line
change nothing; the choice depends on the words alone, so that two texts which share a run of
`SURE` words share a chosen shingle (winnowing: Schleimer, Wilkerson, Aiken 2003, "Winnowing: Local
Algorithms for Document Fingerprinting"); time and memory are linear, whatever is repeated.

Words of up to three letters count for nothing: "of", "the", "und", "les" come and go in any edit.
Scripts without blanks are read letter by letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.detect.normalise import fold

SIZE = 3
"""Words in a shingle: shorter runs in common are noise."""
WINDOW = 3
"""Of so many shingles in a row at least one is chosen; no more than `SIZE`, so that those chosen of
an unchanged stretch leave no word out."""
SURE = SIZE + WINDOW - 1
"""A common run of so many words is always found; with the short words between them about nine."""

_PIECE = 1 << 16
_OVERLAP = 64
"""Words that two pieces of a long text have in common."""
_SHORT = 3

_BROKEN = re.compile(r"-\n[ \t>|]*")
_ASCII = re.compile("[\x00-\x7f]+")
_FEW = 16
_NO_BLANKS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
# Within words and numbers these come and go: 1,234 and 1234, pre-release and prerelease.
_DROPPED = b"'-.,"
_LOWER = bytes(
    b if b > 127 else ord(chr(b).lower()) if chr(b).isalnum() else 32 for b in range(256)
)
_BLANK = 32
_ALWAYS = np.array([initial <= ord("9") or initial > 127 for initial in range(256)])
"""What a word begins with that counts however short it is: numbers, and letters beyond ASCII."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)


def _powers(base: int) -> NDArray[np.uint64]:
    powers = np.full(_PIECE + 1, base, np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)


_POWERS = _powers(int(_BASE))
_INVERSE = _powers(pow(int(_BASE), -1, 1 << 64))


@dataclass(frozen=True, slots=True)
class Shingles:
    """Shingles of a piece of text: `at` is where they begin among its words, `pairs`, an array of
    (n, 2), stands for their words and is public: only `KeyedDigest.of_pairs` of it may be kept."""

    at: NDArray[np.intp]
    pairs: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Words:
    """Consecutive words of a text. `hashes` (public, 64 bits) tell them apart, `starts` is where
    they stand in the flattened text, `lengths` are in bytes, `initials` their first bytes; `first`
    is the number of the first one in the whole text.
    """

    hashes: NDArray[np.uint64]
    starts: NDArray[np.intp]
    lengths: NDArray[np.intp]
    initials: NDArray[np.uint8]
    first: int = 0

    def __len__(self) -> int:
        return len(self.hashes)

    def shingles(self) -> Shingles:
        """The chosen ones, in order."""
        order = _order(self.hashes)
        if not len(order):
            return Shingles(np.empty(0, np.intp), np.empty((0, 2), np.uint64))
        # A shingle is chosen where it is the least of some window: where the greatest of the
        # minima of all windows that it lies in is itself.
        window = min(WINDOW, len(order))
        least = _over(np.minimum, order, window)
        padded = np.zeros(len(order) + window - 1, np.uint64)
        padded[window - 1 : window - 1 + len(least)] = least
        at = (_over(np.maximum, padded, window) == order).nonzero()[0]
        pairs = np.empty((len(at), 2), np.uint64)
        pairs[:, 0], pairs[:, 1] = order[at], self.hashes[at]
        return Shingles(at, pairs)


def flattened(text: str) -> bytes:
    """The words of a text in lower case with blanks between them."""
    folded = fold(text.replace("\u00ad\n", "") if "\u00ad" in text else text)
    if "-\n" in folded:
        folded = _BROKEN.sub("", folded)
    if folded.isascii():
        return folded.encode("ascii").translate(_LOWER, _DROPPED)
    folded = folded.lower()
    signs = {sign: _meant(sign) for sign in set(_ASCII.sub("", folded))}
    if len(signs) <= _FEW:
        for sign, meant in signs.items():
            folded = folded.replace(sign, meant)
    else:
        folded = folded.translate({ord(sign): meant for sign, meant in signs.items()})
    return folded.encode("utf-8", "replace").translate(_LOWER, _DROPPED)


def words(flat: bytes) -> Iterator[Words]:
    """The words of a flattened text, in pieces that overlap, so that memory is bounded."""
    start = first = 0
    while start < len(flat):
        piece = flat[start : start + _PIECE]
        last = start + len(piece) == len(flat)
        if not last and (end := piece.rfind(b" ")) > 0:
            piece = piece[:end]
        found = _words(piece, start, first)
        yield found
        if last:
            return
        start += len(piece)
        first += len(found)
        if len(found) > 2 * _OVERLAP:
            start = int(found.starts[-_OVERLAP])
            first -= _OVERLAP


def _words(piece: bytes, start: int = 0, first: int = 0) -> Words:
    """The words of a piece that count; `start` is where it begins in the flattened text."""
    signs = np.frombuffer(b" %b " % piece, np.uint8)
    blank = signs == _BLANK
    edges = (blank[1:] != blank[:-1]).nonzero()[0]
    starts = edges[::2]
    signs = signs[1:]
    lengths = edges[1::2] - starts
    initials = signs[starts]
    counts = (lengths > _SHORT) | _ALWAYS[initials]
    starts, lengths, initials = starts[counts], lengths[counts], initials[counts]
    sums = np.zeros(len(piece) + 1, np.uint64)
    np.multiply(signs[:-1], _POWERS[: len(piece)]).cumsum(out=sums[1:])
    # The sum of letter times power, from the beginning of the word on.
    hashes = (sums[starts + lengths] - sums[starts]) * _INVERSE[starts]
    return Words(_mixed(hashes), starts + start, lengths, initials, first)


def _order(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A number for each shingle, as good as random."""
    count = len(hashes) - SIZE + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    order = hashes[:count]
    for offset in range(1, SIZE):
        order = order * _BASE + hashes[offset : offset + count]
    return _mixed(order)


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    numbers = (numbers ^ (numbers >> _HALF)) * _MIX
    return numbers ^ (numbers >> _HALF)


def _over(extreme: np.ufunc, numbers: NDArray[np.uint64], window: int) -> NDArray[np.uint64]:
    """The extreme of each `window` numbers in a row."""
    reach = 1
    while reach < window:
        step = min(reach, window - reach)
        numbers = extreme(numbers[:-step], numbers[step:])
        reach += step
    return numbers


def _meant(sign: str) -> str:
    """What a letter or sign beyond ASCII is in a flattened text."""
    if unicodedata.category(sign).startswith("M"):
        return ""  # belongs to the letter before it
    if _NO_BLANKS.match(sign):
        return f" {sign} "
    return sign if sign.isalnum() else " "
