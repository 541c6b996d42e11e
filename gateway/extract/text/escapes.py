"""Text whose signs are written as codes: %41, \\u0041, \\x41, &#65;, =41 and U+0041.

Links, programs and letters of other scripts are written so, too. What counts is how many codes
stand for letters, digits, blanks and commas of ASCII: nobody needs a code for those.
"""

from __future__ import annotations

import html
import re
from typing import Callable, Iterator
from urllib.parse import unquote

# So many codes that nobody needs, in one text.
FEWEST = 8
# Of lines in which rows may be written; links in a log have fewer. A code is so long at least.
_MOSTLY, _LENGTH = 0.15, 3
_UNNEEDED = re.compile(r"[A-Za-z0-9 ,;\t\n]")
_SOFT_BREAK = "=\n"
_CODE = re.compile(
    r"\\u([0-9A-Fa-f]{4})|\\[uUx]\{?([0-9A-Fa-f]{1,8})\}?|\\([0-3][0-7]{2})|U\+([0-9A-Fa-f]{4,6}) ?"
)
_QUOTED = re.compile(r"^[>| \t]+", re.M)
_FORMS: tuple[tuple[str, re.Pattern[str], Callable[[str], str]], ...] = (
    ("%", re.compile(r"(?:%[0-9A-Fa-f]{2})+"), lambda run: unquote(run, errors="replace")),
    (
        "\\",
        re.compile(
            r"(?:\\u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{1,6}\}|\\U[0-9A-Fa-f]{8}|\\x[0-9A-Fa-f]{2}|\\[0-3][0-7]{2})+"
        ),
        lambda run: _signs(run),
    ),
    ("&", re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,31});"), html.unescape),
    ("=", re.compile(r"(?:=[0-9A-Fa-f]{2})+"), lambda run: unquote(run.replace("=", "%"))),
    ("U+", re.compile(r"(?:U\+[0-9A-Fa-f]{4,6} ?)+"), lambda run: _signs(run)),
)


def unescaped(text: str) -> Iterator[tuple[str, bool]]:
    """For each way of writing codes that `text` uses beyond need: its lines with such codes,
    decoded, and whether codes are so much of them that rows may be looked for. Most texts have
    none, which costs five looks."""
    for sign, form, decode in _FORMS:
        if sign[-1] in text and text.count(sign) >= FEWEST:
            yield from _decoded(text, sign, form, decode)


def _decoded(
    text: str, sign: str, form: re.Pattern[str], decode: Callable[[str], str]
) -> Iterator[tuple[str, bool]]:
    if sign == "=":
        soft = text.count(_SOFT_BREAK)
        text = text.replace(_SOFT_BREAK, "") if soft else text
    else:
        soft = 0
    runs = form.findall(text)
    unneeded = soft + len(_UNNEEDED.findall("".join(map(decode, runs))))
    if unneeded < FEWEST:
        return

    def plain(match: re.Match[str]) -> str:
        return decode(match[0])

    coded = [line for line in _QUOTED.sub("", text).split("\n") if soft or form.search(line)]
    mostly = unneeded * _LENGTH > _MOSTLY * sum(map(len, coded))
    lines = [form.sub(plain, line) for line in coded]
    if len(lines) > 1 and any("\n" in line for line in lines):
        # The ends of lines are coded, too: those that are not were put in to fold a long line.
        yield form.sub(plain, "".join(coded)), mostly
    elif lines:
        yield "\n".join(lines), mostly


def _signs(run: str) -> str:
    """Codes below 256 may be the bytes of UTF-8."""
    codes = [
        int(a or b or d, 16) if a or b or d else int(c, 8) for a, b, c, d in _CODE.findall(run)
    ]
    if max(codes, default=0) < 256:
        try:
            return bytes(codes).decode("utf-8")
        except UnicodeDecodeError:
            return bytes(codes).decode("latin-1")
    return "".join(chr(code) for code in codes if code < 0x110000)
