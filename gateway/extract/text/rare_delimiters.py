"""Delimiters that few programs write: single signs, several signs together, runs of blanks.

Tried only where no usual delimiter holds, since nearly every line must then hold as many of them.
In running text any sequence of signs may be one that stands equally often in several lines.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Callable

# Signs that stand in no value; signs that may; signs that dates, times and names are made of.
STRANGE, SINGLE, USUAL = "^~\x01\x1f\x02\x1e\xa6\xa7\xfe\xb6", "@#!&*$%", ":/=_"
SEVERAL = ("~|~", "|~|", "<|>", "^|^", "|^|", "*|*", "#|#", "$|$", "||", ";;", ",,", "::", "^^", "~~",
           "##", "@@", "\t\t", "<>", "->", "=>", "<tab>", "\\t", "[|]")  # fmt: skip
SAMPLE = 60
_NUMERIC = re.compile(r"[-+]?[.,]*\d[\d.,]*%?")
# Of signs in running text: so many, or they divide no five rows.
LEAST_SIGNS = 10
_TRIED = 8
_LONGEST = 12
_CHUNK = 1 << 16
_NO_WORD = re.compile(r"[^\w\n]+|_+")
# Looked for by other means, or in every text.
_ORDINARY = b"0123456789\n,;|\t\r"
# What dates, times, links and names are written with divides more cells than these have parts.
_WITHIN = frozenset("-/_:=.@*+&%#")
_PAIRED = frozenset("()[]{}<>\"'`“”‘’")
Split = Callable[[str], list[str]]


def doubled(text: str, delimiter: str) -> str:
    """The delimiter of several signs that `delimiter` is a part of, or `delimiter` itself."""
    head = text[:20_000]
    seen = head.count(delimiter)
    for several in SEVERAL:
        inside = several.count(delimiter)
        if inside and several in head and head.count(several) * inside == seen:
            return several
    return delimiter


def rare_delimiter(text: str, least: int = 2) -> str:
    """The delimiter that nearly all lines hold equally often, `least` times or more; " " stands
    for any run of blanks; "" where there is none."""
    head = text[:20_000]
    lines = [line for line in head.split("\n", SAMPLE)[:SAMPLE] if line.strip()]
    if len(head) < len(text) and len(lines) > 1:
        lines.pop()
    if len(lines) < 2:
        return ""
    for several in SEVERAL:
        if several in head and _holds([line.count(several) for line in lines], least):
            return several
    if found := _single(STRANGE, head, lines, least) or _single(SINGLE, head, lines, max(least, 2)):
        return found
    return " " if _columns_of_words(lines) else _single(USUAL, head, lines, max(least, 2))


def written_between(text: str, signs: bytes) -> list[str]:
    """The sequences of signs that may divide cells in running text, the most frequent first;
    `signs` are its bytes in UTF-8 without those of prose."""
    rest = signs.translate(None, _ORDINARY)
    often = len(rest) >= LEAST_SIGNS and max(map(rest.count, set(rest))) >= LEAST_SIGNS
    if not often and not _paired(text, "(") and not _paired(text, "'"):
        return []
    runs: Counter[str] = Counter()
    for start in range(0, len(text), _CHUNK):
        runs.update(_NO_WORD.findall(text, start, start + _CHUNK))
    found = [
        run
        for run, count in runs.most_common()
        if count >= LEAST_SIGNS and len(run) <= _LONGEST and _divides(run.strip())
    ]
    return found[:_TRIED]


def _paired(text: str, sign: str) -> bool:
    """May each cell stand between signs that prose is written with, too?"""
    return sign in text and text.count(sign) >= 2 * LEAST_SIGNS


def least_between(run: str) -> int:
    """How many of them a line must hold."""
    return 3 if run in _WITHIN else 2


def _divides(core: str) -> bool:
    if core[:1] in _PAIRED and core[-1:] in _PAIRED:
        return len(core) > 1
    return bool(core) and core not in (",", ".", ";", "|", "?", "!", "://", "),", ").", "’", "'")


def _single(signs: str, head: str, lines: list[str], least: int) -> str:
    for sign in signs:
        if sign in head and _holds([line.count(sign) for line in lines], least):
            return sign
    return ""


def splitter(delimiter: str) -> Split:
    if delimiter == " ":
        return lambda line: line.split()
    return lambda line: [cell.strip().strip('"') for cell in line.split(delimiter)]


def _holds(counts: list[int], least: int) -> bool:
    usual, often = Counter(counts).most_common(1)[0]
    return usual >= least and often * 10 >= len(counts) * 9


def _columns_of_words(lines: list[str]) -> bool:
    """As many words in every line, and numbers among them below the first."""
    if len(lines) < 4:
        return False
    words = [line.split() for line in lines]
    # R leaves the head of its column of row numbers out.
    body = Counter(map(len, words[1:])).most_common(1)[0]
    if (
        body[0] < 2
        or len(words[0]) not in (body[0], body[0] - 1)
        or body[1] * 10 < (len(words) - 1) * 9
    ):
        return False
    numeric = sum(any(map(_NUMERIC.fullmatch, row)) for row in words[1:])
    return numeric * 10 >= (len(words) - 1) * 9
