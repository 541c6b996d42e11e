"""Cuts running text into its sentences, whatever quoting and wrapped lines it has come through.

Linear; a sentence is at most `LONGEST` characters, so that nothing that looks at one is slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 600
_SHORT_LINE, _SHORTER_LINE = 45, 30
_QUOTING = re.compile(r"^[ \t]*(?:[>|][ \t]?)+")
_BULLET = re.compile(r"\s*(?:[-*+#=]|\d{1,2}[.)]\s|[a-z][.)]\s)")
_END = re.compile(r"(?<=[.!?;])[\"')]{0,2}\s+(?=[^a-z])|\t{2,}")
_ABBREVIATED = re.compile(
    r"\b(?:e\.g|i\.e|etc|vs|cf|approx|dr|mr|mrs|ms|no|st|dec|jan|feb|aug|sept?|oct|nov)\.$", re.I
)


def sentences(folded: str) -> Iterator[str]:
    """The sentences of folded text, in order; a heading or an item of a list is one, too."""
    for paragraph in _paragraphs(folded):
        begin = 0
        for end in _END.finditer(paragraph):
            if _ABBREVIATED.search(paragraph, max(begin, end.start() - 8), end.start()):
                continue
            yield from _pieces(paragraph[begin : end.start()])
            begin = end.end()
        yield from _pieces(paragraph[begin:])


def _paragraphs(folded: str) -> Iterator[str]:
    """Lines that were wrapped are joined again."""
    held: list[str] = []
    for raw in folded.split("\n"):
        line = _QUOTING.sub("", raw).strip(" ")
        if held and (not line or _BULLET.match(line) or not _goes_on(held[-1], line)):
            yield " ".join(held)
            held = []
        if line:
            held.append(line)
    if held:
        yield " ".join(held)


def _goes_on(line: str, after: str) -> bool:
    """Whether a line was wrapped: a short one ends its sentence, unless the next begins small."""
    if after[0].islower() or (line.isupper() and after.isupper()):
        return True
    return len(line) >= _SHORT_LINE or (len(line) >= _SHORTER_LINE and line[-1].isalnum())


def _pieces(sentence: str) -> Iterator[str]:
    for begin in range(0, len(sentence), LONGEST):
        piece = sentence[begin : begin + LONGEST].strip()
        if piece:
            yield piece
