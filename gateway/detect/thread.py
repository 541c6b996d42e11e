"""Who was on the message that this one answers or forwards, by the header that it quotes.

Reads what Outlook, Gmail, Apple Mail, Thunderbird and Notes write, in many languages, in plain
text and in what is left of HTML, behind marks of quoting and with wrapped lines. The first quoted
header is the newest. One pass, bounded; addresses and names leave, no content.
"""

from __future__ import annotations

import re
from typing import Literal, Sequence

from gateway.detect.address_list import address_in, people
from gateway.detect.quoted_words import SHIPPED
from gateway.model.acquaintance import Participants
from gateway.model.message import Header
from gateway.model.person_name import folded, name

_LOOKED_AT = 200_000
_LABEL = 60
_MARKS = " \t>|*_\xa0\u2022\u200b"
_HEADER_LINES = 400
_ABOVE = 6
_WROTE_LINES, _INTRODUCTION, _NAME_WORDS = 3, 400, 5
_INTRODUCTIONS = 300
_VALUE = 50_000
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,990}>")
_OTHERS = re.compile(rf"\d\s*(?:{'|'.join(SHIPPED.others)})\b|\bundisclosed\b")
_VERB = re.compile(rf"(?<!\w)(?:{'|'.join(SHIPPED.wrote)})(?:\([^()]{{1,3}}\))?(?!\w)")

Kind = Literal["answer", "forward", ""]


def kind_of_subject(subject: str) -> Kind:
    """What the beginning of a subject makes of a message: `Re: `, `AW[2]: `, `Fwd: `."""
    head, colon, _ = subject[:_LABEL].lstrip().partition(":")
    word = folded(re.sub(r"\s*[\[(]\d{1,3}[\])]|\d{1,3}$", "", head)).strip(" .")
    if not colon:
        return ""
    if word in SHIPPED.forward:
        return "forward"
    return "answer" if word in SHIPPED.answer else ""


def answered(in_reply_to: str, references: str) -> str:
    """The Message-ID of the message that this one answers (RFC 5322 section 3.6.4), or ""."""
    for field, which in ((in_reply_to, 0), (references, -1)):
        ids = _MESSAGE_ID.findall(field[-_VALUE:])
        if ids:
            return str(ids[which])
    return ""


def newest_quoted(text: str) -> Participants | None:
    """The people of the first header that is quoted in a text, None where there is none."""
    if ":" not in text:
        return None
    lines = text[:_LOOKED_AT].split("\n")
    introductions = _INTRODUCTIONS
    for index, line in enumerate(lines):
        found = None
        if ":" not in line:
            continue
        if _role(line) == "from":
            found = _header(lines, index)
        elif introductions and line.rstrip(" \t\xa0\r").endswith(":"):
            introductions -= 1
            found = _attribution(lines, index)
        if found is not None:
            return found
    return None


def earlier_people(
    headers: Sequence[Header], bodies: Sequence[tuple[str, Participants | None]]
) -> Participants | None:
    """Those of the message that this one answers or forwards: quoted first in one of its own
    bodies (part number, people), or else attached to it."""
    attached = tuple(dict.fromkeys(header.part for header in headers if header.part != "0"))
    inside = tuple(f"{part}." for part in attached)
    found: Participants | None = None
    for part, quoted in bodies:
        if quoted is not None and not part.startswith(inside):
            found = found.with_those_of(quoted) if found else quoted
    if found is not None:
        return found
    return next((people for part in attached if (people := _of_attached(headers, part))), None)


def _of_attached(headers: Sequence[Header], part: str) -> Participants | None:
    fields = [(h.name.lower(), h.value) for h in headers if h.part == part]
    if not any(field in ("to", "cc") for field, _ in fields):
        return None
    values = [value for field, value in fields if field in ("from", "sender", "to", "cc")]
    return _participants(values, complete=True)


def _role(line: str) -> str | None:
    head = line[:_LABEL].partition(":")[0].strip(_MARKS)
    return SHIPPED.roles.get(folded(head)) if head else None


def _value(line: str) -> str:
    return line.partition(":")[2].strip(_MARKS)


def _header(lines: Sequence[str], first: int) -> Participants | None:
    """The header block that begins with the From line at `first`, if it is one."""
    fields: dict[str, list[str]] = {}
    current: list[str] = []
    blank = False
    for line in lines[first : first + _HEADER_LINES]:
        bare = line.strip(_MARKS + "\r")
        role = _role(line) if ":" in line[:_LABEL] else None
        if role is not None and not (role == "from" and fields):
            current = fields.setdefault(role, [])
            current.append(_value(line))
            blank = False
        elif not bare and not blank:
            blank = True
        elif role == "from" or not bare or (blank and any(current)):
            break
        elif _goes_on(current, bare):
            current.append(bare)
            blank = False
        else:
            break
    dated = "sent" in fields or "subject" in fields
    if not dated and not any(
        _role(line) in ("sent", "subject") for line in lines[max(0, first - _ABOVE) : first]
    ):
        return None
    if "to" not in fields and "copy" not in fields:
        return _participants(fields["from"], complete=False) if "subject" in fields else None
    lists = [" ".join(fields[role]) for role in ("from", "to", "copy") if role in fields]
    return _participants(lists, complete=True)


def _goes_on(values: Sequence[str], line: str) -> bool:
    """Whether a line goes on with the list of people of the one above."""
    last = values[-1] if values else ""
    return (
        not last or "@" in line or last.endswith((";", ",", "<")) or (";" in last and ";" in line)
    )


def _attribution(lines: Sequence[str], last: int) -> Participants | None:
    """`On 27 March 2018 at 09:30, X <x@dept.example> wrote:` over up to three lines; it names the
    author alone."""
    said = ""
    for line in reversed(lines[max(0, last - _WROTE_LINES + 1) : last + 1]):
        bare = line.strip(_MARKS + "\r")
        said = f"{bare} {said}"
        if not bare or len(said) > _INTRODUCTION:
            break
        verb = _VERB.search(folded(said))
        if verb and ("@" in said or any(map(str.isdigit, said[: verb.start()]))):
            if "@" not in said and len(said[verb.end() :].split()) > _NAME_WORDS:
                continue
            author = address_in(said)
            return Participants(frozenset({author} if author else ()), complete=False)
    return None


def _participants(values: Sequence[str], complete: bool) -> Participants:
    shown = [person for value in values for person in people(value)]
    names = frozenset(words for address, text in shown if not address and (words := name(text)))
    some = complete and not any(_OTHERS.search(folded(value[:_VALUE])) for value in values)
    return Participants(frozenset(address for address, _ in shown if address), names, some)
