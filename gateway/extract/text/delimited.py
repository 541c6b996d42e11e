"""CSV and its kin to a Table: the delimiter is found by consistency, every line stays a row.

Title and note rows are kept as rows. Where quoting is broken the lines are split plainly, so no
text disappears inside a field that never ends.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Iterator

from gateway.extract.text.charset import decode
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Location, Part

DELIMITERS = ",\t;|"
SAMPLE_LINES = 60
MIN_STRETCH = 4
MAX_STRETCHES = 50
# What str.splitlines takes for line ends among ASCII characters, beside CR and LF.
_OTHER_BREAKS = "\x0b\x0c\x1c\x1d\x1e"
Rows = list[list[str]]


def read_delimited(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """A file that says it is delimited: one Table, however few its columns, and its stretches.

    Where no delimiter holds, what is delimited inside it is looked for as in running text.
    """
    from gateway.extract.text.pasted import tables_in_text  # which builds on this module

    decoded = decode(part.content, part.charset)
    if decoded.fault:
        yield Gap(part.location, "unreadable", decoded.fault)
    lines = _lines(decoded.text)
    text = "\n".join(lines)
    if text and not text.isspace():
        delimiter = sniff(text)
        yield from _table(part, text, delimiter or ",", limits, lines)
        if not delimiter:
            yield from tables_in_text(part, text[: limits.text_chars], "")


def pasted_table(part: Part, text: str, limits: ReadLimits) -> Iterator[Content]:
    """A plain-text attachment that is clearly a delimited table."""
    delimiter = sniff(text)
    if delimiter and _clear(text, delimiter):
        yield from _table(part, text, delimiter, limits)


def _clear(text: str, delimiter: str) -> bool:
    """Prose has commas too: nearly every line must have as many, and commas at least two."""
    lines = [
        line for line in text[:20_000].split("\n", SAMPLE_LINES)[:SAMPLE_LINES] if line.strip()
    ]
    counts = Counter(line.count(delimiter) for line in lines)
    needed = 2 if delimiter == "," else 1
    often = sum(n for count, n in counts.items() if count >= needed)
    return len(lines) >= 2 and often * 10 >= len(lines) * 8


def _lines(text: str) -> list[str]:
    """The lines, whatever ends them (CRLF, LF, CR)."""
    if text.isascii() and not any(map(text.__contains__, _OTHER_BREAKS)):
        return text.splitlines()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def sniff(text: str) -> str:
    """The delimiter that most lines hold equally often, or "" where none does.

    Excel's own "sep=;" line decides at once.
    """
    head = text[:20_000]
    lines = [line for line in head.split("\n", SAMPLE_LINES)[:SAMPLE_LINES] if line.strip()]
    if len(head) < len(text) and len(lines) > 1:
        lines.pop()
    if not lines:
        return ""
    if lines[0][:4].lower() == "sep=" and len(lines[0]) >= 5 and lines[0][4] in DELIMITERS:
        return lines[0][4]
    quoted = '"' in head
    between = max(head.count(f'"{d}"') for d in DELIMITERS) if quoted else 0
    best, best_score = "", 0.5
    for delimiter in DELIMITERS:
        if delimiter not in head:
            continue
        if quoted:
            counts = Counter(len(row) - 1 for row in _quoted(head, delimiter, len(lines)) if row)
        else:
            counts = Counter(line.count(delimiter) for line in lines)
        counts.pop(0, None)
        if not counts:
            continue
        columns, often = counts.most_common(1)[0]
        # Titles and notes break the pattern; half of the lines must hold to it. A comma inside
        # prose does so by chance: more columns and the rarer delimiters count for a little more.
        score = often / len(lines) + min(columns, 10) / 100 + (0.02 if delimiter != "," else 0)
        if between:
            score += 0.4 * head.count(f'"{delimiter}"') / between
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _quoted(text: str, delimiter: str, most: int) -> Rows:
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return [row for row, _ in zip(reader, range(most), strict=False)]
    except csv.Error:
        return [line.split(delimiter) for line in text.split("\n")[:most]]


def split_rows(text: str, delimiter: str, lines: list[str] | None = None) -> Rows:
    """Every line of `text` as a row; quoting obeyed where it makes sense (RFC 4180 section 2).

    `lines` are those of `text`, where they are known.
    """
    if '"' not in text:
        return [line.split(delimiter) for line in (_lines(text) if lines is None else lines)]
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return [[cell.strip('"') for cell in line.split(delimiter)] for line in text.split("\n")]


def _table(
    part: Part, text: str, delimiter: str, limits: ReadLimits, lines: list[str] | None = None
) -> Iterator[Content]:
    cut = len(text) > limits.text_chars
    if cut:
        text, lines = text[: limits.text_chars], None
    rows = split_rows(text, delimiter, lines)
    total, fault = len(rows), ""
    if cut:
        fault = f"more than {limits.text_chars} characters of text"
    width = max(map(len, rows), default=0)
    if width > limits.columns:
        rows = [row[: limits.columns] for row in rows]
        fault = f"more than {limits.columns} columns"
    if total * width > limits.cells:
        count = 0
        for index, row in enumerate(rows):
            count += len(row)
            if count > limits.cells:
                del rows[index:]
                fault = f"more than {limits.cells} cells"
                break
    yield Table(part.location, rows, total_rows=total)
    if "\n\n" in text or f"\n{delimiter}{delimiter}" in text:
        yield from stretches(part.location, rows)
    if fault:
        yield Gap(part.location, "limit", fault)


def stretches(location: Location, rows: Rows) -> Iterator[Table]:
    """What blank rows divide, each part by itself: records may stand behind a table of counts."""
    blank = [index for index, row in enumerate(rows) if not any(map(str.strip, row))]
    for start, end in longest_stretches([index + 1 for index in blank], len(rows)):
        where = f"{location.where}, rows {start + 1}–{end}".lstrip(", ")
        part = [row for row in rows[start:end] if any(map(str.strip, row))]
        yield Table(location.at(where), part, total_rows=len(part))


def longest_stretches(breaks: list[int], total: int) -> list[tuple[int, int]]:
    """(start, end) of the longest parts between `breaks`, in order; nothing where there are none."""
    if not breaks:
        return []
    parts = zip([0, *breaks], [*breaks, total], strict=True)
    long = [part for part in parts if part[1] - part[0] >= MIN_STRETCH]
    return sorted(sorted(long, key=lambda part: part[0] - part[1])[:MAX_STRETCHES])
