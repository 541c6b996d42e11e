"""CSV and its kin to a Table: the delimiter is found by consistency, every line stays a row.

Title and note rows are kept as rows. Where quoting is broken the lines are split plainly, so no
text disappears inside a field that never ends.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import replace
from typing import Iterator

from gateway.extract.text.charset import decode
from gateway.extract.text.encoded_runs import encoded_runs, holds_letters
from gateway.extract.text.named_cells import without_names
from gateway.extract.text.rare_delimiters import doubled, rare_delimiter, splitter
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Location, Part

DELIMITERS = ",\t;|"
SAMPLE_LINES = 60
MIN_STRETCH = 4
MAX_STRETCHES = 50
# What str.splitlines takes for line ends among ASCII characters, beside CR and LF.
_SEPARATOR = re.compile(r'"?sep=([^\w\s"]|\t)"?[^\S\n]*(?:\n|\Z)', re.IGNORECASE)
_OTHER_BREAKS = "\x0b\x0c\x1c\x1d\x1e"
Rows = list[list[str]]


def read_delimited(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """A file that says it is delimited: one Table, however few its columns, and its stretches.

    Where no delimiter holds, what is delimited inside it is looked for as in running text.
    """
    from gateway.extract.text.pasted import tables_in_text, without_marks  # built on this module

    decoded = decode(part.content, part.charset)
    if decoded.fault:
        yield Gap(part.location, "unreadable", decoded.fault)
    lines = _lines(decoded.text)
    text = "\n".join(lines)
    if text and not text.isspace():
        delimiter = any_delimiter(text)
        yield from _table(part, text, delimiter or ",", limits, lines)
        if not delimiter or without_marks(text) != text:
            yield from tables_in_text(part, text[: limits.text_chars], "")
        if holds_letters(text):
            yield from encoded_runs(part, text, limits)


def pasted_table(part: Part, text: str, limits: ReadLimits) -> Iterator[Content]:
    """A plain-text attachment that is clearly a delimited table."""
    delimiter = sniff(text)
    if delimiter and _clear(text, delimiter):
        found = _table(part, text, doubled(text, delimiter), limits)
    elif not delimiter and (rare := rare_delimiter(text, 3)) and text.count("\n") >= 3:
        found = _table(part, text, rare, limits)
    else:
        return
    for content in found:
        if isinstance(content, Table):
            content = replace(content, rows=without_names(content.rows))
        yield content


def any_delimiter(text: str) -> str:
    """The delimiter of what says that it is delimited, usual or rare, or ""."""
    delimiter = sniff(text)
    if delimiter and not _clear(text, delimiter):
        return rare_delimiter(text, 2) or delimiter
    if delimiter:
        return doubled(text, delimiter)
    return rare_delimiter(text, 1)


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
    if stated := _SEPARATOR.match(head):
        return stated[1]
    quoted = '"' in head
    between = max(head.count(f'"{d}"') for d in DELIMITERS) if quoted else 0
    if quoted and not between and all(line[0] == line[-1] == '"' for line in lines):
        return _of_quoted_lines(lines)
    best, best_score = "", 0.5
    for delimiter in DELIMITERS:
        if delimiter not in head:
            continue
        rows = _quoted(head, delimiter, len(lines)) if quoted else []
        if rows and not _swallowed(rows, delimiter):
            counts = Counter(len(row) - 1 for row in rows if row)
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


def _of_quoted_lines(lines: list[str]) -> str:
    """Lines that stand in quotes as a whole."""
    inner = "\n".join(line[1:-1].replace('""', '"') for line in lines)
    return "" if inner.startswith('"') and inner.count('"') <= 2 else sniff(inner)


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
    if len(delimiter) > 1 or delimiter == " ":
        return list(map(splitter(delimiter), _lines(text) if lines is None else lines))
    if '"' not in text:
        found = _lines(text) if lines is None else lines
        if "'" in text[:1000] and _in_single_quotes(found, delimiter):
            return [line[1:-1].split(f"'{delimiter}'") for line in found]
        return [line.split(delimiter) for line in found]
    if '="' in text:
        told = re.escape(delimiter)
        pattern = rf'(^|{told})="([^"\n]*)"(?=\r?$|{told})'
        text, lines = re.sub(pattern, r'\1"\2"', text, flags=re.M), None
    spaced = f'{delimiter} "' in text
    try:
        source = io.StringIO(text, newline="")
        rows = list(csv.reader(source, delimiter=delimiter, skipinitialspace=spaced))
    except csv.Error:
        rows = []
    if not rows or _swallowed(rows, delimiter):
        return [[c.strip().strip('"') for c in line.split(delimiter)] for line in text.split("\n")]
    if len(rows[0]) == 1 and delimiter in rows[0][0] and max(map(len, rows)) == 1:
        # Each line as a whole in quotes.
        return split_rows("\n".join(row[0] for row in rows if row), delimiter)
    return rows


def _in_single_quotes(lines: list[str], delimiter: str) -> bool:
    return all(
        len(line) > 1 and line[0] == line[-1] == "'" and f"'{delimiter}'" in line
        for line in lines[:SAMPLE_LINES]
        if line.strip()
    )


def _swallowed(rows: Rows, delimiter: str) -> bool:
    """Did a quote that never ends make one cell of several rows?"""
    width = Counter(map(len, rows)).most_common(1)[0][0]
    for row in rows:
        for cell in row:
            if "\n" in cell and width > 1:
                inside = cell.split("\n", SAMPLE_LINES)[1:SAMPLE_LINES]
                if sum(line.count(delimiter) == width - 1 for line in inside) >= 2:
                    return True
    return False


def _table(
    part: Part, text: str, delimiter: str, limits: ReadLimits, lines: list[str] | None = None
) -> Iterator[Content]:
    cut = len(text) > limits.text_chars
    if cut:
        text, lines = text[: limits.text_chars], None
    if stated := _SEPARATOR.match(text):
        text, lines = text[stated.end() :], None
    rows = split_rows(text, delimiter, lines)
    blank = text.count("\n\n")
    if blank * 5 > len(rows) * 2:
        # Every other line is blank: a matter of line ends.
        rows = [row for row in rows if row and (len(row) > 1 or row[0])]
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
    if blank or f"\n{delimiter}{delimiter}" in text:
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
