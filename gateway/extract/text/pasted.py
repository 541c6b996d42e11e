"""Tables that stand inside running text: delimited or aligned lines, quoted or not.

Found cheaply, by counting: prose has commas, but seldom in five lines the same number. A block is
only offered to the judge; whether it is records is not decided here.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Iterator

from gateway.extract.text.delimited import Rows, split_rows
from gateway.model.content import Table
from gateway.model.message import Part

DELIMITERS = ",\t;|~^"
MIN_LINES = 5
MIN_DELIMITERS = 2
MAX_BLOCKS = 50
# Notes between the rows that do not end a block.
_PAUSE = 3
_MAX_CELL = 60
_QUOTE = re.compile(r"^[> ]*> ?", re.M)
_GAPS = re.compile(r"(?<=\S) {2,}(?=\S)")
_EVEN = re.compile(rb"([\x02-\xff])\1{4}")
_SHORT = 8_000
Numbered = list[tuple[int, str]]


def tables_in_text(part: Part, text: str, where: str) -> Iterator[Table]:
    """Each block as a Table whose `where` names its lines."""
    if text.count("\n") < MIN_LINES - 1:
        return
    found = 0
    least = MIN_LINES * MIN_DELIMITERS
    usual = [d for d in DELIMITERS if d in text and text.count(d) >= least]
    aligned = "  " in text and text.count("  ") >= least
    if not usual and not aligned:
        return
    if "\n>" in text or text[0] == ">":
        text = _QUOTE.sub("", text)
    lines = text.split("\n")
    for delimiter in usual:
        if delimiter == "," and len(text) < _SHORT and _prose(text, lines):
            continue
        for block in _blocks(lines, delimiter):
            yield _table(part, where, block, delimiter)
            found += 1
            if found >= MAX_BLOCKS:
                return
    if aligned:
        lines = [_GAPS.sub("\t", line.strip()) if "  " in line else "" for line in lines]
        for block in _blocks(lines, "\t"):
            yield _table(part, where, block, "\t")
            found += 1
            if found >= MAX_BLOCKS:
                return


def _prose(text: str, lines: list[str]) -> bool:
    """The everyday case, quickly: blanks after commas, and no five lines with as many of them."""
    if text.count(", ") * 2 <= text.count(","):
        return False
    try:
        counts = bytes([line.count(",") for line in lines])
    except ValueError:
        return False  # more than 255 in a line
    return not _EVEN.search(counts.translate(None, b"\0\1"))


def _table(part: Part, where: str, block: Numbered, delimiter: str) -> Table:
    lines = [line.strip(" |") if delimiter == "|" else line for _, line in block]
    rows: Rows = split_rows("\n".join(lines), delimiter)
    place = f"lines {block[0][0] + 1}–{block[-1][0] + 1}"
    return Table(
        part.location.at(f"{where}, {place}" if where else place), rows, total_rows=len(rows)
    )


def _blocks(lines: list[str], delimiter: str) -> Iterator[Numbered]:
    counts = [line.count(delimiter) for line in lines]
    if len(counts) - counts.count(0) - counts.count(1) < MIN_LINES:
        return
    run: list[int] = []
    other = 0
    for index, count in enumerate(counts):
        if count >= MIN_DELIMITERS:
            run.append(index)
            other = 0
        elif lines[index] and not lines[index].isspace():
            other += 1
            if other > _PAUSE and run:
                yield from _of_run(lines, counts, run, delimiter)
                run = []
    yield from _of_run(lines, counts, run, delimiter)


def _of_run(
    lines: list[str], counts: list[int], run: list[int], delimiter: str
) -> Iterator[Numbered]:
    """A run of lines with delimiters: whole where it is even, else its even stretches."""
    if len(run) < MIN_LINES:
        return
    block = [(index, lines[index]) for index in run]
    text = "\n".join(line for _, line in block)
    spaced = text.count(f"{delimiter} ") * 2 > text.count(delimiter) and delimiter in ",;"
    usual, often = Counter(counts[index] for index in run).most_common(1)[0]
    if not spaced and (often * 10 >= len(run) * 6 or '"' in text):
        if often >= MIN_LINES:
            # Prose with commas, just before the rows.
            first = next(at for at, index in enumerate(run) if counts[index] == usual)
            run, block = run[first:], block[first:]
        if len(text) <= _MAX_CELL * sum(counts[index] + 1 for index in run):
            yield block
        return
    start = 0
    for at in range(1, len(run) + 1):
        if at < len(run) and counts[run[at]] == counts[run[start]]:
            continue
        even = block[start:at]
        start, cells = at, (counts[run[start]] + 1) * len(even)
        if len(even) >= MIN_LINES and sum(len(line) for _, line in even) <= _MAX_CELL * cells:
            yield even
