"""Where the sentences of a text begin that claims were read in; lists and table rows have one a line."""

from __future__ import annotations

import re
from bisect import bisect_right

_END = re.compile(r"[.!?;:]?[\"')]{0,2}\n[ \t]*\n?|(?<![a-z]\.[a-z])[.!?;][\"')]{0,2}[ \t]+")
_WRAPPED = 55


def sentences(text: str) -> list[int]:
    """The first character of each sentence, and the length of the text at the end. A line is one
    where it is too short to have been wrapped."""
    bounds = [0]
    for end in _END.finditer(text):
        broken = "\n" in end[0] and end[0].count("\n") < 2
        if broken and end[0][0] == "\n":
            line = end.start() - text.rfind("\n", 0, end.start())
            if line > _WRAPPED and "\t" not in text[end.start() - line : end.start()]:
                continue
        if end.end() < len(text):
            bounds.append(end.end())
    bounds.append(len(text))
    return bounds


def sentence_of(bounds: list[int], position: int) -> int:
    """The number of the sentence that a position lies in, from 0."""
    return min(bisect_right(bounds, position), len(bounds) - 1) - 1
