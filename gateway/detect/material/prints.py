"""What one document yields when it is registered; run where it is read, and all that leaves.

Phrases and figures are taken by those who look for them again; the places of figures are numbered
after those of phrases. Where either cannot be taken, a Gap says so and the other is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np

from gateway.detect.material.figure_prints import FigurePrints, figure_prints
from gateway.detect.material.phrase_prints import PhrasePrints, phrase_prints
from gateway.model.content import Content, Table, Text
from gateway.model.keyed import DIGEST
from gateway.model.material import PHRASE, Digesters, DocumentPrints
from gateway.model.message import Gap, Location

_NO_PHRASES = PhrasePrints(np.empty(0, DIGEST), np.empty(0, PHRASE), (), 0)
_NO_FIGURES = FigurePrints(b"", b"", b"", (), 0)
Taken = TypeVar("Taken")


def prints(contents: Iterable[Content], digesters: Digesters) -> DocumentPrints:
    """Everything by which a document is found again, and what could not be read of it."""
    read: list[Text | Table] = []
    gaps: list[Gap] = []
    for content in contents:
        if isinstance(content, Gap):
            gaps.append(content)
        elif isinstance(content, Text | Table):
            read.append(content)
    place = read[0].location if read else Location("1")
    phrases = _taken("text", lambda: phrase_prints(read, digesters), _NO_PHRASES, place, gaps)
    first = len(phrases.places)
    figures = _taken(
        "figures", lambda: figure_prints(read, digesters, first), _NO_FIGURES, place, gaps
    )
    return DocumentPrints(
        (phrases.digests.tobytes(), phrases.entries.tobytes()),
        (figures.digests, figures.entries), figures.context,
        (*phrases.places, *figures.places), phrases.words, figures.figures,
        (*gaps, *phrases.gaps, *figures.gaps),
    )  # fmt: skip


def _taken(
    what: str, take: Callable[[], Taken], nothing: Taken, place: Location, gaps: list[Gap]
) -> Taken:
    try:
        return take()
    except Exception as fault:  # noqa: BLE001 - what could not be taken is said, the rest is kept
        # The type alone: messages of exceptions quote what they choked on.
        detail = f"its {what} could not be registered ({type(fault).__name__})"
        gaps.append(Gap(Location(place.part, place.name, ""), "crashed", detail))
        return nothing
