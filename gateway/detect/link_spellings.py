"""The spellings of a link that lead where it leads: packed, rewritten, defanged, or in figures.

Each gives a text back in which links stand as they are registered, or nothing where there is none
of its kind. Every pattern is bounded, so that a text costs its length.
"""

from __future__ import annotations

import base64
import binascii
import re
import string
from ipaddress import IPv4Address, IPv6Address
from typing import Iterator
from urllib.parse import unquote

_PACKED_RUN = re.compile(r"aHR0c(?:HM6Ly|DovL)[\w+/=-]{8,4000}")
# https-3A__host_path in the parameter u of Proofpoint's v2 (TAP URL rewriting).
_PROOFPOINT_2 = re.compile(
    r"urldefense(?:\.proofpoint)?\.\w{2,3}/v2/url\?u=([\w.%-]{1,4000})", re.I
)
# v3: what it cannot carry is a `*` in the link, and stands in base64 behind it; `**X` is a run.
_PROOFPOINT_3 = re.compile(
    r"urldefense(?:\.proofpoint)?\.\w{2,3}/v3/__(\S{1,2000}?)__;([\w=-]{0,4000})!", re.I
)
_RUNS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
_FANGS = re.compile(
    r"[ \t]{0,2}(?:\[[ \t]?(?:\.|dot|punkt)[ \t]?\]|\([ \t]?(?:\.|dot|punkt)[ \t]?\)"
    r"|\{[ \t]?(?:\.|dot|punkt)[ \t]?\}|\\\.)[ \t]{0,2}",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?P<before>(?://|\\\\)(?:[^/\\@\s]{0,200}@)?)"
    r"(?P<host>\[::ffff:[0-9a-f.:]{3,15}\]|(?:0x[0-9a-f]{1,8}|[0-9]{1,12})"
    r"(?:\.(?:0x[0-9a-f]{1,8}|[0-9]{1,12})){0,3})(?=[:/\\?#\s]|$)",
    re.IGNORECASE,
)


def unpacked(text: str) -> Iterator[str]:
    """Links that are held in others: in base64, and as Proofpoint rewrites them."""
    yield from map(_of_base64, _PACKED_RUN.findall(text))
    for run in _PROOFPOINT_2.findall(text):
        yield unquote(run.replace("-", "%").replace("_", "/"))
    for run, letters in _PROOFPOINT_3.findall(text):
        if "*" in run:
            yield _with_letters(run, letters)


def refanged(text: str) -> str:
    """`files[.]dept(dot)example` as one would type it; "" where nothing is defanged."""
    found = _FANGS.sub(".", text)
    return "" if found == text else found


def dotted(text: str) -> str:
    """Hosts that are numbers (one number, hexadecimal or octal parts, IPv4 in IPv6) as the four
    numbers that every program makes of them (WHATWG URL, section 3.5; inet_aton(3)); "" for none."""
    found = _NUMERIC.sub(_quad, text)
    return "" if found == text else found


def _of_base64(run: str) -> str:
    run = run.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        raw = base64.b64decode(run[: len(run) - (len(run) % 4 == 1)] + "=" * (-len(run) % 4))
    except (binascii.Error, ValueError):
        return ""
    return raw.decode("utf-8", "replace")


def _with_letters(run: str, packed: str) -> str:
    left = iter(_letters(packed))
    out: list[str] = []
    pieces = run.split("*")
    out.append(pieces[0])
    position = 1
    while position < len(pieces):
        piece = pieces[position]
        if not piece and position + 1 < len(pieces) and pieces[position + 1][:1] in _RUNS:
            following = pieces[position + 1]
            many = _RUNS.find(following[:1]) + 2 if following else 1
            out += [next(left, "*") for _ in range(many)]
            out.append(following[1:])
            position += 2
        else:
            out.append(next(left, "*") + piece)
            position += 1
    return "".join(out)


def _letters(packed: str) -> str:
    try:
        raw = base64.urlsafe_b64decode(packed.rstrip("=") + "=" * (-len(packed.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return ""
    return raw.decode("utf-8", "replace")


def _quad(match: re.Match[str]) -> str:
    host = match["host"]
    try:
        if host.startswith("["):
            mapped = IPv6Address(host[1:-1]).ipv4_mapped
            return f"{match['before']}{mapped}" if mapped else match[0]
        return f"{match['before']}{IPv4Address(_address(host))}"
    except ValueError:
        return match[0]


def _address(host: str) -> int:
    """One to four numbers, the last of which fills what is left. Raises ValueError."""
    *first, last = (_number(part) for part in host.lower().split("."))
    if any(part > 255 for part in first) or last >= 256 ** (4 - len(first)):
        raise ValueError(host)
    return sum(part << 8 * (3 - place) for place, part in enumerate(first)) + last


def _number(part: str) -> int:
    if part.startswith("0x"):
        return int(part[2:], 16)
    return int(part, 8 if part.startswith("0") and len(part) > 1 else 10)
