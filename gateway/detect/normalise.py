"""One spelling for what can be spelt in many ways: folded characters, undone spacing, no quoting.

`fold` keeps case and every line break, so line numbers stay true; ASCII text passes untouched.
`flat` is for matching whole phrases: lower case, punctuation and line wraps are single blanks.
"""

from __future__ import annotations

import re
import unicodedata
from functools import partial

_LINE_BREAKS = "\x0b\x0c\x85\u2028\u2029"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d\u00b7\u2022\u2027\u2219\u25cf\u25aa\u30fb"
_SINGLE = "\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc\u02b9\u2039\u203a`"
_DOUBLE = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u300c\u300d"
_SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢıℓ", "ABCDEFGHIJKLMNOPRSTUVWYZil", strict=True))
_SAME_MEANING = {
    **dict.fromkeys(_LINE_BREAKS, "\n"),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_SINGLE, "'"),
    **dict.fromkeys(_DOUBLE, '"'),
    **_SMALL_CAPITALS,
    "ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l", "đ": "d",
}  # fmt: skip
_FOLDABLE = re.compile("[" + re.escape("".join(_SAME_MEANING)) + "]")
# Combining marks, zero-width characters, soft hyphens, bidi controls, fillers, tag characters.
_INVISIBLE = re.compile(
    "[\u00ad\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u20d0-\u20ff\u3164\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\uffa0"
    "\U000e0000-\U000e01ef\x00-\x08\x0e-\x1f\x7f]+"
)
_CONTROL = bytes([*range(9), *range(14, 32), 127])
_LOOKALIKE = dict(
    zip(
        "аеорсухіјѕԁһӏԛԝкмтнвАВЕКМНОРСТУХІЈЅԌΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβειοκνρτυχγ",
        "aeopcyxijsdhlqwkmthbABEKMHOPCTYXIJSGABEZHIKMNOPTYXabeioknptuxy",
        strict=True,
    )
)
_FOREIGN = re.compile("[\u0370-\u052f]")
_WORD = re.compile(r"[^\W\d_]+")
# Letters that stand apart, as in `E M B A R G O`, are one word, too.
_APART = re.compile(r"(?<!\w)[^\W\d_]([ .*_-]{1,3})[^\W\d_](?:\1[^\W\d_]){2,}(?!\w)")
_LATIN = re.compile("[A-Za-z]")
_SPACED = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-z])([ .*_-]{1,3})[A-Za-z](?:\2[A-Za-z]){2,}(?![A-Za-z0-9])"
)
_WIDE = {
    gap: re.compile(rf"(?<![A-Za-z0-9])[A-Za-z0-9](?:{gap}[A-Za-z0-9:.,/])+(?![A-Za-z0-9])")
    for gap in (" ", "  ", "   ")
}
_DIGIT = re.compile("[0-9]")
_CALENDAR = re.compile(
    "((?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|"
    "august|september|october|november|december)",
    re.IGNORECASE,
)
_SEAM = re.compile(
    r"(?<=[A-Za-z])(?=\d)|(?<=\d[ap]m)(?=[a-z])|(?<=\d)(?=(?!(?:[ap]m|st|nd|rd|th|h)(?![a-z]{2}(?!on)))[a-z])|,(?=[a-z])",
    re.IGNORECASE,
)
_BROKEN = re.compile(r"\b([A-Za-z]{2,12})-\n[ \t>|]{0,20}([A-Za-z]{2,12})\b")
_WHOLE = re.compile(
    r"embargo(?:ed)?|restricted|confidential|secret|official|sensitive|statistics|sperrfrist|"
    r"publi(?:cation|shed)|released?|circulat(?:ion|ed)|distribut(?:ion|ed)",
    re.IGNORECASE,
)
_QUOTING = re.compile(r"^[ \t]*(?:[>|][ \t]?)+", re.MULTILINE)
_RULES = re.compile(r"\*{3,}")
_BLANKS = re.compile(r"[ \t\xa0]+")

_FLAT_BYTES = bytes(ord(chr(b).lower()) if chr(b).isalnum() and b < 128 else 32 for b in range(256))
_NEITHER = bytes(b for b in range(256) if _FLAT_BYTES[b] == 32)
_FLAT_CHARS = {b: chr(_FLAT_BYTES[b]) for b in range(128)} | {ord("'"): None}


def fold(text: str) -> str:
    """`text` with one spelling per character; same lines, same case."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = _FOLDABLE.sub(_same_meaning, text)
        text = unicodedata.normalize("NFKD", text)
        text = _INVISIBLE.sub("", text)
        text = _FOLDABLE.sub(_same_meaning, text)  # what NFKD brought forth
        if _FOREIGN.search(text):
            text = _WORD.sub(_one_script, text)
            text = _APART.sub(_one_script, text)
    else:
        plain = text.encode("ascii").translate(None, _CONTROL)
        if len(plain) != len(text):
            text = plain.decode("ascii")
    return text


def flat(folded: str) -> str:
    """Folded text as lower-case words with one blank between them."""
    if folded.isascii():
        words = folded.encode("ascii").translate(_FLAT_BYTES, b"'").split()
        return b" ".join(words).decode("ascii")
    return " ".join(folded.translate(_FLAT_CHARS).lower().split())


def squeezed(text: str) -> bytes | None:
    """The letters and digits of flat text without the blanks, far cheaper; None unless ASCII."""
    if not text.isascii():
        return None
    return text.encode("ascii").translate(_FLAT_BYTES, _NEITHER)


def unspace(folded: str) -> str:
    """`E M B A R G O` and `E.M.B.A.R.G.O` written together, with the digits of a time or date
    that stand as wide (`9 : 3 0 A M`); line breaks stay."""
    if not _SPACED.search(folded):
        return folded
    return "\n".join([_together(line) for line in folded.split("\n")])


def _together(line: str) -> str:
    wide = {run[2] for run in _SPACED.finditer(line)}
    for gap in sorted(wide & _WIDE.keys()):
        line = _WIDE[gap].sub(partial(_closed, gap), line)
    return _SPACED.sub(lambda run: run[0].replace(run[2], ""), line) if wide else line


def _closed(gap: str, run: re.Match[str]) -> str:
    return _words(run[0].replace(gap, ""))


def _words(letters: str) -> str:
    """The words of a date in letters that have lost their blanks."""
    if not _DIGIT.search(letters):
        return letters
    letters = _CALENDAR.sub(r" \1 ", letters)
    return _SEAM.sub(" ", letters)


def unwrap(folded: str) -> str:
    """Words of notices that were broken at the end of a line (`EMBAR-` / `GOED`) made whole."""
    return _BROKEN.sub(_rejoined, folded) if "-\n" in folded else folded


def _rejoined(match: re.Match[str]) -> str:
    word = match[1] + match[2]
    return word + "\n" if _WHOLE.fullmatch(word) else match[0]


def unquote(window: str) -> str:
    """A short stretch of folded text without quoting prefixes, emphasis and double blanks.

    What is left is ASCII of the same length: grammars need no other letters.
    """
    if ">" in window or "|" in window:
        window = _QUOTING.sub("", window)
    if "*" in window:
        window = _RULES.sub(" - ", window).replace("*", " ")
    window = _BLANKS.sub(" ", window)
    return window if window.isascii() else window.encode("ascii", "replace").decode("ascii")


def _same_meaning(match: re.Match[str]) -> str:
    return _SAME_MEANING[match[0]]


def _one_script(match: re.Match[str]) -> str:
    word = match[0]
    if not _LATIN.search(word) or not _FOREIGN.search(word):
        return word
    return "".join(_LOOKALIKE.get(letter, letter) for letter in word)
