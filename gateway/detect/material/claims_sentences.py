"""Where the sentences of a text begin that claims were read in; lists and table rows have one a line."""

from __future__ import annotations

import re
from bisect import bisect_right

_END = re.compile(r"[.!?;\n][\"')]{0,2}[ \t\n]*")
_WRAPPED = 55


def sentences(text: str) -> list[int]:
    """The first character of each sentence, and the length of the text at the end. A line is one
    where it is too short to have been wrapped."""
    bounds = [0]
    for end in _END.finditer(text):
        start, stop, ended = end.start(), end.end(), end[0]
        if stop >= len(text) or not ended[-1].isspace():
            continue
        if ended[0] == "\n":
            line = text[text.rfind("\n", 0, start) + 1 : start]
            if ended.count("\n") < 2 and len(line) > _WRAPPED and "\t" not in line:
                continue
        elif text[max(0, start - 2) : start - 1] == ".":
            continue  # e.g. the second point of e.g.
        bounds.append(stop)
    bounds.append(len(text))
    return bounds


def sentence_of(bounds: list[int], position: int) -> int:
    """The number of the sentence that a position lies in, from 0."""
    return min(bisect_right(bounds, position), len(bounds) - 1) - 1
