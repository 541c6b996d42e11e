"""JSON and its kin (lines of JSON, JSONP, with comments, damaged) to tables and words.

The standard library's parser, since it hands over every member of an object, duplicates too, and
numbers as they were written. What it cannot parse is read as text, with a Gap.
"""

from __future__ import annotations

import json
import re
from typing import Any, Iterator

from gateway.extract.text.charset import decode
from gateway.extract.text.delimited import pasted_table
from gateway.extract.text.json_cubes import cube_rows, embargo_dates
from gateway.extract.text.nested_values import DECODER
from gateway.extract.text.pasted import tables_in_text
from gateway.extract.text.plain import bounded_text
from gateway.extract.text.value_tree import contents_of
from gateway.model.content import Content, Properties
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

# What may stand between two values: blanks, commas, record separators (RFC 7464).
_BETWEEN = re.compile(r"[\s,;\x1e\ufeff]*")
_CALLED = re.compile(
    r"\s*(?:/\*\*/\s*)?(?:\)\]\}',?|while\(1\);|for\(;;\);|(?:(?:export\s+default|(?:var|let|const)?\s*[\w$.\[\]\"']{1,200}\s*(?:=(?!=)|\())\s*))"
)
# A string that does not end goes to the end, so that nothing is looked at twice.
_STRING = r'("[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z))'
_COMMENT = re.compile(rf"{_STRING}|//[^\n]*|/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|\Z)|#[^\n]*", re.S)
_LAST_COMMA = re.compile(rf"{_STRING}|,(?=\s*[\]}}])", re.S)
_LONE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_REMARKS = ("//", "/*", "#", ",]", ",}", ", ]", ", }", ",\n")
_CLOSERS = " \t\r\n);"
MAX_FAULTS = 200
# A try costs as much as so many signs.
_COST = 150
# So many times the text may be looked at in vain.
_PATIENCE = 8
_INNERMOST = re.compile(r"\{[^{}]*\}|\[[^\[\]{}]*\]")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def read_json(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Tables of records, and every other key and value as Text; the whole as it stands, and a Gap,
    where it is no JSON."""
    decoded = decode(part.content, part.charset)
    if decoded.fault:
        yield Gap(part.location, "unreadable", decoded.fault)
    text = decoded.text
    if "\\ud" in text or "\\uD" in text:
        text = _LONE.sub(r"\\ufffd", text)
    values, left, deep = parse(text)
    yield from values_found(part, values, limits)
    if left.strip():
        if deep:
            yield Gap(part.location, "limit", "nested too deeply")
        else:
            yield Gap(part.location, "unreadable", "not valid JSON; read as text")
        yield from _damaged(part, left, limits)


def values_found(part: Part, values: list[Any], limits: ReadLimits) -> Iterator[Content]:
    if not values:
        return
    for value in values[:20]:
        if items := embargo_dates(value):
            yield Properties(part.location.at("header"), items)
    yield from contents_of(part, values[0] if len(values) == 1 else values, limits, cube_rows)


def parse(text: str) -> tuple[list[Any], str, bool]:
    """The values that follow one another, the text that is none of them, and whether that is
    because of its depth."""
    values, left, deep = _values(text)
    if not left.strip() or deep:
        return values, left, deep
    called = _CALLED.match(text)
    if called and called.end():
        inner, rest, _ = _values(text[called.end() :])
        if inner and not rest.strip(_CLOSERS):
            return [called[0].strip(), *inner], "", False
    if any(mark in text for mark in _REMARKS):
        cleaned = _COMMENT.sub(lambda m: m[1] or " ", text)
        cleaned = _LAST_COMMA.sub(lambda m: m[1] or "", cleaned)
        inner, rest, _ = _values(cleaned)
        if inner and not rest.strip(_CLOSERS):
            # The comments were words, too.
            notes = "\n".join(m[0] for m in _COMMENT.finditer(text) if not m[1])
            return [*inner, notes] if notes else inner, "", False
    return values, left, False


def _values(text: str) -> tuple[list[Any], str, bool]:
    values: list[Any] = []
    left: list[str] = []
    deep = False
    patience = _PATIENCE * len(text) + 100_000
    at = end_of_gap(text, 0)
    while at < len(text):
        try:
            value, at = DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as fault:
            deep = deep or isinstance(fault, RecursionError)
            patience -= len(text) - at
            # The rest of the line is lost; lines of JSON go on with the next.
            end = text.find("\n", at) + 1 or len(text)
            if deep or len(left) >= MAX_FAULTS or len(left) > len(values) + 3 or patience < 0:
                end = len(text)
            left.append(text[at:end])
            at = end_of_gap(text, end)
            continue
        values.append(value)
        at = end_of_gap(text, at)
    return values, "".join(left), deep


def parse_values(text: str, at: int, window: int) -> tuple[list[Any], int, int]:
    """The values that follow one another from `at` on, where they end, and how many signs were
    looked at in vain. A first look, at `window` signs, spares the way to the end of the text."""
    values: list[Any] = []
    end, cost = at, 0
    while at < len(text) and text[at] in "[{":
        try:
            if window and not values and len(text) > at + window and _fails(text[at : at + window]):
                return values, end, _COST
            value, end = DECODER.raw_decode(text, at)
        except RecursionError:
            cost = _COST * _COST
            break
        except json.JSONDecodeError as fault:
            # The fault's own line number is counted from the first line of the text.
            cost = _COST + fault.pos - at + fault.pos // 20
            cost += len(text) - fault.pos if "Unterminated" in fault.msg else 0
            break
        values.append(value)
        at = end_of_gap(text, end)
    return values, end, cost


def _fails(head: str) -> bool:
    """Is this the beginning of no value, whatever follows?"""
    try:
        DECODER.raw_decode(head)
    except json.JSONDecodeError as fault:
        return fault.pos < len(head) - 20 and "Unterminated" not in fault.msg
    return False


def end_of_gap(text: str, at: int) -> int:
    match = _BETWEEN.match(text, at)
    return match.end() if match else at


def _damaged(part: Part, text: str, limits: ReadLimits) -> Iterator[Content]:
    """What is cut off or broken: its whole objects are still records, its words are words."""
    plain = _ESCAPE.sub(lambda m: _character(m[1]), text) if "\\u" in text else text
    yield from bounded_text(part, plain.replace("\\n", "\n").replace("\\/", "/"), "", limits)
    whole = []
    for match in _INNERMOST.finditer(text[: limits.text_chars]):
        try:
            whole.append(DECODER.decode(match[0]))
        except (ValueError, RecursionError):
            continue  # the gap above says that something is broken
    if len(whole) >= 2:
        yield from contents_of(part, whole, limits)
        return
    table = list(pasted_table(part, plain, limits))
    yield from table or tables_in_text(part, plain[: limits.text_chars], "")


def _character(code: str) -> str:
    value = int(code, 16)
    return "\ufffd" if 0xD800 <= value < 0xE000 else chr(value)
