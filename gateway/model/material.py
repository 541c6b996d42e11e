"""Registered material of releases, as keyed digests: what one document yields, and what is loaded.

Nothing here can be turned back into text, figures or rows without the key. Digests are sorted, so
that a handful of look-ups finds what a message shares with every document of every release.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.model.keyed import DIGEST, Digests, KeyedDigest
from gateway.model.message import Gap
from gateway.model.trace import ORDINARY as ORDINARY
from gateway.model.trace import Kind as Kind
from gateway.model.trace import MaterialSource as MaterialSource
from gateway.model.trace import Threshold as Threshold
from gateway.model.trace import Trace as Trace

PHRASE = np.dtype([("document", "<u4"), ("place", "<u4"), ("position", "<u4")])
"""Of one shingle: the document (0 until documents are merged), the place in it, and the number of
its first word, counted from the beginning of the document."""
FIGURE = np.dtype(
    [("document", "<u4"), ("place", "<u4"), ("context", "<u4"), ("form", "u1"), ("digits", "u1")]
)
"""Of one way to write a figure: the document, its cell or sentence, where its context begins among
the `context` digests, what form it is (`figure_prints` numbers them), significant digits."""
CONTEXT = np.dtype("<u4")
"""Context: for each figure the count of its words, then their digests, cut to 32 bits."""


@dataclass(frozen=True, slots=True)
class DocumentPrints:
    """What one document yields when it is registered; made where it is read, and all that leaves.

    The bytes are arrays: digests of 64 bits beside `PHRASE` and `FIGURE` entries, in the same
    order, and `CONTEXT`. `places` are numbered by the entries: "page 3", "sheet Table_1, C14".
    `words` and `figures` are counts; `gaps` are what could not be read.
    """

    phrases: tuple[bytes, bytes] = (b"", b"")
    figures: tuple[bytes, bytes] = (b"", b"")
    context: bytes = b""
    places: tuple[str, ...] = ()
    words: int = 0
    figure_count: int = 0
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A registered document. `public` ones are out: what stands in them proves nothing."""

    release: str
    name: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class Prints:
    """Sorted digests, and the entry of each in the same order."""

    digests: Digests
    entries: NDArray[np.void]

    def find(self, asked: Digests) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """For each of `asked` where its entries begin and end; where both are the same it has
        none. O(log n) each."""
        return (
            np.searchsorted(self.digests, asked, "left"),
            np.searchsorted(self.digests, asked, "right"),
        )


def no_prints(entry: np.dtype[np.void]) -> Prints:
    """Prints of nothing."""
    return Prints(np.empty(0, DIGEST), np.empty(0, entry))


class Digesters:
    """The keyed digests of material, one purpose each."""

    __slots__ = ("context", "figure", "phrase")

    def __init__(self, key: bytes) -> None:
        self.phrase = KeyedDigest(key, "phrase")
        self.figure = KeyedDigest(key, "figure")
        self.context = KeyedDigest(key, "context")


@dataclass(frozen=True, slots=True)
class Material:
    """All registered material, as one process has it open; read-only, shared between processes.

    Entries name documents by their number in `documents`; `places` gives the places of one, and
    opens what is sealed only when something was found. The prints of public documents stand in the
    same arrays.
    """

    digesters: Digesters
    documents: tuple[Document, ...]
    phrases: Prints
    figures: Prints
    context: NDArray[np.uint32]
    places: Callable[[int], tuple[str, ...]]

    def place(self, document: int, place: int) -> str:
        names = self.places(document)
        return names[place] if place < len(names) else ""
