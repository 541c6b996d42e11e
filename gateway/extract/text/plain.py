"""text/plain and its kin: charset recovered, flowed paragraphs joined, soft breaks undone."""

from __future__ import annotations

import re
from typing import Iterator

from gateway.extract.text.charset import decode
from gateway.extract.text.delimited import pasted_table
from gateway.extract.text.encoded_runs import encoded_runs
from gateway.extract.text.pasted import tables_in_text, without_marks
from gateway.model.content import Content, Text
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Location, Part

PGP = "-----BEGIN PGP MESSAGE-----"
_WRITTEN = re.compile(r"\bINSERT\s+INTO\b|^COPY\b", re.I | re.M)
_FLOWED_DELSP = re.compile(r"(?<=[^\n]) \n(?=[^\n>])")


def read_plain(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """One Text; an attachment that is a delimited table is given as a Table too."""
    decoded = decode(part.content, part.charset)
    if decoded.fault:
        yield Gap(part.location, "unreadable", decoded.fault)
    text = decoded.text
    if "\r" in text:
        text = _with_line_feeds(text)
    if part.parameters and part.content_type == "text/plain":
        text = unflow(text, part.parameters)
    if PGP in text:
        yield Gap(part.location, "encrypted", "an OpenPGP message inside the text")
    where = "body" if part.role == "body" else ""
    yield from bounded_text(part, text, where, limits)
    whole = (
        list(pasted_table(part, without_marks(text), limits)) if part.role == "attachment" else []
    )
    yield from whole
    # Statements of SQL have commas, too, and are no rows of cells.
    if not whole or _WRITTEN.search(text):
        yield from tables_in_text(part, text[: limits.text_chars], where)
    yield from encoded_runs(part, text, limits)


def _with_line_feeds(text: str) -> str:
    if text.isascii():
        # Bytes end at CR, LF and CRLF only, and are cut at them twice as fast as replaced.
        lines = text.encode("ascii").splitlines()
        if text[-1] in "\r\n":
            lines.append(b"")
        return b"\n".join(lines).decode("ascii")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def bounded_text(
    part: Part, text: str, where: str, limits: ReadLimits, hidden: bool = False
) -> Iterator[Content]:
    """`text` up to the limit, and a Gap for what lies beyond it."""
    yield from bounded(Location(part.number, part.name, where), text, limits, hidden)


def bounded(
    location: Location, text: str, limits: ReadLimits, hidden: bool = False
) -> Iterator[Content]:
    """As `bounded_text`, for a place that is known already."""
    if not text or text.isspace():
        return
    yield Text(location, text[: limits.text_chars], hidden)
    if len(text) > limits.text_chars:
        yield Gap(location, "limit", f"more than {limits.text_chars} characters of text")


def unflow(text: str, parameters: tuple[tuple[str, str], ...]) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676 section 4)."""
    given = {key: value.lower() for key, value in parameters}
    if given.get("format") != "flowed":
        return text
    if given.get("delsp") == "yes":
        return _FLOWED_DELSP.sub("", text)
    lines = text.split("\n")
    out: list[str] = []
    for line in lines:
        if out and out[-1].endswith(" ") and out[-1] != "-- " and line and line[0] != ">":
            out[-1] += line
        else:
            out.append(line)
    return "\n".join(out)
